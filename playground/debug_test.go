package playground

import (
	"net"
	"strings"
	"testing"
	"time"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// TestALabThatEndsKeepsWhatADebuggerHoldsUp: a node whose data somebody debugs serves nobody, SHUTDOWN neither.
func TestALabThatEndsKeepsWhatADebuggerHoldsUp(t *testing.T) {
	topology := Topology{Mode: Replication, Masters: 1, DataDir: t.TempDir() + "/lab", Port: freePort()}
	l, err := Launch(t.Context(), topology)
	require.NoError(t, err)
	t.Cleanup(l.Close)
	name := nodeNames(l)[0]
	m, err := l.find("node", name)
	require.NoError(t, err)
	conn, err := net.Dial("tcp", m.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(patience)))
	said := func(words ...string) string {
		_, err := conn.Write(resp.AppendWords(nil, words...))
		require.NoError(t, err)
		buf := make([]byte, 4096)
		n, err := conn.Read(buf)
		require.NoError(t, err)
		return string(buf[:n])
	}
	require.Equal(t, "+OK\r\n", said("SET", "k", "before"))
	require.Equal(t, "+OK\r\n", said("SCRIPT", "DEBUG", "SYNC"))
	require.True(t, strings.Contains(said("EVAL", "redis.call('set','k','after')\nreturn 1", "0"), "Stopped at 1"))
	l.Close()

	l, err = Launch(t.Context(), topology)
	require.NoError(t, err)
	t.Cleanup(l.Close)
	m, err = l.find("node", name)
	require.NoError(t, err)
	v, err := m.Call(t.Context(), "GET", "k")
	require.NoError(t, err)
	require.Equal(t, "after", v.Text)
}
