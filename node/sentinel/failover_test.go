package sentinel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

// group is three Sentinels of quorum 2, a master at 7000 and replicas at 7001 and 7002, settled.
func group(t *testing.T) *town {
	w := newTown(t)
	w.node(7000, 0)
	w.node(7001, 7000).offset = 2000
	w.node(7002, 7000)
	for port := 26000; port < 26003; port++ {
		w.sentinel(port, 2)
	}
	w.run(6 * time.Second)
	return w
}

// leader is the Sentinel that started a failover.
func (w *town) leader() (leader *house, observers []*house) {
	for _, h := range w.sentinels {
		if h.has("+try-failover") {
			leader = h
		} else {
			observers = append(observers, h)
		}
	}
	return leader, observers
}

func TestSentinelsFindEachOtherAndTheReplicas(t *testing.T) {
	w := group(t)
	for _, h := range w.sentinels {
		require.Len(t, h.mymaster().replicas, 2)
		require.Len(t, h.mymaster().sentinels, 2)
		for i := range h.mymaster().all() {
			require.True(t, i.link.whole(), "%s", i.name)
			require.False(t, i.flags.is(flagSDown))
		}
	}
}

func TestThreeSentinelsReplaceADeadMaster(t *testing.T) {
	w := group(t)
	began := w.now
	w.nodes[0].die()
	for _, h := range w.sentinels {
		h.events = nil
	}
	require.True(t, w.until(20*time.Second, func() bool {
		for _, h := range w.sentinels {
			if !h.has("+switch-master") {
				return false
			}
		}
		return true
	}))
	require.Less(t, w.now.Sub(began), 6*time.Second)
	w.run(3 * time.Second)

	lead, observers := w.leader()
	require.NotNil(t, lead)
	require.Equal(t, []string{
		"+sdown", "+odown", "+new-epoch", "+try-failover", "+vote-for-leader", "+elected-leader",
		"+failover-state-select-slave", "+selected-slave", "+failover-state-send-slaveof-noone",
		"+failover-state-wait-promotion", "-role-change", "+promoted-slave", "+failover-state-reconf-slaves",
		"+slave-reconf-sent", "+slave-reconf-inprog", "+slave-reconf-done", "+failover-end", "+switch-master",
		"+slave", "+slave", "+sdown",
	}, without(lead.names(), "-odown")) // its votes fade at no certain moment: the others watch another address by then
	for _, h := range w.sentinels {
		require.Equal(t, []string{"+switch-master mymaster 127.0.0.1 7000 127.0.0.1 7001"}, h.heard("+switch-master"))
		require.EqualValues(t, 1, h.mymaster().configEpoch)
		require.EqualValues(t, 7001, h.mymaster().addr.port)
		require.Len(t, h.mymaster().replicas, 2)
		require.NotNil(t, h.replica(7000), "the old master is a replica now")
	}
	require.Zero(t, w.nodes[1].of)
	require.Equal(t, 7001, w.nodes[2].of)
	for _, h := range observers {
		// Whether it comes to ODOWN, and sees the new role, before it hears of the new master is chance.
		require.Equal(t, []string{
			"+sdown", "+new-epoch", "+vote-for-leader", "+config-update-from", "+switch-master", "+slave", "+slave", "+sdown",
		}, without(h.names(), "+odown", "-odown", "-try-failover", "-role-change"))
	}
}

// alone is one Sentinel of quorum 1 that needs nobody, with a master and two replicas, settled.
func alone(t *testing.T, set ...func(*Sentinel)) (w *town, h *house) {
	w = newTown(t)
	w.node(7000, 0)
	w.node(7001, 7000).offset = 2000
	w.node(7002, 7000)
	h = w.sentinel(26000, 1, set...)
	w.run(3 * time.Second)
	return w, h
}

// wait lets time pass until the house has told of an event.
func (h *house) wait(event string) {
	h.town.t.Helper()
	require.True(h.town.t, h.town.until(time.Minute, func() bool { return h.has(event) }), "%s; there was: %v", event, h.names())
}

