package scenarios

import (
	"html"
	"strings"

	"github.com/yuin/goldmark/util"
)

// longestEntity bounds how far behind a & its ; is looked for: &CounterClockwiseContourIntegral; is
// the longest name.
const longestEntity = 40

// said is what a piece of Markdown's text says to a reader: \* is a star, and &lt; is a bracket.
func said(raw string) string {
	if !strings.ContainsAny(raw, `\&`) {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		switch c := raw[i]; {
		case c == '\\' && i+1 < len(raw) && util.IsPunct(raw[i+1]):
			i++
			b.WriteByte(raw[i])
		case c == '&':
			meant, length := entity(raw[i:])
			b.WriteString(meant)
			i += length - 1
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// entity reads what begins with a &: the sign that it names and the length of the name, or only
// the & itself.
func entity(raw string) (meant string, length int) {
	end := strings.IndexByte(raw[:min(len(raw), longestEntity)], ';')
	if end > 0 {
		// Without its ; a name such as &copy is no entity in Markdown, but to HTML it is: then the
		// ; is left over.
		if meant = html.UnescapeString(raw[:end+1]); !strings.HasSuffix(meant, ";") {
			return meant, end + 1
		}
	}
	return "&", 1
}
