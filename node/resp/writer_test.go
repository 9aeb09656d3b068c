package resp_test

import (
	"math"
	"strings"
	"testing"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

func TestWriterSpeaksBothProtocols(t *testing.T) {
	tests := []struct {
		name   string
		write  func(w *resp.Writer)
		v2, v3 string
	}{
		{"status", func(w *resp.Writer) { w.Status("QUEUED") }, "+QUEUED\r\n", "+QUEUED\r\n"},
		{"ok", func(w *resp.Writer) { w.OK() }, "+OK\r\n", "+OK\r\n"},
		{"error", func(w *resp.Writer) { w.Error("ERR a\r\nb\r\n") }, "-ERR a  b\r\n", "-ERR a  b\r\n"},
		{"digit", func(w *resp.Writer) { w.Int(7) }, ":7\r\n", ":7\r\n"},
		{"int", func(w *resp.Writer) { w.Int(math.MinInt64) }, ":-9223372036854775808\r\n", ":-9223372036854775808\r\n"},
		{"bulk", func(w *resp.Writer) { w.Bulk([]byte("a\r\nb")) }, "$4\r\na\r\nb\r\n", "$4\r\na\r\nb\r\n"},
		{"bulk string", func(w *resp.Writer) { w.BulkString("0123456789") }, "$10\r\n0123456789\r\n", "$10\r\n0123456789\r\n"},
		{"bulk int", func(w *resp.Writer) { w.BulkInt(-5) }, "$2\r\n-5\r\n", "$2\r\n-5\r\n"},
		{"null", func(w *resp.Writer) { w.Null() }, "$-1\r\n", "_\r\n"},
		{"null array", func(w *resp.Writer) { w.NullArray() }, "*-1\r\n", "_\r\n"},
		{"array", func(w *resp.Writer) { w.Array(12) }, "*12\r\n", "*12\r\n"},
		{"map", func(w *resp.Writer) { w.Map(2) }, "*4\r\n", "%2\r\n"},
		{"set", func(w *resp.Writer) { w.Set(2) }, "*2\r\n", "~2\r\n"},
		{"push", func(w *resp.Writer) { w.Push(3) }, "*3\r\n", ">3\r\n"},
		{"double", func(w *resp.Writer) { w.Double(3.3) }, "$18\r\n3.2999999999999998\r\n", ",3.2999999999999998\r\n"},
		{"infinity", func(w *resp.Writer) { w.Double(math.Inf(-1)) }, "$4\r\n-inf\r\n", ",-inf\r\n"},
		{"true", func(w *resp.Writer) { w.Bool(true) }, ":1\r\n", "#t\r\n"},
		{"false", func(w *resp.Writer) { w.Bool(false) }, ":0\r\n", "#f\r\n"},
		{"verbatim", func(w *resp.Writer) { w.Verbatim("txt", "hi") }, "$2\r\nhi\r\n", "=6\r\ntxt:hi\r\n"},
		{"big number", func(w *resp.Writer) { w.BigNumber("12") }, "$2\r\n12\r\n", "(12\r\n"},
		{"command", func(w *resp.Writer) { w.Command([]byte("GET"), []byte("k")) }, "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n", "*2\r\n$3\r\nGET\r\n$1\r\nk\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for proto, want := range map[int]string{0: tt.v2, 2: tt.v2, 3: tt.v3} {
				w := resp.Writer{Proto: proto}
				tt.write(&w)
				require.Equal(t, want, string(w.Buf), "protocol %d", proto)
			}
		})
	}
}

// The texts are what ZSCORE of a 7.0.15 server answers for these scores.
func TestDoublesHaveSeventeenDigits(t *testing.T) {
	tests := []struct {
		f    float64
		want string
	}{
		{0, "0"}, {math.Copysign(0, -1), "-0"}, {1, "1"}, {-2.5, "-2.5"}, {3.3, "3.2999999999999998"},
		{0.1, "0.10000000000000001"}, {1e15, "1000000000000000"}, {1e16, "10000000000000000"}, {1e17, "1e+17"},
		{1.5e300, "1.5000000000000001e+300"}, {1e-4, "0.0001"}, {1e-5, "1.0000000000000001e-05"}, {123456789.125, "123456789.125"},
		{math.MaxFloat64, "1.7976931348623157e+308"}, {5e-324, "4.9406564584124654e-324"},
		{math.Inf(1), "inf"}, {math.Inf(-1), "-inf"}, {math.NaN(), "nan"},
	}
	for _, tt := range tests {
		t.Run(tt.want, func(t *testing.T) { require.Equal(t, tt.want, resp.FormatDouble(tt.f)) })
	}
}

func TestErrorTextsAreRedisWords(t *testing.T) {
	long := strings.Repeat("x", 200)
	tests := []struct{ name, got, want string }{
		{"arity", resp.WrongArgs("ping"), "ERR wrong number of arguments for 'ping' command"},
		{"expire", resp.InvalidExpire("set"), "ERR invalid expire time in 'set' command"},
		{"subcommand", resp.UnknownSubcommand("config", "FOO"), "ERR unknown subcommand 'FOO'. Try CONFIG HELP."},
		{"command", resp.UnknownCommand([][]byte{[]byte("FOO"), []byte("a"), []byte("b")}),
			"ERR unknown command 'FOO', with args beginning with: 'a' 'b' "},
		{"no room for all", resp.UnknownCommand([][]byte{[]byte("FOO"), []byte(long[:100]), []byte("0123456789012345678901234567890")}),
			"ERR unknown command 'FOO', with args beginning with: '" + long[:100] + "' '0123456789012345678901234' "},
		{"a NUL ends a word", resp.UnknownCommand([][]byte{[]byte("F\x00O"), []byte("a\x00b")}), "ERR unknown command 'F', with args beginning with: 'a' "},
		{"no name", resp.UnknownCommand([][]byte{{}}), "ERR unknown command '', with args beginning with: "},
		{"long name", resp.UnknownCommand([][]byte{[]byte(long)}),
			"ERR unknown command '" + long[:128] + "', with args beginning with: "},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, tt.got) })
	}
}
