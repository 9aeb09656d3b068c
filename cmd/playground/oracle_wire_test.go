package main_test

import (
	"fmt"
	"io"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	spoiling "clusterplay/node/hostile"
	"clusterplay/node/resp"
)

// spoiltEach is how many spoilt copies of each good piece of a conversation are said to both.
const spoiltEach = 2000

// conversations are good, and use what a request may look like: arrays, lines, quotes, nothing at all.
func conversations() [][]byte {
	pipeline := resp.AppendWords(resp.AppendWords(resp.AppendWords(nil, "SET", "key", "two\r\nlines"), "GET", "key"), "STRLEN", "key")
	return [][]byte{
		pipeline,
		append(pipeline[:len(pipeline):len(pipeline)], "echo \"a\\x41\\n\" 'b\\'c'\r\nPING\r\n*0\r\n*-1\r\nget key\n\r\nPING\r\n"...),
		resp.AppendWords(resp.AppendWords(nil, "MSET", "a", "", "b", "\x00\xff"), "MGET", "a", "b", "none"),
		[]byte("set 'a key' \"\\xff\\t\"\r\nappend \"a key\" x\ngetrange 'a key' 0 -1\r\n"),
		resp.AppendWords(resp.AppendWords(resp.AppendWords(nil, "MULTI"), "LPUSH", "list", "1"), "EXEC"),
	}
}

// TestTenThousandSpoiltRequestsAreAnsweredAsByRedis says bytes that are no good to redis-server and to
// ours. Both answer the same bytes, until both close.
func TestTenThousandSpoiltRequestsAreAnsweredAsByRedis(t *testing.T) {
	t.Parallel()
	ours, real := startOwn(t, 0, map[string]string{"save": ""}), startForeign(t).port
	said := 0
	for i, good := range conversations() {
		for j, spoilt := range spoiling.Variants(good, spoiltEach) {
			want, err := real.tell(spoilt)
			require.NoError(t, err, "redis-server, %q", spoilt)
			got, err := ours.tell(spoilt)
			require.NoError(t, err, "ours, %q", spoilt)
			require.Equal(t, string(want), string(got), "conversation %d, copy %d: %q", i, j, spoilt)
			said++
		}
	}
	require.GreaterOrEqual(t, said, 10_000)
	require.Equal(t, real.text("DBSIZE"), ours.text("DBSIZE"))
}

// tell sends bytes and nothing after them, and reads until the server closes.
func (p port) tell(what []byte) ([]byte, error) {
	conn, err := net.Dial("tcp", p.addr())
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	_ = conn.SetDeadline(time.Now().Add(30 * time.Second))
	if _, err := conn.Write(what); err != nil {
		return nil, fmt.Errorf("send: %w", err)
	}
	if err := conn.(*net.TCPConn).CloseWrite(); err != nil {
		return nil, fmt.Errorf("end: %w", err)
	}
	return io.ReadAll(conn)
}
