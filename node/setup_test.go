package node_test

import (
	"bufio"
	"io"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

var loopback = netip.MustParseAddrPort("127.0.0.1:0")

// home is a running node and the fake inside it; after a restart the fake is a new one.
type home struct {
	*node.Node
	t *testing.T

	mu      sync.Mutex
	machine *fake
	events  []node.Stamped
	crashes []node.Crash
	states  []node.State
}

// launch starts a node with a fake machine. change may be nil.
func launch(t *testing.T, change func(*node.Config)) *home {
	t.Helper()
	h := &home{t: t}
	cfg := node.Config{
		Name: "a",
		Addr: loopback,
		New: func(b node.Birth) (machine.Machine, error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.machine = newFake(b)
			return h.machine, nil
		},
		BusFrame: lengthPrefixed,
		OnPanic:  func(c node.Crash) { h.note(func() { h.crashes = append(h.crashes, c) }) },
		OnEvent:  func(e node.Stamped) { h.note(func() { h.events = append(h.events, e) }) },
		OnState:  func(s node.Status) { h.note(func() { h.states = append(h.states, s.State) }) },
	}
	if change != nil {
		change(&cfg)
	}
	var err error
	h.Node, err = node.New(cfg)
	require.NoError(t, err)
	require.NoError(t, h.Start())
	t.Cleanup(h.Kill)
	return h
}

func (h *home) note(f func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	f()
}

// hook gives the machine one more command.
func (h *home) hook(name string, f func(f *fake, now time.Time, c *machine.Client, args []string)) {
	h.t.Helper()
	require.NoError(h.t, h.Look(func(m machine.Machine) {
		fk := inside(m)
		if fk.hook == nil {
			fk.hook = map[string]func(*fake, time.Time, *machine.Client, []string){}
		}
		fk.hook[name] = f
	}))
}

// seen are the link doors called so far.
func (h *home) seen() (seen []string) {
	h.t.Helper()
	require.NoError(h.t, h.Look(func(m machine.Machine) { seen = append(seen, inside(m).seen...) }))
	return seen
}

// clientCount is how many clients the machine knows.
func (h *home) clientCount() (n int) {
	_ = h.Look(func(m machine.Machine) { n = len(inside(m).clients) })
	return n
}

// eventually waits until f holds.
func eventually(t *testing.T, f func() bool, what string) {
	t.Helper()
	require.Eventually(t, f, patience, time.Millisecond, what)
}

// lengthPrefixed frames test packets: one byte of length, which counts itself; 0 breaks the link.
func lengthPrefixed(b []byte) (int, error) {
	if len(b) == 0 {
		return 0, nil
	}
	n := int(b[0])
	if n == 0 {
		return 0, io.ErrUnexpectedEOF
	}
	if n > len(b) {
		return 0, nil
	}
	return n, nil
}

// peer is a test's own end of a connection to a node.
type peer struct {
	net.Conn
	t *testing.T
	r *bufio.Reader
}

func dial(t *testing.T, addr netip.AddrPort) *peer {
	t.Helper()
	conn, err := net.DialTimeout("tcp", addr.String(), patience)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	return &peer{Conn: conn, t: t, r: bufio.NewReader(conn)}
}

func (p *peer) send(text string) {
	p.t.Helper()
	_, err := p.Write([]byte(text))
	require.NoError(p.t, err)
}

// call sends one command.
func (p *peer) call(words ...string) {
	p.t.Helper()
	p.send(string(resp.AppendWords(nil, words...)))
}

// want reads exactly text.
func (p *peer) want(text string) {
	p.t.Helper()
	got := make([]byte, len(text))
	n, err := io.ReadFull(p.r, got)
	require.NoError(p.t, err, "got %q, want %q", got[:n], text)
	require.Equal(p.t, text, string(got))
}

// wantEnd reads up to the end of the connection and expects text before it.
func (p *peer) wantEnd(text string) {
	p.t.Helper()
	got, err := io.ReadAll(p.r)
	require.Equal(p.t, text, string(got))
	var timeout net.Error
	require.False(p.t, errorsAsTimeout(err, &timeout), "the connection is still open")
}
