package command

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// field returns the value behind name in a map that was sent as a flat list.
func (r reply) field(name string) reply {
	for pair := range slices.Chunk(r.list, 2) {
		if pair[0].text == name {
			return pair[1]
		}
	}
	return reply{}
}

func (r reply) texts() (out []string) {
	for _, part := range r.list {
		out = append(out, part.text)
	}
	return out
}

func TestTableSaysWhatCommandInfoSays(t *testing.T) {
	redis, table := startRedis(t, 2), NewTable()
	for _, c := range table.Commands() {
		info := redis.do("COMMAND", "INFO", c.Name).list[0]
		subcommands := map[string]reply{}
		for _, sub := range info.list[9].list {
			subcommands[sub.list[0].text] = sub
		}
		require.Len(t, c.Subcommands, len(subcommands), c.Name)
		compareInfo(t, c, info)
		for _, sub := range c.Subcommands {
			compareInfo(t, sub, subcommands[sub.Full])
		}
	}
}

func compareInfo(t *testing.T, c *Command, info reply) {
	t.Run(c.Full, func(t *testing.T) {
		require.Equal(t, info.list[0].text, c.Full)
		require.Equal(t, info.list[1].text, fmt.Sprint(c.Arity), "arity")
		require.Equal(t, info.list[2].texts(), nilIfEmpty(c.Flags.Names()), "flags")
		first, last, step := c.LegacyRange()
		require.Equal(t, reply{list: info.list[3:6]}.texts(), []string{fmt.Sprint(first), fmt.Sprint(last), fmt.Sprint(step)}, "legacy range")
		require.Equal(t, info.list[6].texts(), nilIfEmpty(c.AllCategories().Names()), "categories")
		require.Equal(t, info.list[7].texts(), c.Tips, "tips")
		require.Len(t, c.Keys, len(info.list[8].list), "key specs")
		for i, spec := range info.list[8].list {
			require.Equal(t, describeReal(spec), describe(&c.Keys[i]))
		}
	})
}

func describeReal(spec reply) string {
	begin, find := spec.field("begin_search"), spec.field("find_keys")
	b, f := begin.field("spec"), find.field("spec")
	return fmt.Sprintf("%v %s %s%s%s %s %s %s", spec.field("flags").texts(),
		begin.field("type").text, b.field("index").text, b.field("keyword").text, b.field("startfrom").text,
		find.field("type").text, f.field("lastkey").text+f.field("firstkey").text, f.field("keystep").text)
}

func describe(s *KeySpec) string {
	begin, find := fmt.Sprint("index ", s.Begin), fmt.Sprint("range ", s.Last, " ", s.Step)
	switch {
	case s.Unknown:
		begin, find = "unknown ", "unknown  "
	case s.Keyword != "":
		begin = fmt.Sprint("keyword ", s.Keyword, s.From)
	case s.Counted:
		find = "keynum 1 1"
	}
	return fmt.Sprintf("%v %s %s", s.Flags.Names(), begin, find)
}

func TestTableSaysWhatCommandDocsSays(t *testing.T) {
	redis, table := startRedis(t, 2), NewTable()
	for _, c := range table.Commands() {
		docs := redis.do("COMMAND", "DOCS", c.Name).list[1]
		compareDocs(t, c, docs)
		for _, sub := range c.Subcommands {
			compareDocs(t, sub, docs.field("subcommands").field(sub.Full))
		}
	}
}

func compareDocs(t *testing.T, c *Command, docs reply) {
	t.Run(c.Full, func(t *testing.T) {
		require.Equal(t, docs.field("group").text, c.Group)
		require.Equal(t, docs.field("since").text, c.Since)
		since := ""
		if c.Deprecated != nil {
			since = c.Deprecated.Since
		}
		require.Equal(t, docs.field("deprecated_since").text, since)
		compareArguments(t, docs.field("arguments").list, c.Arguments())
	})
}

func compareArguments(t *testing.T, want []reply, got []Argument) {
	require.Len(t, got, len(want))
	for i, w := range want {
		a := got[i]
		require.Equal(t, w.field("name").text, a.Name)
		require.Equal(t, w.field("type").text, string(a.Type), a.Name)
		require.Equal(t, w.field("token").text, a.Token, a.Name)
		require.Equal(t, w.field("token").kind != 0, a.HasToken, a.Name)
		spec := ""
		if a.KeySpec >= 0 {
			spec = fmt.Sprint(a.KeySpec)
		}
		require.Equal(t, w.field("key_spec_index").text, spec, a.Name)
		flags := strings.Join(w.field("flags").texts(), " ")
		require.Equal(t, strings.Contains(flags, "optional"), a.Optional, a.Name)
		require.Equal(t, strings.Contains(flags, "multiple"), a.Multiple, a.Name)
		require.Equal(t, strings.Contains(flags, "multiple_token"), a.MultipleToken, a.Name)
		compareArguments(t, w.field("arguments").list, a.Arguments)
	}
}

func nilIfEmpty(words []string) []string {
	if len(words) == 0 {
		return nil
	}
	return words
}
