package aof

import (
	"errors"
	"testing"

	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

func TestManifestIsWrittenAsItWasRead(t *testing.T) {
	text := "file appendonly.aof.2.base.rdb seq 2 type b\n" +
		"file appendonly.aof.1.incr.aof seq 1 type h\n" +
		"file appendonly.aof.4.incr.aof seq 4 type i\n" +
		"file \"with space.5.incr.aof\" seq 5 type i\n"
	m, err := ParseManifest([]byte("# a note\n" + text))
	require.NoError(t, err)
	require.Equal(t, text, string(m.text()))
	require.Equal(t, []string{"appendonly.aof.2.base.rdb", "appendonly.aof.4.incr.aof", "with space.5.incr.aof"}, m.Files())
}

func TestManifestOfARewriteNamesTheNewAndKeepsTheOldAsHistory(t *testing.T) {
	var m Manifest
	m.newBase("a", "rdb")
	m.newIncr("a")
	m.newIncr("a")
	before := m.clone()
	m.newBase("a", "aof")
	m.rewritten(1)
	require.Equal(t, "file a.2.base.aof seq 2 type b\nfile a.1.incr.aof seq 1 type h\nfile a.1.base.rdb seq 1 type h\n"+
		"file a.2.incr.aof seq 2 type i\n", string(m.text()))
	require.Len(t, before.Incr, 2, "the one before is another")
}

func TestManifestThatCannotBeIsRefusedWithItsLine(t *testing.T) {
	for _, row := range []struct{ name, text, why string }{
		{"empty", "", "Found an empty AOF manifest"},
		{"blank line", "\n", "Invalid AOF manifest file format"},
		{"half a line", "file a seq 1 type b", "The AOF manifest file contains too long line"},
		{"odd", "file a seq 1 type\n", "Invalid AOF manifest file format"},
		{"no number", "file a seq x type b\n", "Invalid AOF manifest file format"},
		{"path", "file ../dump.rdb seq 1 type b\n", "File can't be a path, just a filename"},
		{"two bases", "file a seq 1 type b\nfile b seq 2 type b\n", "Found duplicate base file information"},
		{"not ascending", "file a seq 2 type i\nfile b seq 2 type i\n", "Found a non-monotonic sequence number"},
		{"unknown type", "file a seq 1 type x\n", "Unknown AOF file type"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := ParseManifest([]byte(row.text))
			var wrong *ManifestError
			require.True(t, errors.As(err, &wrong), "got %v", err)
			require.Equal(t, row.why, wrong.Why)
		})
	}
}

func FuzzManifest(f *testing.F) {
	f.Add([]byte("file appendonly.aof.1.base.rdb seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n"))
	f.Add([]byte("#\nfile \"a\\x00\" seq 9223372036854775807 type h\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var m Manifest
		var err error
		hostile.Bound(t, len(text), func() { m, err = ParseManifest(text) })
		if err != nil {
			return
		}
		again, err := ParseManifest(m.text())
		if len(m.text()) > 0 && len(m.text()) < maxLine {
			require.NoError(t, err)
			require.Equal(t, m.text(), again.text())
		}
	})
}
