package tty

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"clusterplay/playground/repl"
	"clusterplay/web/seats"
)

// Seats are the terminals of all browsers: a teacher's tabs on a few computers.
func Seats() *seats.Seats { return seats.New(seats.Limits{All: 64, Each: 8}) }

// Protocol names what is spoken. A browser that offers it expects to hear it back.
const Protocol = "playground"

// Why a socket is closed, beside the codes of the protocol. The page has a sentence for each.
const (
	closeIdle    = 4000
	closeTooMany = 4001
)

// reasons say the same in words, for whoever reads them.
var reasons = map[int]string{closeIdle: "nobody has typed for half an hour", closeTooMany: "too many terminals are open; close one"}

// Guest is who opens a terminal, and at which node.
type Guest struct {
	Session string
	Addr    string // "127.0.0.1:7000"
}

// Server keeps the open terminals of one console.
type Server struct {
	upgrade websocket.Upgrader
	seats   *seats.Seats  // shared with the terminals of other labs
	idle    time.Duration // how long nobody may type
	tasks   sync.WaitGroup

	mu     sync.Mutex
	open   map[*terminal]bool
	closed bool
}

// New makes a server without terminals. Seats may be those of other servers, too. Its caller judges who
// may open one.
func New(seats *seats.Seats) *Server {
	return &Server{
		seats: seats, idle: idlePatience, open: map[*terminal]bool{},
		upgrade: websocket.Upgrader{
			HandshakeTimeout: writePatience, Subprotocols: []string{Protocol}, CheckOrigin: func(*http.Request) bool { return true },
		},
	}
}

// Open upgrades a request that has passed the console's checks and serves a terminal until its
// browser leaves.
func (s *Server) Open(rw http.ResponseWriter, req *http.Request, g Guest) {
	socket, err := s.upgrade.Upgrade(rw, req, nil)
	if err != nil {
		return // Upgrade has answered
	}
	t := newTerminal(socket, s.idle)
	if s.seats.Take(g.Session, true) != nil {
		t.stop(closeTooMany)
		return
	}
	defer s.seats.Free(g.Session)
	if !s.enter(t) {
		t.stop(websocket.CloseGoingAway)
		return
	}
	defer s.tasks.Done()
	defer s.leave(t)
	var writer, pinger sync.WaitGroup
	writer.Go(func() { safely(t.write) })
	pinger.Go(func() { safely(t.ping) })
	safely(func() { t.serve(g.Addr) })
	t.finish()
	writer.Wait() // for the last words
	t.stop(websocket.CloseNormalClosure)
	pinger.Wait()
}

// enter adds a terminal, unless the server has been closed.
func (s *Server) enter(t *terminal) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.tasks.Add(1)
	s.open[t] = true
	return true
}

func (s *Server) leave(t *terminal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, t)
}

// Count is the number of open terminals.
func (s *Server) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Close ends every terminal and waits for it.
func (s *Server) Close() {
	s.mu.Lock()
	s.closed = true
	open := make([]*terminal, 0, len(s.open))
	for t := range s.open {
		open = append(open, t)
	}
	s.mu.Unlock()
	for _, t := range open {
		s.tasks.Go(func() { t.stop(websocket.CloseGoingAway) })
	}
	s.tasks.Wait()
}

// safely keeps a panic of one terminal from ending the class.
func safely(f func()) {
	defer func() {
		if r := recover(); r != nil {
			slog.Error("console", "in", "terminal", "panic", r, "stack", string(debug.Stack()))
		}
	}()
	f()
}

// serve is the shell behind the socket.
func (t *terminal) serve(addr string) {
	var last place
	shell := repl.Shell{
		Session: repl.New(addr, true),
		In:      t, Out: t, Widths: t.widths,
		At: func(addr string, cluster bool) {
			if now := (place{"at", addr, cluster}); now != last {
				last = now
				t.tell(now)
			}
		},
	}
	_ = shell.Run(t.ctx) // an error says that the socket is gone, which the browser knows
}
