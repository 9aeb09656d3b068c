package cluster

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/machine"
)

// TestALinkOnWhichTooMuchWaitsIsClosedAndDialledAnew is clusterNodeCronFreeLinkOnBufferLimitReached.
func TestALinkOnWhichTooMuchWaitsIsClosedAndDialledAnew(t *testing.T) {
	w := newWorld(t)
	w.form(Config{LinkSendbufLimit: 256 << 10}, 2)
	a, b := w.members[0], w.members[1]
	link, inbound := a.sees(b).link, a.sees(b).inbound
	waiting := 256 << 10
	a.state.cfg.Buffered = func(id machine.LinkID) int {
		if id == link.id {
			return waiting
		}
		return 100
	}

	w.run(time.Second)
	require.Same(t, link, a.sees(b).link, "as much as is allowed")
	require.Equal(t, 2*linkMemory+waiting+100, a.state.LinksMemory())
	waiting++
	w.run(time.Second)
	require.NotSame(t, link, a.sees(b).link)
	require.True(t, a.sees(b).link.open)
	require.Same(t, inbound, a.sees(b).inbound, "the other direction goes on")
	require.EqualValues(t, 1, a.state.Stats().BufferLimitExceeded)
	require.Contains(t, string(a.state.InfoText()), "total_cluster_links_buffer_limit_exceeded:1\r\n")
	require.Len(t, w.happened(a, "-link"), 1)
	require.Contains(t, w.happened(a, "-link")[0], "(buffer-limit)")
}
