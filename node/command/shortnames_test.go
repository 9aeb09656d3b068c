package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryCommandIsFoundHoweverItIsSpelled(t *testing.T) {
	table := NewTable()
	for _, cmd := range table.Commands() {
		for _, name := range []string{cmd.Name, strings.ToUpper(cmd.Name), strings.ToUpper(cmd.Name[:1]) + cmd.Name[1:]} {
			require.Same(t, cmd, table.Lookup([]byte(name)), name)
		}
		for _, name := range []string{"\x00" + cmd.Name, cmd.Name + "\x00", cmd.Name + "?", "?" + cmd.Name} {
			require.Nil(t, table.Lookup([]byte(name)), "%q", name)
		}
	}
	for _, name := range []string{"", "\x00", "g", "gets", "\xc7\xc5\xd4", strings.Repeat("x", longestShort), strings.Repeat("x", 100)} {
		require.Nil(t, table.Lookup([]byte(name)), "%q", name)
	}
}

func TestARenamedCommandIsFoundByItsNewNameOnly(t *testing.T) {
	table := NewTable()
	get := table.Lookup([]byte("get"))
	for _, name := range []string{"fetch", "fetch-with-a-longer-name"} {
		renamed, ok := table.Renamed("get", name)
		require.True(t, ok)
		require.Nil(t, renamed.Lookup([]byte("GET")))
		require.Same(t, get, renamed.Lookup([]byte(strings.ToUpper(name))))
		require.Same(t, get, table.Lookup([]byte("GET")))
	}
	without, ok := table.Renamed("get", "")
	require.True(t, ok)
	require.Nil(t, without.Lookup([]byte("get")))
}

func BenchmarkLookup(b *testing.B) {
	table, names := NewTable(), [][]byte{[]byte("GET"), []byte("SET"), []byte("lpush"), []byte("HSET")}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		table.Lookup(names[i%len(names)])
	}
}
