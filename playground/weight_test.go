package playground

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// heaviestNode is what a node of a lab of fifty may keep alive in the heap, its links to all others, its part of the
// pictures and of the record included: a fifth more than was measured (220 KB).
const heaviestNode = 264 << 10

// TestANodeOfFiftyIsLight looks at what lives after a collection. What is just on its way is not that: a lab is light
// if it once is.
func TestANodeOfFiftyIsLight(t *testing.T) {
	topology := Topology{Masters: 25, Replicas: 1, Port: berth.Ports(50), Links: MemoryLinks}
	before := alive()
	l, err := Launch(t.Context(), topology)
	require.NoError(t, err)
	defer l.Close()
	require.True(t, l.ready())
	least := int64(1) << 40
	for deadline := time.Now().Add(patience); ; runtime.Gosched() {
		if least = min(least, (alive()-before)/int64(topology.Nodes())); least <= heaviestNode {
			break
		}
		require.True(t, time.Now().Before(deadline), "a node takes %d KB", least>>10)
	}
	t.Logf("a node takes %d KB", least>>10)
	promised := memoryOf(topology.Nodes()) / int64(topology.Nodes())
	require.Greater(t, promised, 2*least, "what dies lies about for a while, and there are stacks")
	require.Less(t, promised, 4*int64(heaviestNode), "labs are not refused for nothing")
}

// alive is what lives in the heap, without what pools keep for a while.
func alive() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
