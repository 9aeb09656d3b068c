package cluster

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// forgot reports whether the host was told to forget its history.
func forgot(s *State) bool { return slices.Contains(s.host.(*fakeHost).calls, "forget history") }

func TestOnlyAReplicaThatChangesItsShardForgetsItsHistory(t *testing.T) {
	for _, tt := range []struct {
		name string
		want bool
		do   func(s *State, b, c *node)
	}{
		{"it joins a shard", true, func(s *State, b, _ *node) { s.follow(mutantNow, b, "replicate") }},
		{"it joins a shard and keeps its offset as 7.0 does", false, func(s *State, b, _ *node) {
			s.cfg.Switches.KeepForeignOffset = true
			s.follow(mutantNow, b, "replicate")
		}},
		{"its own replica took its place", false, func(s *State, b, c *node) {
			s.removeReplica(b, c)
			s.addReplica(s.myself, c)
			c.primary = s.myself
			s.becomesPrimary(c)
			s.follow(mutantNow, c, "lost-slots")
		}},
		{"its sibling took its master's place", false, func(s *State, b, c *node) {
			s.follow(mutantNow, b, "replicate")
			s.host.(*fakeHost).calls = nil
			s.becomesPrimary(c)
			s.follow(mutantNow, c, "lost-slots")
		}},
		{"its master came back", false, func(s *State, b, c *node) {
			s.becomesPrimary(c)
			s.follow(mutantNow, c, "replicate")
			s.host.(*fakeHost).calls = nil
			s.follow(mutantNow, b, "lost-slots")
		}},
		{"it moves on to another shard", true, func(s *State, b, c *node) {
			c.inTrouble().former = nil
			s.follow(mutantNow, b, "replicate")
			s.host.(*fakeHost).calls = nil
			s.removeReplica(b, c)
			c.primary = nil
			s.becomesPrimary(c)
			s.follow(mutantNow, c, "migration")
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := loaded(confText)
			require.NoError(t, err)
			s.dropAllSlots(mutantNow, s.myself, "removed")
			s.host.(*fakeHost).calls = nil
			tt.do(s, s.find(idB), s.find(idC))
			require.Equal(t, tt.want, forgot(s))
		})
	}
}

// A newcomer that took over suspicions with the nodes it hears of would, knowing one master only,
// be a majority of its own.
func TestSuspicionsOfNodesHeardOfAreNotTakenOver(t *testing.T) {
	s, err := loaded(confText)
	require.NoError(t, err)
	stranger := ID{'e'}
	for i := range stranger {
		stranger[i] = 'e'
	}
	e := bus.Entry{ID: stranger, IP: bus.MakeIP("127.0.0.1"), Port: 7005, BusPort: 17005, Flags: bus.Master | bus.PFail}
	s.hearOf(mutantNow, s.find(idB), &e)
	n := s.nodes.lookup(stranger)
	require.NotNil(t, n)
	require.False(t, n.is(bus.PFail))
	s.noteReport(mutantNow, s.find(idB), n, true)
	require.False(t, n.is(bus.PFail|bus.Failed))
}

func TestMarkChangesWithWhatOthersWantToKnow(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(s *State)
	}{
		{"epoch", func(s *State) { s.currentEpoch++ }},
		{"vote", func(s *State) { s.lastVote++ }},
		{"a slot changes hands", func(s *State) { s.rebind(mutantNow, s.find(idB), slot.Slot(0)) }},
		{"a flag", func(s *State) { s.setFlags(s.find(idB), bus.PFail, true) }},
		{"another's epoch", func(s *State) { s.find(idB).configEpoch++ }},
		{"another's master", func(s *State) { s.find(idC).primary = s.myself }},
		{"an import", func(s *State) { s.slots.importing[123] = s.find(idB) }},
		{"the state", func(s *State) { s.health.ok = !s.health.ok }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, err := loaded(confText)
			require.NoError(t, err)
			before := s.Mark()
			require.Equal(t, before, s.Mark())
			tt.change(s)
			require.NotEqual(t, before, s.Mark())
		})
	}
}
