package network

import (
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
	"unsafe"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/playground/clock"
)

var loopback = netip.MustParseAddrPort("127.0.0.1:0")

// join opens a port of "b" and a link to it from "a".
func join(t *testing.T, n *Network) (dialler, acceptor net.Conn) {
	t.Helper()
	l, err := n.Listen("b", loopback)
	require.NoError(t, err)
	t.Cleanup(func() { _ = l.Close() })
	dialler, err = n.Dial("a", machine.Bus, addrOf(l.Addr()))
	require.NoError(t, err)
	acceptor, err = l.Accept()
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = dialler.Close(), acceptor.Close() })
	return dialler, acceptor
}

func TestBothWorldsNameTheEndsAndCarryBytes(t *testing.T) {
	defer goleak.VerifyNone(t)
	for _, memory := range []bool{false, true} {
		t.Run(map[bool]string{false: "tcp", true: "memory"}[memory], func(t *testing.T) {
			n := New(Config{Clock: node.SystemClock{}, Memory: memory})
			dialler, acceptor := join(t, n)
			require.Equal(t, "a", n.Peer(acceptor))
			_, err := dialler.Write([]byte("hello"))
			require.NoError(t, err)
			buf := make([]byte, 16)
			got, err := io.ReadAtLeast(acceptor, buf, 5)
			require.NoError(t, err)
			require.Equal(t, "hello", string(buf[:got]))
			require.NoError(t, dialler.Close())
			_, err = acceptor.Read(buf)
			require.ErrorIs(t, err, io.EOF)
		})
	}
}

func TestAnOrdinaryClientHasNoName(t *testing.T) {
	n := New(Config{Clock: node.SystemClock{}})
	l, err := n.Listen("b", loopback)
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	client, err := net.Dial("tcp", l.Addr().String())
	require.NoError(t, err)
	defer func() { _ = client.Close() }()
	accepted, err := l.Accept()
	require.NoError(t, err)
	defer func() { _ = accepted.Close() }()
	require.Empty(t, n.Peer(accepted))
}

func TestNothingConnectsBeyondThisComputer(t *testing.T) {
	n := New(Config{Clock: node.SystemClock{}})
	for _, to := range []string{"192.0.2.1:80", "169.254.169.254:80", "0.0.0.0:80", "[2001:db8::1]:80", "[::ffff:192.0.2.1]:80"} {
		_, err := n.Dial("7000", machine.Migration, netip.MustParseAddrPort(to))
		require.ErrorIs(t, err, errOutside, to)
	}
}

func TestManyDialsAtOnceAreAllNamedRight(t *testing.T) {
	n := New(Config{Clock: node.SystemClock{}})
	l, err := n.Listen("b", loopback)
	require.NoError(t, err)
	const dials = 200
	var group sync.WaitGroup
	names := []string{"a", "c", "d", "e"}
	for i := range dials {
		group.Go(func() {
			c, err := n.Dial(names[i%len(names)], machine.Bus, addrOf(l.Addr()))
			if err != nil {
				t.Error(err)
				return
			}
			_, _ = c.Write([]byte(names[i%len(names)]))
			_, _ = c.Read(make([]byte, 1))
			_ = c.Close()
		})
	}
	for range dials {
		c, err := l.Accept()
		require.NoError(t, err)
		peer := n.Peer(c)
		said := make([]byte, 1)
		_, err = io.ReadFull(c, said)
		require.NoError(t, err)
		require.Equal(t, string(said), peer)
		_ = c.Close()
	}
	group.Wait()
	require.NoError(t, l.Close())
	require.Empty(t, n.dialled)
	require.Empty(t, n.links)
}

func TestTheEndOfALinkDoesNotCrossACut(t *testing.T) {
	n := New(Config{Clock: node.SystemClock{}})
	dialler, acceptor := join(t, n)
	n.Cut([]string{"a"}, []string{"b"}, false)
	read := make(chan error, 1)
	go func() {
		_, err := acceptor.Read(make([]byte, 1))
		read <- err
	}()
	require.NoError(t, dialler.Close())
	require.Eventually(t, func() bool { return len(n.Held()) == 1 }, time.Second, time.Millisecond)
	require.Equal(t, "CLOSE", TypeName(n.Held()[0].Type))
	require.Empty(t, read)
	wrote, err := acceptor.Write([]byte("x"))
	require.NoError(t, err)
	require.Equal(t, 1, wrote)
	n.Heal()
	require.ErrorIs(t, <-read, io.EOF)
}

func TestAConnectThroughACutTimesOutInTheLabsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(clock.Config{Speed: 10})
		defer c.Close()
		n := New(Config{Clock: c})
		require.NoError(t, n.gateConnect("a", machine.Bus, "b", loopback))
		n.Cut([]string{"b"}, []string{"a"}, true)
		start := time.Now()
		require.ErrorIs(t, n.gateConnect("a", machine.Bus, "b", loopback), os.ErrDeadlineExceeded)
		require.InDelta(t, node.DialTimeout/10, time.Since(start), float64(time.Millisecond))
	})
}

func TestDelayedFramesOfOneLinkDoNotAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(clock.Config{})
		defer c.Close()
		n := New(Config{Clock: c})
		n.Edit(Pair{"a", "b"}, func(r *Rule) { r.Delay = time.Second })
		m := n.pair(machine.Bus, "a", &listener{who: "b", addr: loopback})
		dialler, acceptor := &m.conns[0], &m.conns[1]
		start := c.Now()
		go func() {
			for range 5 {
				_, _ = dialler.Write(packet(0))
				time.Sleep(100 * time.Millisecond) // in a bubble: virtual time
			}
		}()
		for i := range 5 {
			buf := make([]byte, 2256)
			_, err := io.ReadFull(acceptor, buf)
			require.NoError(t, err)
			f := &node.Frame{From: "a", To: "b", Kind: machine.Bus, Data: buf, Conn: acceptor}
			_, err = n.Pass(f)
			require.NoError(t, err)
			n.Done(f)
			require.Equal(t, time.Second+time.Duration(i)*100*time.Millisecond, c.Now().Sub(start))
		}
		require.True(t, m.link.settled(nil))
	})
}

func TestMemoryHonoursDeadlinesAndBackPressure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := (&Network{}).pair(machine.Bus, "a", &listener{who: "b", addr: loopback})
		left, right := (*memConn)(&m.conns[0]), (*memConn)(&m.conns[1])
		require.NoError(t, left.SetReadDeadline(time.Now().Add(time.Second)))
		_, err := left.Read(make([]byte, 1))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.NoError(t, left.SetWriteDeadline(time.Now().Add(time.Second)))
		wrote, err := left.Write(make([]byte, 2*memBuffer))
		require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		require.Equal(t, memBuffer, wrote)
		rest, err := io.ReadFull(right, make([]byte, memBuffer))
		require.NoError(t, err)
		require.Equal(t, memBuffer, rest)
		require.Nil(t, m.out.buf, "an empty pipe keeps no buffer")
		require.NoError(t, right.Close())
		require.NoError(t, left.SetDeadline(time.Time{}))
		_, err = left.Write([]byte("x"))
		require.Error(t, err)
		_, err = left.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF)
	})
}

func TestATriedWriteTakesWhatFitsAndAwaitNeedsNoBuffer(t *testing.T) {
	for _, memory := range []bool{false, true} {
		t.Run(map[bool]string{false: "tcp", true: "memory"}[memory], func(t *testing.T) {
			n := New(Config{Clock: node.SystemClock{}, Memory: memory})
			dialler, acceptor := join(t, n)
			ready := make(chan error, 1)
			go func() { ready <- acceptor.(node.Patient).Await() }()
			var wrote int
			for range 1000 {
				more, err := dialler.(node.Patient).TryWrite(make([]byte, 64<<10))
				require.NoError(t, err)
				if more == 0 {
					break
				}
				wrote += more
			}
			require.NoError(t, <-ready)
			require.Equal(t, machine.Bus, n.Kind(acceptor))
			got, err := io.ReadFull(acceptor, make([]byte, wrote))
			require.NoError(t, err)
			require.Equal(t, wrote, got)
			require.EqualValues(t, wrote, dialler.(*conn).out().written.Load())
		})
	}
}

func TestALinkInMemoryIsOpenedAtOnceUnlessARuleStandsAgainstIt(t *testing.T) {
	n := New(Config{Clock: node.SystemClock{}, Memory: true})
	defer n.Close()
	l, err := n.Listen("b", loopback)
	require.NoError(t, err)
	at := addrOf(l.Addr())
	c, ok, err := n.DialNow("a", machine.Bus, at)
	require.NoError(t, err)
	require.True(t, ok)
	require.NoError(t, c.Close())
	_, ok, _ = n.DialNow("a", machine.Replication, at)
	require.False(t, ok, "it is over TCP")
	n.Edit(Pair{"a", "b"}, func(r *Rule) { r.Delay = time.Second })
	_, ok, _ = n.DialNow("a", machine.Bus, at)
	require.False(t, ok, "it takes a second")
	n.Edit(Pair{"a", "b"}, func(r *Rule) { r.Delay = 0 })

	require.NoError(t, l.Close())
	_, ok, _ = n.DialNow("a", machine.Bus, at)
	require.False(t, ok, "another process may listen there")
	_, err = n.Dial("a", machine.Bus, at)
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	_, ok, err = n.DialNow("a", machine.Bus, at)
	require.True(t, ok, "nobody did a moment ago")
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	l, err = n.Listen("b", at)
	require.NoError(t, err)
	defer l.Close()
	c, ok, err = n.DialNow("a", machine.Bus, at)
	require.True(t, ok)
	require.NoError(t, err, "it is back")
	require.NoError(t, c.Close())
}

func TestMarksOfWritesAreForgottenInTurn(t *testing.T) {
	start := time.Unix(1_800_000_000, 0)
	for _, writes := range []int{1, 2, 5, marksKept + 1} {
		var d direction
		for turn := range 3 {
			base := d.passed.Load()
			for i := range writes {
				d.note(base+uint64(2*i+2), start.Add(time.Duration(turn*writes+i)*time.Second))
			}
			for i := range writes {
				want := start.Add(time.Duration(turn*writes+i) * time.Second)
				d.passed.Add(1)
				require.Equal(t, want, d.sentAt(), "write %d of %d", i, writes)
				d.passed.Add(1)
				require.Equal(t, want, d.sentAt(), "write %d of %d", i, writes)
			}
			require.Zero(t, d.sentAt())
		}
		require.Equal(t, writes < busyMarks, d.marks == nil)
	}
}

func TestALinkInMemoryIsSmall(t *testing.T) {
	require.LessOrEqual(t, unsafe.Sizeof(memLink{}), uintptr(320), "a thousand nodes have a million")
}
