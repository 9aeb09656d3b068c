package node_test

import (
	"errors"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// dialTo makes the machine open a link.
func (h *home) dialTo(id machine.LinkID, kind machine.LinkKind, addr netip.AddrPort) {
	h.t.Helper()
	require.NoError(h.t, h.Do(func(_ time.Time, m machine.Machine) {
		f := inside(m)
		f.todo.Dial = append(f.todo.Dial, machine.Dial{Link: id, Kind: kind, Addr: addr})
	}))
}

// sendOn makes the machine send frames on a link.
func (h *home) sendOn(id machine.LinkID, frames ...string) {
	h.t.Helper()
	require.NoError(h.t, h.Do(func(_ time.Time, m machine.Machine) {
		f := inside(m)
		for _, frame := range frames {
			f.todo.Send = append(f.todo.Send, machine.Send{Link: id, Data: []byte(frame)})
		}
	}))
}

func (h *home) wantSeen(want ...string) {
	h.t.Helper()
	eventually(h.t, func() bool { return len(h.seen()) >= len(want) }, "the doors are called")
	require.Equal(h.t, want, h.seen())
}

func withBus(name string, network node.Network) func(*node.Config) {
	return func(cfg *node.Config) { cfg.Name, cfg.BusAddr, cfg.Network = name, loopback, network }
}

func TestPacketsTravelWholeAndInOrder(t *testing.T) {
	a, b := launch(t, withBus("a", nil)), launch(t, withBus("b", nil))
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	a.sendOn(1, "\x03ab", "\x02c")
	a.sendOn(1, "\x05defg")
	b.wantSeen("accepted", "frame \x03ab", "frame \x02c", "frame \x05defg")
	require.NoError(t, b.Do(func(_ time.Time, m machine.Machine) {
		f := inside(m)
		f.todo.Send = append(f.todo.Send, machine.Send{Link: 2, Data: []byte("\x03hi")})
	}))
	a.wantSeen("connected", "frame \x03hi")
	b.Kill()
	a.wantSeen("connected", "frame \x03hi", "hangup")
}

func TestPacketInPiecesIsPutTogether(t *testing.T) {
	h := launch(t, withBus("a", nil))
	p := dial(t, h.BusAddr())
	for _, piece := range []string{"\x04a", "b", "c\x03x", "y\x02z\x05", "1234"} {
		p.send(piece)
		time.Sleep(time.Millisecond) // so that the pieces are seen apart; the result is the same if not
	}
	h.wantSeen("accepted", "frame \x04abc", "frame \x03xy", "frame \x02z", "frame \x051234")
	p.send("\x00")
	p.wantEnd("")
	h.wantSeen("accepted", "frame \x04abc", "frame \x03xy", "frame \x02z", "frame \x051234", "hangup")
}

func TestRefusedConnectIsAHangup(t *testing.T) {
	h := launch(t, withBus("a", nil))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().(*net.TCPAddr).AddrPort()
	require.NoError(t, l.Close())
	h.dialTo(1, machine.Bus, addr)
	h.wantSeen("hangup")
}

func TestLinkTheMachineClosedIsNotReported(t *testing.T) {
	a, b := launch(t, withBus("a", nil)), launch(t, withBus("b", nil))
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	require.NoError(t, a.Do(func(_ time.Time, m machine.Machine) {
		f := inside(m)
		f.todo.Send = append(f.todo.Send, machine.Send{Link: 1, Data: []byte("\x04bye")})
		f.todo.Close = append(f.todo.Close, 1)
	}))
	b.wantSeen("accepted", "frame \x04bye", "hangup")
	a.sendOn(1, "\x02x")
	require.Equal(t, []string{"connected"}, a.seen())
}

func TestPromiseIsSavedBeforeItIsSent(t *testing.T) {
	a, b := launch(t, withBus("a", nil)), launch(t, withBus("b", nil))
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	saved := make(chan string, 1)
	require.NoError(t, b.Look(func(m machine.Machine) {
		inside(m).onLink = func(*fake, machine.LinkID, []byte) {
			data, _ := a.Node.ReadFile("nodes.conf")
			saved <- string(data)
		}
	}))
	require.NoError(t, a.Do(func(_ time.Time, m machine.Machine) {
		f := inside(m)
		f.todo.Send = append(f.todo.Send, machine.Send{Link: 1, Data: []byte("\x05vote")})
		f.todo.Save = append(f.todo.Save, machine.Save{Name: "nodes.conf", Data: []byte("lastVoteEpoch 7"), Sync: true})
	}))
	require.Equal(t, "lastVoteEpoch 7", <-saved)
}

func TestStreamLinkSpeaksToAClientPort(t *testing.T) {
	a, b := launch(t, nil), launch(t, nil)
	a.dialTo(1, machine.Replication, b.Addr())
	a.wantSeen("connected")
	a.sendOn(1, ping)
	a.wantSeen("connected", "frame "+pong)
}

// lab is a Network that knows its nodes, notes every frame, and does with it what rule says.
type lab struct {
	node.SystemNetwork
	mu     sync.Mutex
	named  map[string]string // remote address of a connection -> node
	frames []string
	done   int
	rule   func(f *node.Frame) (bool, error)
}

func (l *lab) Peer(conn net.Conn) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.named[conn.RemoteAddr().String()]
}

