package playground

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADiskThatFailsStopsWritesUntilItIsRepaired(t *testing.T) {
	for state, why := range map[string]string{
		"full": "No space left on device", "readonly": "Read-only file system", "error": "Input/output error",
	} {
		t.Run(state, func(t *testing.T) {
			l := launch(t, Topology{Mode: Replication, Replicas: 1, DataDir: filepath.Join(t.TempDir(), "lab"), Settings: map[string]string{"appendonly": "yes"}})
			m := l.members[0]
			call := func(words ...string) string {
				v, err := m.Call(t.Context(), words...)
				require.NoError(t, err)
				return v.Text
			}
			require.Equal(t, "OK", call("SET", "k", "v"))
			act(t, l, "disk", m.Name(), state)
			require.Equal(t, state, l.Snapshot().Nodes[0].Disk)
			call("SET", "k", "w") // its reply was on its way when the write failed
			require.Equal(t, "MISCONF Errors writing to the AOF file: "+why, call("SET", "k", "x"))
			require.Equal(t, "w", call("GET", "k"))
			told := "cannot write appendonlydir/appendonly.aof.1.incr.aof on its disk (" + l.Topology().DataDir
			eventually(t, l, "the story to tell which disk it is", func(s Snapshot) bool {
				return slices.ContainsFunc(s.Story, func(line Line) bool {
					return strings.Contains(line.Caption, told) && strings.Contains(line.Caption, why)
				})
			})
			act(t, l, "disk", m.Name(), "ok")
			eventually(t, l, "writes to be taken again", func(Snapshot) bool { return call("SET", "k", "y") == "OK" })
			act(t, l, "restart", m.Name())
			require.Equal(t, "y", call("GET", "k"))
		})
	}
}

func TestADiskHasNoOtherStates(t *testing.T) {
	l := launch(t, Topology{Mode: Replication, Replicas: 1})
	_, err := l.Do(t.Context(), &Disk{Node: l.members[0].Name(), State: "wet"})
	require.ErrorContains(t, err, `a disk is ok, full, readonly or error, not "wet"`)
	require.Empty(t, l.Snapshot().Nodes[0].Disk)
}
