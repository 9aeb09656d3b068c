package network

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/playground/clock"
)

// lab runs f with a network whose time passes only when everybody waits.
func lab(t *testing.T, f func(n *Network, c *clock.Clock)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		c := clock.New(clock.Config{})
		n := New(Config{Clock: c, Rand: rand.New(rand.NewPCG(7, 7))})
		defer c.Close()
		defer n.Close()
		f(n, c)
	})
}

// packet is a bus packet of a type, as far as the network looks at it.
func packet(kind uint16) []byte {
	b := make([]byte, 2256)
	copy(b, "RCmb")
	b[busTypeAt], b[busTypeAt+1] = byte(kind>>8), byte(kind)
	return b
}

func ping(from, to string) *node.Frame {
	return &node.Frame{From: from, To: to, Kind: machine.Bus, Data: packet(0)}
}

// send passes a frame on a goroutine of its own and returns where its fate will be found.
func send(n *Network, f *node.Frame) *fate {
	r := &fate{}
	go func() {
		delivered, err := n.Pass(f)
		r.v.Store(&outcome{delivered, err})
		if delivered {
			n.Done(f)
		}
	}()
	synctest.Wait()
	return r
}

// fate is what will have become of a frame.
type fate struct{ v atomic.Pointer[outcome] }

type outcome struct {
	delivered bool
	err       error
}

func (f *fate) ended() bool { return f.v.Load() != nil }

func (f *fate) delivered() bool { return f.ended() && f.v.Load().delivered }

// wait lets time pass and then everything come to rest.
func wait(d time.Duration) {
	time.Sleep(d) // in a bubble: virtual time
	synctest.Wait()
}

func TestWithoutARuleEverythingPassesUnstamped(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		f := ping("7000", "7001")
		ok, err := n.Pass(f)
		require.True(t, ok)
		require.NoError(t, err)
		require.Zero(t, f.ID)
		n.Done(f)
	})
}

func TestACutLinkStallsAndLosesNothing(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		n.Cut([]string{"7000"}, []string{"7001", "7002"}, false)
		there, back := send(n, ping("7000", "7001")), send(n, ping("7001", "7000"))
		other := send(n, ping("7001", "7002"))
		wait(time.Hour)
		require.False(t, there.ended())
		require.False(t, back.ended())
		require.True(t, other.delivered())
		n.Heal()
		synctest.Wait()
		require.True(t, there.delivered())
		require.True(t, back.delivered())
		require.Empty(t, n.Rules())
		require.Zero(t, n.busy.Load())
	})
}

func TestAOneWayCutStopsOneWay(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		n.Cut([]string{"7000"}, []string{"7001"}, true)
		require.False(t, send(n, ping("7000", "7001")).ended())
		require.True(t, send(n, ping("7001", "7000")).delivered())
	})
}

func TestADelayedFrameTravelsSoLong(t *testing.T) {
	lab(t, func(n *Network, c *clock.Clock) {
		n.Edit(Pair{"7000", "7001"}, func(r *Rule) { r.Delay = 200 * time.Millisecond })
		f := send(n, ping("7000", "7001"))
		held := n.Held()
		require.Len(t, held, 1)
		require.Equal(t, "delay", held[0].Reason)
		require.Equal(t, 200*time.Millisecond, held[0].Due.Sub(held[0].Sent))
		wait(199 * time.Millisecond)
		require.False(t, f.ended())
		wait(2 * time.Millisecond)
		require.True(t, f.delivered())
	})
}

