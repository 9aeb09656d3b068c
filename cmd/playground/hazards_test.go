package main_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// hazards are doors of libraries and browsers that are open by default, or that can be opened by mistake. None of
// them stands in what we ship.
var hazards = []struct {
	name, files string
	door        *regexp.Regexp
}{
	{"text that templ takes for markup, script or an address", ".templ .go", regexp.MustCompile(`templ\.(Raw|SafeScript\w*|SafeURL|SafeCSS\w*|JSExpression|JSUnsafeFuncCall|ComponentScript|ToGoHTML|FromGoHTML)\b|\btemplate\.(HTML|JS|URL)\(`)},
	{"text that a browser takes for markup or script", ".ts .mjs", regexp.MustCompile(`\b(innerHTML|outerHTML|insertAdjacentHTML|createContextualFragment|srcdoc|setHTMLUnsafe)\b|\bdocument\.write|\beval\(|\bnew Function\(|javascript:`)},
	{"markup of a lesson taken as it is", ".go", regexp.MustCompile(`\bhtml\.WithUnsafe\(`)},
	{"a server without patience", ".go", regexp.MustCompile(`\bhttp\.(ListenAndServe\w*|Serve|ServeTLS|FileServer\w*)\(`)},
	{"an address that a stranger may claim", ".go", regexp.MustCompile(`\.RealIP\(|ExtractIPFromXFFHeader|ExtractIPFromRealIPHeader`)},
	{"files by their path, or a method by its parameter", ".go", regexp.MustCompile(`\becho\w*\.(Static|StaticFS)\(|middleware\.(Static\w*|MethodOverride\w*)\(`)},
	{"an interpreter that may end the process, and readers that trust lengths", "go.mod", regexp.MustCompile(`yuin/gopher-lua|hdt3213/rdb`)},
}

func TestNoHazardOfALibraryStandsInWhatWeShip(t *testing.T) {
	looked := map[string]int{}
	root := filepath.Join("..", "..")
	require.NoError(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "node_modules" || name == "testdata" || name == "dist" || strings.HasPrefix(name, ".") && path != root) {
			return filepath.SkipDir
		}
		if d.IsDir() || strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") || strings.Contains(name, ".test.") || name == "test.mjs" {
			return nil
		}
		for _, h := range hazards {
			kind := filepath.Ext(name)
			if name != h.files && !strings.Contains(" "+h.files+" ", " "+kind+" ") || kind == "" {
				continue
			}
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			looked[h.name]++
			if found := h.door.Find(text); found != nil {
				t.Errorf("%s: %s: %s", path, h.name, found)
			}
		}
		return nil
	}))
	for _, h := range hazards {
		require.Positive(t, looked[h.name], "no file was looked at for %s", h.name)
	}
}
