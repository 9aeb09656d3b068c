package resp_test

import (
	"math"
	"strings"
	"testing"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

func text(k resp.Kind, s string) resp.Value { return resp.Value{Kind: k, Text: s} }

func number(n int64) resp.Value { return resp.Value{Kind: resp.KindInt, Int: n} }

func list(k resp.Kind, v ...resp.Value) resp.Value { return resp.Value{Kind: k, List: v} }

var null = resp.Value{Kind: resp.KindNull}

// replies are golden: what is on the wire and what it says.
var replies = []struct {
	name, wire string
	want       resp.Value
}{
	{"status", "+OK\r\n", text(resp.KindStatus, "OK")},
	{"error", "-ERR no such key\r\n", text(resp.KindError, "ERR no such key")},
	{"int", ":-42\r\n", number(-42)},
	{"bulk", "$4\r\na\r\nb\r\n", text(resp.KindBulk, "a\r\nb")},
	{"empty bulk", "$0\r\n\r\n", text(resp.KindBulk, "")},
	{"RESP2 null", "$-1\r\n", null},
	{"RESP2 null array", "*-1\r\n", null},
	{"RESP3 null", "_\r\n", null},
	{"array", "*2\r\n:1\r\n*1\r\n$1\r\nx\r\n", list(resp.KindArray, number(1), list(resp.KindArray, text(resp.KindBulk, "x")))},
	{"empty array", "*0\r\n", resp.Value{Kind: resp.KindArray, List: []resp.Value{}}},
	{"map", "%1\r\n+k\r\n:1\r\n", list(resp.KindMap, text(resp.KindStatus, "k"), number(1))},
	{"set", "~1\r\n:1\r\n", list(resp.KindSet, number(1))},
	{"push", ">2\r\n$7\r\nmessage\r\n:1\r\n", list(resp.KindPush, text(resp.KindBulk, "message"), number(1))},
	{"double", ",3.5\r\n", text(resp.KindDouble, "3.5")},
	{"true", "#t\r\n", resp.Value{Kind: resp.KindBool, Int: 1}},
	{"false", "#f\r\n", resp.Value{Kind: resp.KindBool}},
	{"verbatim", "=6\r\ntxt:hi\r\n", text(resp.KindVerbatim, "hi")},
	{"big number", "(123456789012345678901234567890\r\n", text(resp.KindBigNumber, "123456789012345678901234567890")},
	{"blob error", "!5\r\nERR x\r\n", text(resp.KindBlobError, "ERR x")},
	{"attribute", "|1\r\n+ttl\r\n:3\r\n:7\r\n", number(7)},
}

func TestRepliesAreReadHoweverTheyArrive(t *testing.T) {
	for _, tt := range replies {
		t.Run(tt.name, func(t *testing.T) {
			v, n, err := resp.ReadReply([]byte(tt.wire + "+next\r\n"))
			require.NoError(t, err)
			require.Equal(t, len(tt.wire), n)
			require.Equal(t, tt.want, v)
			var r resp.Replies
			for i := range len(tt.wire) {
				_, n, err := r.Next()
				require.NoError(t, err)
				require.Zero(t, n, "complete before its last byte")
				r.Feed([]byte{tt.wire[i]})
			}
			v, n, err = r.Next()
			require.NoError(t, err)
			require.Equal(t, len(tt.wire), n)
			require.Equal(t, tt.want, v)
			require.Zero(t, r.Buffered())
		})
	}
}

func TestMalformedRepliesAreRefused(t *testing.T) {
	tests := []struct{ name, wire string }{
		{"unknown type", "?1\r\n"},
		{"no CR", ":1\n"},
		{"empty line", "\r\n"},
		{"letters for a number", ":abc\r\n"},
		{"negative size", "$-2\r\n"},
		{"null map", "%-1\r\n"},
		{"size beyond reason", "$536870913\r\n"},
		{"more elements than we hold", "*99999999\r\n"},
		{"no end of text", "$1\r\nabc"},
		{"verbatim without a format", "=1\r\nx\r\n"},
		{"not a boolean", "#x\r\n"},
		{"too deep", strings.Repeat("*1\r\n", resp.MaxReplyDepth+2) + ":1\r\n"},
		{"endless line", "+" + strings.Repeat("x", 2<<20)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, _, err := resp.ReadReply([]byte(tt.wire))
			require.ErrorIs(t, err, resp.ErrBadReply)
		})
	}
}

func TestValueAnswersQuestions(t *testing.T) {
	moved := text(resp.KindError, "MOVED 1 127.0.0.1:7001")
	require.True(t, moved.IsError())
	require.Equal(t, "MOVED", moved.Code())
	require.Empty(t, number(1).Code())
	require.True(t, null.IsNull())
	require.InDelta(t, 3.5, text(resp.KindDouble, "3.5").Float(), 0)
	require.True(t, math.IsNaN(null.Float()))
	require.Equal(t, "-42", number(-42).String())
	m := list(resp.KindMap, text(resp.KindStatus, "k"), number(1))
	v, ok := m.Get("k")
	require.True(t, ok)
	require.Equal(t, number(1), v)
	_, ok = m.Get("other")
	require.False(t, ok)
}

func FuzzReply(f *testing.F) {
	for _, tt := range replies {
		f.Add([]byte(tt.wire), uint8(1))
	}
	f.Fuzz(func(t *testing.T, input []byte, piece uint8) {
		whole, n, err := resp.ReadReply(input)
		require.LessOrEqual(t, n, len(input))
		var r resp.Replies
		var v resp.Value
		m, partErr := 0, error(nil)
		for rest := input; m == 0 && partErr == nil && len(rest) > 0; {
			size := min(int(piece)+1, len(rest))
			r.Feed(rest[:size])
			rest = rest[size:]
			v, m, partErr = r.Next()
		}
		require.Equal(t, err, partErr)
		if err == nil {
			require.Equal(t, n, m)
			require.Equal(t, whole, v)
		}
	})
}
