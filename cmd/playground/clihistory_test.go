package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// linesOf reads a history's file.
func linesOf(t *testing.T, path string) []string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

func TestTheHistoryOfTheCommandLineIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	t.Setenv("REDISCLI_HISTFILE", path)
	first, second := readHistory(), readHistory() // two terminals
	for i := range 3 * keptLines {
		first.Add(fmt.Sprint("set a ", i))
		second.Add(fmt.Sprint("set b ", i))
		require.LessOrEqual(t, len(linesOf(t, path)), 2*(keptLines+slackLines), "each knows what it wrote itself")
	}
	lines := linesOf(t, path)
	last := 3*keptLines - 1
	require.Equal(t, []string{fmt.Sprint("set a ", last), fmt.Sprint("set b ", last)}, lines[len(lines)-2:], "neither takes the other's lines away")
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.Equal(t, lines[len(lines)-keptLines:], readHistory().Lines())
	left, err := os.ReadDir(filepath.Dir(path))
	require.NoError(t, err)
	require.Len(t, left, 1, "nothing stays behind")
}

func TestAHistoryOfLongLinesIsBoundedInBytes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history")
	t.Setenv("REDISCLI_HISTFILE", path)
	h := readHistory()
	for i := range 100 {
		h.Add(fmt.Sprint(i, strings.Repeat("x", 64<<10)))
	}
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.LessOrEqual(t, info.Size(), int64(2*keptBytes+65<<10))
	back := readHistory().Lines()
	require.NotEmpty(t, back)
	require.True(t, strings.HasPrefix(back[len(back)-1], "99x"))
	for _, line := range back {
		require.Greater(t, len(line), 64<<10, "a line is whole or left out")
	}
}

func TestAHistoryThatIsALinkIsNotReplaced(t *testing.T) {
	dir := t.TempDir()
	path, target := filepath.Join(dir, "history"), filepath.Join(dir, "elsewhere")
	require.NoError(t, os.WriteFile(target, []byte(strings.Repeat("ping\nset a 1\n", keptLines+slackLines)), 0o600))
	require.NoError(t, os.Symlink(target, path))
	t.Setenv("REDISCLI_HISTFILE", path)
	readHistory().Add("get a")
	link, err := os.Lstat(path)
	require.NoError(t, err)
	require.NotZero(t, link.Mode()&os.ModeSymlink)
	require.Equal(t, "get a", linesOf(t, target)[2*(keptLines+slackLines)])
}
