package resp_test

import (
	"testing"

	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

func TestStreamIsCountedToTheByte(t *testing.T) {
	stream := "\n" + ping + "*0\r\n" + ping + "\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$2\r\nvv\r\n"
	for piece := 1; piece <= len(stream); piece++ {
		var p resp.Parser
		var counted string
		var commands [][]string
		for rest := stream; len(rest) > 0; {
			n := min(piece, len(rest))
			p.Feed([]byte(rest[:n]))
			rest = rest[n:]
			for {
				args, raw, err := p.Next()
				require.NoError(t, err)
				if len(raw) == 0 {
					break
				}
				counted += string(raw)
				if len(args) > 0 {
					commands = append(commands, texts(args))
				}
			}
			require.Equal(t, stream[:len(stream)-len(rest)], counted+stream[len(counted):len(counted)+p.Buffered()])
		}
		require.Equal(t, stream, counted)
		require.Equal(t, [][]string{{"PING"}, {"PING"}, {"SET", "k", "vv"}}, commands)
	}
}

func TestMasterThatTypesLinesIsOutOfStep(t *testing.T) {
	var p resp.Parser
	p.Feed([]byte("SET k v\r\n"))
	_, _, err := p.Next()
	require.EqualError(t, err, resp.ErrMasterInline)
}

func TestResetForgetsTheStream(t *testing.T) {
	var p resp.Parser
	p.Feed([]byte("*2\r\n$3\r\nGE"))
	_, raw, err := p.Next()
	require.NoError(t, err)
	require.Empty(t, raw)
	p.Reset()
	require.Zero(t, p.Buffered())
	p.Feed([]byte(ping))
	args, raw, err := p.Next()
	require.NoError(t, err)
	require.Equal(t, ping, string(raw))
	require.Equal(t, []string{"PING"}, texts(args))
}
