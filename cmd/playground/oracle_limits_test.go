package main_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground/wire"
)

// TestOutputLimitsCloseWhomRedisCloses sets client-output-buffer-limit on both and asks for more.
func TestOutputLimitsCloseWhomRedisCloses(t *testing.T) {
	servers := map[string]port{"ours": startOwn(t, 0, map[string]string{"save": ""}), "redis": startForeign(t).port}
	value := strings.Repeat("x", 4<<20)
	for name, p := range servers {
		t.Run(name, func(t *testing.T) {
			p.do(t, "SET", "large", value)
			p.do(t, "SET", "small", value[:8<<10])
			limit := func(text string) { p.do(t, "CONFIG", "SET", "client-output-buffer-limit", text) }

			limit("normal 1mb 0 0")
			_, err := p.try("GET", "large")
			require.Error(t, err, "one reply above the hard limit")
			require.Len(t, p.do(t, "GET", "small").Text, 8<<10)
			limit("normal 1 1 1")
			require.Len(t, p.do(t, "GET", "small").Text, 8<<10, "what fits into the first buffer does not count")
			limit("normal 0 0 0")
			require.Len(t, p.do(t, "GET", "large").Text, len(value))

			limit("pubsub 1mb 0 0")
			listen(t, p, "hard")
			require.EqualValues(t, 1, p.do(t, "PUBLISH", "hard", value[:1<<19]).Int)
			require.EqualValues(t, 1, p.do(t, "PUBLISH", "hard", value).Int)
			eventually(t, "the listener is gone", func() bool { return p.do(t, "PUBSUB", "NUMSUB", "hard").List[1].Int == 0 })

			limit("pubsub 0 1mb 1")
			listen(t, p, "soft")
			began := time.Now()
			for range 2 { // the system's own buffers take some of it
				require.EqualValues(t, 1, p.do(t, "PUBLISH", "soft", value).Int)
			}
			eventually(t, "the listener who does not read is gone", func() bool { return p.do(t, "PUBLISH", "soft", "x").Int == 0 })
			require.GreaterOrEqual(t, time.Since(began), 900*time.Millisecond, "a second above the soft limit is forgiven")
		})
	}
}

// listen subscribes and never reads again.
func listen(t *testing.T, p port, channel string) {
	t.Helper()
	conn, err := wire.Dial(t.Context(), p.addr())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = conn.Do(context.Background(), "SUBSCRIBE", channel)
	require.NoError(t, err)
}
