package node

import (
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

func TestBothDisksKeepFilesAlike(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "node")
	onDisk, err := OpenDir(dir)
	require.NoError(t, err)
	for name, d := range map[string]Disk{"memory": newMemoryDisk(), "directory": onDisk} {
		t.Run(name, func(t *testing.T) {
			do := func(op machine.Save) { require.NoError(t, save(d, op)) }
			has := func(name, want string) {
				t.Helper()
				data, err := d.Read(name)
				require.NoError(t, err)
				require.Equal(t, want, string(data))
			}
			gone := func(name string) {
				t.Helper()
				_, err := d.Read(name)
				require.ErrorIs(t, err, fs.ErrNotExist)
			}
			do(machine.Save{Op: machine.Replace, Name: "nodes.conf", Data: []byte("one"), Sync: true})
			do(machine.Save{Op: machine.Replace, Name: "nodes.conf", Data: []byte("two")})
			has("nodes.conf", "two")
			for _, part := range []string{"a", "b", "c"} {
				do(machine.Save{Op: machine.Append, Name: "temp.rdb", Data: []byte(part), Sync: part == "b"})
			}
			has("temp.rdb", "abc")
			do(machine.Save{Op: machine.Replace, Name: "dump.rdb", Data: []byte("old")})
			do(machine.Save{Op: machine.Rename, Name: "temp.rdb", To: "dump.rdb", Sync: true})
			has("dump.rdb", "abc")
			gone("temp.rdb")
			do(machine.Save{Op: machine.Append, Name: "temp.rdb", Data: []byte("fresh")})
			has("temp.rdb", "fresh")
			do(machine.Save{Op: machine.Remove, Name: "temp.rdb", Sync: true})
			do(machine.Save{Op: machine.Remove, Name: "temp.rdb"})
			gone("temp.rdb")
			do(machine.Save{Op: machine.Append, Name: "log/1.aof", Data: []byte("12345"), Sync: true})
			do(machine.Save{Op: machine.Append, Name: "log/1.aof", Data: []byte("67")})
			require.NoError(t, d.Later(machine.Save{Op: machine.Sync, Name: "log/1.aof"})())
			do(machine.Save{Op: machine.Truncate, Name: "log/1.aof", Size: 3, Sync: true})
			do(machine.Save{Op: machine.Append, Name: "log/1.aof", Data: []byte("x")})
			has("log/1.aof", "123x")
			do(machine.Save{Op: machine.Rename, Name: "log/1.aof", To: "2.aof", Sync: true})
			has("2.aof", "123x")
			do(machine.Save{Op: machine.Remove, Name: "2.aof"})
			require.ErrorIs(t, save(d, machine.Save{Op: machine.Rename, Name: "none", To: "dump.rdb"}), fs.ErrNotExist)
			has("dump.rdb", "abc")
			d.Rest()
		})
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 3, "nodes.conf, dump.rdb and the directory log: no temporary file is left")
	info, err := os.Stat(filepath.Join(dir, "nodes.conf"))
	require.NoError(t, err)
	require.Equal(t, fileMode, info.Mode().Perm())
}

func TestOnlyPlainNamesReachTheDisk(t *testing.T) {
	for _, name := range []string{"", ".", "..", "../x", "a/b/c", "/a", "a/", "./a", "../a", `a\b`, "/etc/passwd", "a\x00b", strings.Repeat("x", 256)} {
		t.Run(name, func(t *testing.T) {
			require.Error(t, save(newMemoryDisk(), machine.Save{Op: machine.Append, Name: name}))
			require.Error(t, save(newMemoryDisk(), machine.Save{Op: machine.Rename, Name: "a", To: name}))
		})
	}
}

func TestDirectoryCannotBeLeftThroughALink(t *testing.T) {
	dir, outside := t.TempDir(), t.TempDir()
	target := filepath.Join(outside, "target")
	require.NoError(t, os.WriteFile(target, []byte("mine"), 0o600))
	require.NoError(t, os.Symlink(target, filepath.Join(dir, "dump.rdb")))
	d, err := OpenDir(dir)
	require.NoError(t, err)
	require.Error(t, save(d, machine.Save{Op: machine.Append, Name: "dump.rdb", Data: []byte("x")}))
	require.NoError(t, save(d, machine.Save{Op: machine.Replace, Name: "dump.rdb", Data: []byte("x")}))
	data, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, "mine", string(data))
}

func TestWhatIsAppendedLaterIsWrittenToTheFileOfItsTime(t *testing.T) {
	d, err := OpenDir(t.TempDir())
	require.NoError(t, err)
	has := func(want string) {
		t.Helper()
		data, err := d.Read("temp.rdb")
		require.NoError(t, err)
		require.Equal(t, want, string(data))
	}
	piece := func(text string) machine.Save {
		return machine.Save{Op: machine.Append, Name: "temp.rdb", Data: []byte(text), Beside: true, Token: 1}
	}
	first, second := d.Later(piece("a")), d.Later(piece("b"))
	has("") // a disk that takes its time keeps nobody waiting
	require.NoError(t, first())
	require.NoError(t, second())
	has("ab")
	stray := d.Later(piece("c"))
	require.NoError(t, d.Apply(machine.Save{Op: machine.Remove, Name: "temp.rdb"}))
	fresh := d.Later(piece("d"))
	require.Error(t, stray())
	require.NoError(t, fresh())
	has("d")
}

// TestAFileIsReplacedAsAWhole: who has opened the old file goes on reading that one, and so does who reads after a
// crash in the middle. nodes.conf of 7.0.15 is written over in place.
func TestAFileIsReplacedAsAWhole(t *testing.T) {
	dir := t.TempDir()
	d, err := OpenDir(dir)
	require.NoError(t, err)
	require.NoError(t, save(d, machine.Save{Op: machine.Replace, Name: "nodes.conf", Data: []byte("the old one")}))
	old, err := os.Open(filepath.Join(dir, "nodes.conf"))
	require.NoError(t, err)
	defer old.Close()
	require.NoError(t, save(d, machine.Save{Op: machine.Replace, Name: "nodes.conf", Data: []byte("new"), Sync: true}))
	data, err := io.ReadAll(old)
	require.NoError(t, err)
	require.Equal(t, "the old one", string(data))
	data, err = d.Read("nodes.conf")
	require.NoError(t, err)
	require.Equal(t, "new", string(data))
}
