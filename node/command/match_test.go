package command

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func match(pattern, text string) bool { return Match(ReadGlob([]byte(pattern), false), text) }

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
		{"a*b*c", "a1b2b3c", true}, {"a*b*c", "a1b2b3", false}, {"a*a", "a", false}, {"ab*ba", "aba", false},
		{"*" + strings.Repeat("?", 70) + "b*", strings.Repeat("a", 75) + "bc", true},
		{"*" + strings.Repeat("a", 64) + "[bc]*", strings.Repeat("a", 99) + "c", true},
		{"*" + strings.Repeat("a", 64) + "[bc]*", strings.Repeat("a", 63) + "ca", false},
	} {
		t.Run(test.pattern+" "+test.text, func(t *testing.T) {
			require.Equal(t, test.want, match(test.pattern, test.text))
			require.Equal(t, test.want, Match(ReadGlob([]byte(test.pattern), false), []byte(test.text)))
		})
	}
}

func TestMatchWithoutCase(t *testing.T) {
	fold := func(pattern, text string) bool { return Match(ReadGlob([]byte(pattern), true), text) }
	require.True(t, fold("HE[L-M]*", "hello"))
	require.True(t, fold("he[^x]lo", "HEllO"))
	require.False(t, fold("he[^X]lo", "hexlo"))
	require.True(t, fold(`\HE*`, "hello"))
	require.False(t, fold(`[\H]e*`, "hello")) // stringmatchlen forgets the case there
	require.False(t, match("HE*", "hello"))
}

// reckless are patterns that cost a matcher which tries again much more than their length.
var reckless = map[string]string{
	"stars":             strings.Repeat("*", 100_000),
	"stars and a byte":  strings.Repeat("*", 100_000) + "b",
	"one class":         "*[" + strings.Repeat("b", 100_000) + "]*",
	"ranges":            "*[" + strings.Repeat("c-b", 33_000) + "]*",
	"classes":           "*" + strings.Repeat("[^b]", 25_000) + "*",
	"anything":          strings.Repeat("?", 100_000),
	"a star for each":   strings.Repeat("a*", 50_000) + "b",
	"fifty stars":       strings.Repeat("a*", 50) + "b",
	"long stretch":      "*" + strings.Repeat("a", 50) + "b*",
	"longer than text":  "*" + strings.Repeat("a", 99_999) + "b*",
	"classes in words":  "*" + strings.Repeat("[ab]", 60) + "c*",
	"stretches of some": strings.Repeat("*aaaaaaaaaaaaaaab", 5000) + "*",
}

func TestReadingAndMatchingRecklessPatternsEnds(t *testing.T) {
	text := strings.Repeat("a", 100_000)
	for name, pattern := range reckless {
		t.Run(name, func(t *testing.T) { match(pattern, text) })
	}
}

// BenchmarkKeysOfARecklessPattern holds 100,000 keys of a hundred bytes against each of the patterns,
// as KEYS does. "plain" is what an ordinary pattern costs.
func BenchmarkKeysOfARecklessPattern(b *testing.B) {
	keys := make([]string, 100_000)
	for i := range keys {
		keys[i] = strings.Repeat("a", 90) + fmt.Sprintf("%010d", i)
	}
	patterns := map[string]string{"plain": "*1234*"}
	for name, pattern := range reckless {
		patterns[name] = pattern
	}
	for name, pattern := range patterns {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				glob := ReadGlob([]byte(pattern), false)
				for _, key := range keys {
					Match(glob, key)
				}
			}
		})
	}
}

func FuzzMatchAgreesWithTheRecursiveDefinition(f *testing.F) {
	f.Add("a*b?[c-e]", "axxbyd", false)
	f.Add(`*\**`, "a*b", true)
	f.Add("*aaaaaaaaaaaaaaaaaab*", "aaaaaaaaaaaaaaaaaaab", false)
	f.Fuzz(func(t *testing.T, pattern, text string, fold bool) {
		if strings.Count(pattern, "*") > 4 || len(text) > 100 {
			return
		}
		want := matchSlowly([]byte(pattern), []byte(text), fold)
		glob := ReadGlob([]byte(pattern), fold)
		require.Equal(t, want, Match(glob, text))
		require.Equal(t, want, Match(glob, []byte(text)), "a second time")
	})
}

