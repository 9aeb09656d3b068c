package node_test

import (
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/machine"
)

// big asks for a bulk of so many bytes, a number of times.
func big(size, times int) string { return strings.Repeat(fmt.Sprintf("BIG %d\r\n", size), times) }

// overhead is what stands around a bulk.
func overhead(size int) int { return len(fmt.Sprintf("$%d\r\n\r\n", size)) }

func TestPipelineOfLargeRepliesCostsOneReplyAtATime(t *testing.T) {
	const size, times = 1 << 20, 16
	h := launch(t, func(cfg *node.Config) { cfg.Output.Normal = node.OutputLimit{Hard: 4 * size} })
	p := dial(t, h.Addr())
	p.send(big(size, times))
	for range times {
		p.discard(size + overhead(size))
	}
	require.NoError(t, h.Look(func(m machine.Machine) { require.Less(t, inside(m).most, 2*size) }))
}

// discard reads so many bytes, each piece within patience of the last: a slow computer is no fault.
func (p *peer) discard(size int) {
	p.t.Helper()
	for size > 0 {
		require.NoError(p.t, p.SetDeadline(time.Now().Add(patience)))
		n, err := io.CopyN(io.Discard, p, int64(min(size, 64<<10)))
		require.NoError(p.t, err)
		size -= int(n)
	}
}

func TestUnreadPipelineOfLargeRepliesIsNotExecuted(t *testing.T) {
	const size, times = 4 << 20, 512
	h := launch(t, func(cfg *node.Config) { cfg.WriteWait = 50 * time.Millisecond })
	p := dial(t, h.Addr())
	require.NoError(t, p.Conn.(*net.TCPConn).SetReadBuffer(4096))
	p.send(big(size, times))
	eventually(t, func() bool { return h.machine.calls.Load() > 0 && h.clientCount() == 0 }, "the client is gone")
	require.Less(t, h.machine.calls.Load(), int64(times/8))
}

func TestOneReplyMayBeLargerThanWhatMayWait(t *testing.T) {
	const size = 8 << 20
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) {
		cfg.Clock, cfg.Output.Normal = clock, node.OutputLimit{Hard: size / 2}
	})
	p := dial(t, h.Addr())
	p.send(big(size, 1))
	p.discard(size / 2)
	clock.advance(2 * time.Second) // the limits in time are looked at
	p.discard(size / 2)
}

// TestNobodyReadsTheRepliesOfSomebodyElse has clients share the buffers of large replies, of whom some read late.
func TestNobodyReadsTheRepliesOfSomebodyElse(t *testing.T) {
	const size, times, rounds = 20 << 10, 8, 5
	h := launch(t, nil)
	var peers []*peer
	for range 12 {
		peers = append(peers, dial(t, h.Addr()))
	}
	for round := range rounds {
		text := func(i int) string { return strings.Repeat(string(rune('a'+(i+round)%26)), size) }
		for i, p := range peers {
			p.send(strings.Repeat("ECHO "+text(i)+"\r\n", times))
		}
		for i := range peers {
			p := peers[(i*7+round)%len(peers)]
			p.want(strings.Repeat(fmt.Sprintf("$%d\r\n%s\r\n", size, text((i*7+round)%len(peers))), times))
		}
	}
}
