package scenarios

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestProseSaysWhatMarkdownMeans(t *testing.T) {
	for raw, want := range map[string]string{
		`a \* b`: "a * b", `\<b\>`: "<b>", `&lt;b&gt;`: "<b>", `&#60;&#x3c;`: "<<", `\&lt;`: "&lt;", `&copy x; &nothing; AT&T`: "&copy x; &nothing; AT&T",
		`\a`: `\a`, `\`: `\`, `&`: "&", `a\\b`: `a\b`, `&amp;lt;`: "&lt;", `&semi`: "&semi",
	} {
		require.Equal(t, want, said(raw), raw)
	}
	l, err := ParseForeign("x.en.md", "en", []byte("---\nid: x\nlevel: 1\nminutes: 1\n---\n# \\<i\\> `\\*`\n\n\\<b\\> `\\* &lt;` &lt;\n"))
	require.NoError(t, err)
	require.Equal(t, `<i> \*`, l.Title)
	p := l.Blocks[0].Nodes[1]
	require.Equal(t, element("p", Prose{Text: "<b> "}, element("code", Prose{Text: `\* &lt;`}), Prose{Text: " <"}), p)
}
