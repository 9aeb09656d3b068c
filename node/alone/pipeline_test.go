package alone

import (
	"io"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

// TestAPipelineThatWaitedIsAnsweredAsAWhole has a server asleep while a pipeline arrives whose replies are more than may
// wait for its client: as in Redis, that gets none of them.
func TestAPipelineThatWaitedIsAnsweredAsAWhole(t *testing.T) {
	for _, limit := range []string{"0", "100000"} {
		s := serve(t, "enable-debug-command yes\nclient-output-buffer-limit normal "+limit+" 0 0\n")
		require.Equal(t, "OK", s.ask("SET", "large", strings.Repeat("x", 50_000)))
		var conns [2]net.Conn
		for i := range conns {
			conn, err := net.Dial("tcp", s.addr)
			require.NoError(t, err)
			defer conn.Close()
			require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
			conns[i] = conn
		}
		_, err := conns[0].Write(resp.AppendWords(nil, "DEBUG", "SLEEP", "0.3"))
		require.NoError(t, err)
		pipeline := resp.AppendWords(nil, "SET", "k", "v")
		for range 5 {
			pipeline = resp.AppendWords(pipeline, "GET", "large")
		}
		_, err = conns[1].Write(resp.AppendWords(pipeline, "QUIT"))
		require.NoError(t, err)
		heard, _ := io.ReadAll(conns[1])
		if limit != "0" {
			require.Empty(t, heard)
			continue
		}
		require.Len(t, heard, len("+OK\r\n")+5*len("$50000\r\n\r\n")+5*50_000+len("+OK\r\n"))
	}
}

func TestRoomForRepliesIsKeptWhileAClientAsksForThem(t *testing.T) {
	s := serve(t, "")
	require.Equal(t, "OK", s.ask("SET", "large", strings.Repeat("x", 32<<10)))
	conn, err := net.Dial("tcp", s.addr)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	_, err = conn.Write(resp.AppendWords(nil, "CLIENT", "SETNAME", "reader"))
	require.NoError(t, err)
	_, err = io.CopyN(io.Discard, conn, int64(len("+OK\r\n")))
	require.NoError(t, err)
	rbs := func() string {
		return regexp.MustCompile(`name=reader .* rbs=(\d+) `).FindStringSubmatch(s.ask("CLIENT", "LIST"))[1]
	}
	require.Equal(t, "1024", rbs())
	require.Eventually(t, func() bool { // a look may come when the room has been given up already
		_, err := conn.Write(resp.AppendWords(nil, "GET", "large"))
		require.NoError(t, err)
		_, err = io.CopyN(io.Discard, conn, int64(len("$32768\r\n\r\n")+32<<10))
		require.NoError(t, err)
		return rbs() == "16384"
	}, patience, time.Millisecond)
	require.Eventually(t, func() bool { return rbs() == "1024" }, patience, 10*time.Millisecond)
}
