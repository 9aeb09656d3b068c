package playground

import (
	"context"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/playground/network"
)

// losesAMaster forms a lab and kills a master: its replica takes over, and all the others agree. The
// clock is paced all the time, so that none of it depends on how busy this computer is.
func losesAMaster(t *testing.T, topology Topology) {
	t.Helper()
	l, err := Launch(t.Context(), topology)
	require.NoError(t, err)
	defer l.Close()
	defer l.paced(t.Context())()
	require.True(t, l.ready())
	require.Equal(t, topology.Links, l.links())
	s := l.Snapshot()
	require.Equal(t, "ok", s.State)
	require.Equal(t, 16384, s.SlotsCovered)

	victim, heir := s.Nodes[0].Name, s.Nodes[topology.Masters].Name
	act(t, l, "kill", victim)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	require.NoError(t, l.Until(ctx, heir+" to take over", func(s Snapshot) bool {
		return s.node(heir).Role == "master" && s.State == "ok" && s.SlotsCovered == 16384
	}))
	for _, n := range l.Snapshot().Nodes {
		if n.State == "up" {
			require.Len(t, n.Beliefs, 1, "%s: one is not well, and of the others there is nothing to tell", n.Name)
			require.Equal(t, victim, n.Beliefs[0].Node)
		}
	}
}

func TestNinetyNodesOverTCPFormAndFailOver(t *testing.T) {
	if testing.Short() || !network.FitsTCP(90, 0) {
		t.Skip("it takes half a minute, and 17,000 open files")
	}
	losesAMaster(t, Topology{Masters: 45, Replicas: 1, Port: berth.Ports(90), NodeTimeout: 5000, Links: TCPLinks})
}

// TestNodesInMemoryFormAndFailOver has as many nodes as a test has ports in a row; LARGE=500 has five hundred, and
// wants nobody else on the ports from 10000 on.
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
