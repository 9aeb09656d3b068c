package playground

import (
	"context"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/slot"
	"clusterplay/playground/network"
)

// losesAMaster forms a lab and kills a master: its replica takes over, and all the others agree. The
// clock is paced all the time, so that none of it depends on how busy this computer is.
func losesAMaster(t *testing.T, topology Topology) {
	t.Helper()
	l, err := Launch(t.Context(), topology)
	require.NoError(t, err)
	defer l.Close()
	if topology.Links != MemoryLinks { // where the lab does so by itself
		defer l.paced(t.Context())()
	}
	require.True(t, l.ready())
	require.Equal(t, topology.Links, l.links())
	s := l.Snapshot()
	require.Equal(t, "ok", s.State)
	require.Equal(t, 16384, s.SlotsCovered)

	victim, heir := s.Nodes[0].Name, s.Nodes[topology.Masters].Name
	serves := func(node, key string) { // the first shard has the lowest slots
		require.Equal(t, "OK", ask(t, l, node, "SET", key, "value"))
		require.Equal(t, "value", ask(t, l, node, "GET", key))
	}
	serves(victim, lowKey(t))
	act(t, l, "kill", victim)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	require.NoError(t, l.Until(ctx, heir+" to take over", func(s Snapshot) bool {
		return s.node(heir).Role == "master" && s.State == "ok" && s.SlotsCovered == 16384
	}))
	serves(heir, lowKey(t))
	if nodes := topology.Nodes(); nodes > manyNodes*2 { // of few nodes it is that of other tests
		boundMemory(t, nodes)
	}
	for _, n := range l.Snapshot().Nodes {
		if n.State == "up" {
			require.Len(t, n.Beliefs, 1, "%s: one is not well, and of the others there is nothing to tell", n.Name)
			require.Equal(t, victim, n.Beliefs[0].Node)
		}
	}
}

// lowKey is a key in one of the first slots.
func lowKey(t *testing.T) string {
	t.Helper()
	for i := range 1 << 20 {
		if key := strconv.Itoa(i); slot.Of([]byte(key)) < 8 {
			return key
		}
	}
	t.Fatal("no such key")
	return ""
}

// boundMemory looks at the most that this process ever had in memory: what it had when it began, and for each pair of
// nodes what each knows of the other, two links and what a busy computer leaves lying.
func boundMemory(t *testing.T, nodes int) {
	t.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return // it is not Linux
	}
	_, after, _ := strings.Cut(string(status), "VmHWM:")
	most, err := strconv.Atoi(strings.Fields(after)[0])
	require.NoError(t, err)
	require.Less(t, most, 1<<20+8*nodes*nodes, "KiB")
}

func TestNinetyNodesOverTCPFormAndFailOver(t *testing.T) {
	if testing.Short() || !network.FitsTCP(90, 0) {
		t.Skip("it takes half a minute, and 17,000 open files")
	}
	losesAMaster(t, Topology{Masters: 45, Replicas: 1, Port: berth.Ports(90), NodeTimeout: 5000, Links: TCPLinks})
}

// TestNodesInMemoryFormAndFailOver has as many nodes as a test has ports in a row; LARGE=500 has five hundred, LARGE=1000
// a thousand, and wants nobody else on the ports from 10000 and 20000 on. With a node timeout of 5 s a thousand are too
// many for two cores: some take others for dead that are only late.
func TestNodesInMemoryFormAndFailOver(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes half a minute")
	}
	nodes, port := 98, 10000
	if large, err := strconv.Atoi(os.Getenv("LARGE")); err == nil {
		nodes = large
	} else {
		port = berth.Ports(nodes)
	}
	losesAMaster(t, Topology{Masters: nodes / 2, Replicas: 1, Port: port, NodeTimeout: 5000, Links: MemoryLinks})
}
