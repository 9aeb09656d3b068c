package playground

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// trio is one master and two replicas.
func trio() Topology { return Topology{Mode: Replication, Replicas: 2} }

func TestMasterAndReplicasFormWithoutACluster(t *testing.T) {
	formsAsFast(t, trio(), 3)
	l := launch(t, trio())
	s := l.Snapshot()
	require.Equal(t, Replication, s.Topology)
	require.Equal(t, "ok", s.State)
	require.Len(t, s.Nodes, 3)
	for i, n := range s.Nodes {
		require.Equal(t, "A", n.Shard)
		require.Equal(t, i > 0, n.Role == "replica")
		require.Equal(t, i > 0, n.LinkUp)
		require.Zero(t, n.Bus)
	}
	require.Equal(t, s.Nodes[0].Name, s.Nodes[2].Master)
}

func TestAChainFormsFromItsTop(t *testing.T) {
	l := launch(t, Topology{Mode: Chain, Replicas: 3})
	s := l.Snapshot()
	require.Equal(t, "ok", s.State)
	for i, n := range s.Nodes[1:] {
		require.Equal(t, s.Nodes[i].Name, n.Master)
	}
	act(t, l, "kill", s.Nodes[1].Name)
	eventually(t, l, "the end of the chain to have no way to the master", func(s Snapshot) bool { return s.State == "mixed" })
	require.Equal(t, "1 master with 3 replicas", Topology{Mode: Chain, Masters: 1, Replicas: 3, ReplicaOf: []int{0, 1, 1}}.members())
}

func TestAFileGivesAnyTreeOfReplicas(t *testing.T) {
	topology, err := ParseTopology([]byte("mode: chain\nreplica-of: [0, 1, 1, 0]\n"))
	require.NoError(t, err)
	l := launch(t, topology)
	s := l.Snapshot()
	require.Equal(t, "ok", s.State)
	var masters []string
	for _, n := range s.Nodes[1:] {
		masters = append(masters, n.Master)
	}
	name := func(i int) string { return s.Nodes[i].Name }
	require.Equal(t, []string{name(0), name(1), name(1), name(0)}, masters)
}

func TestWhatAKindHasNoUseForIsRefusedByName(t *testing.T) {
	for _, row := range []struct{ text, field string }{
		{"mode: replication\nmasters: 3", "masters"},
		{"mode: chain\ncluster-node-timeout: 5000", "cluster-node-timeout"},
		{"replica-of: [0]", "replica-of"},
		{"mode: chain\nreplica-of: [0, 2]", "replica-of"},
		{"mode: chain\nreplicas: 5\nreplica-of: [0, 1]", "replicas"},
		{"mode: ring", "mode"},
	} {
		_, err := ParseTopology([]byte(row.text))
		require.Error(t, err, row.text)
		require.Equal(t, row.field, AsError(err).Field, row.text)
	}
}

func TestAPromotionByHandIsRememberedAndCostsWhatItCosts(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	act(t, l, "load", "500")
	eventually(t, l, "writes on replicas", func(s Snapshot) bool { return s.Load.Acked > 100 && s.Load.Replicated > 100 })
	require.Equal(t, names[0], l.Snapshot().Load.Target)
	act(t, l, "partition", names[0], "/", "rest")
	before := l.Snapshot().Load.Acked
	eventually(t, l, "writes that reach no replica", func(s Snapshot) bool { return s.Load.Acked > before+50 })
	act(t, l, "kill", names[0])
	eventually(t, l, "clients in vain", func(s Snapshot) bool { return s.State == "fail" && s.Load.Errors+s.Load.Unknown > 0 })
	r := act(t, l, "replicaof", names[1], "no-one")
	require.Contains(t, r.Text, "The clients still use "+names[0])
	act(t, l, "replicaof", names[2], names[1])
	eventually(t, l, "the ledger to see what is lost", func(s Snapshot) bool { return s.Load.Lost >= 50 })
	act(t, l, "rewire", names[1])
	lost := l.Snapshot().Load
	eventually(t, l, "writes to the new master", func(s Snapshot) bool {
		return s.Load.Target == names[1] && s.Load.Acked > lost.Acked+50 && s.Load.Replicated > lost.Replicated+50
	})
	act(t, l, "restart", names[1])
	eventually(t, l, "the new master to remember that it is one", func(s Snapshot) bool {
		return s.node(names[1]).Role == "master" && s.node(names[2]).LinkUp
	})
}

func TestReplicasJoinAndLeaveWithoutACluster(t *testing.T) {
	l := launch(t, Topology{Mode: Chain, Replicas: 1})
	names := nodeNames(l)
	r := act(t, l, "add-replica", names[1])
	third := r.Data.(string)
	eventually(t, l, "the third level", func(s Snapshot) bool {
		n := s.node(third)
		return n.LinkUp && n.Master == names[1] && n.Shard == "A" && s.State == "ok"
	})
	require.Equal(t, "node", refused(t, l, Remove{Node: names[1]}).Field, "somebody follows it")
	act(t, l, "restart", third)
	eventually(t, l, "a restarted replica to follow again", func(s Snapshot) bool { return s.node(third).LinkUp })
	act(t, l, "remove", third)
	require.Len(t, l.Snapshot().Nodes, 2)
}

func TestWhatNeedsAClusterSaysWhatToDoInstead(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	for _, a := range []Action{
		MoveSlots{From: names[0], To: names[1], Count: 1}, MoveStep{}, MoveRun{}, MoveAbort{}, Rebalance{}, AddMaster{},
	} {
		e := refused(t, l, a)
		require.Contains(t, e.Hint, "setup --topology cluster", a.Verb())
	}
	require.Equal(t, "of", refused(t, l, ReplicaOf{Node: names[0], Of: names[1]}).Field, "they would follow each other")
	require.Contains(t, refused(t, l, Failover{Node: names[1], Mode: "takeover"}).Hint, "no-one")
	c := launch(t, Topology{Masters: 1, NodeTimeout: 1000})
	require.Contains(t, refused(t, c, ReplicaOf{Node: nodeNames(c)[0], Of: NoOne}).Hint, "failover")
	require.Contains(t, refused(t, c, Rewire{Of: nodeNames(c)[0]}).Message, "cluster")
}

func TestFailoverHandsTheMastersPlaceOver(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	act(t, l, "failover", names[0])
	eventually(t, l, "a replica in the master's place", func(s Snapshot) bool {
		return s.node(names[0]).Role == "replica" && s.node(names[0]).LinkUp
	})
}

func TestSetupChangesTheKindOfALab(t *testing.T) {
	l := launch(t, Topology{Masters: 1, NodeTimeout: 1000})
	r := act(t, l, "setup", "--topology", "chain", "--replicas", "2", "--settings", "min-replicas-to-write=1")
	require.Contains(t, r.Text, "a chain of 3 nodes")
	require.Equal(t, "playground ctl setup --replicas 2 --topology chain --settings min-replicas-to-write=1", r.Command)
	s := l.Snapshot()
	require.Equal(t, []string{Chain, "ok"}, []string{s.Topology, s.State})
	require.Equal(t, "masters", refused(t, l, Setup{Topology: Replication, Masters: 2}).Field)
	require.Equal(t, "topology", refused(t, l, Setup{Topology: "ring"}).Field)
	act(t, l, "reset")
	require.Equal(t, Chain, l.Snapshot().Topology)
	act(t, l, "setup")
	require.Equal(t, []string{Cluster, "ok"}, []string{l.Snapshot().Topology, l.Snapshot().State})
}
