package scenarios

import (
	"bytes"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/command"
)

const foreignHead = "---\nid: x\nlevel: 1\nminutes: 1\n---\n# X\n\n"

func TestAForeignLessonSaysNothingHarmful(t *testing.T) {
	tests := []struct{ name, fence, want string }{
		{"ends a node", "```redis\n> SHUTDOWN NOSAVE\n```\n", "x.md:9:3: SHUTDOWN is not for lessons"},
		{"in small letters", "```redis\n> shutdown\n```\n", "SHUTDOWN is not"},
		{"repeated", "```redis\n> 3 DEBUG SLEEP 10\n```\n", "DEBUG is not"},
		{"in quotes", "```redis\n> \"SHUTDOWN\"\n```\n", "a command is written without quotes"},
		{"in escapes", "```redis\n> \"\\x53HUTDOWN\"\n```\n", "a command is written without quotes"},
		{"another address of the terminal", "```redis\n> connect 10.0.0.1 6379\n```\n", "CONNECT is not"},
		{"a folder", "```redis\n> CONFIG SET dir /etc\n```\n", "CONFIG SET dir is not"},
		{"a folder behind something harmless", "```redis\n> CONFIG SET hz 10 dir /etc\n```\n", "CONFIG SET dir is not"},
		{"a file", "```redis\n> CONFIG REWRITE\n```\n", "CONFIG rewrite is not"},
		{"a foreign host", "```redis\n> MIGRATE 10.0.0.1 6379 \"\" 0 1000 KEYS a\n```\n", "MIGRATE is not"},
		{"a foreign master", "```redis\n> REPLICAOF 10.0.0.1 6379\n```\n", "REPLICAOF is not"},
		{"a foreign member", "```redis\n> CLUSTER MEET 10.0.0.1 6379\n```\n", "CLUSTER MEET may only name nodes"},
		{"a foreign bus port", "```redis\n> CLUSTER MEET 127.0.0.1 7001 22\n```\n", "CLUSTER MEET may only name nodes"},
		{"a value as long as memory", "```redis\n> SETRANGE a 536870000 x\n```\n", "SETRANGE would stretch"},
		{"a bit far away", "```redis\n> SETBIT a 4294967295 1\n```\n", "SETBIT would stretch"},
		{"a program", "```redis\n> EVAL \"while true do end\" 0\n```\n", "EVAL is not"},
		{"config-set", "```play\nconfig-set 7000 dir /etc\n```\n", "x.md:9:17: config-set dir is not"},
		{"another lab", "```play\nsetup --masters 50\n```\n", "setup is not"},
		{"too many nodes", "", ""},
	}
	for _, tt := range tests[:len(tests)-1] {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParseForeign("x.md", "en", []byte(foreignHead+tt.fence))
			require.ErrorContains(t, err, tt.want)
			_, err = Parse("x.md", "en", []byte(foreignHead+tt.fence))
			require.NoError(t, err, "our own lessons may")
		})
	}
	_, err := ParseForeign("x.md", "en", []byte("---\nid: x\ncluster: {masters: 50, replicas: 5}\n---\n# X\n"))
	require.ErrorContains(t, err, "x.md:3:11: a lesson has at most 100 nodes")
	_, err = ParseForeign("x.md", "en", []byte("---\nid: x\ncluster:\n  settings: {requirepass: x}\n---\n# X\n"))
	require.ErrorContains(t, err, "x.md:4:14: the setting requirepass is not for lessons")
}

func TestAForeignLessonMayDoWhatLessonsAreFor(t *testing.T) {
	for _, line := range []string{"SET a 1", "CONFIG GET *", "config set cluster-node-timeout 5000", "CLUSTER NODES", "CLUSTER MEET 127.0.0.1 7003",
		"CLUSTER FAILOVER TAKEOVER", "SETRANGE a 5 x", "3 INCR a", "MULTI", "GET \"odd key\"", "WAIT 1 100"} {
		require.Nil(t, checkCommand(line, 1), line)
	}
}

