package resp_test

import (
	"bytes"
	"runtime"
	"strings"
	"testing"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// feed hands input to a guard in pieces of the given size and returns the commands it found, and
// the error it ended with.
func feed(g *resp.Guard, input []byte, piece int) (commands [][]string, err error) {
	for len(input) > 0 {
		n := min(piece, len(input))
		n = copy(g.Room(), input[:n])
		g.Received(n)
		input = input[n:]
		for {
			words, ok, err := g.Next(nil)
			if err != nil {
				return commands, err
			}
			if !ok {
				break
			}
			commands = append(commands, texts(words))
		}
		g.Release()
	}
	return commands, nil
}

func texts(words [][]byte) []string {
	out := make([]string, len(words))
	for i, w := range words {
		out[i] = string(w)
	}
	return out
}

func TestLengthsThatKillRedconAreRefused(t *testing.T) {
	for input, want := range map[string]string{
		"*1\r\n$9223372036854775807\r\n": resp.ErrBulkLength,
		"*9223372036854775807\r\n":       resp.ErrMultibulkLength,
	} {
		commands, err := feed(new(resp.Guard), []byte(input), len(input))
		require.EqualError(t, err, want)
		require.Empty(t, commands)
	}
}

const ping = "*1\r\n$4\r\nPING\r\n"

// requests are inputs with the commands Redis 7.0.15 executes and the error it closes with.
var requests = []struct {
	name     string
	input    string
	stranger bool
	commands [][]string
	err      string
}{
	{name: "A1 empty line", input: "\r\nPING\r\n", commands: [][]string{{}, {"PING"}}},
	{name: "A2 no words", input: "*0\r\nPING\r\n", commands: [][]string{{"PING"}}},
	{name: "A3 absent", input: "*-1\r\nPING\r\n", commands: [][]string{{"PING"}}},
	{name: "A4 negative", input: "*-10\r\nPING\r\n", commands: [][]string{{"PING"}}},
	{name: "A5 more than an int", input: "*3000000000\r\n", err: resp.ErrMultibulkLength},
	{name: "A6 largest", input: "*9223372036854775807\r\n", err: resp.ErrMultibulkLength},
	{name: "A7 beyond 64 bits", input: "*18446744073709551617\r\n", err: resp.ErrMultibulkLength},
	{name: "A8 letters", input: "*abc\r\n", err: resp.ErrMultibulkLength},
	{name: "A9 plus", input: "*+1\r\n", err: resp.ErrMultibulkLength},
	{name: "A10 leading zero", input: "*01\r\n", err: resp.ErrMultibulkLength},
	{name: "A11 space", input: "* 1\r\n", err: resp.ErrMultibulkLength},
	{name: "A12 what 7.0 would wait for", input: "*2147483647\r\n", err: resp.ErrMultibulkLength},
	{name: "A12 one above", input: "*1048577\r\n", err: resp.ErrMultibulkLength},
	{name: "A12 the most", input: "*1048576\r\n"},
	{name: "A13 no CR", input: "*1\n$4\nPING\n"},
	{name: "A14 largest word", input: "*1\r\n$9223372036854775807\r\n", err: resp.ErrBulkLength},
	{name: "A15 one byte too long", input: "*1\r\n$536870913\r\n", err: resp.ErrBulkLength},
	{name: "A15 the longest", input: "*1\r\n$536870912\r\n"},
	{name: "A16 absent word", input: "*1\r\n$-1\r\n", err: resp.ErrBulkLength},
	{name: "A17 negative word", input: "*1\r\n$-10\r\n", err: resp.ErrBulkLength},
	{name: "A18 letters for a length", input: "*1\r\n$blabla\r\n", err: resp.ErrBulkLength},
	{name: "A19 empty word", input: "*1\r\n$0\r\n\r\n", commands: [][]string{{""}}},
	{name: "A20 no dollar", input: "*1\r\nfoo\r\n", err: "ERR Protocol error: expected '$', got 'f'"},
	{name: "A20 no dollar and no end", input: "*1\r\nfoo"},
	{name: "A20 CR", input: "*1\r\n\r\n", err: "ERR Protocol error: expected '$', got '\r'"},
	{name: "A21 unchecked end", input: "*1\r\n$4\r\nPINGXX" + ping, commands: [][]string{{"PING"}, {"PING"}}},
	{name: "A21 unchecked LF", input: "*1\rX$4\rYPINGZZ", commands: [][]string{{"PING"}}},
	{name: "A22 NUL line", input: "\x00\r\nPING\r\n"},
	{name: "A22 NUL count", input: "*\x00\r\n" + ping},
	{name: "A22 NUL dollar", input: "*1\r\n\x00\r\n" + ping},
	{name: "A22 NUL for a dollar", input: "*1\r\n\x004\r\n" + ping},
	{name: "A22 NUL size", input: "*1\r\n$\x00\r\n" + ping},
	{name: "A22 NUL before the end", input: "PING\r\nPING\x00\r\n", commands: [][]string{{"PING"}}},
	{name: "A22 NUL line and many bytes", input: "\x00\r\n" + strings.Repeat("A", 70_000), err: resp.ErrBigInline},
	{name: "A22 NUL count and many bytes", input: "*\x00\r\n" + strings.Repeat("A", 70_000), err: resp.ErrBigMultibulk},
	{name: "A22 NUL size and many bytes", input: "*1\r\n$\x00\r\n" + strings.Repeat("A", 70_000), err: resp.ErrBigBulk},
	{name: "A23 endless line", input: strings.Repeat("A", 70_000), err: resp.ErrBigInline},
	{name: "A24 endless count", input: "*" + strings.Repeat("1", 70_000), err: resp.ErrBigMultibulk},
	{name: "A25 endless size", input: "*1\r\n$" + strings.Repeat("1", 70_000), err: resp.ErrBigBulk},
	{name: "A26 quote after quote", input: "set \"\"\"test-key\"\"\" v\r\n", err: resp.ErrUnbalancedQuotes},
	{name: "A27 open quote", input: "set 'abc\r\n", err: resp.ErrUnbalancedQuotes},
	{name: "A28 escapes", input: `echo "\x41\n"` + "\r\n", commands: [][]string{{"echo", "A\n"}}},
	{name: "A29 spaces", input: "    \r\nPING\r\n", commands: [][]string{{"PING"}}},
	{name: "A34 RESP3 in a request", input: "~1\r\n$4\r\nPING\r\n", commands: [][]string{{"~1"}, {"$4"}, {"PING"}}},
	{name: "A35 stranger with ten", input: "*10\r\n", stranger: true},
	{name: "A35 stranger with eleven", input: "*11\r\n", stranger: true, err: resp.ErrUnauthMultibulk},
	{name: "A36 stranger's longest", input: "*1\r\n$16384\r\n", stranger: true},
	{name: "A36 stranger's too long", input: "*1\r\n$16385\r\n", stranger: true, err: resp.ErrUnauthBulk},
	{name: "longest line", input: strings.Repeat("A", 65_536) + "\n", commands: [][]string{{strings.Repeat("A", 65_536)}}},
	{name: "bare LF", input: "PING\nPING\n", commands: [][]string{{"PING"}, {"PING"}}},
	{name: "half a word", input: "*2\r\n$4\r\nECHO\r\n$3\r\nab"},
	{name: "binary", input: "*2\r\n$4\r\nECHO\r\n$4\r\n\r\n\x00\xff\r\n", commands: [][]string{{"ECHO", "\r\n\x00\xff"}}},
}

func TestRequestsAreReadAsRedisReadsThem(t *testing.T) {
	for _, tt := range requests {
		t.Run(tt.name, func(t *testing.T) {
			for _, piece := range []int{1, 2, 3, 7, 1000, 1 << 20} {
				if piece < 3 && len(tt.input) > 100 {
					continue
				}
				commands, err := feed(&resp.Guard{Stranger: tt.stranger}, []byte(tt.input), piece)
				if tt.err == "" {
					require.NoError(t, err, "pieces of %d", piece)
				} else {
					require.EqualError(t, err, tt.err, "pieces of %d", piece)
				}
				require.Equal(t, tt.commands, commands, "pieces of %d", piece)
			}
		})
	}
}

func TestMegabyteBytewiseIsReadOnce(t *testing.T) {
	value := strings.Repeat("v", 1<<20)
	input := resp.AppendWords(nil, "SET", "k", value)
	commands, err := feed(new(resp.Guard), input, 1)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"SET", "k", value}}, commands)
}

