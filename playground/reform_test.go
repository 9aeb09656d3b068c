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
