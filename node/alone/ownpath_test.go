package alone

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTheOwnPathIsTheOneThatWasCalled(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	require.NoError(t, os.Mkdir("bin", 0o700))
	own, err := os.Executable()
	require.NoError(t, err)
	link := filepath.Join(dir, "bin", "redis-server")
	require.NoError(t, os.Symlink(own, link))
	t.Setenv("PATH", filepath.Join(dir, "bin"))
	for _, called := range []string{"bin/redis-server", "./bin/redis-server", link, "redis-server"} {
		require.Equal(t, link, ownPath(called), called)
	}
	require.Equal(t, own, ownPath("gone/redis-server"))
}
