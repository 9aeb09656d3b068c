package sentinel

import (
	"time"

	"clusterplay/node/event"
)

// reconfigureReplicas points the other replicas at the new master, a few at a time
// (sentinelFailoverReconfNextSlave), and ends the failover when all follow it.
func (s *Sentinel) reconfigureReplicas(m *master) {
	to, busy := m.failover.promoted.addr, 0
	for _, r := range m.replicas {
		// Redis looks only while a place is free, so one replica that hangs blocks the others.
		if r.flags.is(flagReconfSent) && s.now.Sub(r.reconf) > s.periods.ReconfTimeout {
			r.flags.clear(flagReconfSent)
			r.flags.set(flagReconfDone)
			s.emit(event.ReplicaReconfTimeout{Monitored: s.monitored(r)})
		}
		if r.flags.is(flagReconfSent | flagReconfInprog) {
			busy++
		}
	}
	for _, r := range m.replicas {
		if busy >= m.parallelSyncs {
			break
		}
		if r.flags.is(flagPromoted|flagReconfSent|flagReconfInprog|flagReconfDone) || !s.sendReplicaOf(r, &to) {
			continue
		}
		s.reconfSent(r, "sent")
		busy++
	}
	s.detectEnd(m)
}

func (s *Sentinel) reconfSent(r *instance, step string) {
	r.flags.set(flagReconfSent)
	r.reconf = s.now
	s.emit(event.ReplicaReconf{Monitored: s.monitored(r), Step: step})
}

// followReconf notes how far a replica has come with its new master.
func (s *Sentinel) followReconf(m *master, r *instance) {
	if m.failover.promoted == nil {
		return
	}
	if r.flags.is(flagReconfSent) && s.follows(r, m.failover.promoted.addr) {
		r.flags.clear(flagReconfSent)
		r.flags.set(flagReconfInprog)
		s.emit(event.ReplicaReconf{Monitored: s.monitored(r), Step: "inprog"})
	}
	if r.flags.is(flagReconfInprog) && r.info.linkUp {
		r.flags.clear(flagReconfInprog)
		r.flags.set(flagReconfDone)
		s.emit(event.ReplicaReconf{Monitored: s.monitored(r), Step: "done"})
	}
}

// detectEnd ends a failover when every replica that is not down follows the new master, or when it
// has taken too long. Nothing ends while the new master itself is down.
func (s *Sentinel) detectEnd(m *master) {
	if m.failover.promoted.flags.is(flagSDown) {
		return
	}
	late := s.inStateFor(m) > m.failoverTimeout
	if !late && m.toBeReconfigured() > 0 {
		return
	}
	if late {
		s.tell(m, event.FailoverEndForTimeout{Monitored: s.monitored(&m.instance)})
	}
	s.tell(m, event.FailoverEnd{Monitored: s.monitored(&m.instance)})
	s.enterState(m, stateUpdateConfig)
	if late {
		s.lastOrders(m)
	}
}

func (m *master) toBeReconfigured() int {
	n := 0
	for _, r := range m.replicas {
		if !r.flags.is(flagPromoted | flagReconfDone | flagSDown) {
			n++
		}
	}
	return n
}

// lastOrders tells the replicas that were never reached where the master is. Redis closes their
// links in the same moment, so that nothing arrives; we close them a tick later.
func (s *Sentinel) lastOrders(m *master) {
	for _, r := range m.replicas {
		if r.flags.is(flagPromoted | flagReconfSent | flagReconfInprog | flagReconfDone) {
			continue
		}
		if s.sendReplicaOf(r, &m.failover.promoted.addr) {
			s.reconfSent(r, "sent-be")
			m.failover.parting = true
		}
	}
}

// finishFailover makes the promoted replica the master.
func (s *Sentinel) finishFailover(m *master) {
	if m.failover.state != stateUpdateConfig {
		return
	}
	if m.failover.parting {
		m.failover.parting = false
		return
	}
	s.switchTo(m, m.failover.promoted.addr)
}

// switchTo gives a master another address. All other addresses that were known for it are its
// replicas now, the old one among them; its Sentinels stay.
func (s *Sentinel) switchTo(m *master, to address) {
	from := m.addr
	s.tell(m, event.SwitchMaster{
		Label: m.name, OldIP: s.hostOf(from), OldPort: from.port, NewIP: s.hostOf(to), NewPort: to.port,
	})
	var others []address
	for _, r := range m.replicas {
		if !r.addr.same(to) {
			others = append(others, r.addr)
		}
	}
	if !from.same(to) {
		others = append(others, from)
	}
	s.clean(m)
	m.addr, m.sDownSince, m.oDownSince = to, time.Time{}, time.Time{}
	for _, o := range m.sentinels {
		o.disregard()
	}
	for _, at := range others {
		if r := s.addReplica(m, at); r != nil {
			s.emit(event.ReplicaFound{Monitored: s.monitored(r)})
		}
	}
	s.save()
}
