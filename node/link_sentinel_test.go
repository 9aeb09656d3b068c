package node_test

import (
	"net"
	"testing"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// telling is a lab that knows what is spoken on a connection it was dialled for.
type telling struct{ *lab }

func (telling) Kind(net.Conn) machine.LinkKind { return machine.Sentinel }

// watch is a Sentinel a and a node b of one lab, with a link from a to b's client port.
func watch(t *testing.T) (l *lab, a, b *home) {
	l = &lab{named: map[string]string{}}
	a, b = launch(t, withBus("a", telling{l})), launch(t, withBus("b", telling{l}))
	l.named[b.Addr().String()] = "b"
	a.dialTo(1, machine.Sentinel, b.Addr())
	a.wantSeen("connected")
	return l, a, b
}

func TestASentinelsCommandsAndTheirRepliesPassTheNetworkOnce(t *testing.T) {
	l, a, _ := watch(t)
	a.sendOn(1, ping)
	a.wantSeen("connected", "frame "+pong)
	eventually(t, func() bool { _, done := l.counts(); return done == 2 }, "both are done")
	frames, _ := l.counts()
	require.Equal(t, []string{"a>b " + ping, "b>a " + pong}, frames)
}

func TestACutStallsASentinelsCommandsAndRepliesAndClosesNothing(t *testing.T) {
	for _, side := range []string{"a", "b"} {
		t.Run("from "+side, func(t *testing.T) {
			l, a, b := watch(t)
			cut := make(chan struct{})
			l.mu.Lock()
			l.rule = func(f *node.Frame) (bool, error) {
				if f.Kind == machine.Sentinel && f.From == side {
					<-cut
				}
				return true, nil
			}
			l.mu.Unlock()
			a.sendOn(1, ping)
			want := map[string]int{"a": 1, "b": 2}[side]
			eventually(t, func() bool { frames, _ := l.counts(); return len(frames) == want }, "the frame waits")
			require.Equal(t, []string{"connected"}, a.seen())
			require.EqualValues(t, want-1, b.machine.calls.Load())
			close(cut)
			a.wantSeen("connected", "frame "+pong)
		})
	}
}
