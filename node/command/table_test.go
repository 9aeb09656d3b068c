package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func words(line string) [][]byte {
	var out [][]byte
	for _, word := range strings.Fields(line) {
		if word == `""` {
			word = ""
		}
		out = append(out, []byte(word))
	}
	return out
}

func TestLookupIgnoresCaseAndDoesNotAllocate(t *testing.T) {
	table := NewTable()
	name := []byte("GeT")
	require.Equal(t, "get", table.Lookup(name).Name)
	require.Nil(t, table.Lookup([]byte("gets")))
	require.Nil(t, table.Lookup([]byte(strings.Repeat("g", 1000))))
	require.Zero(t, testing.AllocsPerRun(100, func() { table.Lookup(name) }))
}

func TestResolveGoesDownToTheSubcommand(t *testing.T) {
	table := NewTable()
	for _, test := range []struct{ name, line, command, parent string }{
		{"command", "get k", "get", ""},
		{"subcommand", "CONFIG Get *", "config|get", "config"},
		{"unknown subcommand", "config foo", "", "config"},
		{"no subcommand", "config", "config", ""},
		{"unknown command", "foo bar", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			cmd, parent := table.Resolve(words(test.line))
			require.Equal(t, test.command, fullName(cmd))
			require.Equal(t, test.parent, fullName(parent))
		})
	}
}

func fullName(c *Command) string {
	if c == nil {
		return ""
	}
	return c.Full
}

func TestEveryRowIsComplete(t *testing.T) {
	table := NewTable()
	for id := range table.Size() {
		c := table.ByID(id)
		t.Run(c.Full, func(t *testing.T) {
			require.Equal(t, id, c.ID)
			require.NotZero(t, c.Arity)
			require.NotEmpty(t, c.Summary)
			require.NotEmpty(t, c.Group)
			require.NotEmpty(t, c.Since)
			require.Equal(t, strings.ToLower(c.Name), c.Name)
			require.NotPanics(t, func() { c.Arguments() })
			require.Same(t, c, table.Find([]byte(strings.ToUpper(c.Full))))
		})
	}
}

func TestTablesDoNotShareHandlers(t *testing.T) {
	a, b := NewTable(), NewTable()
	a.Bind("ping", func(*Context) {})
	a.Bind("config|get", func(*Context) {})
	require.NotNil(t, a.Find([]byte("config|get")).Run)
	require.Nil(t, b.Find([]byte("config|get")).Run)
	require.Panics(t, func() { a.Bind("ping", func(*Context) {}) })
	require.Panics(t, func() { a.Bind("nosuch", func(*Context) {}) })
}

func TestFindKeysKnowsWhereKeysAre(t *testing.T) {
	table := NewTable()
	for _, test := range []struct {
		name, line string
		want       []string
	}{
		{"one", "get a", []string{"a"}},
		{"none", "ping", nil},
		{"every other", "mset a 1 b 2", []string{"a", "b"}},
		{"all but the last", "blpop a b 0", []string{"a", "b"}},
		{"counted", "zinter 2 a b WEIGHTS 1 2", []string{"a", "b"}},
		{"counted behind a destination", "zunionstore d 2 a b", []string{"d", "a", "b"}},
		{"counted behind a destination as C reads it", "zunionstore d 2x a b", []string{"a", "b", "d"}},
		{"counted behind a destination too many", "zunionstore d 3 a b", nil},
		{"counted as C reads a number", "zinter 2.5 a b c", []string{"a", "b"}},
		{"counted beyond an int", "zinter 9223372036854775808 a b", nil},
		{"counted too many", "zinter 3 a b", nil},
		{"counted none", "sintercard 0 a", nil},
		{"counted with nonsense", "lmpop x a LEFT", nil},
		{"counted at the second place", "blmpop 0 2 a b LEFT", []string{"a", "b"}},
		{"sort", "sort k by w* get # limit 0 1 store d", []string{"k", "d"}},
		{"sort by a pattern called store", "sort k by store get store", []string{"k"}},
		{"sort stored twice", "sort k store a store b", []string{"k", "b"}},
		{"migrate one", "migrate h 1 k 0 10", []string{"k"}},
		{"migrate many", `migrate h 1 "" 0 10 copy auth keys keys a b`, []string{"a", "b"}},
		{"streams", "xread count 1 block 0 streams a b 1 2", []string{"a", "b"}},
		{"streams of a group called streams", "xreadgroup group streams c noack streams a >", []string{"a"}},
		{"streams without IDs", "xread block 0 streams a b 1", nil},
		{"streams behind nonsense", "xread x streams a 1", nil},
		{"object", "object encoding a", []string{"a"}},
		{"shard channel", "spublish ch m", []string{"ch"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			args := words(test.line)
			cmd, _ := table.Resolve(args)
			var got []string
			for _, ref := range cmd.FindKeys(args, nil) {
				got = append(got, string(args[ref.Pos]))
			}
			require.Equal(t, test.want, got)
		})
	}
}

func TestFindKeysDoesNotAllocate(t *testing.T) {
	args := words("mset a 1 b 2")
	cmd := NewTable().Lookup(args[0])
	buf := make([]KeyRef, 0, 8)
	require.Zero(t, testing.AllocsPerRun(100, func() { cmd.FindKeys(args, buf) }))
}

func FuzzFindKeysStaysInsideTheCall(f *testing.F) {
	table := NewTable()
	for _, line := range []string{"sort k store", "migrate h 1 k 0 1 keys", "zinter 9223372036854775807 a", "mset a", "object freq k"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		args := words(line)
		if len(args) == 0 {
			return
		}
		cmd, _ := table.Resolve(args)
		if cmd == nil || !cmd.Accepts(len(args)) {
			return
		}
		for _, ref := range cmd.FindKeys(args, nil) {
			require.Greater(t, ref.Pos, 0)
			require.Less(t, ref.Pos, len(args))
		}
	})
}
