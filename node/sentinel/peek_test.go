package sentinel

import (
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

func TestAPeekIsAnsweredAndNotCounted(t *testing.T) {
	o := askOurs(t, sameConf)
	before := o.do("INFO", "everything").Text
	for _, words := range [][]string{{"INFO", "everything"}, {"CLIENT", "LIST"}, {"SENTINEL", "CKQUORUM", "one"}, {"SENTINEL", "CKQUORUM", "nobody"}} {
		v, n, err := resp.ReadReply(o.s.Peek(o.now, words...))
		require.NoError(t, err)
		require.NotZero(t, n, words)
		require.NotContains(t, v.Text, "127.0.0.1:0", "who peeks is no client")
	}
	require.Equal(t, 1, len(o.s.clients.All))
	require.Contains(t, string(o.s.Peek(o.now, "INFO", "clients")), "connected_clients:1\r\n")
	require.Contains(t, string(o.s.Peek(o.now, "INFO", "stats")), "total_commands_processed:1\r\n")
	require.Contains(t, before, "total_commands_processed:1\r\n")
	require.Empty(t, o.s.BeforeSleep(o.now).Flush)
}

func TestAPeekRunsNothingElse(t *testing.T) {
	o := askOurs(t, sameConf)
	for _, words := range [][]string{{"SENTINEL", "REMOVE", "one"}, {"SHUTDOWN"}, {"CLIENT", "KILL", "TYPE", "normal"}, {"NONSENSE"}, {"SENTINEL", "CKQUORUM"}} {
		require.Nil(t, o.s.Peek(o.now, words...), words)
	}
	require.NotNil(t, o.s.find("one"))
}
