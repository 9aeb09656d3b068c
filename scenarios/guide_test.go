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
)

var update = flag.Bool("update", false, "write the tables of the trainer's guide anew")

// guide is the trainer's guide.
const guide = "lessons/README.md"

// guidePort is the first port of the lab on which the guide's lesson runs.
const guidePort = 20560

func readGuide(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(guide)
	require.NoError(t, err)
	return string(text)
}

var guideLesson = regexp.MustCompile("(?s)\n````markdown\n(.*?)\n````\n")

func TestTheLessonInTheGuidePasses(t *testing.T) {
	found := guideLesson.FindAllStringSubmatch(readGuide(t), -1)
	require.Len(t, found, 1, "the guide shows one whole lesson")
	lesson, err := Parse("en.md", "en", []byte(found[0][1]+"\n"))
	require.NoError(t, err)
	require.Empty(t, Lint(lesson, nil).Error())
	if testing.Short() {
		t.Skip("runs a lab")
	}
	requirePasses(t, lesson, guidePort)
}

func TestTheGuideListsEveryVerbOfTheLab(t *testing.T) {
	rows := "| for example | what |\n|---|---|\n"
	for _, spec := range playground.Verbs() {
		rows += fmt.Sprintf("| `%s` | %s |\n", spec.Example, spec.Help)
		require.True(t, strings.HasPrefix(spec.Example, spec.Verb), "the example of %s shows it", spec.Verb)
	}
	requireGuidePart(t, "verbs", rows)
}

func TestTheGuideListsEveryPanel(t *testing.T) {
	requireGuidePart(t, "panels", "The panels are `"+strings.Join(Panels, "`, `")+"`.\n")
}

func TestTheGuideListsEveryCondition(t *testing.T) {
	forms := strings.Join(conditionForms, "\n")
	for name := range nodeTests {
		require.Regexp(t, "(?m)^"+name+" NODE", forms)
	}
	for _, name := range slices.Concat(slices.Collect(maps.Keys(nodeNumbers)), slices.Collect(maps.Keys(labNumbers))) {
		require.Regexp(t, "\\b"+name+"\\b.* OP N", forms)
	}
	requireGuidePart(t, "conditions", "```text\n"+forms+"\n```\n")
}

func TestTheGuideNamesEveryVerbFieldAndAttribute(t *testing.T) {
	text := readGuide(t)
	for _, verb := range verbNames() {
		require.True(t, strings.Contains(text, "\n| `"+verb), "the verb %s", verb)
	}
	for _, field := range []string{"id", "title", "summary", "level", "minutes", "cluster", "seed", "speed"} {
		require.True(t, strings.Contains(text, "\n| `"+field+"` |"), "the field %s", field)
	}
	for _, name := range []string{"node", "cluster", "within"} {
		message, _ := attribute(&Block{}, name, "")
		require.NotContains(t, message, "has no attribute")
		require.True(t, strings.Contains(text, "\n| `"+name+"="), "the attribute %s", name)
	}
}

// requireGuidePart holds what stands between two marks of the guide against what the program knows.
func requireGuidePart(t *testing.T, name, want string) {
	t.Helper()
	text := readGuide(t)
	before, rest, begins := strings.Cut(text, "<!-- "+name+" -->\n")
	got, after, ends := strings.Cut(rest, "<!-- /"+name+" -->\n")
	require.True(t, begins && ends, "the guide has the marks of %s", name)
	want = "\n" + want + "\n"
	if *update {
		text = before + "<!-- " + name + " -->\n" + want + "<!-- /" + name + " -->\n" + after
		require.NoError(t, os.WriteFile(guide, []byte(text), 0o644))
		return
	}
	require.Equal(t, want, got, "go test ./scenarios -run Guide -update writes it")
}
