package scenarios

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestLessonsAsSomebodyMaySendThem has the rows E of the catalogue of bad input about lessons.
func TestLessonsAsSomebodyMaySendThem(t *testing.T) {
	wrong := func(line string) string { return strings.Replace(smallLesson, "kill 7001   # gone", line, 1) }
	for _, tt := range []struct{ name, source, want string }{
		{"E31 byte order mark", "\xef\xbb\xbf" + smallLesson, ""},
		{"E32 CR LF", strings.ReplaceAll(smallLesson, "\n", "\r\n"), ""},
		{"E33 tabs", wrong("\tkill\t7001"), ""},
		{"E34 ten megabytes", smallLesson + strings.Repeat("More prose. ", 1<<20), "x.md:1:1: the lesson is larger than 1 MiB"},
		{"E35 unknown verb", wrong("explode 7001"), "x.md:17:1: explode is not a verb"},
		{"E36 no node", wrong("kill"), "x.md:17:1: kill: node is missing"},
		{"E37 time below zero", wrong("wait fail 7001 within -1s"), "x.md:17:"},
		{"E38 not UTF-8", wrong("kill \xff\xfe"), "x.md:17:"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("x.md", "en", []byte(tt.source))
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}