func TestJitterStaysInItsBoundsAndFollowsTheSeed(t *testing.T) {
	draw := func() []time.Duration {
		n := New(Config{Clock: node.SystemClock{}, Rand: rand.New(rand.NewPCG(3, 4))})
		n.Edit(Pair{"a", "b"}, func(r *Rule) { r.Delay, r.Jitter = 100*time.Millisecond, 20*time.Millisecond })
		var drawn []time.Duration
		for range 200 {
			drawn = append(drawn, n.dueAt(Pair{"a", "b"}, time.Time{}, 1).Sub(time.Time{}))
		}
		return drawn
	}
	first := draw()
	require.Equal(t, first, draw())
	different := map[time.Duration]bool{}
	for _, d := range first {
		require.InDelta(t, 100*time.Millisecond, d, float64(20*time.Millisecond))
		different[d] = true
	}
	require.Greater(t, len(different), 100)
}

func TestBandwidthQueuesOneFrameBehindTheOther(t *testing.T) {
	lab(t, func(n *Network, c *clock.Clock) {
		n.Edit(Pair{"7000", "7001"}, func(r *Rule) { r.Bandwidth = 2256 })
		start := c.Now()
		for i := range 3 {
			due := n.dueAt(Pair{"7000", "7001"}, start, 2256)
			require.Equal(t, time.Duration(i+1)*time.Second, due.Sub(start))
		}
	})
}

func TestHoldStopsTheNextFramesOfAType(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		n.Edit(Pair{Any, "7000"}, func(r *Rule) { r.HoldNext, r.HoldType = 1, "AUTH_REQ" })
		require.True(t, send(n, ping("7004", "7000")).delivered())
		request := &node.Frame{From: "7004", To: "7000", Kind: machine.Bus, Data: packet(5)}
		held := send(n, request)
		require.False(t, held.ended())
		require.Empty(t, n.Rules(), "the rule has done its work")
		list := n.Held()
		require.Len(t, list, 1)
		require.Equal(t, "AUTH_REQ", TypeName(list[0].Type))
		require.Equal(t, "hold", list[0].Reason)
		require.NoError(t, n.Release(list[0].ID))
		synctest.Wait()
		require.True(t, held.delivered())
		require.Error(t, n.Release(list[0].ID))
	})
}

func TestHealLetsHeldFramesPass(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		n.Edit(Pair{"7000", "7001"}, func(r *Rule) { r.HoldNext = 2 })
		first, second := send(n, ping("7000", "7001")), send(n, ping("7000", "7001"))
		synctest.Wait()
		require.False(t, first.ended())
		require.False(t, second.ended())
		n.Heal()
		synctest.Wait()
		require.True(t, first.delivered())
		require.True(t, second.delivered())
		require.Empty(t, n.Held())
	})
}

func TestADroppedPacketIsMissedAndADroppedPieceOfAStreamClosesTheLink(t *testing.T) {
	for _, row := range []struct {
		name string
		kind machine.LinkKind
		want error
	}{
		{"bus packet", machine.Bus, nil},
		{"replication stream", machine.Replication, ErrDropped},
		{"migration", machine.Migration, ErrDropped},
		{"sentinel", machine.Sentinel, ErrDropped},
	} {
		t.Run(row.name, func(t *testing.T) {
			lab(t, func(n *Network, _ *clock.Clock) {
				n.Edit(Pair{"a", "b"}, func(r *Rule) { r.DropNext = 1 })
				f := &node.Frame{From: "a", To: "b", Kind: row.kind, Data: packet(0)}
				ok, err := n.Pass(f)
				require.False(t, ok)
				require.ErrorIs(t, err, row.want)
				n.Pause()
				held := send(n, &node.Frame{From: "a", To: "b", Kind: row.kind, Data: packet(0)})
				require.NoError(t, n.Drop(n.Held()[0].ID))
				synctest.Wait()
				require.True(t, held.ended())
				require.False(t, held.delivered())
				require.ErrorIs(t, held.v.Load().err, row.want)
			})
		})
	}
}

func TestPauseHoldsEverythingAndAStepLetsOneFramePass(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		n.Pause()
		first, second := send(n, ping("7000", "7001")), send(n, ping("7001", "7000"))
		next, ok := n.Next()
		require.True(t, ok)
		require.Equal(t, "7001", next.To)
		require.NoError(t, n.StepFrame(context.Background(), next.ID))
		require.True(t, first.delivered())
		require.False(t, second.ended())
		n.Resume()
		synctest.Wait()
		require.True(t, second.delivered())
		require.Zero(t, n.tracked.Load())
	})
}

