package command

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMatchMeansPatternsAsKeysDoes(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"", "", true}, {"", "a", false}, {"a", "", false}, {"*", "", false}, {"*", "abc", true},
		{"a*c", "abbc", true}, {"a*c", "abbd", false}, {"a**", "a", true}, {"**a", "ba", true},
		{"?", "a", true}, {"?", "", false}, {"a?c", "abc", true}, {"??", "a", false},
		{"[abc]", "b", true}, {"[abc]", "d", false}, {"[a-c]x", "bx", true}, {"[c-a]", "b", true},
		{"[^a]", "a", false}, {"[^a]", "b", true}, {"[]", "a", false}, {"[]", "]", false},
		{"[^]", "a", true}, {"[abc", "c", true}, {"[abc", "d", false}, {"[", "[", false},
		{`\*`, "*", true}, {`\*`, "a", false}, {`\`, `\`, true}, {`[\]]`, "]", true},
		{`[\-a]`, "-", true}, {`h[a-\]llo`, "hello", false}, {"*.txt", "a.txt.txt", true},
		{"a*b*c", "a1b2b3c", true}, {"a*b*c", "a1b2b3", false},
	} {
		t.Run(test.pattern+" "+test.text, func(t *testing.T) {
			require.Equal(t, test.want, Match([]byte(test.pattern), []byte(test.text), false))
		})
	}
	require.True(t, Match([]byte("HE[L-M]*"), []byte("hello"), true))
	require.False(t, Match([]byte("HE*"), []byte("hello"), false))
}

func TestMatchOfManyStarsEnds(t *testing.T) {
	pattern := []byte(strings.Repeat("a*", 50) + "b")
	text := []byte(strings.Repeat("a", 10_000))
	require.False(t, Match(pattern, text, false)) // with exponential backtracking this would not end
}

func FuzzMatchAgreesWithTheRecursiveDefinition(f *testing.F) {
	f.Add("a*b?[c-e]", "axxbyd")
	f.Add(`*\**`, "a*b")
	f.Fuzz(func(t *testing.T, pattern, text string) {
		if strings.Count(pattern, "*") > 4 || len(text) > 30 {
			return
		}
		require.Equal(t, matchSlowly([]byte(pattern), []byte(text)), Match([]byte(pattern), []byte(text), false))
	})
}

func matchSlowly(pattern, text []byte) bool {
	if len(text) == 0 {
		return len(pattern) == 0
	}
	if len(pattern) == 0 {
		return false
	}
	if pattern[0] == '*' {
		rest := []byte(strings.TrimLeft(string(pattern), "*"))
		if len(rest) == 0 {
			return true
		}
		for i := range text {
			if matchSlowly(rest, text[i:]) {
				return true
			}
		}
		return false
	}
	size, ok := matchOne(pattern, text[0], false)
	if !ok {
		return false
	}
	if len(text) == 1 {
		return strings.Trim(string(pattern[size:]), "*") == ""
	}
	return matchSlowly(pattern[size:], text[1:])
}