// TestEveryDangerousCommandIsRefusedToForeignLessons makes a new command of the table stop here until
// somebody has decided about it.
func TestEveryDangerousCommandIsRefusedToForeignLessons(t *testing.T) {
	harmless := []string{"config", "cluster", "client", "latency", "slowlog"} // config and cluster are looked at word by word
	powerful := func(c *command.Command) bool {
		return c.Flags&command.Admin != 0 || c.Categories&command.CategoryDangerous != 0
	}
	harmless = append(harmless, "keys", "sort", "sort_ro", "flushall", "flushdb", "info", "lastsave", "role", "swapdb")
	for _, c := range command.NewTable().Commands() {
		if (powerful(c) || slices.ContainsFunc(c.Subcommands, powerful)) && !slices.Contains(harmless, c.Name) {
			require.Contains(t, refusedCommands, c.Name)
		}
	}
}

// bombs are files made to keep a parser busy, each below what the upload takes.
func bombs() map[string][]byte {
	rep := func(s string, n int) string { return strings.Repeat(s, n) }
	text := func(body string) []byte { return []byte(foreignHead + body) }
	yaml := func(head string) []byte { return []byte("---\nid: x\n" + head + "\n---\n# X\n") }
	aliases := "a: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := range 20 {
		aliases += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c]\n", 'b'+i, 'b'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i)
	}
	gap := "```redis\n> GET a\n" + rep("...\nx\n", 2000) + "z\n```\n"
	return map[string][]byte{
		"YAML aliases":       yaml(aliases),
		"YAML nesting":       yaml("cluster: " + rep("[", 4000) + rep("]", 4000)),
		"YAML merge keys":    yaml("<<: *a"),
		"YAML of a megabyte": yaml("title: " + rep("x", 1<<20-200)),
		"a line of ten MB":   text(rep("x", 10<<20)),
		"brackets":           text(rep("[", 1<<19)),
		"brackets in lines":  text(rep(rep("[", 80)+"\n", 6000)),
		"stars":              text(rep("*a **b ", 70000)),
		"stars in lines":     text(rep(rep("*a **b ", 20)+"\n", 6000)),
		"backticks":          text(rep("`a``b```c", 50000)),
		"quotes in quotes":   text(rep(">", 3000) + " x\n"),
		"lists in lists":     text(rep("- ", 1500) + "x\n"),
		"indented lists": text(func() (s string) {
			for i := range 300 {
				s += rep("  ", i) + "- x\n"
			}
			return
		}()),
		"two thousand fences":  text(rep("```play\nheal\n```\n\n", 2000)),
		"a fence of a MB":      text("```redis\n> PING\n" + rep("x\n", 1<<18) + "```\n"),
		"gaps in a transcript": text(gap),
		"a greedy expression":  text("```redis\n> PING\n" + rep("(a{1000}){1000}", 5) + " (re)\n```\n"),
		"a zip archive":        append([]byte("PK\x03\x04"), make([]byte, 1<<20)...),
		"a gzip file":          append([]byte("\x1f\x8b\x08"), make([]byte, 1<<20)...),
		"NUL bytes":            make([]byte, 1<<20),
		"half a sign":          text(rep("\xf0\x9f", 5000)),
		"fields without end": yaml(func() (s string) {
			for i := range 900 {
				s += fmt.Sprintf("f%d: 1\n", i)
			}
			return
		}()),
		"a number of 3000 digits":   yaml("seed: " + rep("9", 3000)),
		"numbers beyond all":        yaml("minutes: 99999999999999999999\nspeed: 1e999\nseed: -1"),
		"a number that is none":     yaml("speed: .nan"),
		"as many nodes as it likes": yaml("cluster: {masters: 1000000000, replicas: 1000000000, cluster-node-timeout: 5000}"),
		"a time without end":        text("```redis {within=1e308}\n> PING\n```\n\n```play\nwait fail 7001 within 1000000h\n```\n"),
		"a repetition without end":  text("```redis\n> 2147483647 RPUSH a x\n```\n"),
		"values of half a gigabyte": text("```redis\n" + rep("> SETRANGE a 536870911 x\n", 900) + "```\n"),
		"a hundred thousand marks":  text(rep("|a|b|\n", 15000)),
		"links in links":            text(rep("[a](b ", 8000)),
		"entities":                  text(rep("&amp;&#x41;", 6000)),
		"HTML":                      text(rep("<div><!--", 7000)),
		"footnotes of footnotes":    text(rep("[^a]: [^a]\n", 6000)),
	}
}

