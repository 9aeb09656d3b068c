package cluster

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

const nt = 2 * time.Second

func TestNodesMeetAndAgree(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0, 1, 2)
	for _, m := range w.members {
		require.Equal(t, 6, m.state.nodes.len(), "no handshake is left over")
		require.Equal(t, 3, m.state.health.size)
	}
}

func TestReplicaReplacesItsDeadMaster(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0, 1, 2)
	a, d := w.members[0], w.members[3]
	before := d.state.currentEpoch
	a.kill()
	took := w.until(20*time.Second, "D is master and all agree", func() bool { return d.state.IsPrimary() && w.agreed() })
	require.Greater(t, took, nt, "nobody is declared dead before the node timeout")
	require.Less(t, took, nt+nt/2+2*time.Second)
	require.Len(t, w.happened(d, "+promoted"), 1)
	require.Len(t, w.happened(d, "+got-vote"), 2, "B and C are enough of three")
	require.Equal(t, 1, w.count("+promoted"))
	require.Equal(t, d.state.election, election{}, "a promoted replica forgets its election")
	require.Contains(t, d.host.calls, "promote")
	require.Equal(t, before+1, d.state.myself.configEpoch)

	a.boot()
	w.until(10*time.Second, "A follows D", func() bool {
		return !a.state.IsPrimary() && a.state.myself.primary == a.sees(d) && w.agreed()
	})
	require.Len(t, w.happened(a, "+demoted"), 1)
	require.Contains(t, a.host.calls, "follow 127.0.0.1:7003")
}

func TestReplicaWithFresherOffsetAsksFirst(t *testing.T) {
	for seed := range 5 {
		w := newWorld(t)
		w.form(Config{}, 3, 0, 0)
		a, stale, fresh := w.members[0], w.members[3], w.members[4]
		if seed%2 == 1 {
			stale, fresh = fresh, stale
		}
		w.run(time.Duration(seed) * 130 * time.Millisecond)
		a.host.offset = 1000
		stale.host.lagging = true
		w.run(3 * time.Second)
		a.kill()
		w.until(20*time.Second, "one of them is master", func() bool { return fresh.state.IsPrimary() && w.agreed() })
		require.False(t, stale.state.IsPrimary())
		require.Equal(t, stale.sees(fresh), stale.state.myself.primary)
		require.Contains(t, w.happened(stale, "+follow")[0], "(lost-slots)")
	}
}

func TestRankIgnoredIsNoticedByTheOrderOfElections(t *testing.T) {
	delays := func(mutants Mutants) time.Duration {
		w := newWorld(t)
		w.form(Config{Mutants: mutants}, 3, 0, 0)
		a, stale := w.members[0], w.members[3]
		a.host.offset = 1000
		stale.host.lagging = true
		w.run(3 * time.Second)
		a.kill()
		var due time.Duration
		w.until(20*time.Second, "it schedules", func() bool {
			due = stale.state.election.due.Sub(w.now)
			return !stale.state.election.due.IsZero()
		})
		return due
	}
	require.Greater(t, delays(Mutants{}), 1400*time.Millisecond)
	require.Less(t, delays(Mutants{RankIgnored: true}), 1001*time.Millisecond)
}

func TestNobodyIsElectedWithoutAMajority(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, b, d := w.members[0], w.members[1], w.members[3]
	a.kill()
	b.kill()
	w.run(30 * time.Second)
	require.False(t, d.state.IsPrimary())
	require.Zero(t, w.count("+fail"), "one voter alone cannot declare anybody failed")
	require.False(t, w.members[2].state.OK())
	require.Equal(t, "minority", string(w.members[2].state.health.reason))
}

func TestStaleReplicaDoesNotRun(t *testing.T) {
	w := newWorld(t)
	w.form(Config{ValidityFactor: 1, ReplPingPeriod: time.Second}, 3, 0)
	a, d := w.members[0], w.members[3]
	d.host.following = netip.MustParseAddrPort("127.0.0.1:9") // nobody there: replication is stuck
	d.host.heard = w.now.Add(-time.Minute)
	a.kill()
	w.run(15 * time.Second)
	require.False(t, d.state.IsPrimary())
	require.NotEmpty(t, w.happened(d, "+no-election"))
	require.Contains(t, w.happened(d, "+no-election")[0], "data-too-old")
	d.do(func() { require.NoError(t, d.state.Failover(w.now, FailoverForce)) })
	w.until(5*time.Second, "forced, it wins", func() bool { return d.state.IsPrimary() && w.agreed() })
}

