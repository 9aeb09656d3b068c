package scenarios

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const smallLesson = "---\nid: small\nlevel: 1\nminutes: 2\ncluster: {masters: 3, replicas: 1, cluster-node-timeout: 5000}\n---\n" +
	"# Small\n\nSome *prose* with `code` and <b>no</b> [link](https://example.org) or [trick](javascript:alert(1)).\n\n" +
	"```redis {node=7001 cluster=yes within=2.5}\n127.0.0.1:7001> PING\nPONG\n```\n\n" +
	"```play\nkill 7001   # gone\nwait fail 7001 within 10s\n```\n\n" +
	"```quiz\nReady?\n- [ ] no\n- [x] yes\n```\n"

func TestALessonIsProseAndThreeKindsOfFence(t *testing.T) {
	l, err := Parse("small.md", "en", []byte(smallLesson))
	require.NoError(t, err)
	require.Equal(t, "Small", l.Title)
	require.Len(t, l.Blocks, 4)
	require.Equal(t, []BlockKind{KindProse, KindRedis, KindPlay, KindQuiz},
		[]BlockKind{l.Blocks[0].Kind, l.Blocks[1].Kind, l.Blocks[2].Kind, l.Blocks[3].Kind})
	require.Equal(t, "7001", l.Blocks[1].Node)
	require.True(t, l.Blocks[1].Cluster)
	require.Equal(t, 2.5, l.Blocks[1].Within.Seconds())
	require.Equal(t, []string{"kill 7001   # gone", "wait fail 7001 within 10s"}, l.Blocks[2].Lines)
	require.False(t, l.Blocks[3].Choices[0].Right)
	require.True(t, l.Blocks[3].Choices[1].Right)
	require.Equal(t, 17, l.Blocks[2].Line, "the line of the file on which the fence's content begins")
}

func TestProseCarriesNoMarkupAndNoScriptLinks(t *testing.T) {
	l, err := Parse("small.md", "en", []byte(smallLesson))
	require.NoError(t, err)
	data, err := json.Marshal(l.Blocks[0])
	require.NoError(t, err)
	require.NotContains(t, string(data), "javascript:")
	require.NotContains(t, string(data), "<b>")
	require.Contains(t, string(data), `{"t":"code","c":["code"]}`)
	require.Contains(t, string(data), `{"t":"a","c":["link"],"href":"https://example.org"}`)
}

