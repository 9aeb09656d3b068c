package node_test

import (
	"errors"
	"net"
	"net/netip"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

func TestClientKilledByAnotherGetsItsLastWords(t *testing.T) {
	h := launch(t, nil)
	h.hook("KILL-OTHERS", func(f *fake, _ time.Time, me *machine.Client, _ []string) {
		for _, c := range f.clients {
			if c != me {
				c.Out = append(c.Out, "-ERR killed\r\n"...)
				c.Closing = true
				f.todo.Flush = append(f.todo.Flush, c)
			}
		}
	})
	p, q := dial(t, h.Addr()), dial(t, h.Addr())
	p.send(ping)
	p.want(pong)
	q.send("KILL-OTHERS\r\n")
	q.want("+OK\r\n")
	p.wantEnd("-ERR killed\r\n")
	eventually(t, func() bool { return h.clientCount() == 1 }, "only the killer is left")
}

func TestPanicOutsideADoorIsTheNodesToo(t *testing.T) {
	l, a, b := pair(t)
	l.rule = func(*node.Frame) (bool, error) { panic("the network is broken") }
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	a.sendOn(1, "\x02x")
	eventually(t, func() bool { return b.Status().State == node.Crashed }, "the receiver crashed")
	require.Equal(t, "the network is broken", b.Status().Why)
	a.wantSeen("connected", "hangup")
	_, err := a.Call(t.Context(), "PING")
	require.NoError(t, err)
}

// wrapped is a Network whose listeners and connections are not plain sockets.
type wrapped struct {
	node.SystemNetwork
	failures *atomic.Int32 // accepts that still fail
	tried    *atomic.Int32
	awaited  *atomic.Int32
}

type wrappedListener struct {
	net.Listener
	wrapped
}

type wrappedConn struct {
	net.Conn
	wrapped
}

func (w wrapped) Listen(who string, addr netip.AddrPort) (net.Listener, error) {
	l, err := w.SystemNetwork.Listen(who, addr)
	return wrappedListener{l, w}, err
}

func (w wrapped) Dial(who string, kind machine.LinkKind, to netip.AddrPort) (net.Conn, error) {
	conn, err := w.SystemNetwork.Dial(who, kind, to)
	return wrappedConn{conn, w}, err
}

func (l wrappedListener) Accept() (net.Conn, error) {
	if l.failures.Add(-1) >= 0 {
		return nil, syscall.EMFILE
	}
	conn, err := l.Listener.Accept()
	return wrappedConn{conn, l.wrapped}, err
}

// TryWrite takes nothing at once.
func (c wrappedConn) TryWrite([]byte) (int, error) {
	c.tried.Add(1)
	return 0, errors.ErrUnsupported
}

// Await leaves the waiting to Read.
func (c wrappedConn) Await() error {
	c.awaited.Add(1)
	return nil
}

func TestConnectionsThatAreNoSocketsWork(t *testing.T) {
	w := wrapped{failures: new(atomic.Int32), tried: new(atomic.Int32), awaited: new(atomic.Int32)}
	a, b := launch(t, withBus("a", w)), launch(t, withBus("b", w))
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	a.sendOn(1, "\x03ab", "\x02c")
	b.wantSeen("accepted", "frame \x03ab", "frame \x02c")
	p := dial(t, b.Addr())
	p.send(ping)
	p.want(pong)
	require.Positive(t, w.tried.Load())
	require.Positive(t, w.awaited.Load())
}

func TestAcceptGoesOnWhenDescriptorsWereShort(t *testing.T) {
	w := wrapped{failures: new(atomic.Int32), tried: new(atomic.Int32), awaited: new(atomic.Int32)}
	w.failures.Store(2)
	h := launch(t, func(cfg *node.Config) { cfg.Network = w })
	p := dial(t, h.Addr())
	p.send(ping)
	p.want(pong)
	require.Negative(t, w.failures.Load())
}

func TestStatesHaveNames(t *testing.T) {
	names := map[node.State]string{
		node.Stopped: "stopped", node.Starting: "starting", node.Up: "up",
		node.Frozen: "frozen", node.Killed: "killed", node.Crashed: "crashed",
	}
	for state, want := range names {
		require.Equal(t, want, state.String())
	}
}
