package playground

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// relaunch ends a lab after prepare and starts another one with the same files.
func relaunch(t *testing.T, before, after Topology, prepare func(*Lab)) Snapshot {
	t.Helper()
	before.DataDir, before.Port = t.TempDir()+"/lab", freePort()
	after.DataDir, after.Port = before.DataDir, before.Port
	l, err := Launch(t.Context(), before)
	require.NoError(t, err)
	prepare(l)
	l.Close()
	l, err = Launch(t.Context(), after)
	require.NoError(t, err)
	defer l.Close()
	return l.Snapshot()
}

func TestNodesRememberTheirRolesWhateverTheTopologySays(t *testing.T) {
	s := relaunch(t, Topology{Masters: 3, NodeTimeout: 1000}, Topology{Masters: 1, Replicas: 2, NodeTimeout: 1000}, func(*Lab) {})
	require.Equal(t, "ok", s.State)
	for _, n := range s.Nodes {
		require.Equal(t, "master", n.Role, n.Name)
	}
}

func TestClusterThatWasBrokenIsShownBroken(t *testing.T) {
	three := Topology{Masters: 3, NodeTimeout: 2000} // the longer, the faster the clock may run while they form
	s := relaunch(t, three, three, func(l *Lab) {
		for _, n := range l.Nodes() {
			_, err := l.Call(t.Context(), n.Name, "CLUSTER", "DELSLOTS", "0")
			require.NoError(t, err)
		}
	})
	require.Equal(t, "fail", s.State)
	require.Equal(t, 16383, s.SlotsCovered)
}

func TestAChainRemembersWhoWasPromoted(t *testing.T) {
	chain := Topology{Mode: Chain, Replicas: 2}
	var names []string
	s := relaunch(t, chain, chain, func(l *Lab) {
		names = nodeNames(l)
		_, err := l.Call(t.Context(), names[0], "SET", "city", "Nantes")
		require.NoError(t, err)
		eventually(t, l, "the key to be everywhere", func(s Snapshot) bool { return s.node(names[2]).Keys == 1 })
		act(t, l, "replicaof", names[1], "no-one")
		act(t, l, "replicaof", names[0], names[1])
		eventually(t, l, "both to follow", func(s Snapshot) bool { return s.node(names[0]).LinkUp && s.node(names[2]).LinkUp })
	})
	require.Equal(t, "ok", s.State)
	require.Equal(t, []string{"replica", "master", "replica"}, []string{s.node(names[0]).Role, s.node(names[1]).Role, s.node(names[2]).Role})
	require.Equal(t, names[1], s.node(names[0]).Master)
	require.Equal(t, 1, s.node(names[2]).Keys)
}

func TestSentinelsRememberTheMaster(t *testing.T) {
	var heir string
	s := relaunch(t, guarded(), guarded(), func(l *Lab) {
		master := nodeNames(l)[0]
		act(t, l, "speed", "10")
		act(t, l, "failover", master)
		eventually(t, l, "all to agree on another master", func(s Snapshot) bool {
			heir = s.Sentinels[0].Watches[0].Current
			for _, v := range s.Sentinels {
				if v.Watches[0].Current != heir || v.Watches[0].Node != heir {
					return false
				}
			}
			return heir != master && s.State == "ok" && s.node(master).Role == "replica"
		})
	})
	require.Equal(t, "ok", s.State)
	require.Equal(t, "master", s.node(heir).Role)
	for _, v := range s.Sentinels {
		require.Equal(t, heir, v.Watches[0].Current)
		require.EqualValues(t, 1, v.Watches[0].ConfigEpoch)
	}
}
