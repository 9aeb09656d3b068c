package view

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
	"clusterplay/playground/words"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sources is where the scripts that use this page are written.
const sources = "../../assets/src"

func render(t *testing.T, s Shell) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Page(s).Render(context.Background(), &b))
	return b.String()
}

func renderIn(t *testing.T, language string) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, Page(built()).Render(words.With(t.Context(), words.In(language)), &b))
	return b.String()
}

func built() Shell { return Shell{Built: true, Script: "/assets/app.js", Style: "/assets/style.css"} }

func TestPageIsAsItWas(t *testing.T) {
	got := strings.ReplaceAll(render(t, built()), "><", ">\n<") + "\n"
	path := filepath.Join("testdata", "page.golden.html")
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), got)
}

func TestPageWorksWithoutInlineStyleOrScript(t *testing.T) {
	page := render(t, built())
	require.NotRegexp(t, `\sstyle=`, page)
	require.NotRegexp(t, `\son[a-z]+=`, page)
	require.NotContains(t, page, "<style")
	require.Equal(t, 2, strings.Count(page, "<script"), "the script, and the words it says as data")
}

func TestTheWordsAreWrittenAsData(t *testing.T) {
	s := built()
	s.Words = map[string]string{"lab": "</script><b>"}
	page := render(t, s)
	require.Contains(t, page, `<script id="words" type="application/json">`)
	require.NotContains(t, page, "</script><b>")
}

func TestAPageThatWasNotBuiltSaysHowToBuildIt(t *testing.T) {
	page := render(t, Shell{})
	require.Contains(t, page, "npm ci --ignore-scripts")
	require.NotContains(t, page, "<script")
}

func TestEveryIDIsThereOnce(t *testing.T) {
	seen := map[string]bool{}
	page := render(t, built())
	for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		require.False(t, seen[m[1]], "id %q twice", m[1])
		seen[m[1]] = true
	}
	for _, m := range regexp.MustCompile(`(?:aria-controls|aria-labelledby|aria-describedby|for)="([^"]+)"`).FindAllStringSubmatch(page, -1) {
		require.True(t, seen[m[1]], "nothing has the id %q", m[1])
	}
}

func TestEveryPlaceTheScriptsLookForIsOnThePage(t *testing.T) {
	page := render(t, built())
	tests := []struct {
		name, pattern, place string
	}{
		{"marked places", `ref(?:<\w+>)?\(this, "(\w+)"\)`, `data-ref="%"`},
		{"elements", `(?m)^  "([a-z]+-[a-z]+)": [A-Z]`, `<%`},
		{"ids", `getElementById\("([a-z]+)"\)\?`, `id="%"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			names := findInSources(t, tt.pattern)
			require.NotEmpty(t, names)
			for _, name := range names {
				require.Contains(t, page, strings.Replace(tt.place, "%", name, 1))
			}
		})
	}
}

func TestEveryButtonOfThePageHasItsAction(t *testing.T) {
	script, err := os.ReadFile(filepath.Join(sources, "page.ts"))
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`data-do="([^"]+)"`).FindAllStringSubmatch(render(t, built()), -1) {
		require.Regexp(t, `(?m)^  "?`+m[1]+`"?: \(\) =>`, string(script))
	}
}

func TestNoKeyMeansTwoThings(t *testing.T) {
	seen := map[string]bool{}
	for _, k := range Keys() {
		for _, press := range strings.Fields(k.Press) {
			require.False(t, seen[press], "key %s twice", press)
			seen[press] = true
		}
	}
	for _, b := range NodeButtons() {
		require.True(t, b.Key == "" || seen[b.Key], "%s has the key %s, which the help does not name", b.Verb, b.Key)
	}
}

func TestAnUnknownIconIsAMistakeInATemplate(t *testing.T) {
	require.PanicsWithValue(t, "view: no icon named unicorn", func() { strokes("unicorn") })
}

// findInSources returns what the pattern's group matches in the page's scripts, tests left out.
func findInSources(t *testing.T, pattern string) []string {
	t.Helper()
	var found []string
	re := regexp.MustCompile(pattern)
	err := filepath.WalkDir(sources, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".ts") || strings.HasSuffix(path, ".test.ts") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range re.FindAllStringSubmatch(string(text), -1) {
			found = append(found, m[1])
		}
		return err
	})
	require.NoError(t, err)
	return found
}

func TestEveryKindOfLabCanBeChosen(t *testing.T) {
	var offered []string
	for _, k := range LabKinds() {
		offered = append(offered, k.Value)
	}
	require.Equal(t, playground.Kinds(), offered)
}
