package playground

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"testing"

	"github.com/stretchr/testify/require"
)

// groupFiles writes the files of a control group and returns their root and the file that names the group.
func groupFiles(t *testing.T, own string, files map[string]string) (root, self string) {
	t.Helper()
	root = t.TempDir()
	self = filepath.Join(root, "self")
	require.NoError(t, os.WriteFile(self, []byte(own), 0o600))
	for name, text := range files {
		path := filepath.Join(root, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}
	return root, self
}

func TestAContainersMemoryIsReadInBothVersionsOfItsGroups(t *testing.T) {
	tests := []struct {
		name, own string
		files     map[string]string
		free      int64
		limited   bool
	}{
		{"the second version", "0::/box\n", map[string]string{"box/memory.max": "1000\n", "box/memory.current": "400\n"}, 600, true},
		{"as a container sees it", "0::/\n", map[string]string{"memory.max": "1000\n", "memory.current": "400\n"}, 600, true},
		{"what files take is given back", "0::/\n", map[string]string{"memory.max": "1000", "memory.current": "900", "memory.stat": "anon 1\ninactive_file 500\n"}, 600, true},
		{"without a limit", "0::/\n", map[string]string{"memory.max": "max\n", "memory.current": "400\n"}, 0, false},
		{"the first version", "4:memory:/box\n0::/\n", map[string]string{"memory/box/memory.limit_in_bytes": "1000", "memory/box/memory.usage_in_bytes": "400"}, 600, true},
		{"its word for no limit", "4:memory:/\n", map[string]string{"memory/memory.limit_in_bytes": "9223372036854771712", "memory/memory.usage_in_bytes": "1"}, 0, false},
		{"more than all is taken", "0::/\n", map[string]string{"memory.max": "100", "memory.current": "400"}, 0, true},
		{"nonsense", "nonsense\n", nil, 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			root, self := groupFiles(t, tt.own, tt.files)
			free, limited := containerMemory(root, self)
			require.Equal(t, tt.limited, limited)
			require.Equal(t, tt.free, free)
		})
	}
	_, limited := containerMemory(t.TempDir(), "nowhere")
	require.False(t, limited)
}

func TestWhatTheSystemCouldGiveIsReadFromItsOwnEstimate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "meminfo")
	require.NoError(t, os.WriteFile(path, []byte("MemTotal:       24684092 kB\nMemAvailable:   2 kB\n"), 0o600))
	bytes, known := availableMemory(path)
	require.True(t, known)
	require.EqualValues(t, 2048, bytes)
	_, known = availableMemory(path + "x")
	require.False(t, known)
}

func TestTheGoRuntimesLimitIsALimitOfTheLabs(t *testing.T) {
	most := takenMemory() + 100<<20
	before := debug.SetMemoryLimit(most)
	defer debug.SetMemoryLimit(before)
	require.Equal(t, most-most/spareMemory, theComputer().memory)
}
