package node_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// A full mesh of 90 nodes has 16,000 link ends: what one end holds while it is silent decides
// how large a cluster fits. It is about 5.5 KB, nearly all of it stack; the race detector doubles it.
const maxPerLinkEnd = 12 << 10

func TestSilentLinksAreLean(t *testing.T) {
	a, b := launch(t, withBus("a", nil)), launch(t, withBus("b", nil))
	const links = 300
	before := inUse()
	for i := range links {
		a.dialTo(machine.LinkID(2*i+1), machine.Bus, b.BusAddr())
	}
	eventually(t, func() bool { return len(a.seen()) == links && len(b.seen()) == links }, "all are open")
	for i := range links {
		a.sendOn(machine.LinkID(2*i+1), "\x20"+string(make([]byte, 31)))
	}
	eventually(t, func() bool { return len(b.seen()) == 2*links }, "each has carried a packet")
	require.Less(t, (inUse()-before)/(2*links), uint64(maxPerLinkEnd))
}

func TestWhoIsGoneHoldsNothing(t *testing.T) {
	h := launch(t, nil)
	const clients, half = 20, 4 << 20
	before := inUse()
	var all []*peer
	for range clients {
		p := dial(t, h.Addr())
		p.send(ping)
		p.want(pong)
		p.send(fmt.Sprintf("*2\r\n$4\r\nECHO\r\n$%d\r\n%s", 2*half, strings.Repeat("x", half)))
		all = append(all, p)
	}
	eventually(t, func() bool { return inUse() > before+clients*half }, "half commands are kept")
	for _, p := range all {
		require.NoError(t, p.Close())
	}
	eventually(t, func() bool { return h.clientCount() == 0 }, "all are gone")
	eventually(t, func() bool { return inUse() < before+half }, "and so is what they sent")
}

// inUse is what heap and stacks take now.
func inUse() uint64 {
	runtime.GC()
	runtime.GC() // what a pool held
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc + m.StackInuse
}