func TestWhatIsWrongInALessonIsNamedWithItsPlace(t *testing.T) {
	head := "---\nid: x\nlevel: 1\nminutes: 1\n---\n# X\n\n"
	tests := []struct{ name, source, want string }{
		{"no front matter", "# X\n", "x.md:1:1: the lesson has no front matter (begin with"},
		{"front matter does not end", "---\nid: x\n", "x.md:1:1: the front matter does not end"},
		{"unknown field", "---\nid: x\nlevle: 1\n---\n# X\n", `x.md:3:1: front matter: unknown field "levle"`},
		{"a wrong kind of value", "---\nid: x\nlevel: high\n---\n# X\n", "x.md:3:8: front matter:"},
		{"no id", "---\nlevel: 1\n---\n# X\n", "x.md:2:1: id is missing (id: a-master-dies)"},
		{"an id that is a path", "---\nid: ../x\n---\n# X\n", `x.md:2:1: the id "../x" is not of small letters`},
		{"no title", "---\nid: x\n---\ntext\n", "x.md:4:1: the lesson has no title"},
		{"too many masters", "---\nid: x\ncluster: {replicas: 0, masters: 500}\n---\n# X\n", "x.md:3:24: cluster.masters must be 1 to 50 (masters: 3)"},
		{"a setting Redis does not know", "---\nid: x\ncluster:\n  settings: {sunshine: yes}\n---\n# X\n", "x.md:4:3: "},
		{"unknown verb", head + "```play\n  explode 7001\n```\n", "x.md:9:3: explode is not a verb (the verbs are"},
		{"a mistyped verb", head + "```play\nkil 7001\n```\n", "x.md:9:1: kil is not a verb (kill;"},
		{"a verb without its argument", head + "```play\nkill\n```\n", "x.md:9:1: kill: node is missing"},
		{"an argument too many", head + "```play\nkill 7001 7002\n```\n", "x.md:9:6: kill: kill does not take"},
		{"unknown condition", head + "```play\nwait sunshine\n```\n", `x.md:9:6: "sunshine" is not a condition`},
		{"bad within", head + "```play\nwait fail 7001 within soon\n```\n", "x.md:9:6: within soon is not a time"},
		{"a quote without end", head + "```play\ncaption \"so\n```\n", "x.md:9:9: the quote \" has no end"},
		{"a condition in brackets", head + "```play\n[linux] kill 7001\n```\n", "x.md:9:1: a line cannot begin with a condition in brackets (wait or expect"},
		{"the background", head + "```play\nkill 7001 &\n```\n", "x.md:9:11: lines follow one another"},
		{"a negation of nothing", head + "```play\n!\n```\n", "x.md:9:1: ! needs a verb"},
		{"a negated caption", head + "```play\n! caption so\n```\n", "x.md:9:3: caption cannot fail"},
		{"an unknown panel", head + "```play\nshow cellar\n```\n", `x.md:9:6: there is no panel "cellar" (show one of stage`},
		{"a play without verbs", head + "```play\n# nothing\n```\n", "x.md:9:1: the play fence does nothing"},
		{"attribute with a unit", head + "```redis {within=10s}\n> PING\n```\n", "x.md:8:11: within=10s is not a number of seconds up to 600 (within=10, a bare number"},
		{"unknown attribute", head + "```redis {node=7000 nod=7000}\n> PING\n```\n", `x.md:8:21: a redis fence has no attribute "nod"`},
		{"attributes without end", head + "```redis {node=7000\n> PING\n```\n", "x.md:8:10: the fence's {…} does not end"},
		{"a prompt of another node", head + "```redis {node=7000}\n127.0.0.1:7001> PING\n```\n", "x.md:9:1: the prompt is that of 7001, and the fence speaks to 7000"},
		{"no prompt", head + "```redis\nPONG\n```\n", "x.md:9:1: a transcript begins with a prompt"},
		{"an empty prompt", head + "```redis\n127.0.0.1:7000>\n```\n", "x.md:9:16: nothing follows the prompt"},
		{"a bad expression", head + "```redis\n> PING\n(P (re)\n```\n", "x.md:10:1: missing closing )"},
		{"quiz without a right answer", head + "```quiz\nWhy?\n- [ ] a\n- [ ] b\n```\n", "x.md:9:1: a quiz needs"},
		{"an answer without a box", head + "```quiz\nWhy?\n- [x] a\n- b\n```\n", "x.md:9:1: an answer has no box"},
		{"a live fence in a list", head + "- so:\n\n  ```play\n  kill 7001\n  ```\n", "x.md:10:1: a play fence in a list or a quote does not run"},
		{"a fence without end", head + "```play\nkill 7001\n", "x.md:8:1: the fence that begins here has no end"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("x.md", "en", []byte(tt.source))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestAllProblemsAreNamedInTheirOrder(t *testing.T) {
	source := "---\nid: X!\nlevel: 9\n---\n# X\n\n```play\nkil 7001\nkill\n```\n\n```redis {within=1s}\nPONG\n```\n"
	_, err := Parse("x.md", "en", []byte(source))
	var problems Problems
	require.ErrorAs(t, err, &problems)
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	require.Equal(t, []int{2, 3, 8, 9, 12, 13}, lines, err)
}

func TestAQuoteOfGitHubIsAnAlert(t *testing.T) {
	l, err := Parse("x.md", "en", []byte("---\nid: x\n---\n# X\n\n> [!WARNING]\n> Data may be *lost*.\n\n> [!NOTE]\n>\n> Apart.\n\n> quote\n"))
	require.NoError(t, err)
	data, err := json.Marshal(l.Blocks[0].Nodes[1:])
	require.NoError(t, err)
	require.JSONEq(t, `[{"t":"aside","kind":"warning","c":[{"t":"p","c":["Data may be ",{"t":"em","c":["lost"]},"."]}]},
		{"t":"aside","kind":"note","c":[{"t":"p","c":["Apart."]}]}, {"t":"blockquote","c":[{"t":"p","c":["quote"]}]}]`, string(data))
}

func TestWordsMayStandInQuotes(t *testing.T) {
	tests := []struct {
		line string
		want []string
	}{
		{`kill 7001   # gone`, []string{"kill", "7001"}},
		{`caption "shard #2 is \"B\""`, []string{"caption", `shard #2 is "B"`}},
		{`caption 'so it is'`, []string{"caption", "so it is"}},
		{`caption 7001's replica a#b`, []string{"caption", "7001's", "replica", "a#b"}},
		{"\t# only a comment", nil},
		{`caption ""`, []string{"caption", ""}},
	}
	for _, tt := range tests {
		words, wrong := splitWords(tt.line)
		require.Nil(t, wrong, tt.line)
		require.Equal(t, len(tt.want), len(words), tt.line)
		for i := range words {
			require.Equal(t, tt.want[i], words[i].text)
		}
	}
	words, _ := splitWords("杀 7001")
	require.Equal(t, 3, words[1].column, "columns count signs, not bytes")
}

func TestCarriageReturnsAndAByteOrderMarkDoNoHarm(t *testing.T) {
	source := "\xef\xbb\xbf" + strings.ReplaceAll(smallLesson, "\n", "\r\n")
	l, err := Parse("small.md", "en", []byte(source))
	require.NoError(t, err)
	require.Len(t, l.Blocks, 4)
}

func TestEveryBuiltInLessonPassesLintInBothLanguages(t *testing.T) {
	lib, err := NewLibrary()
	require.NoError(t, err)
	for _, c := range lib.chapters {
		english, chinese := c.versions["en"], c.versions["zh"]
		require.NotNil(t, english, c.id)
		require.NotNil(t, chinese, c.id)
		require.Empty(t, Lint(english, nil).Error())
		require.Empty(t, Lint(chinese, nil).Error())
		require.Empty(t, Compare(english, chinese).Error())
	}
}

func TestALessonMovesToThePortsOfItsLab(t *testing.T) {
	l, err := Parse("small.md", "en", []byte(smallLesson))
	require.NoError(t, err)
	moved := l.Rebase(17000)
	require.Equal(t, "17001", moved.Blocks[1].Node)
	require.Contains(t, moved.Blocks[1].Text, "127.0.0.1:17001> PING")
	require.Equal(t, "kill 17001   # gone", moved.Blocks[2].Lines[0])
	require.Equal(t, "7001", l.Blocks[1].Node, "the original stays as it was")
}

func TestTranscriptsMatchAsTheyRead(t *testing.T) {
	tests := []struct {
		name      string
		want, got []string
		ok        bool
	}{
		{"literal", []string{"OK"}, []string{"OK"}, true},
		{"different", []string{"OK"}, []string{"KO"}, false},
		{"any lines at the end", []string{"a", "..."}, []string{"a", "b", "c"}, true},
		{"any lines, none there", []string{"a", "..."}, []string{"a"}, true},
		{"any lines between", []string{"a", "...", "z"}, []string{"a", "b", "c", "z"}, true},
		{"glob", []string{"id:* (glob)"}, []string{"id:17"}, true},
		{"expression", []string{`\d+ (re)`}, []string{"17"}, true},
		{"expression is anchored", []string{`\d+ (re)`}, []string{"17 eggs"}, false},
		{"too few", []string{"a", "b"}, []string{"a"}, false},
		{"too many", []string{"a"}, []string{"a", "b"}, false},
		{"nothing expected accepts all", nil, []string{"a"}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := match(patterns(t, tt.want...), tt.got)
			require.Equal(t, tt.ok, err == nil, "%v", err)
		})
	}
}

func patterns(t *testing.T, lines ...string) []pattern {
	t.Helper()
	var out []pattern
	for _, line := range lines {
		p, wrong := readPattern(line)
		require.Nil(t, wrong)
		out = append(out, p)
	}
	return out
}

func TestExchangesAreCutAtPrompts(t *testing.T) {
	got, _, wrong := exchanges("127.0.0.1:7000> SET a 1\nOK\n> GET a\n\"1\"\n127.0.0.1:7000(TX)> EXEC\n")
	require.Nil(t, wrong)
	require.Len(t, got, 3)
	require.Equal(t, exchange{0, "127.0.0.1:7000> ", "SET a 1", patterns(t, "OK")}, got[0])
	require.Equal(t, "GET a", got[1].send)
	require.Equal(t, "EXEC", got[2].send)
	require.Equal(t, 4, got[2].line)
}

func FuzzParseLesson(f *testing.F) {
	f.Add([]byte(smallLesson))
	names, err := filepath.Glob("lessons/*/*.md")
	require.NoError(f, err)
	for _, name := range names {
		source, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		l, err := ParseForeign("fuzz.md", "en", source)
		if err != nil {
			var problems Problems
			require.ErrorAs(t, err, &problems)
			for _, p := range problems {
				require.Positive(t, p.Line)
				require.Positive(t, p.Column)
				require.LessOrEqual(t, p.Line, bytes.Count(source, []byte("\n"))+2)
			}
			return
		}
		require.NotEmpty(t, l.ID)
		_ = Lint(l, nil)
		require.Empty(t, Compare(l, l))
		moved, back := l.Rebase(17000), l.Rebase(lessonPort)
		require.Len(t, moved.Blocks, len(back.Blocks))
		requireSame(t, l, source)
	})
}

// requireSame parses a text again, as it is and with the line ends of Windows: a lesson is one lesson.
func requireSame(t *testing.T, l *Lesson, source []byte) {
	t.Helper()
	want, err := json.Marshal(l)
	require.NoError(t, err)
	texts := [][]byte{source}
	if !bytes.Contains(source, []byte("\r")) {
		texts = append(texts, bytes.ReplaceAll(source, []byte("\n"), []byte("\r\n")))
	}
	for _, text := range texts {
		again, err := ParseForeign("fuzz.md", "en", text)
		if err != nil && len(text) > len(source) {
			continue // a carriage return is a byte more, and bytes are bounded
		}
		require.NoError(t, err)
		got, err := json.Marshal(again)
		require.NoError(t, err)
		require.JSONEq(t, string(want), string(got))
	}
}
