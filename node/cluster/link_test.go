package cluster

import (
	"fmt"
	"net/netip"
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

// TestAboveSixtyFourNodesNoPINGWaitsForALinkThatOpens: the first word on the link is one, and it says how long the
// node has been silent.
func TestAboveSixtyFourNodesNoPINGWaitsForALinkThatOpens(t *testing.T) {
	for _, nodes := range []int{manyNodes, manyNodes + 1} {
		s, now := crowded(t, nodes, "slave "+idA), time.Unix(1_800_000_000, 0)
		s.Cron(now)
		require.Len(t, s.BeforeSleep(now).Dial, nodes-1)
		asked := now.Add(s.cfg.NodeTimeout/2 + time.Millisecond)
		s.Cron(asked)
		require.Empty(t, s.BeforeSleep(asked).Send, "no link is open")
		now = asked.Add(time.Second)
		for id, l := range s.links {
			require.Equal(t, instantOf(asked), l.node.pingSent)
			s.Connected(now, id, netip.AddrPort{}, netip.AddrPort{})
		}
		pings := len(s.BeforeSleep(now).Send)
		if want := nodes - 1; nodes > manyNodes {
			require.Equal(t, want, pings)
		} else {
			require.Equal(t, 2*want, pings, "as Redis does")
		}
		for _, l := range s.links {
			require.Equal(t, instantOf(asked), l.node.pingSent, "it is as old as it is")
		}
	}
}

// crowded is the owner of all slots, and so many others with it who are all of one kind.
func crowded(t *testing.T, nodes int, kind string) *State {
	t.Helper()
	conf := idA + " 127.0.0.1:7000@17000 myself,master - 0 0 1 connected 0-16383\n"
	for i := 1; i < nodes; i++ {
		conf += fmt.Sprintf("%040x 127.0.0.1:%d@%d %s 0 0 1 disconnected\n", i, 7000+i, 17000+i, kind)
	}
	s, err := loaded(conf + "vars currentEpoch 1 lastVoteEpoch 0\n")
	require.NoError(t, err)
	return s
}

func TestAboveSixtyFourNodesSuspicionsOfOthersAreCountedNotTold(t *testing.T) {
	for _, nodes := range []int{manyNodes, manyNodes + 1} {
		s, now := crowded(t, nodes, "master -"), time.Unix(1_800_000_000, 0)
		s.BeforeSleep(now)
		suspect := s.nodes.order[0]
		for _, from := range s.nodes.order[1:4] {
			s.noteReport(now, from, suspect, true)
		}
		s.noteReport(now, s.nodes.order[1], suspect, false)
		require.Len(t, suspect.troubles().reports, 2)
		told := len(s.BeforeSleep(now).Emit)
		if nodes > manyNodes {
			require.Zero(t, told)
		} else {
			require.Equal(t, 4, told)
		}
	}
}