func TestVoterVotesOncePerEpochEvenAfterARestart(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	votes := map[[2]any]int{}
	w.watch = func(from, _ *member, p *bus.Packet) {
		if p.Type == bus.AuthAck {
			votes[[2]any{from.name, p.CurrentEpoch}]++
			require.Contains(t, string(from.disk), "lastVoteEpoch 4", "the vote is on disk before it is on the wire")
			require.LessOrEqual(t, p.CurrentEpoch, Epoch(4))
		}
	}
	a, b, d := w.members[0], w.members[1], w.members[3]
	a.kill()
	w.until(20*time.Second, "D is master", func() bool { return d.state.IsPrimary() })
	require.Len(t, votes, 2)
	b.kill()
	b.boot()
	require.Equal(t, Epoch(4), b.state.lastVote)
	b.do(func() {
		in := &inbox{sender: b.sees(d), packet: bus.Packet{Header: bus.Header{CurrentEpoch: 4, Slots: new(bus.Slots)}}}
		require.Equal(t, "already-voted", string(b.state.refuseVote(w.now, in)))
	})
}

func TestVotesAreRefusedForTheRightReason(t *testing.T) {
	for _, tt := range []struct {
		name  string
		want  string
		setup func(b *State, d *node, p *bus.Packet)
	}{
		{"all is well", "", func(*State, *node, *bus.Packet) {}},
		{"voter without slots", "not-a-voter", func(b *State, _ *node, _ *bus.Packet) {
			b.dropAllSlots(time.Time{}, b.myself, "removed")
		}},
		{"old request", "old-epoch", func(b *State, _ *node, p *bus.Packet) { p.CurrentEpoch = b.currentEpoch - 1 }},
		{"second request", "already-voted", func(b *State, _ *node, _ *bus.Packet) { b.lastVote = b.currentEpoch }},
		{"a master asks", "not-a-replica", func(b *State, d *node, _ *bus.Packet) { b.becomesPrimary(d) }},
		{"whose master is it", "unknown-master", func(_ *State, d *node, _ *bus.Packet) { d.primary = nil }},
		{"master is up", "master-up", func(b *State, d *node, _ *bus.Packet) { b.setFlags(d.primary, bus.Failed, false) }},
		{"master is up but forced", "", func(b *State, d *node, p *bus.Packet) {
			b.setFlags(d.primary, bus.Failed, false)
			p.Marks = bus.ForceAck
		}},
		{"too soon", "voted-recently", func(_ *State, d *node, _ *bus.Packet) { d.primary.inTrouble().voted = instantOf(time.Unix(99, 0)) }},
		{"slots have newer owners", "stale-slots", func(b *State, d *node, _ *bus.Packet) {
			d.primary.configEpoch = b.currentEpoch
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.form(Config{}, 3, 0)
			a, b := w.members[0], w.members[1]
			d := b.sees(w.members[3])
			b.state.currentEpoch += 5
			b.state.setFlags(d.primary, bus.Failed, true)
			claimed := bus.Slots(a.state.myself.slots.Set())
			p := bus.Packet{Header: bus.Header{
				Type: bus.AuthRequest, CurrentEpoch: b.state.currentEpoch, ConfigEpoch: a.state.myself.configEpoch, Slots: &claimed,
			}}
			tt.setup(b.state, d, &p)
			require.Equal(t, tt.want, string(b.state.refuseVote(time.Unix(100, 0), &inbox{sender: d, packet: p})))
		})
	}
}

func TestVotesAreCountedOncePerVoterAndOnlyForThisElection(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	d := w.members[3]
	s := d.state
	s.election = election{due: w.now, sent: true, epoch: 7}
	ack := func(from *member, epoch Epoch) {
		s.receiveAuthAck(&inbox{sender: d.sees(from), packet: bus.Packet{Header: bus.Header{CurrentEpoch: epoch}}})
	}
	ack(w.members[1], 6)
	require.Equal(t, 0, s.election.votes, "a vote of an older election")
	ack(w.members[1], 7)
	ack(w.members[1], 7)
	require.Equal(t, 1, s.election.votes, "the same voter twice")
	ack(w.members[3], 7)
	require.Equal(t, 1, s.election.votes, "a replica has no vote")
	ack(w.members[2], 7)
	require.Equal(t, 2, s.election.votes)
}

func TestSecondElectionWaitsForTheRetryTime(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, b, c, d := w.members[0], w.members[1], w.members[2], w.members[3]
	a.kill()
	w.until(20*time.Second, "D has scheduled", func() bool { return !d.state.election.due.IsZero() })
	first := d.state.election.due
	w.partition([]*member{d}, []*member{b, c})
	w.until(30*time.Second, "the election expired", func() bool { return len(w.happened(d, "+election-expired")) == 1 })
	w.until(30*time.Second, "D schedules again", func() bool { return d.state.election.due.After(first) })
	require.GreaterOrEqual(t, w.now.Sub(first), 4*nt)
	require.False(t, d.state.IsPrimary())
}

func TestOneWayPartitionStillFailsOver(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0, 1, 2)
	a, d := w.members[0], w.members[3]
	others := w.members[1:]
	w.partition([]*member{a}, others) // A hears everybody, nobody hears A
	w.until(30*time.Second, "D took over", func() bool { return d.state.IsPrimary() })
	require.False(t, a.state.OK(), "A had stopped serving before")
	w.heal()
	w.until(30*time.Second, "all agree", func() bool { return !a.state.IsPrimary() && w.agreed() })
	require.Equal(t, 1, w.count("+promoted"))
}

