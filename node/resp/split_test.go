package resp_test

import (
	"testing"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

func TestLinesAreSplitByRedisRules(t *testing.T) {
	tests := []struct {
		name, line string
		want       []string
		unbalanced bool
	}{
		{name: "nothing", line: "", want: []string{}},
		{name: "only space", line: " \t\v\f ", want: []string{}},
		{name: "words", line: "  set  a\tb ", want: []string{"set", "a", "b"}},
		{name: "vertical tab inside a word", line: "a\vb", want: []string{"a\vb"}},
		{name: "empty quotes", line: `"" ''`, want: []string{"", ""}},
		{name: "named escapes", line: `"\n\r\t\b\a\\\"\q"`, want: []string{"\n\r\t\b\a\\\"q"}},
		{name: "hex", line: `"\x00\xfF\x4"`, want: []string{"\x00\xffx4"}},
		{name: "escapes outside quotes", line: `a\nb`, want: []string{`a\nb`}},
		{name: "single quotes know one escape", line: `'a\'b\n'`, want: []string{`a'b\n`}},
		{name: "quote inside a word", line: `ab"c d"`, want: []string{"abc d"}},
		{name: "open double", line: `"abc`, unbalanced: true},
		{name: "open single", line: `'abc`, unbalanced: true},
		{name: "open after escape", line: `"abc\"`, unbalanced: true},
		{name: "backslash at the end", line: `"abc\`, unbalanced: true},
		{name: "word after closing quote", line: `"a"b`, unbalanced: true},
		{name: "quotes side by side", line: `'a'"b"`, unbalanced: true},
		{name: "NUL ends the line", line: "a b\x00c d", want: []string{"a", "b"}},
		{name: "NUL in quotes", line: "\"a\x00b\"", unbalanced: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			words, ok := resp.SplitLine(nil, []byte(tt.line))
			require.Equal(t, !tt.unbalanced, ok)
			if ok {
				require.Equal(t, tt.want, texts(words))
			}
		})
	}
}

func TestNumbersAreReadAsStrictlyAsRedisReadsThem(t *testing.T) {
	tests := []struct {
		text string
		want int64
		ok   bool
	}{
		{"0", 0, true}, {"1", 1, true}, {"-1", -1, true},
		{"9223372036854775807", 9223372036854775807, true}, {"-9223372036854775808", -9223372036854775808, true},
		{"9223372036854775808", 0, false}, {"-9223372036854775809", 0, false},
		{"", 0, false}, {"-", 0, false}, {"-0", 0, false}, {"+1", 0, false}, {"01", 0, false}, {"-01", 0, false},
		{" 1", 0, false}, {"1 ", 0, false}, {"1_000", 0, false}, {"0x10", 0, false}, {"1e3", 0, false},
		{"123456789012345678901", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			n, ok := resp.ParseInt([]byte(tt.text))
			require.Equal(t, tt.ok, ok)
			if ok {
				require.Equal(t, tt.want, n)
			}
		})
	}
}