func TestAStepPassesOverFrozenNodesAndHeldFrames(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		n.Pause()
		n.Edit(Pair{"a", "c"}, func(r *Rule) { r.HoldNext = 1 })
		n.Stall("b", true)
		send(n, ping("a", "b"))
		send(n, ping("a", "c"))
		send(n, ping("a", "d"))
		next, ok := n.Next()
		require.True(t, ok)
		require.Equal(t, "d", next.To)
	})
}

func TestFrameLetPassAsItsLinkEndsIsNotWaitedFor(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		n.Pause()
		for range 64 { // which of two things that are ready a select takes is chance
			c := &conn{net: n}
			w := &waiting{Frame: Frame{From: "7000", To: "7001", Kind: machine.Bus}}
			n.mu.Lock()
			require.False(t, n.admit(w))
			n.park(c, w)
			h := n.answerIt(w, deliver)
			c.end()
			close(n.ends[c])
			n.mu.Unlock()
			if _, err := n.await(c, w); err == nil {
				n.Done(&node.Frame{ID: w.ID})
			}
			select {
			case <-h.done:
			default:
				t.Fatal("a step would wait for it for ever")
			}
		}
		require.Zero(t, n.tracked.Load())
		require.NoError(t, n.Settle(context.Background()))
	})
}

func TestReleaseDoesNotReachAcrossACut(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		n.Cut([]string{"a"}, []string{"b"}, false)
		f := send(n, ping("a", "b"))
		require.ErrorContains(t, n.Release(n.Held()[0].ID), "heal it first")
		require.False(t, f.ended())
	})
}

func TestATapSeesArrivalsAndDropsAndSaysWhatItMissed(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		tap := n.Watch()
		defer tap.Close()
		_, _ = n.Pass(ping("a", "b"))
		n.Edit(Pair{"a", "b"}, func(r *Rule) { r.DropNext = 1 })
		_, _ = n.Pass(ping("a", "b"))
		got, missed := tap.Read(10)
		require.Len(t, got, 2)
		require.Zero(t, missed)
		require.False(t, got[0].Dropped)
		require.True(t, got[1].Dropped)
		require.Less(t, got[0].ID, got[1].ID)
		for range traceLength + 5 {
			_, _ = n.Pass(ping("a", "b"))
		}
		got, missed = tap.Read(10)
		require.Len(t, got, 10)
		require.EqualValues(t, traceBlock, missed)
	})
}

func TestFramesThatAllHaveReadAreForgotten(t *testing.T) {
	lab(t, func(n *Network, _ *clock.Clock) {
		quick, slow := n.Watch(), n.Watch()
		defer quick.Close()
		for range 3*traceBlock + 1 {
			_, _ = n.Pass(ping("a", "b"))
		}
		const all = 4 * traceBlock
		got, missed := quick.Read(all)
		require.Len(t, got, 3*traceBlock+1)
		require.Zero(t, missed)
		require.Equal(t, got[0].ID+3*traceBlock, got[3*traceBlock].ID, "in order, whatever block they are in")
		require.Len(t, n.trace.blocks, 4, "the other has read nothing")
		got, _ = slow.Read(2*traceBlock + 7)
		require.Len(t, got, 2*traceBlock+7)
		require.Len(t, n.trace.blocks, 2)
		slow.Close()
		require.Empty(t, n.trace.blocks, "who has gone waits for nothing")
		_, _ = n.Pass(ping("a", "b"))
		got, missed = quick.Read(all)
		require.Len(t, got, 1)
		require.Zero(t, missed)
		got, _ = quick.Read(all)
		require.Empty(t, got)
		require.LessOrEqual(t, cap(got), roomy, "the room that a storm needed is given back")
	})
}

