package sentinel

import (
	"clusterplay/node/event"
)

// roleGrace is how many hello periods a node may think itself master before it is put right: time
// for a newer configuration to arrive that makes it one.
const roleGrace = 4

// convert makes a replica of a node that thinks itself master: a master of old that came back.
func (s *Sentinel) convert(m *master, i *instance) {
	grace := roleGrace * s.periods.Publish
	if i.flags.is(flagPromoted) || !s.looksSane(m) || !i.wellFor(s.now, grace) || s.now.Sub(i.info.since) <= grace {
		return
	}
	if s.sendReplicaOf(i, &m.addr) {
		s.emit(event.ReplicaConverted{Monitored: s.monitored(i)})
	}
}

// fix points a replica at our master that has followed another for too long.
func (s *Sentinel) fix(m *master, i *instance) {
	if s.follows(i, m.addr) || m.failover.state >= stateReconfSlaves {
		return
	}
	grace := m.failoverTimeout
	if !s.looksSane(m) || !i.wellFor(s.now, grace) || s.now.Sub(i.info.confChanged) <= grace {
		return
	}
	if s.sendReplicaOf(i, &m.addr) {
		s.emit(event.ReplicaFixed{Monitored: s.monitored(i)})
	}
}

// looksSane reports whether a master is one by its own words, lately, and nobody thinks it down.
func (s *Sentinel) looksSane(m *master) bool {
	return m.info.master && !m.flags.is(flagSDown|flagODown) && !m.info.at.IsZero() &&
		s.now.Sub(m.info.at) < 2*s.periods.Info
}

// follows reports whether a replica says that its master is at an address.
func (s *Sentinel) follows(i *instance, at address) bool {
	return s.addressOf(i.info.masterHost, i.info.masterPort).same(at)
}

// sendReplicaOf sends the block that gives a node its place: replica of an address or, for nil,
// master. Its clients are cut off, so that they ask a Sentinel where to go. It reports false when
// there is no connection.
func (s *Sentinel) sendReplicaOf(i *instance, of *address) bool {
	if !i.link.whole() {
		return false
	}
	host, port := "NO", "ONE"
	if of != nil {
		host, port = s.hostOf(*of), itoa(int64(of.port))
	}
	for _, words := range [][]string{
		{"MULTI"},
		{"SLAVEOF", host, port},
		{"CONFIG", "REWRITE"},
		{"CLIENT", "KILL", "TYPE", "normal"},
		{"CLIENT", "KILL", "TYPE", "pubsub"},
		{"EXEC"},
	} {
		s.command(i.link.cmd, i, awaitNothing, words...)
	}
	return true
}