func (l *lab) Dial(who string, kind machine.LinkKind, to netip.AddrPort) (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	conn, err := l.SystemNetwork.Dial(who, kind, to)
	if err == nil {
		l.named[conn.LocalAddr().String()] = who
	}
	return conn, err
}

func (l *lab) Pass(f *node.Frame) (bool, error) {
	l.mu.Lock()
	l.frames = append(l.frames, f.From+">"+f.To+" "+string(f.Data))
	rule := l.rule
	l.mu.Unlock()
	if rule == nil {
		return true, nil
	}
	return rule(f)
}

func (l *lab) Done(*node.Frame) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.done++
}

func (l *lab) counts() (frames []string, done int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.frames...), l.done
}

// pair is two nodes of one lab with a bus link from a to b; the lab knows both by name.
func pair(t *testing.T) (l *lab, a, b *home) {
	l = &lab{named: map[string]string{}}
	a, b = launch(t, withBus("a", l)), launch(t, withBus("b", l))
	l.named[b.BusAddr().String()] = "b"
	l.named[b.Addr().String()] = "b"
	return l, a, b
}

func TestEveryFrameBetweenNodesPassesTheNetworkOnce(t *testing.T) {
	l, a, b := pair(t)
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	a.sendOn(1, "\x03ab", "\x02c")
	b.wantSeen("accepted", "frame \x03ab", "frame \x02c")
	eventually(t, func() bool { _, done := l.counts(); return done == 2 }, "both are done")
	frames, _ := l.counts()
	require.Equal(t, []string{"a>b \x03ab", "a>b \x02c"}, frames)
}

func TestDroppedPacketIsMissedAndDroppedStreamIsClosed(t *testing.T) {
	l, a, b := pair(t)
	l.rule = func(f *node.Frame) (bool, error) { return string(f.Data) != "\x02x" && f.Kind == machine.Bus, nil }
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	a.sendOn(1, "\x02x", "\x02y")
	b.wantSeen("accepted", "frame \x02y")
	a.dialTo(3, machine.Replication, b.Addr())
	a.wantSeen("connected", "connected")
	a.sendOn(3, ping)
	a.wantSeen("connected", "connected", "hangup")
	require.Zero(t, b.machine.calls.Load())
}

func TestNetworkCanCloseALink(t *testing.T) {
	l, a, b := pair(t)
	l.rule = func(*node.Frame) (bool, error) { return false, errors.New("cut for good") }
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	a.sendOn(1, "\x02x")
	b.wantSeen("accepted", "hangup")
	a.wantSeen("connected", "hangup")
}

func TestNodeWithAHeldFrameCanBeKilled(t *testing.T) {
	l, a, b := pair(t)
	hold := make(chan struct{})
	l.rule = func(*node.Frame) (bool, error) { <-hold; return true, nil }
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	a.sendOn(1, "\x02x")
	eventually(t, func() bool { frames, _ := l.counts(); return len(frames) == 1 }, "the frame is held")
	killed := make(chan struct{})
	go func() {
		b.Kill()
		close(killed)
	}()
	eventually(t, func() bool {
		select {
		case <-killed:
			return true
		default:
			return false
		}
	}, "the node to be dead while its frame is held")
	close(hold)
	eventually(t, func() bool { _, done := l.counts(); return done == 1 }, "the network is told")
}

