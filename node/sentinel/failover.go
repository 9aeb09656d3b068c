package sentinel

import (
	"time"

	"clusterplay/node/event"
)

// A failover, as its leader lives it:
//
//	none ──ODOWN──▶ wait_start ──majority──▶ select_slave ──▶ send_slaveof_noone ──▶ wait_promotion
//	 ▲                  │ not elected            │ no replica         │ timeout            │ timeout
//	 ├──────────────────┴────────────────────────┴────────────────────┴────────────────────┤
//	 │                                                                            role:master
//	 └───── update_config ◀── all follow, or timeout ── reconf_slaves ◀────────────────────┘
type state uint8

const (
	stateNone state = iota
	stateWaitStart
	stateSelect
	stateSendNoOne
	stateWaitPromotion
	stateReconfSlaves
	stateUpdateConfig
)

// String is the state's name in SENTINEL MASTER.
func (st state) String() string {
	return [...]string{
		"none", "wait_start", "select_slave", "send_slaveof_noone", "wait_promotion", "reconf_slaves", "update_config",
	}[st]
}

// failover is what we do, or last did, to replace a master.
type failover struct {
	state    state
	epoch    uint64    // in which we ask for votes, and the new configuration's
	started  time.Time // of our last attempt, or of our last vote for another's
	changed  time.Time // when state was reached
	promoted *instance // the replica that was chosen
	parting  bool      // last commands went to replicas whose links are about to be closed

	told    excuse // the last one given for not starting
	refused string // the last reason given for not voting
}

// excuse is why a failover does not start, and since which attempt.
type excuse struct {
	why     event.Reason
	started int64
}

// maybeStartFailover begins a failover when the Sentinels agree that a master is down and the last
// attempt was long enough ago. It reports whether it did.
func (s *Sentinel) maybeStartFailover(m *master) bool {
	if !m.flags.is(flagODown) || m.flags.is(flagFailover) {
		return false
	}
	pause := m.failover.started.Add(2 * m.failoverTimeout).Sub(s.now)
	if !m.failover.started.IsZero() && pause > 0 && !s.cfg.Mutants.NoFailoverSpacing {
		s.explain(m, event.FailoverRecent, pause)
		return false
	}
	s.startFailover(m)
	return true
}

// explain says once why a master that is down is not replaced yet.
func (s *Sentinel) explain(m *master, why event.Reason, wait time.Duration) {
	if told := (excuse{why, m.failover.started.UnixNano()}); m.failover.told != told {
		m.failover.told = told
		s.emit(event.NoFailoverYet{Master: s.monitored(&m.instance), Why: why, Wait: event.MillisOf(wait)})
	}
}

// startFailover opens a new epoch and makes us a candidate in it.
func (s *Sentinel) startFailover(m *master) {
	m.flags.set(flagFailover)
	s.enterState(m, stateWaitStart)
	s.raiseEpoch(m, s.currentEpoch+1)
	m.failover.epoch = s.currentEpoch
	m.failover.started = s.now.Add(s.desync())
	s.tell(m, event.TryFailover{Monitored: s.monitored(&m.instance)})
}

// forceFailover begins a failover of a master that may be well, as SENTINEL FAILOVER asks. It
// returns why it does not.
func (s *Sentinel) forceFailover(m *master) event.Reason {
	if m.flags.is(flagFailover) {
		return event.FailoverRuns
	}
	if s.choose(m, nil) == nil {
		return event.NoGoodReplica
	}
	s.startFailover(m)
	m.flags.set(flagForced)
	return ""
}

func (s *Sentinel) enterState(m *master, st state) {
	m.failover.state, m.failover.changed = st, s.now
}

// advanceFailover takes the next step of a failover.
func (s *Sentinel) advanceFailover(m *master) {
	switch m.failover.state {
	case stateWaitStart:
		s.waitForVotes(m)
	case stateSelect:
		s.selectReplica(m)
	case stateSendNoOne:
		s.promote(m)
	case stateWaitPromotion:
		if s.inStateFor(m) > m.failoverTimeout {
			s.giveUp(m, event.FailoverGivenUp{Why: event.ReplicaTooSlow})
		}
	case stateReconfSlaves:
		s.reconfigureReplicas(m)
	}
}