func TestMatchAgreesWithTheRecursiveDefinition(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 200_000 {
		pattern, text := randomPattern(rng, 10), randomText(rng, 8)
		fold := rng.IntN(4) == 0
		want := matchSlowly([]byte(pattern), []byte(text), fold)
		require.Equal(t, want, Match(ReadGlob([]byte(pattern), fold), text), "%q %q %v", pattern, text, fold)
	}
}

func TestRealRedisFindsTheSameKeys(t *testing.T) {
	redis := startRedis(t, 2)
	rng := rand.New(rand.NewPCG(2, 2))
	keys := map[string]bool{}
	for range 300 {
		text := randomText(rng, 6)
		keys[text] = true
		redis.do("SET", text, "")
	}
	for range 4000 {
		pattern := randomPattern(rng, 8)
		if pattern == "*" {
			continue // all keys, without a look at them
		}
		var got, want []string
		for _, key := range redis.do("KEYS", pattern).list {
			want = append(want, key.text)
		}
		for key := range keys {
			if match(pattern, key) {
				got = append(got, key)
			}
		}
		slices.Sort(want)
		slices.Sort(got)
		require.Equal(t, want, got, "%q", pattern)
	}
}

func randomPattern(rng *rand.Rand, most int) string { return randomOf(rng, `aabBc**??[[]]^-\`, most) }
func randomText(rng *rand.Rand, most int) string    { return randomOf(rng, `aaabBc*[]^-\`, most) }

func randomOf(rng *rand.Rand, letters string, most int) string {
	var b strings.Builder
	for range rng.IntN(most + 1) {
		b.WriteByte(letters[rng.IntN(len(letters))])
	}
	return b.String()
}

// matchSlowly is stringmatchlen as it is written down, without anything that makes it fast.
func matchSlowly(pattern, text []byte, fold bool) bool {
	for len(pattern) > 0 && len(text) > 0 {
		if pattern[0] == '*' {
			rest := []byte(strings.TrimLeft(string(pattern), "*"))
			if len(rest) == 0 {
				return true
			}
			for i := range text {
				if matchSlowly(rest, text[i:], fold) {
					return true
				}
			}
			return false
		}
		size, ok := oneSlowly(pattern, text[0], fold)
		if !ok {
			return false
		}
		pattern, text = pattern[size:], text[1:]
		if len(text) == 0 {
			pattern = []byte(strings.TrimLeft(string(pattern), "*"))
		}
	}
	return len(pattern) == 0 && len(text) == 0
}

// oneSlowly matches one byte with the element pattern begins with.
func oneSlowly(pattern []byte, c byte, fold bool) (size int, ok bool) {
	same := func(a byte) bool { return a == c || fold && lower(a) == lower(c) }
	switch {
	case pattern[0] == '?':
		return 1, true
	case pattern[0] == '[':
		return classSlowly(pattern, c, fold)
	case pattern[0] == '\\' && len(pattern) > 1:
		return 2, same(pattern[1])
	}
	return 1, same(pattern[0])
}

func classSlowly(pattern []byte, c byte, fold bool) (size int, ok bool) {
	i := 1
	negated := i < len(pattern) && pattern[i] == '^'
	if negated {
		i++
	}
	for ; i < len(pattern) && pattern[i] != ']'; i++ {
		switch {
		case pattern[i] == '\\' && i+1 < len(pattern):
			i++
			ok = ok || pattern[i] == c
		case i+2 < len(pattern) && pattern[i+1] == '-':
			low, high, seen := min(pattern[i], pattern[i+2]), max(pattern[i], pattern[i+2]), c
			if fold {
				low, high, seen = lower(low), lower(high), lower(seen)
			}
			ok = ok || low <= seen && seen <= high
			i += 2
		default:
			ok = ok || pattern[i] == c || fold && lower(pattern[i]) == lower(c)
		}
	}
	return min(i+1, len(pattern)), ok != negated
}
