package playground

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// guarded is one master, two replicas and three Sentinels that are quick to judge.
func guarded() Topology {
	return Topology{Mode: Sentinel, Replicas: 2, Sentinels: 3, Quorum: 2, DownAfter: 3000, FailoverTimeout: 20_000}
}

func TestSentinelsFormAroundAMaster(t *testing.T) {
	began := time.Now()
	l := launch(t, guarded())
	require.Less(t, time.Since(began), 3*time.Second)
	s := l.Snapshot()
	require.Equal(t, []string{Sentinel, "ok"}, []string{s.Topology, s.State})
	require.Len(t, s.Nodes, 3, "Sentinels are no nodes")
	require.Len(t, s.Sentinels, 3)
	for _, v := range s.Sentinels {
		require.Equal(t, "up", v.State)
		require.Len(t, v.ID, 40)
		require.Len(t, v.Watches, 1)
		w := v.Watches[0]
		require.Equal(t, []string{"mymaster", s.Nodes[0].Name, s.Nodes[0].Name, "none"}, []string{w.Master, w.Node, w.Current, w.Failover.State})
		require.Len(t, w.Instances, 5, "the master, its replicas and the other Sentinels")
		require.Contains(t, v.Conf.Text, "sentinel known-sentinel mymaster 127.0.0.1")
		require.NotEmpty(t, v.Conf.Diff)
	}
	require.Equal(t, s.Nodes[0].Name, s.Load.Target, "clients ask the Sentinels")
}

// opinion is what a Sentinel thinks of a node.
func (v SentinelView) opinion(node string) Opinion {
	for _, w := range v.Watches {
		for _, o := range w.Instances {
			if o.Node == node {
				return o
			}
		}
	}
	return Opinion{}
}

func TestADiffOfAFileNamesTheLinesThatCameAndWent(t *testing.T) {
	require.Equal(t, []ConfLine{{"-", "b"}, {"+", "c"}}, diffLines("a\nb\n", "c\na\n"))
	require.Empty(t, diffLines("a\n", "a\n"))
}

func TestWhatSentinelsCannotBeIsRefusedByName(t *testing.T) {
	for _, row := range []struct{ text, field string }{
		{"mode: sentinel\nquorum: 4", "quorum"},
		{"mode: sentinel\nsentinels: -1", "sentinels"},
		{"mode: sentinel\ndown-after-milliseconds: 10", "down-after-milliseconds"},
		{"mode: sentinel\nparallel-syncs: -1", "parallel-syncs"},
		{"mode: sentinel\nfailover-timeout: -5", "failover-timeout"},
		{"mode: sentinel\nmasters: 2", "masters"},
		{"quorum: 2", "quorum"},
		{"mode: chain\nsentinels: 3", "sentinels"},
	} {
		_, err := ParseTopology([]byte(row.text))
		require.Error(t, err, row.text)
		require.Equal(t, row.field, AsError(err).Field, row.text)
	}
	topology, err := ParseTopology([]byte("mode: sentinel\nsentinels: 5"))
	require.NoError(t, err)
	require.Equal(t, 3, topology.Quorum, "a majority")
}
