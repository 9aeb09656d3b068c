package server

import (
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// conversations are what several clients say in turn, some of whom wait; "a> words" is a line of a.
var streamConversations = map[string]string{
	"a reader who waits gets what comes, and only that": `
x> XADD s 1-1 f old
a> XREAD BLOCK 0 STREAMS s $
b> XREAD BLOCK 0 COUNT 1 STREAMS other s 0 1-1
c> XREAD BLOCK 0 STREAMS s 5-0
x> XADD s 2-0 f v g 12
x> XADD s 5-0 f w
x> XADD s 5-1 f x
a> XREAD BLOCK 0 STREAMS s 9
x> XREAD BLOCK 1000 STREAMS s 4
`,
	"RESP3 has maps": `
a> HELLO 3
a> XREAD BLOCK 0 STREAMS s $
x> HELLO 3
x> XADD s 1-1 f v
x> XREAD STREAMS s s 0 0
x> XREAD STREAMS s 7
x> XREADGROUP GROUP g c STREAMS s >
`,
	"a reader wakes for what is there at the end of a transaction": `
a> XREAD BLOCK 0 STREAMS s 0
x> MULTI
x> XADD s 1-1 f v
x> XDEL s 1-1
x> EXEC
a> PING
b> XREAD BLOCK 0 STREAMS s $
x> MULTI
x> XADD s 2-1 f v
x> DEL s
x> EXEC
x> MULTI
x> XADD s 3-1 f v
x> DEL s
x> LPUSH s element
x> EXEC
x> DEL s
x> XADD s 4-1 f v
`,
	"one stream named twice": `
a> XREAD BLOCK 0 STREAMS s s 0 5
x> XADD s 1-1 f v
`,
	"consumers are served in turn": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
b> XREADGROUP GROUP g bob BLOCK 0 COUNT 1 NOACK STREAMS s >
x> XADD s 1-1 f v
x> XADD s 2-1 f w
x> XPENDING s g
x> XINFO GROUPS s
x> XACK s g 1-1 2-1
`,
	"a transaction of two entries serves one consumer with both": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
b> XREADGROUP GROUP g bob BLOCK 0 STREAMS s >
x> MULTI
x> XADD s 1-1 f v
x> XADD s 2-1 f w
x> EXEC
x> XPENDING s g
x> DEL s
`,
	"consumers hear that their group is gone": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
b> XREAD BLOCK 0 STREAMS s $
x> XGROUP DESTROY s g
x> XADD s 1-1 f v
`,
	"consumers hear that their stream is gone": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
b> XREAD BLOCK 0 STREAMS s $
x> DEL s
x> XADD s 1-1 f v
`,
	"... or another value": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
x> SET s text
`,
	"... or renamed": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
x> RENAME s t
x> XGROUP CREATE s h $ MKSTREAM
b> XREADGROUP GROUP g bob BLOCK 0 STREAMS t >
x> RENAME s t
`,
	"... or flushed": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
x> FLUSHALL
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
x> FLUSHDB
`,
	"... or swapped": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
b> SELECT 9
b> SWAPDB 0 9
x> XGROUP CREATE s h $ MKSTREAM
a> XREADGROUP GROUP h alice BLOCK 0 STREAMS s >
b> SWAPDB 0 9
`,
	"... or replaced in a transaction": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
x> MULTI
x> DEL s
x> SADD s member
x> EXEC
`,
	"... or restored": `
x> XADD t 5-5 f v
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
x> COPY t s REPLACE
`,
	"a stream that is made wakes readers": `
a> XREAD BLOCK 0 STREAMS s 0
x> XADD t 5-5 f v
x> RENAME t s
b> XREAD BLOCK 0 STREAMS u 0
x> COPY s u
`,
	"nobody waits in a transaction": `
x> MULTI
x> XREAD BLOCK 0 STREAMS s $
x> XGROUP CREATE s g $ MKSTREAM
x> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
x> EXEC
`,
	"WATCH sees entries and does not see groups": `
x> XADD s 1-1 f v
a> WATCH s
x> XGROUP CREATE s g 0
x> XREADGROUP GROUP g alice STREAMS s >
x> XACK s g 1-1
x> XSETID s 9-9
x> XGROUP DESTROY s g
a> MULTI
a> PING
a> EXEC
a> WATCH s
x> XDEL s 1-1
a> MULTI
a> PING
a> EXEC
`,
	"what is counted": `
x> XGROUP CREATE s g $ MKSTREAM
a> XREADGROUP GROUP g alice BLOCK 0 STREAMS s >
x> XADD s 1-1 f v
x> XREAD STREAMS s none 0 0
x> XACK s g 1-1
x> XCLAIM s g bob 0 1-1
x> XINFO STREAM s
x> XADD s 1-1 f v
`,
}

func TestStreamConversationsAreThoseOfRedis(t *testing.T) {
	for _, name := range slices.Sorted(maps.Keys(streamConversations)) {
		t.Run(name, func(t *testing.T) {
			redis, ours := startReal(t), newDriver(t)
			converse(t, redis, ours, streamConversations[name])
			for _, sub := range []string{"keyspace_hits", "keyspace_misses", "total_error_replies"} {
				require.Equal(t, lineOf(redis.call("INFO", "stats"), sub), lineOf(ours.call("inspector", "INFO", "stats"), sub))
			}
			for _, cmd := range []string{"xreadgroup", "xread", "xadd"} {
				require.Equal(t, counts(redis.call("INFO", "commandstats"), cmd), counts(ours.call("inspector", "INFO", "commandstats"), cmd))
			}
			require.Equal(t, redis.call("DEBUG", "DIGEST"), ours.call("inspector", "DEBUG", "DIGEST"))
		})
	}
}

// lineOf is the line of an INFO reply that begins with name.
func lineOf(text, name string) string {
	for _, line := range strings.Split(text, "|") {
		if strings.HasPrefix(line, name+":") {
			return line
		}
	}
	return ""
}

// counts are the numbers of calls, refusals and failures of a command.
func counts(text, command string) (out []string) {
	for _, field := range strings.Split(lineOf(text, "cmdstat_"+command), ",") {
		if !strings.Contains(field, "usec") {
			out = append(out, field)
		}
	}
	return out
}

// converse runs a conversation on both servers and compares what each client hears after each line:
// as many replies as ours has given are read from the real server.
func converse(t *testing.T, redis *realServer, ours *driver, script string) {
	t.Helper()
	real := map[string]*realServer{}
	for line := range strings.Lines(strings.TrimSpace(script)) {
		name, command, _ := strings.Cut(strings.TrimSpace(line), "> ")
		if real[name] == nil {
			real[name] = redis.another()
		}
		said := split(command)
		real[name].say(said...)
		heard := map[string]string{}
		if text := ours.call(name, said...); text != "" {
			heard[name] = text
		}
		for other := range real {
			if text := ours.heard(other); other != name && text != "" {
				heard[other] = text
			}
		}
		for _, who := range slices.Sorted(maps.Keys(heard)) {
			want, got := real[who].hear(repliesIn(t, heard[who])), heard[who]
			require.Equal(t, clientID.ReplaceAllString(want, ""), clientID.ReplaceAllString(got, ""), "%s hears after %s", who, line)
		}
		waiting := lineOf(ours.call("inspector", "INFO", "clients"), "blocked_clients")
		require.Eventually(t, func() bool { return lineOf(redis.call("INFO", "clients"), "blocked_clients") == waiting },
			patience, time.Millisecond, "as many wait after %s", line)
	}
}

// clientID is what HELLO tells differently on the two servers.
var clientID = regexp.MustCompile(`\$2\|id\|:\d+\|`)

func repliesIn(t *testing.T, text string) (n int) {
	for b := []byte(strings.ReplaceAll(text, "|", "\r\n")); len(b) > 0; n++ {
		_, size, err := resp.ReadReply(b)
		require.NoError(t, err)
		require.NotZero(t, size, "half a reply: %s", text)
		b = b[size:]
	}
	return n
}

// another is another client of the same server.
func (r *realServer) another() *realServer {
	conn, err := net.DialTimeout("tcp", fmt.Sprintf("127.0.0.1:%d", r.port), patience)
	require.NoError(r.t, err)
	r.t.Cleanup(func() { _ = conn.Close() })
	return &realServer{t: r.t, conn: conn, port: r.port}
}

func (r *realServer) say(words ...string) {
	_, err := r.conn.Write(resp.AppendWords(nil, words...))
	require.NoError(r.t, err)
}

// hear reads n replies.
func (r *realServer) hear(n int) string {
	var out strings.Builder
	require.NoError(r.t, r.conn.SetReadDeadline(time.Now().Add(patience)))
	buf := make([]byte, 64<<10)
	for n > 0 {
		_, size, err := resp.ReadReply(r.in)
		require.NoError(r.t, err)
		if size > 0 {
			out.WriteString(strings.ReplaceAll(string(r.in[:size]), "\r\n", "|"))
			r.in = r.in[size:]
			n--
			continue
		}
		got, err := r.conn.Read(buf)
		require.NoError(r.t, err)
		r.in = append(r.in, buf[:got]...)
	}
	return out.String()
}
