package wire

import (
	"context"
	"errors"
	"net"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

func TestRedirectsAreRead(t *testing.T) {
	for _, row := range []struct {
		name, text string
		want       Redirect
		ok         bool
	}{
		{"moved", "MOVED 10778 127.0.0.1:7001", Redirect{Slot: 10778, Addr: "127.0.0.1:7001"}, true},
		{"ask", "ASK 5 127.0.0.1:7002", Redirect{Ask: true, Slot: 5, Addr: "127.0.0.1:7002"}, true},
		{"no host means the same host", "MOVED 1 :7001", Redirect{Slot: 1, Addr: "10.0.0.1:7001"}, true},
		{"another error", "ERR no", Redirect{}, false},
		{"no port", "MOVED 1 host", Redirect{}, false},
		{"no slot", "MOVED x host:1", Redirect{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, ok := ParseRedirect(resp.Value{Kind: resp.KindError, Text: row.text}, "10.0.0.1:7000")
			require.Equal(t, row.ok, ok)
			require.Equal(t, row.want, got)
		})
	}
	_, ok := ParseRedirect(resp.Value{Kind: resp.KindStatus, Text: "MOVED 1 a:1"}, "")
	require.False(t, ok, "a value may look like a redirection")
}

func TestCommandsAreWrittenAsMultibulk(t *testing.T) {
	require.Equal(t, "*2\r\n$3\r\nGET\r\n$2\r\na\n\r\n", string(AppendCommand(nil, "GET", "a\n")))
}

func TestAnEndedContextEndsTheWaiting(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	c, err := Dial(context.Background(), l.Addr().String())
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err = c.Do(ctx, "PING")
	require.True(t, errors.Is(err, context.DeadlineExceeded))
}
