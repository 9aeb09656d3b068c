package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

func withLab(lab string) []byte {
	return []byte("---\nid: x\nlevel: 1\nminutes: 2\n" + lab + "\n---\n# X\n\n```play\nwait state ok within 10s\n```\n")
}

func TestALessonMayWantAnyKindOfLab(t *testing.T) {
	l, err := Parse("x.md", "en", withLab("lab: {topology: sentinel, sentinels: 5, down-after-milliseconds: 3000, settings: {min-replicas-to-write: '1'}}"))
	require.NoError(t, err)
	require.Equal(t, 8, l.Nodes())
	setup := l.Setup()
	require.Equal(t, []any{playground.Sentinel, 5, 3, 3000, 180_000, 1, 0}, []any{
		setup.Topology, setup.Sentinels, setup.Quorum, setup.DownAfterMs, setup.FailoverMs, setup.ParallelSyncs, setup.NodeTimeoutMs,
	})
	require.Equal(t, 2, *setup.Replicas)
	require.Equal(t, "min-replicas-to-write=1", setup.Settings)
	topology := l.Topology(7000)
	topology.Speed, topology.Links = 1, playground.AutoLinks
	require.NoError(t, topology.Check())

	l, err = Parse("x.md", "en", withLab("lab: {topology: chain, replica-of: [0, 1, 1]}"))
	require.NoError(t, err)
	require.Equal(t, "0,1,1", l.Setup().ReplicaOf)
	require.Equal(t, 4, l.Nodes())

	l, err = Parse("x.md", "en", withLab("cluster: {masters: 3}"))
	require.NoError(t, err)
	require.Equal(t, playground.Cluster, l.Setup().Topology)
}

func TestALabThatCannotBeIsFoundWhereItStands(t *testing.T) {
	for _, row := range []struct{ lab, says string }{
		{"lab: {topology: ring}", "x.md:5:1: lab.topology must be one of"},
		{"lab: {topology: chain, masters: 2}", "x.md:5:24: lab: masters 2 has no meaning with chain"},
		{"lab: {topology: sentinel, quorum: 9}", "x.md:5:27: lab: quorum 9 is outside"},
		{"lab: {topology: sentinel, sentinels: 99}", "at most 100 nodes"},
		{"lab: {topology: replication, sentinels: 2}", "sentinels has no meaning with replication"},
		{"lab: {topology: chain}\ncluster: {masters: 3}", "lab and cluster are given both"},
		{"cluster: {topology: chain}", "stands in lab"},
		{"lab: {slaves: 3}", "slaves"},
	} {
		_, err := Parse("x.md", "en", withLab(row.lab))
		require.ErrorContains(t, err, row.says, row.lab)
	}
}