func TestFullQueryBufferIsRefused(t *testing.T) {
	g := resp.Guard{Limits: resp.Limits{MaxBuffer: 5000}}
	_, err := feed(&g, append([]byte("*1\r\n$100000\r\n"), make([]byte, 8000)...), 1000)
	require.ErrorIs(t, err, resp.ErrBufferFull)
}

// allocated returns the bytes f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestMemoryFollowsWhatWasReceived(t *testing.T) {
	tests := []struct {
		name  string
		input []byte
		times uint64 // the bound, in units of what was received
	}{
		{"announced words", []byte("*1048576\r\n"), 4},
		{"announced bytes", []byte("*1\r\n$536870912\r\n"), 4},
		{"a large word", resp.AppendWords(nil, "SET", "k", strings.Repeat("v", 4<<20)), 4},
		// A word of no bytes takes 6 on the wire and a slice of 24 here, once for redcon and once
		// for the caller, who keeps the room.
		{"a million empty words", append([]byte("*1048576\r\n"), bytes.Repeat([]byte("$0\r\n\r\n"), 1<<20)...), 12},
		{"a hundred thousand small ones", bytes.Repeat([]byte(ping), 100_000), 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var g resp.Guard
			var words [][]byte
			got := allocated(func() {
				for rest := tt.input; len(rest) > 0; {
					n := copy(g.Room(), rest[:min(len(rest), 16<<10)])
					g.Received(n)
					rest = rest[n:]
					for ok := true; ok; {
						var err error
						words, ok, err = g.Next(words[:0])
						require.NoError(t, err)
					}
					g.Release()
				}
			})
			require.LessOrEqual(t, got, tt.times*uint64(len(tt.input))+64<<10)
		})
	}
}

