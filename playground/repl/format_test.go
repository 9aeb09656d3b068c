package repl

import (
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

func TestRepliesArePrintedAsRedisCLIPrintsThem(t *testing.T) {
	for _, row := range []struct{ name, wire, tty, raw string }{
		{"status", "+OK\r\n", "OK\n", "OK"},
		{"error", "-ERR no\r\n", "(error) ERR no\n", "ERR no\n"},
		{"integer", ":-3\r\n", "(integer) -3\n", "-3"},
		{"nil", "$-1\r\n", "(nil)\n", ""},
		{"nil array", "*-1\r\n", "(nil)\n", ""},
		{"string", "$3\r\na\"\n\r\n", "\"a\\\"\\n\"\n", "a\"\n"},
		{"empty array", "*0\r\n", "(empty array)\n", ""},
		{"empty map", "%0\r\n", "(empty hash)\n", ""},
		{"empty set", "~0\r\n", "(empty set)\n", ""},
		{"double", ",2.5\r\n", "(double) 2.5\n", "2.5"},
		{"true", "#t\r\n", "(true)\n", "(true)"},
		{"false", "#f\r\n", "(false)\n", "(false)"},
		{"verbatim", "=7\r\ntxt:a\nb\r\n", "a\nb\n", "a\nb"},
		{"nested", "*2\r\n:1\r\n*2\r\n:2\r\n*0\r\n", "1) (integer) 1\n2) 1) (integer) 2\n   2) (empty array)\n", "1\n2\n"},
		{"map", "%2\r\n$1\r\na\r\n~2\r\n+x\r\n+y\r\n$1\r\nb\r\n_\r\n",
			"1# \"a\" => \n   1~ x\n   2~ y\n2# \"b\" => (nil)\n", "a x\ny\nb "},
	} {
		t.Run(row.name, func(t *testing.T) {
			v, n, err := resp.ReadReply([]byte(row.wire))
			require.NoError(t, err)
			require.Len(t, row.wire, n)
			require.Equal(t, row.tty, Format(v))
			require.Equal(t, row.raw, FormatRaw(v))
		})
	}
}

func TestNumbersOfALongListAreAligned(t *testing.T) {
	v := resp.Value{Kind: resp.KindArray}
	for range 10 {
		v.List = append(v.List, resp.Value{Kind: resp.KindArray, List: []resp.Value{{Kind: resp.KindStatus, Text: "a"}, {Kind: resp.KindStatus, Text: "b"}}})
	}
	text := Format(v)
	require.Contains(t, text, " 9) 1) a\n    2) b\n10) 1) a\n    2) b\n")
}

func TestQuotedTextIsReadBack(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	words, ok := resp.SplitLine(nil, []byte(Quote(string(all))))
	require.True(t, ok)
	require.Len(t, words, 1)
	require.Equal(t, all, words[0])
}