// TestSEC13BombsAreRefusedWithoutMuchWork bounds the memory that a bomb makes us take, which also
// bounds the work: whoever parses for ever allocates for ever. What is too large for a lesson that
// somebody brings is parsed as one of ours as well.
func TestSEC13BombsAreRefusedWithoutMuchWork(t *testing.T) {
	readable := []string{"gaps in a transcript", "HTML", "footnotes of footnotes", "a hundred thousand marks"} // bounded by what follows
	ours := []string{"a repetition without end", "values of half a gigabyte"}                                  // only strangers may not
	for name, bomb := range bombs() {
		t.Run(name, func(t *testing.T) {
			err := defuse(t, ParseForeign, bomb)
			if name == "gaps in a transcript" {
				require.NoError(t, err, "it is matched in time, below")
				return
			}
			var problems Problems
			require.ErrorAs(t, err, &problems)
			require.LessOrEqual(t, len(problems), maxProblems)
			require.Positive(t, problems[0].Line)
			if err := defuse(t, Parse, bomb); !slices.Contains(append(readable, ours...), name) {
				require.Error(t, err)
			}
		})
	}
}

// library is how many times longer a bomb may take than all our own lessons do.
const library = 10

// defuse parses a bomb within 64 MiB and, on a computer that does other things as well, once in five tries
// in a time that is no more than some times that of our own lessons just before.
func defuse(t *testing.T, parse func(file, language string, source []byte) (*Lesson, error), bomb []byte) (wrong error) {
	t.Helper()
	took, most := time.Hour, time.Duration(0)
	for try := 0; try < 5 && took > most; try++ {
		usual := time.Now()
		_, err := NewLibrary()
		require.NoError(t, err)
		most = library * time.Since(usual)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		_, wrong = parse("x.md", "en", bomb)
		took = time.Since(began)
		runtime.ReadMemStats(&after)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(detour*64<<20), "bytes allocated")
	}
	require.LessOrEqual(t, took, most)
	return wrong
}

// TestMatchingTakesAsMuchWorkAsBothSidesAreLong counts comparisons instead of time.
func TestMatchingTakesAsMuchWorkAsBothSidesAreLong(t *testing.T) {
	want := strings.Repeat("*a", 200) + "b"
	got := strings.Repeat("a", 2000)
	compared := 0
	matched := wild([]rune(want), []rune(got), func(r rune) bool { return r == '*' }, func(a, b rune) bool {
		compared++
		return a == b
	})
	require.False(t, matched)
	require.LessOrEqual(t, compared, len(want)*len(got))
	for _, tt := range []struct {
		glob, got string
		want      bool
	}{
		{"a*c", "abbbc", true}, {"a*c", "abbbd", false}, {"?", "杀", true}, {"?", "", false}, {"*", "", true},
		{`a\*c`, "a*c", true}, {`a\*c`, "abc", false}, {"*/*", "a/b/c", true}, {"", "a", false},
	} {
		require.Equal(t, tt.want, matchGlob([]rune(tt.glob), []rune(tt.got)), "%s %s", tt.glob, tt.got)
	}
}

func TestABroughtLessonIsKeptUnderAnIDOfItsOwn(t *testing.T) {
	lib, err := NewLibrary()
	require.NoError(t, err)
	source := func(id string) []byte {
		return bytes.Replace([]byte(smallLesson), []byte("id: small"), []byte("id: "+id), 1)
	}
	l, err := lib.Bring("a-master-dies.md", "", source("a-master-dies"))
	require.NoError(t, err)
	require.Equal(t, "brought-a-master-dies", l.ID)
	require.True(t, l.Foreign)
	require.Equal(t, "A master dies", lib.Get("a-master-dies", "en").Title, "it takes nobody's place")
	_, err = lib.Bring("zh.md", "", source("a-master-dies"))
	require.NoError(t, err)
	require.Equal(t, []string{"en", "zh"}, lib.List("en")[len(lib.List("en"))-1].Languages, "another language joins")
	before := len(lib.List("en"))
	for i := range 3 * maxUploads {
		_, err = lib.Bring("x.md", "", source(fmt.Sprintf("x%d", i)))
		require.NoError(t, err)
	}
	require.Len(t, lib.List("en"), before-1+maxUploads)
	require.Nil(t, lib.Get("brought-x0", "en"), "the oldest made room")
}
