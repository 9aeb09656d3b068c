package playground

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSetupGivesTheLabAnotherTopologyAndTheWayBack(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	act(t, l, "load", "100")
	eventually(t, l, "writes", func(s Snapshot) bool { return s.Load.Acked > 0 })
	act(t, l, "pause")
	r := act(t, l, "setup", "--masters", "4", "--replicas", "0", "--node-timeout", "5s", "--seed", "9", "--speed", "2",
		"--settings", "cluster-require-full-coverage=no", "save=60", "1000")
	require.Equal(t, "playground ctl setup 4 0 5000ms 9 2 cluster-require-full-coverage=no save=60 1000", r.Command)
	require.Contains(t, r.Text, "4 masters without replicas, node timeout 5s")
	s := l.Snapshot()
	require.Equal(t, "ok", s.State)
	require.Len(t, s.Nodes, 4)
	require.Equal(t, names[:4], nodeNames(l), "the same ports")
	require.Equal(t, uint64(9), s.Seed)
	require.Equal(t, 2.0, s.Clock.Speed)
	require.False(t, s.Clock.Paused)
	require.Equal(t, LoadView{}, s.Load, "the load is off and its ledger empty")
	for name, want := range map[string]string{"cluster-require-full-coverage": "no", "save": "60 1000", "cluster-node-timeout": "5000"} {
		require.Equal(t, want, setting(t, l, names[0], name))
	}
	act(t, l, "kill", names[3])
	act(t, l, "reset")
	require.Len(t, l.Snapshot().Nodes, 4, "reset begins the present topology anew")
	require.Equal(t, "ok", l.Snapshot().State)
	r = act(t, l, "setup")
	require.Equal(t, "playground ctl setup", r.Command)
	require.Equal(t, names, nodeNames(l))
	require.Equal(t, 1.0, l.Snapshot().Clock.Speed)
	require.Equal(t, "yes", setting(t, l, names[0], "cluster-require-full-coverage"), "the settings of the other topology are gone")
}

// setting asks a node for one of its settings.
func setting(t *testing.T, l *Lab, node, name string) string {
	t.Helper()
	m, err := l.find("node", node)
	require.NoError(t, err)
	v, err := m.call(t.Context(), "CONFIG", "GET", name)
	require.NoError(t, err)
	require.Len(t, v.List, 2)
	return v.List[1].Text
}

func TestASetupThatCannotBeLeavesTheLabAlone(t *testing.T) {
	l := launch(t, Topology{Masters: 1, NodeTimeout: 1000})
	before := l.Snapshot().Nodes[0].ID
	for _, row := range []struct {
		name, field string
		setup       Setup
	}{
		{"too many nodes", "masters", Setup{Masters: 5000}},
		{"a negative number of replicas", "replicas", Setup{Replicas: new(int)}},
		{"a node timeout below the tick", "cluster-node-timeout", Setup{NodeTimeoutMs: 5}},
		{"a speed out of range", "speed", Setup{Speed: 1e9}},
		{"a setting Redis does not know", "settings", Setup{Settings: "sunshine=yes"}},
		{"a value that is none", "settings", Setup{Settings: "maxmemory=lots"}},
		{"a word that is no setting", "settings", Setup{Settings: "maxmemory"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.setup.Replicas != nil {
				*row.setup.Replicas = -1
			}
			e := refused(t, l, row.setup)
			require.Equal(t, row.field, e.Field, e.Message)
		})
	}
	require.Equal(t, before, l.Snapshot().Nodes[0].ID)
}

func TestASetupRefusesAZeroThatItWouldNotObey(t *testing.T) {
	for _, name := range []string{"masters", "node-timeout", "speed", "sentinels", "quorum", "down-after", "failover-timeout", "parallel-syncs"} {
		_, err := Parse("setup", []string{"--" + name, "0"})
		require.ErrorContains(t, err, "cannot be 0 (more than 0, or leave it out)", name)
	}
	_, err := Parse("setup", []string{"--replicas", "0", "--seed", "0"})
	require.NoError(t, err)
}

func TestALabsFilesOutliveAnotherTopology(t *testing.T) {
	dir := t.TempDir() + "/lab"
	l := launch(t, Topology{Masters: 1, NodeTimeout: 1000, DataDir: dir})
	name := nodeNames(l)[0]
	id := l.Snapshot().Nodes[0].ID
	_, err := l.Call(t.Context(), name, "SET", "city", "Nantes")
	require.NoError(t, err)
	act(t, l, "setup", "--masters", "2")
	got, err := l.Call(t.Context(), name, "DBSIZE")
	require.NoError(t, err)
	require.Equal(t, "0", got)
	act(t, l, "reset")
	act(t, l, "setup")
	s := l.Snapshot()
	require.Len(t, s.Nodes, 1)
	require.Equal(t, id, s.Nodes[0].ID)
	eventually(t, l, "the cluster to be ok", func(s Snapshot) bool { return s.State == "ok" })
	got, err = l.Call(t.Context(), name, "GET", "city")
	require.NoError(t, err)
	require.Equal(t, "Nantes", got)
}

func TestSettingsAreWrittenAsTheyAreRead(t *testing.T) {
	for _, settings := range []map[string]string{{}, {"a": ""}, {"a": "1", "b": "60 1000", "c": "x=y"}} {
		got, err := readSettings(WriteSettings(settings))
		require.NoError(t, err)
		require.Equal(t, settings, got)
	}
}
