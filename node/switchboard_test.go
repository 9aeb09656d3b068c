package node_test

import (
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/machine"
)

// manyLinks is how many links are opened where one would do.
const manyLinks = 60

// dialMany opens links from a to b, with the numbers 1, 3, 5 and so on, and waits until both ends are told.
func dialMany(a, b *home) {
	a.t.Helper()
	for i := range manyLinks {
		a.dialTo(machine.LinkID(2*i+1), machine.Bus, b.BusAddr())
	}
	eventually(a.t, func() bool { return len(a.seen()) == manyLinks && len(b.seen()) == manyLinks }, "all links to be open")
}

func TestAQuietLinkCostsNoGoroutine(t *testing.T) {
	a, b := launch(t, withBus("a", nil)), launch(t, withBus("b", nil))
	before := runtime.NumGoroutine()
	dialMany(a, b)
	eventually(t, func() bool { return runtime.NumGoroutine() < before+manyLinks/4 }, "the goroutines that opened links to end")
	for i := range manyLinks {
		a.sendOn(machine.LinkID(2*i+1), "\x02"+string(rune('a'+i)))
	}
	eventually(t, func() bool { return len(b.seen()) == 2*manyLinks }, "a packet of each to arrive")
	eventually(t, func() bool { return runtime.NumGoroutine() < before+manyLinks/4 }, "nobody to wait for more")
}

// brisk is a lab that lets everything pass at once but what begins with a word.
type brisk struct {
	*lab
	slow string
}

func (b *brisk) PassNow(f *node.Frame) bool { return !strings.HasPrefix(string(f.Data), b.slow) }

func TestAHeldFrameHoldsItsLinkAndNoOther(t *testing.T) {
	held := make(chan struct{})
	l := &brisk{lab: &lab{named: map[string]string{}, rule: func(*node.Frame) (bool, error) { <-held; return true, nil }}, slow: "\x02h"}
	a, b := launch(t, withBus("a", l)), launch(t, withBus("b", l))
	l.named[b.BusAddr().String()] = "b"
	dialMany(a, b)
	a.sendOn(1, "\x02a", "\x02h", "\x02b")
	eventually(t, func() bool { frames, _ := l.counts(); return len(frames) == 1 }, "the network to hold a frame")
	for i := range manyLinks {
		if i > 0 {
			a.sendOn(machine.LinkID(2*i+1), "\x02c")
		}
	}
	eventually(t, func() bool { return len(b.seen()) == 2*manyLinks }, "all others to arrive")
	require.NotContains(t, b.seen(), "frame \x02h")
	require.NotContains(t, b.seen(), "frame \x02b", "what follows on that link waits too")
	close(held)
	eventually(t, func() bool { return len(b.seen()) == 2*manyLinks+2 }, "the rest")
	seen := b.seen()
	require.Equal(t, []string{"frame \x02h", "frame \x02b"}, seen[len(seen)-2:])
	a.sendOn(1, "\x02d")
	b.wantSeen(append(seen, "frame \x02d")...)
	frames, done := l.counts()
	require.Equal(t, []string{"a>b \x02h", "a>b \x02b"}, frames, "only what was held, and what came behind it, is asked about")
	require.Equal(t, 2, done)
}

func TestTheEndOfEachLinkIsTold(t *testing.T) {
	a, b := launch(t, withBus("a", nil)), launch(t, withBus("b", nil))
	dialMany(a, b)
	a.Kill()
	eventually(t, func() bool { return len(b.seen()) == 2*manyLinks }, "each end to be told")
	for _, what := range b.seen()[manyLinks:] {
		require.Equal(t, "hangup", what)
	}
}
