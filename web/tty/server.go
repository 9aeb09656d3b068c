package tty

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"clusterplay/playground/repl"
)

const (
	maxTerminals = 64 // of all browsers: a teacher's tabs on a few computers
	maxOfOne     = 8  // of one session
)

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
	idle    time.Duration // how long nobody may type
	tasks   sync.WaitGroup

	mu     sync.Mutex
	open   map[*terminal]string // the session of each
	closed bool
}

// New makes a server without terminals. Its caller judges who may open one.
func New() *Server {
	return &Server{
		idle: idlePatience, open: map[*terminal]string{},
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
	if code := s.enter(t, g.Session); code != 0 {
		t.stop(code)
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

// enter adds a terminal if there is room; the code says why not.
func (s *Server) enter(t *terminal, session string) (code int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	own := 0
	for _, other := range s.open {
		if other == session {
			own++
		}
	}
	switch {
	case s.closed:
		return websocket.CloseGoingAway
	case own >= maxOfOne, len(s.open) >= maxTerminals:
		return closeTooMany
	}
	s.tasks.Add(1)
	s.open[t] = session
	return 0
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
