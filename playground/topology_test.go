package playground

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
)

func TestATopologyFileIsReadStrictly(t *testing.T) {
	for _, row := range []struct {
		name, text, field, message string
		want                       func(*Topology)
	}{
		{"empty", "", "", "", func(*Topology) {}},
		{"everything", "name: class\nmasters: 4\nreplicas: 2\nport: 8000\ncluster-node-timeout: 5000\nfaithful-7.0: yes\nseed: 42\nspeed: 2\nlinks: tcp\nscript-limit: -1\nsettings:\n  maxmemory: 10mb\n", "", "",
			func(w *Topology) {
				*w = Topology{Name: "class", Mode: Cluster, Masters: 4, Replicas: 2, Port: 8000, NodeTimeout: 5000, Faithful: true,
					Seed: 42, Speed: 2, ScriptLimit: -1, Links: TCPLinks, Settings: map[string]string{"maxmemory": "10mb"}}
			}},
		{"no replicas", "replicas: 0", "", "", func(w *Topology) { w.Replicas = 0 }},
		{"plain replication", "mode: replication\nreplicas: 2", "", "", func(w *Topology) { w.Mode, w.Masters, w.Replicas, w.NodeTimeout = Replication, 1, 2, 0 }},
		{"unknown field", "masters: 3\nslaves: 1\n", "file", "slaves", nil},
		{"wrong type", "masters: many", "file", "many", nil},
		{"unknown mode", "mode: pigeon", "mode", "not known", nil},
		{"too many", "masters: 1000", "masters", "more than", nil},
		{"negative", "replicas: -1", "replicas", "less than 0", nil},
		{"half a switch", "faithful-7.0: maybe", "file", "neither yes nor no", nil},
		{"hasty", "cluster-node-timeout: 10", "cluster-node-timeout", "less than 100", nil},
		{"privileged port", "port: 80", "port", "reserved", nil},
		{"bus port too high", "port: 60000", "port", "ports end at 65535", nil},
		{"bus port in the ephemeral range", "port: 23000", "port", "outgoing connections", nil},
		{"scripts of no length", "script-limit: -2", "script-limit", "less than -1", nil},
		{"too fast", "speed: 1000", "speed", "outside", nil},
		{"defects that it cannot have", "mode: chain\nfaithful-7.0: yes", "faithful-7.0", "no meaning with chain", nil},
		{"unknown links", "links: pigeon", "links", "not known", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := ParseTopology([]byte(row.text))
			if row.want == nil {
				require.ErrorContains(t, err, row.message)
				require.Equal(t, row.field, AsError(err).Field)
				return
			}
			want := DefaultTopology()
			row.want(&want)
			require.NoError(t, err)
			require.Equal(t, want, got)
		})
	}
}

func TestAFileThatIsTooLargeIsNotRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "t.yaml")
	require.NoError(t, os.WriteFile(path, make([]byte, maxFile+1), 0o600))
	_, err := LoadTopology(path)
	require.ErrorContains(t, err, "at most")
}

func TestTheNextBaseIsTriedWhenPortsAreTaken(t *testing.T) {
	require.Equal(t, []int{7000, 17000, 30001}, candidates(7000))
	require.Equal(t, []int{17000, 30001}, candidates(17000))
	require.Equal(t, []int{9000, 7000, 17000, 30001}, candidates(9000))
	port := freePort()
	taken, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(port+1))
	require.NoError(t, err)
	defer func() { _ = taken.Close() }()
	l, err := Launch(t.Context(), Topology{Masters: 3, Port: port, NodeTimeout: 5000})
	require.NoError(t, err)
	defer l.Close()
	require.NotEqual(t, port, l.Snapshot().Nodes[0].Port)
}

func TestADirectoryThatOthersMayEnterIsRefused(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(dir, 0o755))
	_, err := Launch(t.Context(), Topology{Masters: 1, Port: freePort(), DataDir: dir})
	require.ErrorContains(t, err, "other users")
}

func TestSlotsAreSharedAsRedisCLIDoes(t *testing.T) {
	first, last := share(1, 3)
	require.Equal(t, [2]int{5461, 10922}, [2]int{first, last})
	for _, n := range []int{1, 2, 3, 7, 100, 333} {
		next := 0
		for i := range n {
			first, last := share(i, n)
			require.Equal(t, next, first)
			next = last + 1
		}
		require.Equal(t, 16384, next)
	}
}

func TestBalanceMovesAsFewSlotsAsItCan(t *testing.T) {
	plan := balance([]Node{
		{Name: "a", Slots: [][2]int{{0, 8191}}}, {Name: "b", Slots: [][2]int{{8192, 16383}}}, {Name: "c"}, {Name: "d"},
	}, nil)
	moved := map[string]int{}
	for _, p := range plan {
		moved[p.from] -= len(p.slots)
		moved[p.to] += len(p.slots)
	}
	require.Equal(t, map[string]int{"a": -4096, "b": -4096, "c": 4096, "d": 4096}, moved)
	require.Empty(t, balance([]Node{{Name: "a", Slots: [][2]int{{0, 8191}}}, {Name: "b", Slots: [][2]int{{8192, 16383}}}}, nil))
}

func TestBalanceCountsWhatIsMovingAlready(t *testing.T) {
	masters := []Node{{Name: "a", Slots: [][2]int{{0, 8191}}}, {Name: "b", Slots: [][2]int{{8192, 16383}}}, {Name: "c"}}
	taken := map[slot.Slot]*move{}
	for _, p := range balance(masters, nil) {
		for _, s := range p.slots {
			taken[s] = &move{view: MoveView{To: p.to}}
		}
	}
	require.Empty(t, balance(masters, taken), "all have their share when what moves has arrived")
	delete(taken, 8191)
	plan := balance(masters, taken)
	require.Len(t, plan, 1)
	require.Equal(t, "c", plan[0].to)
	require.Len(t, plan[0].slots, 1)
	require.NotContains(t, taken, plan[0].slots[0])
}