func (s *Sentinel) inStateFor(m *master) time.Duration { return s.now.Sub(m.failover.changed) }

// waitForVotes counts, and goes on when we are elected.
func (s *Sentinel) waitForVotes(m *master) {
	t := s.count(m)
	forced := m.flags.is(flagForced)
	if !forced && (t.leader != s.id || !t.won()) {
		if s.now.Sub(m.failover.started) > min(s.periods.ElectionTimeout, m.failoverTimeout) {
			s.giveUp(m, event.FailoverGivenUp{Why: event.NotElected, Votes: t.votesOf(s.id), Needed: t.needed})
		}
		return
	}
	s.tell(m, event.ElectedLeader{
		Monitored: s.monitored(&m.instance), Votes: t.votesOf(s.id), Needed: t.needed, Forced: forced,
	})
	if s.crashes(crashAfterElection) {
		return
	}
	s.enterState(m, stateSelect)
	s.tell(m, event.FailoverState{Monitored: s.monitored(&m.instance), State: "select-slave"})
}

// selectReplica chooses who is promoted.
func (s *Sentinel) selectReplica(m *master) {
	r := s.choose(m, s.tellUnfit)
	if r == nil {
		s.giveUp(m, event.FailoverGivenUp{Why: event.NoGoodReplica})
		return
	}
	r.flags.set(flagPromoted)
	m.failover.promoted = r
	s.tell(m, event.ReplicaSelected{Monitored: s.monitored(r)})
	s.enterState(m, stateSendNoOne)
	s.tell(m, event.FailoverState{Monitored: s.monitored(r), State: "send-slaveof-noone"})
}

// promote tells the chosen replica to be a master.
func (s *Sentinel) promote(m *master) {
	r := m.failover.promoted
	if s.sendReplicaOf(r, nil) {
		s.enterState(m, stateWaitPromotion)
		s.tell(m, event.FailoverState{Monitored: s.monitored(r), State: "wait-promotion"})
	} else if s.inStateFor(m) > m.failoverTimeout {
		s.giveUp(m, event.FailoverGivenUp{Why: event.ReplicaTooSlow})
	}
}

// promoted is called when the chosen replica says that it is a master. The new configuration is in
// the file before anybody hears of it, and everybody hears of it at once: otherwise the others
// would make a replica of it again.
func (s *Sentinel) promoted(m *master, r *instance) {
	m.configEpoch = m.failover.epoch
	s.enterState(m, stateReconfSlaves)
	s.save()
	s.tell(m, event.ReplicaPromoted{Monitored: s.monitored(r)})
	if s.crashes(crashAfterPromotion) {
		return
	}
	s.tell(m, event.FailoverState{Monitored: s.monitored(&m.instance), State: "reconf-slaves"})
	s.reconfigured(m, leader, m.addr, r.addr)
	s.helloAll(m)
}

// giveUp ends a failover before the promotion was seen.
func (s *Sentinel) giveUp(m *master, why event.FailoverGivenUp) {
	why.Monitored = s.monitored(&m.instance)
	s.tell(m, why)
	if r := m.failover.promoted; r != nil {
		r.flags.clear(flagPromoted)
		m.failover.promoted = nil
	}
	m.flags.clear(flagFailover | flagForced)
	s.enterState(m, stateNone)
}

// crashPoint is a set of places at which this Sentinel ends, as SENTINEL SIMULATE-FAILURE asks.
type crashPoint uint8

const (
	crashAfterElection crashPoint = 1 << iota
	crashAfterPromotion
)

// simulatedCrash is the exit code of a failure that was asked for.
const simulatedCrash = 99

// crashes ends this Sentinel if it was asked to at that point.
func (s *Sentinel) crashes(at crashPoint) bool {
	if s.crash&at == 0 {
		return false
	}
	s.exit(simulatedCrash, "SENTINEL SIMULATE-FAILURE")
	return true
}
