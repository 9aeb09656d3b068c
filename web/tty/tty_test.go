package tty

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"clusterplay/web/seats"
)

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// node answers PING, knows no command, and lets whoever waits wait. It counts its clients.
type node struct {
	net.Listener
	mu      sync.Mutex
	clients int
}

func startNode(t *testing.T) *node {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	n := &node{Listener: l}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go n.answer(c)
		}
	}()
	return n
}

func (n *node) answer(c net.Conn) {
	n.count(1)
	defer n.count(-1)
	defer func() { _ = c.Close() }()
	b := make([]byte, 4096)
	for {
		got, err := c.Read(b)
		if err != nil {
			return
		}
		switch {
		case bytes.Contains(b[:got], []byte("ping")):
			_, _ = c.Write([]byte("+PONG\r\n"))
		case bytes.Contains(b[:got], []byte("DOCS")):
			_, _ = c.Write([]byte("*0\r\n"))
		}
	}
}

func (n *node) count(by int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.clients += by
}

func (n *node) left() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.clients == 0
}

// page is a browser's end of a terminal.
type page struct {
	*websocket.Conn
	t      *testing.T
	screen string
	told   []string
}

// maxOfOne is how many terminals a session has in these tests.
const maxOfOne = 3

// serveTerminals serves terminals at a node to the session that the address names.
func serveTerminals(t *testing.T, n *node) (*Server, string) {
	t.Helper()
	s := New(seats.New(seats.Limits{All: 50, Each: maxOfOne}))
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
		s.Open(rw, req, Guest{Session: req.URL.Query().Get("who"), Addr: n.Addr().String()})
	}))
	t.Cleanup(func() {
		s.Close()
		server.Close()
	})
	return s, "ws" + strings.TrimPrefix(server.URL, "http")
}

func openPage(t *testing.T, address string) *page {
	t.Helper()
	socket, _, err := websocket.DefaultDialer.Dial(address, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = socket.Close() })
	require.NoError(t, socket.SetReadDeadline(time.Now().Add(patience)))
	return &page{Conn: socket, t: t}
}

func (p *page) press(keys string) {
	p.t.Helper()
	require.NoError(p.t, p.WriteMessage(websocket.BinaryMessage, []byte(keys)))
}

// until reads until the screen holds text.
func (p *page) until(text string) {
	p.t.Helper()
	for !strings.Contains(p.screen, text) {
		require.NoError(p.t, p.read(), "%q", p.screen)
	}
}

// read takes one message.
func (p *page) read() error {
	kind, data, err := p.ReadMessage()
	if kind == websocket.TextMessage {
		p.told = append(p.told, string(data))
	} else {
		p.screen += string(data)
	}
	return err
}

// closes reads to the end and requires its code.
func (p *page) closes(code int) {
	p.t.Helper()
	for {
		if err := p.read(); err != nil {
			require.True(p.t, websocket.IsCloseError(err, code), err)
			return
		}
	}
}

func TestWhatIsTypedIsAnsweredOnTheScreen(t *testing.T) {
	n := startNode(t)
	s, address := serveTerminals(t, n)
	p := openPage(t, address)
	at := n.Addr().String()
	p.until(at + "> ")
	p.press("ping\r")
	p.until("C\r\nPONG\r\n")
	require.Equal(t, 1, s.Count())
	p.press(":set nocluster\rnow")
	p.until("> now")
	p.press("\x15quit\r")
	p.closes(websocket.CloseNormalClosure)
	require.Contains(t, p.screen, "> quit", "the last words are sent before the end")
	require.Equal(t, []string{`{"type":"at","addr":"` + at + `","cluster":true}`, `{"type":"at","addr":"` + at + `","cluster":false}`}, p.told)
	require.Eventually(t, func() bool { return s.Count() == 0 && n.left() }, patience, time.Millisecond)
}

func TestTheWidthOfTheScreenIsHeard(t *testing.T) {
	n := startNode(t)
	_, address := serveTerminals(t, n)
	p := openPage(t, address)
	p.until("> ")
	require.NoError(t, p.WriteMessage(websocket.TextMessage, []byte(`{"type":"size","columns":30}`)))
	p.press(strings.Repeat("x", 40) + "\x01!")
	p.until("\x1b[1A") // the line takes more than a row of thirty, and the cursor is above its end
}

func TestNonsenseIsShownTheDoor(t *testing.T) {
	n := startNode(t)
	for _, text := range []string{"", "size", `{"type":"size"}`, `{"type":"size","columns":-1}`, `{"type":"size","columns":100000}`, `{"type":"other","columns":80}`} {
		_, address := serveTerminals(t, n)
		p := openPage(t, address)
		require.NoError(t, p.WriteMessage(websocket.TextMessage, []byte(text)))
		p.closes(websocket.ClosePolicyViolation)
	}
	_, address := serveTerminals(t, n)
	p := openPage(t, address)
	p.press(strings.Repeat("x", readLimit+1))
	p.closes(websocket.CloseMessageTooBig)
}

func TestASessionHasAFewTerminalsAndAnotherStillOne(t *testing.T) {
	n := startNode(t)
	s, address := serveTerminals(t, n)
	var first *page
	for range maxOfOne {
		first = openPage(t, address+"?who=ada")
		first.until("> ")
	}
	openPage(t, address+"?who=ada").closes(closeTooMany)
	openPage(t, address+"?who=bob").until("> ")
	require.NoError(t, first.Close())
	require.Eventually(t, func() bool { return s.Count() == maxOfOne }, patience, time.Millisecond)
	openPage(t, address+"?who=ada").until("> ")
}

func TestASilentTerminalIsClosed(t *testing.T) {
	n := startNode(t)
	s, address := serveTerminals(t, n)
	s.idle = 30 * time.Millisecond
	openPage(t, address).closes(closeIdle)
	require.Eventually(t, n.left, patience, time.Millisecond, "nothing stays behind at the node")
}

func TestAPageThatLeavesLeavesNothingBehind(t *testing.T) {
	n := startNode(t)
	s, address := serveTerminals(t, n)
	p := openPage(t, address)
	p.until("> ")
	p.press("blpop nothing 0\r")
	p.until("blpop nothing 0\r\x1b[32C\r\n")
	require.NoError(t, p.UnderlyingConn().Close())
	require.Eventually(t, func() bool { return s.Count() == 0 && n.left() }, patience, time.Millisecond)
}

func TestClosingEndsEveryTerminalAndRefusesMore(t *testing.T) {
	n := startNode(t)
	s, address := serveTerminals(t, n)
	p := openPage(t, address)
	p.until("> ")
	p.press("blpop nothing 0\r")
	p.until("blpop nothing 0\r\x1b[32C\r\n")
	s.Close()
	p.closes(websocket.CloseGoingAway)
	openPage(t, address).closes(websocket.CloseGoingAway)
}

func TestAPageThatDoesNotReadHoldsUpItsOwnShellOnly(t *testing.T) {
	n := startNode(t)
	_, address := serveTerminals(t, n)
	p := openPage(t, address)
	term := newTerminal(p.Conn, time.Minute) // no writer empties it
	_, err := term.Write(make([]byte, maxBehind+1))
	require.NoError(t, err)
	ended := make(chan error)
	go func() {
		_, err := term.Write([]byte("more"))
		ended <- err
	}()
	term.stop(websocket.CloseGoingAway)
	require.ErrorIs(t, <-ended, io.ErrClosedPipe)
	shown, _, ok := term.next()
	require.Len(t, shown, maxBehind+1)
	require.False(t, ok, "nothing is sent any more")
}