func TestWordsStayWhileMoreIsRead(t *testing.T) {
	var g resp.Guard
	g.Received(copy(g.Room(), ping))
	words, ok, err := g.Next(nil)
	require.NoError(t, err)
	require.True(t, ok)
	for range 100 {
		room := g.Room()
		for i := range room {
			room[i] = 'x'
		}
		g.Received(len(room) / 2)
	}
	require.Equal(t, []string{"PING"}, texts(words))
}

func TestIdleBufferIsLetGo(t *testing.T) {
	var g resp.Guard
	_, err := feed(&g, resp.AppendWords(nil, "SET", "k", strings.Repeat("v", 1<<20)), 1<<14)
	require.NoError(t, err)
	require.Zero(t, g.Buffered())
	require.LessOrEqual(t, len(g.Room()), 64<<10)
}

func BenchmarkGuard(b *testing.B) {
	input := bytes.Repeat(resp.AppendWords(nil, "SET", "key:000000123456", "xxxxxxxxxxxxxxxx"), 64)
	var g resp.Guard
	var words [][]byte
	b.SetBytes(int64(len(input)))
	b.ReportAllocs()
	for b.Loop() {
		g.Received(copy(g.Room(), input))
		for ok := true; ok; {
			words, ok, _ = g.Next(words[:0])
		}
		g.Release()
	}
}

func TestALargeWordIsAnnounced(t *testing.T) {
	var g resp.Guard
	feed := func(text string, want int) {
		t.Helper()
		g.Feed([]byte(text))
		_, _, err := g.Next(nil)
		require.NoError(t, err)
		require.Equal(t, want, g.Announced())
	}
	feed("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n", 0)
	feed("$40000\r\n", 40002)
	feed(strings.Repeat("v", 40000), 2)
	feed("\r\n", 0)
	feed("*1\r\n$32767\r\nv", 0)
}