func TestTypesAreReadFromTheHeader(t *testing.T) {
	for _, row := range []struct {
		name string
		kind machine.LinkKind
		data []byte
		want string
	}{
		{"ping", machine.Bus, packet(0), "PING"},
		{"publish to a shard", machine.Bus, packet(10), "PUBLISHSHARD"},
		{"a type of the future", machine.Bus, packet(300), "UNKNOWN"},
		{"too short", machine.Bus, []byte("RCmb"), "UNKNOWN"},
		{"stream", machine.Replication, []byte("*1"), "STREAM"},
		{"migration", machine.Migration, nil, "MIGRATE"},
		{"sentinel", machine.Sentinel, []byte("*1"), "SENTINEL"},
		{"sentinel's PING", machine.Sentinel, []byte("*1\r\n$4\r\nPING\r\n"), "PING"},
		{"its answer", machine.Sentinel, []byte("+PONG\r\n"), "PONG"},
		{"INFO behind a PING", machine.Sentinel, []byte("*1\r\n$4\r\nPING\r\n*1\r\n$4\r\nINFO\r\n"), "INFO"},
		{"what INFO says", machine.Sentinel, []byte("$2000\r\n# Server\r\nredis_version:7.0.15\r\n"), "INFO"},
		{"hello said", machine.Sentinel, []byte("*3\r\n$7\r\nPUBLISH\r\n$18\r\n__sentinel__:hello\r\n$3\r\n1,2\r\n"), "HELLO"},
		{"hello heard", machine.Sentinel, []byte("*3\r\n$7\r\nmessage\r\n$18\r\n__sentinel__:hello\r\n$3\r\n1,2\r\n"), "HELLO"},
		{"is it down", machine.Sentinel, []byte("*6\r\n$8\r\nSENTINEL\r\n$22\r\nis-master-down-by-addr\r\n$9\r\n127.0.0.1\r\n$4\r\n7000\r\n$1\r\n0\r\n$1\r\n*\r\n"), "ASK_DOWN"},
		{"vote for me", machine.Sentinel, []byte("*6\r\n$8\r\nSENTINEL\r\n$22\r\nis-master-down-by-addr\r\n$9\r\n127.0.0.1\r\n$4\r\n7000\r\n$1\r\n1\r\n$40\r\n89009d0000000000000000000000000000000daa\r\n"), "ASK_VOTE"},
		{"it is down", machine.Sentinel, []byte("*3\r\n:1\r\n$1\r\n*\r\n:0\r\n"), "SENTINEL"},
		{"a vote", machine.Sentinel, []byte("*3\r\n:1\r\n$40\r\n89009d0000000000000000000000000000000daa\r\n:1\r\n"), "VOTE"},
		{"a new place", machine.Sentinel, []byte("*1\r\n$5\r\nMULTI\r\n*3\r\n$7\r\nSLAVEOF\r\n$2\r\nNO\r\n$3\r\nONE\r\n"), "REPLICAOF"},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, row.want, TypeName(TypeOf(row.kind, row.data)))
		})
	}
	name, ok := KnownType("auth-req")
	require.True(t, ok)
	require.Equal(t, "AUTH_REQ", name)
}

func BenchmarkPassWithoutRules(b *testing.B) {
	n := New(Config{Clock: node.SystemClock{}})
	f := ping("7000", "7001")
	f.Conn = &n.pair(machine.Bus, "7000", &listener{who: "7001", addr: loopback}).conns[1]
	for b.Loop() {
		_, _ = n.Pass(f)
		n.Done(f)
	}
}

func BenchmarkPassWatched(b *testing.B) {
	n := New(Config{Clock: node.SystemClock{}})
	defer n.Watch().Close()
	f := ping("7000", "7001")
	for b.Loop() {
		_, _ = n.Pass(f)
		n.Done(f)
	}
}
