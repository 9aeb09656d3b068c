package alone

import (
	"io"
	"net"
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