func TestMinorityStopsServingAndWaitsBeforeItServesAgain(t *testing.T) {
	w := newWorld(t)
	w.form(Config{NoFullCoverage: true}, 3)
	a, rest := w.members[0], w.members[1:]
	w.partition([]*member{a}, rest)
	w.partition(rest, []*member{a})
	took := w.until(10*time.Second, "A stops", func() bool { return !a.state.OK() })
	require.LessOrEqual(t, took, nt+nt/2+200*time.Millisecond)
	w.run(10 * time.Second)
	w.heal()
	w.until(10*time.Second, "A serves", func() bool { return a.state.OK() })
	require.GreaterOrEqual(t, w.now.Sub(a.state.health.minorityTime), nt)
	require.NotEmpty(t, w.happened(a, "+rejoin-delay"))
}

func TestFrozenMasterIsSuspectedDeclaredAndForgivenOnlyAfterTwiceTheTimeout(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a, b, c := w.members[0], w.members[1], w.members[2]
	fails := map[[2]string]int{}
	w.watch = func(from, to *member, p *bus.Packet) {
		if p.Type == bus.Fail {
			fails[[2]string{from.name, to.name}]++
			require.Equal(t, c.id(), p.Failed().String())
		}
	}
	c.frozen = true
	w.until(10*time.Second, "A and B have it down", func() bool {
		return a.sees(c).is(bus.Failed) && b.sees(c).is(bus.Failed)
	})
	require.NotEmpty(t, fails)
	for pair, n := range fails {
		require.Equal(t, 1, n, "one FAIL from %s to %s", pair[0], pair[1])
	}
	require.False(t, a.state.OK())
	failed := a.sees(c).troubles().failed
	c.thaw()
	w.until(20*time.Second, "C is forgiven", func() bool { return !a.sees(c).is(bus.Failed) })
	require.Greater(t, failed.age(w.now), 2*nt)
	require.Contains(t, w.happened(a, "-fail")[0], "still-owner")
	w.until(20*time.Second, "all is well", w.agreed)
}

func TestReplicaInFailIsForgivenAtOnce(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, d := w.members[0], w.members[3]
	d.frozen = true
	w.until(10*time.Second, "A has it down", func() bool { return a.sees(d).is(bus.Failed) })
	d.thaw()
	took := w.until(10*time.Second, "D is forgiven", func() bool { return !a.sees(d).is(bus.Failed) })
	require.Less(t, took, 2*nt)
	require.True(t, a.state.OK(), "a dead replica harms nobody")
}

func TestOnlyVotersSuspicionsMakeAFailure(t *testing.T) {
	for _, tt := range []struct {
		name     string
		switches Switches
		want     bool
	}{
		{"ours", Switches{}, false},
		{"as 7.0.15", Switches{FailByAnyMaster: true}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := newWorld(t)
			w.form(Config{Switches: tt.switches}, 3)
			slotless := w.add("E", Config{})
			slotless.meet(w.members[0])
			a, c := w.members[0], w.members[2]
			w.until(20*time.Second, "E is known", func() bool { return a.sees(slotless) != nil && !a.sees(slotless).is(bus.Handshake) })
			n := a.sees(c)
			a.state.setFlags(n, bus.PFail, true)
			a.state.noteReport(w.now, a.sees(slotless), n, true)
			require.Equal(t, tt.want, n.is(bus.Failed))
		})
	}
}

func TestEpochCollisionIsResolvedByTheSmallerID(t *testing.T) {
	for _, inverted := range []bool{false, true} {
		w := newWorld(t)
		w.form(Config{Mutants: Mutants{CollisionInverted: inverted}}, 3)
		a, b := w.members[0], w.members[1]
		if compareIDs(&a.state.myself.id, &b.state.myself.id) > 0 {
			a, b = b, a
		}
		mover, stayer := a, b
		if inverted {
			mover, stayer = b, a
		}
		epoch := stayer.state.myself.configEpoch
		mover.state.setEpoch(mover.state.myself, epoch)
		w.until(10*time.Second, "epochs differ again", func() bool {
			return mover.state.myself.configEpoch != stayer.state.myself.configEpoch
		})
		require.Equal(t, epoch, stayer.state.myself.configEpoch)
		require.Equal(t, Epoch(4), mover.state.myself.configEpoch)
		require.Equal(t, 1, w.count("+epoch-collision"))
	}
}

func TestPromotionSurvivesAllMembersRestarting(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0, 1, 2)
	w.members[0].kill()
	w.until(20*time.Second, "D is master", func() bool { return w.members[3].state.IsPrimary() && w.agreed() })
	want := w.members[3].belief()
	for _, m := range w.members[1:] {
		m.kill()
	}
	w.run(time.Second)
	for _, m := range w.members[1:] {
		m.boot()
	}
	w.until(20*time.Second, "agreed as before", func() bool { return w.agreed() && w.members[3].belief() == want })
	require.Equal(t, slot.Count, w.members[3].state.countSlots().OK)
}