func TestFrameForAFrozenNodeIsDoneAtOnceAndHandledLater(t *testing.T) {
	l, a, b := pair(t)
	a.dialTo(1, machine.Bus, b.BusAddr())
	a.wantSeen("connected")
	b.wantSeen("accepted")
	require.NoError(t, b.Freeze())
	a.sendOn(1, "\x02x")
	eventually(t, func() bool { _, done := l.counts(); return done == 1 }, "nobody waits for a frozen node")
	require.Equal(t, []string{"accepted"}, b.seen())
	require.NoError(t, b.Thaw())
	b.wantSeen("accepted", "frame \x02x")
	_, done := l.counts()
	require.Equal(t, 1, done)
}

func TestFramesToAForeignProcessPassBeforeTheyAreWritten(t *testing.T) {
	l, a, _ := pair(t)
	foreign, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer foreign.Close()
	l.rule = func(f *node.Frame) (bool, error) { return string(f.Data) != "\x02x", nil }
	a.dialTo(1, machine.Bus, foreign.Addr().(*net.TCPAddr).AddrPort())
	conn, err := foreign.Accept()
	require.NoError(t, err)
	defer conn.Close()
	a.wantSeen("connected")
	a.sendOn(1, "\x02x", "\x03yz")
	got := make([]byte, 3)
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	_, err = conn.Read(got)
	require.NoError(t, err)
	require.Equal(t, "\x03yz", string(got))
	_, err = conn.Write([]byte("\x02r"))
	require.NoError(t, err)
	a.wantSeen("connected", "frame \x02r")
	frames, _ := l.counts()
	require.Equal(t, []string{"a> \x02x", "a> \x03yz", ">a \x02r"}, frames)
}

func TestStreamToAForeignReplicaPassesTheNetwork(t *testing.T) {
	l, a, _ := pair(t)
	a.hook("PSYNC", func(f *fake, _ time.Time, c *machine.Client, _ []string) { c.Paced = true })
	a.hook("FEED", func(f *fake, _ time.Time, _ *machine.Client, args []string) {
		for _, c := range f.clients {
			if c.Paced {
				c.Out = append(c.Out, args[1]...)
				f.todo.Flush = append(f.todo.Flush, c)
			}
		}
	})
	p := dial(t, a.Addr())
	p.send("PSYNC\r\n")
	p.want("+OK\r\n")
	_, err := a.Call(t.Context(), "FEED", "stream")
	require.NoError(t, err)
	p.want("stream")
	p.send("PING\r\n")
	p.want(pong)
	frames, _ := l.counts()
	require.Equal(t, []string{"a> +OK\r\n", "a> stream", ">a PING\r\n", "a> " + pong}, frames)
}

// counting is a Network whose connections count their writes.
type counting struct {
	node.SystemNetwork
	writes chan int
}

type countedListener struct {
	net.Listener
	writes chan int
}

type countedConn struct {
	net.Conn
	writes chan int
}

func (c counting) Listen(who string, addr netip.AddrPort) (net.Listener, error) {
	l, err := c.SystemNetwork.Listen(who, addr)
	return countedListener{l, c.writes}, err
}

func (l countedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return countedConn{conn, l.writes}, err
}

func (c countedConn) Write(b []byte) (int, error) {
	c.writes <- len(b)
	return c.Conn.Write(b)
}

func TestPipelineIsAnsweredInOneWrite(t *testing.T) {
	writes := make(chan int, 1000)
	h := launch(t, func(cfg *node.Config) { cfg.Network = counting{writes: writes} })
	p := dial(t, h.Addr())
	const n = 200
	input, output := "", ""
	for range n {
		input += ping
		output += pong
	}
	p.send(input)
	p.want(output)
	require.Len(t, writes, 1)
	require.Equal(t, n*len(pong), <-writes)
}
