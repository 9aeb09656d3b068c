package view

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	parser "github.com/a-h/templ/parser/v2"
	"github.com/stretchr/testify/require"

	"clusterplay/playground/words"
)

// spokenAttributes are the attributes that people read or hear.
var spokenAttributes = map[string]bool{"title": true, "aria-label": true, "alt": true, "placeholder": true}

// letters is what makes a text one that needs a translator.
var letters = regexp.MustCompile(`\pL{2,}`)

// asTyped are texts that are the same in every language: what one types.
var asTyped = map[string]bool{
	"make run": true, "cd assets && npm ci --ignore-scripts && npm run build": true, "-c": true,
	"SET user:1 ada": true, "{user:1}.name": true, "kill 7001": true, "playground ctl link": true, "EN": true, "main": true, "hex": true, "replid": true, "replid2": true,
	"sentinel.conf": true, "Sentinel": true,
}

// untaught are the scripts whose sentences have yet to move to the catalogue. No name is added.
var untaught = map[string]bool{}

func TestNoSentenceStandsInATemplate(t *testing.T) {
	files, err := filepath.Glob("*.templ")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		tree, err := parser.Parse(file)
		require.NoError(t, err)
		for _, node := range tree.Nodes {
			if template, ok := node.(*parser.HTMLTemplate); ok {
				literals(t, file, template.Children)
			}
		}
	}
}

// literals fails for every text that stands in the nodes themselves.
func literals(t *testing.T, file string, nodes []parser.Node) {
	t.Helper()
	for _, node := range nodes {
		switch n := node.(type) {
		case *parser.Text:
			literal(t, file, n.Value)
		case *parser.Element:
			for _, a := range n.Attributes {
				if constant, ok := a.(*parser.ConstantAttribute); ok && spokenAttributes[constant.Key.String()] {
					literal(t, file, constant.Value)
				}
			}
		}
		if parent, ok := node.(parser.CompositeNode); ok {
			literals(t, file, parent.ChildNodes())
		}
	}
}

func literal(t *testing.T, file, text string) {
	t.Helper()
	text = strings.TrimSpace(text)
	require.False(t, letters.MatchString(text) && !asTyped[text], "%s: %q belongs into the catalogue of playground/words", file, text)
}

// sentence is a literal of a script that reads like one: a capital and a second word, or three words.
var sentence = regexp.MustCompile("[\"`]([A-Z][a-z]+ [a-z][^\"`]*|[a-z]+ [a-z]+ [a-z][^\"`]*)[\"`]")

// comment is a line that is not code, or an error that only its author reads.
var comment = regexp.MustCompile(`^\s*(//|\*|/\*)|new (Range)?Error\(`)

func TestNoSentenceStandsInAScript(t *testing.T) {
	err := filepath.WalkDir(sources, func(path string, d os.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".ts") || strings.HasSuffix(path, ".test.ts") || strings.HasSuffix(path, ".kit.ts") {
			return err
		}
		text, err := os.ReadFile(path)
		for i, line := range strings.Split(string(text), "\n") {
			if m := sentence.FindStringSubmatch(line); m != nil && !comment.MatchString(line) && !styleWords(line) && !asTyped[m[1]] && !untaught[d.Name()] {
				t.Errorf("%s:%d: %q belongs into the catalogue of playground/words", path, i+1, m[1])
			}
		}
		return err
	})
	require.NoError(t, err)
}

// styleWords tells class names and selectors from sentences.
func styleWords(line string) bool {
	return strings.Contains(line, "class:") || strings.Contains(line, "chip tiny") || strings.Contains(line, "querySelector") || strings.Contains(line, "\"class\"") || strings.Contains(line, "rel:")
}

// spokenID finds an id that is said with a literal.
var spokenID = regexp.MustCompile(`\b(?:t|T)\((?:ctx, )?"([\w.-]+)"`)

func TestEveryIDThatIsSaidIsInTheCatalogue(t *testing.T) {
	known, err := words.Catalogue("en")
	require.NoError(t, err)
	ids := findInSources(t, spokenID.String())
	files, err := filepath.Glob("*.templ")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range spokenID.FindAllStringSubmatch(string(text), -1) {
			ids = append(ids, m[1])
		}
	}
	for _, p := range Places() {
		ids = append(ids, p.Label)
	}
	for _, tab := range Tabs() {
		ids = append(ids, tab.Label)
	}
	for _, l := range Looks() {
		ids = append(ids, l.Label)
	}
	for _, l := range slices.Concat(Spans(), Heats(), SlotCounts()) {
		ids = append(ids, l.Label)
	}
	for _, k := range Keys() {
		ids = append(ids, k.Does)
	}
	for _, b := range NodeButtons() {
		ids = append(ids, b.Label, b.Help)
	}
	for _, id := range ids {
		require.Contains(t, known, id)
	}
}

func TestThePageSpeaksTheLanguageOfItsContext(t *testing.T) {
	page := renderIn(t, "zh")
	require.Contains(t, page, `<html lang="zh"`)
	require.Contains(t, page, words.In("zh").Say("node.choose", nil))
	require.NotContains(t, page, words.In("en").Say("node.choose", nil))
}
