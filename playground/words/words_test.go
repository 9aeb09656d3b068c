package words

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// argument finds the arguments of a sentence.
var argument = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

func catalogue(t *testing.T, name string) map[string]string {
	t.Helper()
	c, err := Catalogue(name)
	require.NoError(t, err)
	return c
}

func TestEveryIDIsInEveryLanguage(t *testing.T) {
	first := catalogue(t, Languages[0])
	for _, name := range Languages[1:] {
		other := catalogue(t, name)
		require.Equal(t, slices.Sorted(maps.Keys(first)), slices.Sorted(maps.Keys(other)), name)
		for id := range first {
			require.Equal(t, argumentsOf(first[id]), argumentsOf(other[id]), "%s of %s", name, id)
			require.NotEmpty(t, other[id], id)
		}
	}
}

func argumentsOf(text string) []string {
	var names []string
	for _, m := range argument.FindAllStringSubmatch(text, -1) {
		names = append(names, m[1])
	}
	slices.Sort(names)
	return slices.Compact(names)
}

func TestASentenceIsSaidInTheLanguageOfTheContext(t *testing.T) {
	require.Equal(t, "Slots", T(context.Background(), "place.slots"))
	require.Equal(t, "槽位", T(With(context.Background(), In("zh")), "place.slots"))
}

func TestAnArgumentMayBeASentence(t *testing.T) {
	require.Equal(t, Args{"what": "Slots", "who": "7000"}, In("en").resolved(Args{"what": "@place.slots", "who": "7000"}))
}

func TestAnUnknownIDIsShownAsItStands(t *testing.T) {
	require.Equal(t, "no.such", In("zh").Say("no.such", nil))
}

func TestTheLanguageIsTheOneAskedForOrTheBrowsers(t *testing.T) {
	tests := []struct{ asked, accept, want string }{
		{"", "", "en"}, {"zh", "en", "zh"}, {"en", "zh-CN", "en"}, {"xx", "zh-CN,zh;q=0.9,en;q=0.8", "zh"},
		{"", "zh-TW", "zh"}, {"", "fr-FR,fr", "en"}, {"", ";;;", "en"}, {"", "de, zh;q=0.5", "zh"},
	}
	for _, tt := range tests {
		require.Equal(t, tt.want, Match(tt.asked, tt.accept), tt)
	}
}
