package scenarios

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
	"clusterplay/playground/words"
)

var update = flag.Bool("update", false, "write the tables of the trainer's guide anew")

// guides are the trainer's guide in every language.
var guides = map[string]string{"en": "lessons/README.md", "zh": "lessons/README.zh.md"}

// guidePort is the first port of the lab on which the guide's lesson runs.
const guidePort = 20560

func readGuide(t *testing.T, language string) string {
	t.Helper()
	text, err := os.ReadFile(guides[language])
	require.NoError(t, err)
	return string(text)
}

var guideLesson = regexp.MustCompile("(?s)\n````markdown\n(.*?)\n````\n")

func TestTheLessonInTheGuidePasses(t *testing.T) {
	var told []*Lesson
	for _, language := range languages {
		found := guideLesson.FindAllStringSubmatch(readGuide(t, language), -1)
		require.Len(t, found, 1, "the guide shows one whole lesson")
		lesson, err := Parse(language+".md", language, []byte(found[0][1]+"\n"))
		require.NoError(t, err)
		require.Empty(t, Lint(lesson, nil).Error())
		told = append(told, lesson)
	}
	require.Empty(t, Compare(told[0], told[1]).Error(), "it does the same in both languages")
	if testing.Short() {
		t.Skip("runs a lab")
	}
	for _, lesson := range told {
		requirePasses(t, lesson, guidePort)
	}
}

func TestTheGuidesLeadToEachOther(t *testing.T) {
	require.Contains(t, readGuide(t, "en"), "(README.zh.md)")
	require.Contains(t, readGuide(t, "zh"), "(README.md)")
}

func TestTheGuideListsEveryVerbOfTheLab(t *testing.T) {
	for language, head := range map[string]string{"en": "| for example | what |", "zh": "| 例如 | 含义 |"} {
		said, err := words.Catalogue(language)
		require.NoError(t, err)
		rows := head + "\n|---|---|\n"
		for _, spec := range playground.Verbs() {
			rows += fmt.Sprintf("| `%s` | %s |\n", spec.Example, said["verb."+spec.Verb])
			require.True(t, strings.HasPrefix(spec.Example, spec.Verb), "the example of %s shows it", spec.Verb)
		}
		requireGuidePart(t, language, "verbs", rows)
	}
}

func TestTheGuideListsEveryPanel(t *testing.T) {
	requireGuidePart(t, "en", "panels", "The panels are `"+strings.Join(Panels, "`, `")+"`.\n")
	requireGuidePart(t, "zh", "panels", "面板有 `"+strings.Join(Panels, "`、`")+"`。\n")
}

func TestTheGuideListsEveryCondition(t *testing.T) {
	forms := strings.Join(conditionForms, "\n")
	for name := range nodeTests {
		require.Regexp(t, "(?m)^"+name+" NODE", forms)
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(nodeNumbers)), slices.Collect(maps.Keys(labNumbers))) {
		require.Regexp(t, "\\b"+name+"\\b.* OP N", forms)
	}
	for language := range guides {
		requireGuidePart(t, language, "conditions", "```text\n"+forms+"\n```\n")
	}
}

func TestTheGuideNamesEveryVerbFieldAndAttribute(t *testing.T) {
	for language := range guides {
		text := readGuide(t, language)
		for _, verb := range verbNames() {
			require.True(t, strings.Contains(text, "\n| `"+verb), "%s: the verb %s", language, verb)
		}
		for _, field := range []string{"id", "title", "summary", "level", "minutes", "cluster", "seed", "speed"} {
			require.True(t, strings.Contains(text, "\n| `"+field+"` |"), "%s: the field %s", language, field)
		}
		for _, name := range []string{"node", "cluster", "within"} {
			message, _ := attribute(&Block{}, name, "")
			require.NotContains(t, message, "has no attribute")
			require.True(t, strings.Contains(text, "\n| `"+name+"="), "%s: the attribute %s", language, name)
		}
	}
}

// requireGuidePart holds what stands between two marks of the guide against what the program knows.
func requireGuidePart(t *testing.T, language, name, want string) {
	t.Helper()
	text := readGuide(t, language)
	before, rest, begins := strings.Cut(text, "<!-- "+name+" -->\n")
	got, after, ends := strings.Cut(rest, "<!-- /"+name+" -->\n")
	require.True(t, begins && ends, "the guide has the marks of %s", name)
	want = "\n" + want + "\n"
	if *update {
		text = before + "<!-- " + name + " -->\n" + want + "<!-- /" + name + " -->\n" + after
		require.NoError(t, os.WriteFile(guides[language], []byte(text), 0o644))
		return
	}
	require.Equal(t, want, got, "go test ./scenarios -run Guide -update writes it")
}
