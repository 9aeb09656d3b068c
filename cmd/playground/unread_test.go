package main_test

import (
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	unreaders   = 200    // clients that ask and never read
	unreadEach  = 10_000 // replies that each of them asks for
	unreadValue = 1 << 20
)

// unreadMemory is what such a client may cost the program, in KiB: one reply that waits, and as much
// again that the collector of garbage has not seen to.
const unreadMemory = 3 * unreadValue >> 10

// TestClientsThatNeverReadCostLittleAndHoldUpNobody has two hundred clients ask for ten GB each.
func TestClientsThatNeverReadCostLittleAndHoldUpNobody(t *testing.T) {
	p := start(t)
	asked := port(p.ports()[0])
	require.Equal(t, "OK", asked.text("SET", "b", strings.Repeat("x", unreadValue))) // the first master's
	quick, before := pings(t, asked), p.forgetPeak(t)
	ask := []byte(strings.Repeat("GET b\r\n", unreadEach))
	for range unreaders {
		conn, err := net.Dial("tcp", asked.addr())
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		require.NoError(t, conn.(*net.TCPConn).SetReadBuffer(4096))
		go func() { _, _ = conn.Write(ask) }()
	}
	during, after := pings(t, asked), pings(t, asked)
	cost := memoryKiB(t, p.cmd.Process.Pid, "VmHWM:") - before
	t.Logf("%d KiB more, %d for each; of a hundred PINGs the 99th took %v, at first %v, before %v", cost, cost/unreaders, after, during, quick)
	require.LessOrEqual(t, cost, unreaders*unreadMemory, "KiB")
	require.Equal(t, "cluster_state:ok", strings.TrimSpace(strings.Split(asked.text("CLUSTER", "INFO"), "\n")[0]))
	for range 3 {
		require.Equal(t, fmt.Sprint(unreadValue), fmt.Sprint(len(asked.text("GET", "b"))), "one that reads gets it")
	}
}

// pings is how long the 99th of a hundred PINGs took.
func pings(t *testing.T, p port) time.Duration {
	t.Helper()
	var took []time.Duration
	for range 100 {
		began := time.Now()
		require.Equal(t, "PONG", p.text("PING"))
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[98]
}