func TestPromotionThatNeverHappensIsGivenUp(t *testing.T) {
	w, h := alone(t)
	w.nodes[1].stubborn = true
	w.nodes[0].die()
	h.wait("+failover-state-wait-promotion")
	began := w.now
	h.wait("-failover-abort-slave-timeout")
	require.InDelta(t, 10, w.now.Sub(began).Seconds(), 0.2)
	require.Equal(t, 7000, h.mymaster().current().port)
	require.Equal(t, stateNone, h.mymaster().failover.state)
	require.False(t, h.replica(7001).flags.is(flagPromoted))
}

func TestPromotedReplicaThatIsLostBeforeItsOrderIsGivenUp(t *testing.T) {
	w, h := alone(t)
	w.nodes[0].die()
	h.wait("+selected-slave")
	w.nodes[1].die()
	w.run(50 * time.Millisecond)
	h.wait("-failover-abort-slave-timeout")
	require.NotContains(t, h.names(), "+promoted-slave")
}

func TestNextAttemptComesAfterTwiceTheFailoverTimeout(t *testing.T) {
	w, h := alone(t)
	for _, n := range w.nodes[1:] {
		n.priority = 0
	}
	w.run(10 * time.Second)
	w.nodes[0].die()
	h.wait("-failover-abort-no-good-slave")
	require.Equal(t, []string{
		"-selected-slave slave 127.0.0.1:7001 127.0.0.1 7001 @ mymaster 127.0.0.1 7000 (priority-zero)",
		"-selected-slave slave 127.0.0.1:7002 127.0.0.1 7002 @ mymaster 127.0.0.1 7000 (priority-zero)",
	}, h.heard("-selected-slave"))
	began := w.now
	h.events = nil
	h.wait("-try-failover")
	require.Contains(t, h.heard("-try-failover")[0], "failover-recent")
	h.wait("+try-failover")
	require.InDelta(t, 20.5, w.now.Sub(began).Seconds(), 0.8)
	require.Len(t, h.heard("-try-failover"), 1, "it says so once")
}

func TestForcedFailoverNeedsNeitherVotesNorADeadMaster(t *testing.T) {
	w, h := alone(t)
	p := w.peer(26001)
	p.says(h, 0, 0, 7000)
	w.run(2 * time.Second)
	h.mymaster().quorum = 5
	h.events = nil
	h.door(func(s *Sentinel, now time.Time) {
		s.enter(now)
		require.Empty(t, s.forceFailover(s.find("mymaster")))
		require.Equal(t, event.FailoverRuns, s.forceFailover(s.find("mymaster")))
	})
	h.wait("+switch-master")
	require.Equal(t, []string{
		"+new-epoch", "+try-failover", "+vote-for-leader", "+elected-leader", "+failover-state-select-slave",
		"+selected-slave", "+failover-state-send-slaveof-noone", "+failover-state-wait-promotion", "-role-change",
		"+promoted-slave", "+failover-state-reconf-slaves", "+slave-reconf-sent", "+slave-reconf-inprog",
		"+slave-reconf-done", "+failover-end", "+switch-master", "+slave", "+slave",
	}, h.names())
	require.Empty(t, p.asked, "the master is not down")
	h.wait("+convert-to-slave")
	w.run(2 * hop)
	require.Equal(t, 7001, w.nodes[0].of)
}

func TestForcedFailoverWithoutAReplicaIsRefused(t *testing.T) {
	w := newTown(t)
	w.node(7000, 0)
	h := w.sentinel(26000, 1)
	w.run(3 * time.Second)
	h.door(func(s *Sentinel, now time.Time) {
		s.enter(now)
		require.Equal(t, event.NoGoodReplica, s.forceFailover(s.find("mymaster")))
	})
	require.Equal(t, stateNone, h.mymaster().failover.state)
}

