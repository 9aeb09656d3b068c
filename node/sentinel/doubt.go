package sentinel

import "clusterplay/node/event"

// A leader that dies between writing its new configuration and telling of it leaves a file that is
// newer than the group. The group makes the promoted node a replica again and forgets; when the
// leader comes back, Redis announces what it wrote, and everybody follows it to a replica until that
// is found to be no master. So a Sentinel that starts doubts its configurations: it keeps silent on
// one until the master says that it is a master, and takes the group's if that is plainly another.
// Nothing is lost by it: it is as if the leader had died a moment earlier.

// claim is where another Sentinel says that a master is.
type claim struct {
	at    address
	epoch uint64
}

// holdsBack reports whether our word on a master would do harm.
func (s *Sentinel) holdsBack(m *master) bool { return m.doubted }

// doubt settles, if it can, whether a configuration from the file is one that the group has.
func (s *Sentinel) doubt(m *master) {
	switch {
	case !m.doubted:
	case m.flags.is(flagSDown), !m.info.at.IsZero() && m.info.master:
		m.doubted = false // judged, or confirmed by the master itself
	case !m.info.at.IsZero():
		if other, epoch, agree := s.groupsView(m); agree > 0 {
			s.withdraw(m, other, epoch, agree)
		}
	}
}

// groupsView is the configuration that a majority has instead of ours: it is older, the node that
// should be our master follows the one it names, and that one says that it is a master.
func (s *Sentinel) groupsView(m *master) (at address, epoch uint64, agree int) {
	r := m.replicaAt(s.addressOf(m.info.masterHost, m.info.masterPort))
	if r == nil || r.info.at.IsZero() || !r.info.master || r.flags.is(flagSDown) {
		return address{}, 0, 0
	}
	for _, o := range m.sentinels {
		switch {
		case o.claim.epoch >= m.configEpoch:
			return address{}, 0, 0 // somebody has heard of ours
		case o.claim.at.same(r.addr):
			agree++
			epoch = max(epoch, o.claim.epoch)
		}
	}
	if agree == 0 || agree+1 <= s.voters(m)/2 {
		return address{}, 0, 0
	}
	return r.addr, epoch, agree
}

// withdraw gives up our configuration of a master for the group's.
func (s *Sentinel) withdraw(m *master, at address, epoch uint64, agree int) {
	s.emit(event.ConfigWithdrawn{Master: s.monitored(&m.instance), Epoch: m.configEpoch, Kept: epoch, Agree: agree})
	m.doubted, m.configEpoch = false, epoch
	s.switchTo(m, at)
}
