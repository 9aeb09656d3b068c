package scenarios

import (
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

func TestWhatIsWrongInALessonIsNamedWithItsLine(t *testing.T) {
	head := "---\nid: x\nlevel: 1\nminutes: 1\n---\n# X\n\n"
	tests := []struct{ name, source, want string }{
		{"no front matter", "# X\n", "x.md:1: the lesson has no front matter"},
		{"front matter does not end", "---\nid: x\n", "x.md:1: the front matter does not end"},
		{"unknown field", "---\nid: x\nlevle: 1\n---\n# X\n", `unknown field "levle"`},
		{"no id", "---\nlevel: 1\n---\n# X\n", "id is missing"},
		{"no title", "---\nid: x\n---\ntext\n", "no title"},
		{"too many masters", "---\nid: x\ncluster: {masters: 500}\n---\n# X\n", "cluster.masters must be 1 to 50"},
		{"unknown verb", head + "```play\nexplode 7001\n```\n", "x.md:9: explode"},
		{"unknown condition", head + "```play\nwait sunshine\n```\n", `x.md:9: "sunshine" is not a condition`},
		{"bad within", head + "```play\nwait fail 7001 within soon\n```\n", "x.md:9: within soon is not a time"},
		{"attribute with a unit", head + "```redis {within=10s}\n> PING\n```\n", "x.md:8: within=10s is not a number of seconds"},
		{"unknown attribute", head + "```redis {nod=7000}\n> PING\n```\n", "x.md:8: a redis fence has no attribute nod"},
		{"quiz without a right answer", head + "```quiz\nWhy?\n- [ ] a\n- [ ] b\n```\n", "x.md:9: a quiz needs"},
		{"wait without a condition", head + "```play\nwait\n```\n", "is not a condition"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("x.md", "en", []byte(tt.source))
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestCarriageReturnsAndAByteOrderMarkDoNoHarm(t *testing.T) {
	source := "\xef\xbb\xbf" + strings.ReplaceAll(smallLesson, "\n", "\r\n")
	l, err := Parse("small.md", "en", []byte(source))
	require.NoError(t, err)
	require.Len(t, l.Blocks, 4)
}

func TestBothLanguagesOfALessonHaveTheSameFences(t *testing.T) {
	lib, err := NewLibrary()
	require.NoError(t, err)
	for _, c := range lib.chapters {
		english, chinese := c.versions["en"], c.versions["zh"]
		require.NotNil(t, english, c.id)
		require.NotNil(t, chinese, c.id)
		require.Equal(t, liveFences(english), liveFences(chinese), c.id)
	}
}

func liveFences(l *Lesson) []string {
	var out []string
	for _, b := range l.Blocks {
		if b.Kind == KindRedis || b.Kind == KindPlay {
			out = append(out, string(b.Kind)+b.Node+b.Text+strings.Join(b.Lines, "\n"))
		}
	}
	return out
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
			err := match(tt.want, tt.got)
			require.Equal(t, tt.ok, err == nil, "%v", err)
		})
	}
}

func TestExchangesAreCutAtPrompts(t *testing.T) {
	got, err := exchanges("127.0.0.1:7000> SET a 1\nOK\n> GET a\n\"1\"\n127.0.0.1:7000(TX)> EXEC\n")
	require.NoError(t, err)
	require.Len(t, got, 3)
	require.Equal(t, exchange{0, "127.0.0.1:7000> ", "SET a 1", []string{"OK"}}, got[0])
	require.Equal(t, "GET a", got[1].send)
	require.Equal(t, "EXEC", got[2].send)
	_, err = exchanges("OK\n")
	require.ErrorContains(t, err, "begins with a prompt")
}

func FuzzParseNeverPanics(f *testing.F) {
	f.Add([]byte(smallLesson))
	names, err := filepath.Glob("lessons/*/*.md")
	require.NoError(f, err)
	for _, name := range names {
		source, err := os.ReadFile(name)
		require.NoError(f, err)
		f.Add(source)
	}
	f.Fuzz(func(t *testing.T, source []byte) {
		l, err := Parse("fuzz.md", "en", source)
		if err == nil {
			require.NotEmpty(t, l.ID)
		}
	})
}
