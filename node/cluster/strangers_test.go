package cluster

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/machine"
)

// aPing is what somebody says whom nobody else knows.
func aPing(t *testing.T) []byte {
	w := newWorld(t)
	w.form(Config{}, 2)
	return w.members[0].state.LastPing()
}

func TestTooManyStrangersLoseTheOldest(t *testing.T) {
	s, now := crowded(t, 2, "master -"), time.Unix(1_800_000_000, 0)
	accept := func(id machine.LinkID) *link {
		s.Accepted(now, id, netip.AddrPort{}, netip.AddrPort{})
		return s.links[id]
	}
	known := accept(2)
	s.bind(known, s.nodes.order[1])
	for i := range machine.LinkID(maxStrangers) {
		accept(4 + 2*i)
		now = now.Add(time.Millisecond)
	}
	require.Empty(t, s.BeforeSleep(now).Close, "so many may come")
	for i := range machine.LinkID(100) {
		require.NotNil(t, accept(10_000+2*i), "and others after them")
		require.Equal(t, []machine.LinkID{4 + 2*i}, s.BeforeSleep(now).Close)
		now = now.Add(time.Millisecond)
	}
	require.Equal(t, maxStrangers+1, s.Links())
	require.Same(t, known, s.links[2], "a node that we know stays")
	require.NoError(t, s.Verify())
}

func TestAStrangerWhoSaysNothingIsDismissed(t *testing.T) {
	ping := aPing(t)
	s, now := crowded(t, 2, "master -"), time.Unix(1_800_000_000, 0)
	s.Cron(now)
	s.BeforeSleep(now)
	const silent, noisy, greets, known = 2, 4, 6, 8
	for _, id := range []machine.LinkID{silent, noisy, greets, known} {
		s.Accepted(now, id, netip.AddrPort{}, netip.AddrPort{})
	}
	s.bind(s.links[known], s.nodes.order[1])
	s.Receive(now, greets, ping)
	foreign := slices.Clone(ping)
	foreign[9] = 7 // its version
	s.Receive(now, noisy, foreign)
	var closed []machine.LinkID
	look := func(at time.Time) {
		s.Cron(at)
		for _, id := range s.BeforeSleep(at).Close {
			if id%2 == 0 {
				closed = append(closed, id)
			}
		}
	}
	look(now.Add(s.cfg.NodeTimeout))
	require.Empty(t, closed)
	look(now.Add(2 * s.cfg.NodeTimeout))
	require.Equal(t, []machine.LinkID{silent, noisy}, closed)
	require.NotNil(t, s.links[greets])
	require.NotNil(t, s.links[known])
	s.Hangup(now, greets, nil)
	require.Zero(t, s.strangers)
	require.NoError(t, s.Verify())
}