func TestClientsAreToldTheNewAddressBeforeTheFailoverEnds(t *testing.T) {
	w, h := alone(t)
	w.nodes[2].slow = true
	w.nodes[0].die()
	h.wait("+promoted-slave")
	m := h.mymaster()
	require.Equal(t, 7001, m.current().port)
	require.Equal(t, 7000, m.addr.port)
	require.Contains(t, w.nodes[2].hellos[len(w.nodes[2].hellos)-1], "mymaster,127.0.0.1,7000,0")
	w.run(hop)
	require.Contains(t, w.nodes[2].hellos[len(w.nodes[2].hellos)-1], "mymaster,127.0.0.1,7001,1")
}

func TestOldMasterIsConvertedEightSecondsAfterItCameBack(t *testing.T) {
	w, h := alone(t)
	w.nodes[0].die()
	h.wait("+switch-master")
	w.run(5 * time.Second)
	w.nodes[0].down = false
	back := w.now
	h.wait("+convert-to-slave")
	require.Greater(t, w.now.Sub(back), 8*time.Second)
	require.Less(t, w.now.Sub(back), 21*time.Second)
	w.run(time.Second)
	require.Equal(t, 7001, w.nodes[0].of)
}

func TestReplicaPointedElsewhereIsFixed(t *testing.T) {
	w, h := alone(t)
	w.node(7009, 0)
	w.nodes[1].of = 7009
	h.wait("+fix-slave-config")
	w.run(time.Second)
	require.Equal(t, 7000, w.nodes[1].of)
	require.Equal(t, []string{"+fix-slave-config slave 127.0.0.1:7001 127.0.0.1 7001 @ mymaster 127.0.0.1 7000"}, h.heard("+fix-slave-config"))
}

func TestNoMoreReplicasSynchroniseAtOnceThanAllowed(t *testing.T) {
	for _, syncs := range []int{1, 2} {
		w, h := alone(t, func(s *Sentinel) { s.masters[0].parallelSyncs = syncs })
		for port := 7003; port < 7006; port++ {
			w.node(port, 7000)
		}
		w.run(12 * time.Second)
		for _, n := range w.nodes[2:] {
			n.slow = true
		}
		w.nodes[0].die()
		h.wait("+failover-state-reconf-slaves")
		most := 0
		w.until(8*time.Second, func() bool {
			busy := 0
			for _, r := range h.mymaster().replicas {
				if r.flags.is(flagReconfSent | flagReconfInprog) {
					busy++
				}
			}
			most = max(most, busy)
			return false
		})
		require.Equal(t, syncs, most)
		h.wait("+failover-end-for-timeout")
		require.Len(t, h.heard("+slave-reconf-sent-be"), 4-syncs)
		w.run(time.Second)
		require.Equal(t, 7001, h.mymaster().addr.port)
		for _, n := range w.nodes[2:] {
			require.Equal(t, 7001, n.of, "the last orders arrived at %v", n.addr)
		}
	}
}

func TestAStuckReplicaDoesNotBlockTheOthers(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].failoverTimeout = time.Minute })
	w.node(7003, 7000)
	w.run(12 * time.Second)
	w.nodes[2].stubborn = true
	w.nodes[0].die()
	h.wait("-slave-reconf-sent-timeout")
	h.wait("+switch-master")
	require.Equal(t, 7001, w.nodes[3].of)
	require.NotContains(t, h.names(), "+failover-end-for-timeout")
}

// The new address has been told to everybody under a new epoch; one that goes back to the old one with
// this epoch would disagree with them until the next failover.
func TestResetInTheMiddleOfAFailoverKeepsTheNewMaster(t *testing.T) {
	w, h := alone(t)
	w.nodes[2].slow = true
	w.nodes[0].die()
	h.wait("+promoted-slave")
	h.events = nil
	h.door(func(s *Sentinel, now time.Time) { s.enter(now); s.reset(s.masters[0]) })
	require.Equal(t, []string{"+switch-master", "+slave", "+slave", "+reset-master"}, h.names())
	m := h.mymaster()
	require.Equal(t, 7001, m.addr.port)
	require.EqualValues(t, 1, m.configEpoch)
	require.Equal(t, stateNone, m.failover.state)
	require.Empty(t, m.replicas)
}
