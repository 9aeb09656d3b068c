package playground

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// heaviestNode and heaviestLink are what a node may keep alive in the heap, its part of the pictures and of the record
// included, and what it keeps more for each other node that it knows and is linked with: a tenth and a quarter more than was
// measured (fifty nodes took 207 KB each, a hundred 244).
const heaviestNode, heaviestLink = 160 << 10, 1500

func TestANodeOfFiftyIsLight(t *testing.T) { isLight(t, 50) }

func TestANodeOfAHundredIsLight(t *testing.T) { isLight(t, 98) } // as many as a test has ports in a row

// isLight looks at what lives after a collection. What is just on its way is not that: a lab is light if it once is.
func isLight(t *testing.T, nodes int) {
	t.Helper()
	heaviest := int64(heaviestNode + nodes*heaviestLink)
	topology := Topology{Masters: nodes / 2, Replicas: 1, Port: berth.Ports(nodes), Links: MemoryLinks}
	before := alive()
	l, err := Launch(t.Context(), topology)
	require.NoError(t, err)
	defer l.Close()
	require.True(t, l.ready())
	least := int64(1) << 40
	for deadline := time.Now().Add(patience); ; runtime.Gosched() {
		if least = min(least, (alive()-before)/int64(topology.Nodes())); least <= heaviest {
			break
		}
		require.True(t, time.Now().Before(deadline), "a node takes %d KB", least>>10)
	}
	t.Logf("a node takes %d KB", least>>10)
	promised := memoryOf(topology.Nodes()) / int64(topology.Nodes())
	require.Greater(t, promised, 2*least, "what dies lies about for a while, and there are stacks")
	require.Less(t, promised, 4*heaviest, "labs are not refused for nothing")
}

// alive is what lives in the heap, without what pools keep for a while.
func alive() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
