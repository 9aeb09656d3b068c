package sentinel

import (
	"iter"
	"slices"
	"strings"
	"time"

	"clusterplay/node/event"
)

// master is a watched master with all that is known about it.
type master struct {
	instance
	quorum          int
	parallelSyncs   int
	downAfter       time.Duration
	failoverTimeout time.Duration
	rebootDownAfter time.Duration // 0: a restart alone is no reason for a failover
	authUser        string
	authPass        string
	renamed         map[string]string // commands as somebody spelled them, and what they are called there
	notifyScript    string            // is told of warnings
	reconfigScript  string            // is told of new addresses

	configEpoch uint64
	doubted     bool // configEpoch and address are the file's, and nobody has confirmed them yet
	failover    failover

	replicas  []*instance // in the order in which they were found
	sentinels []*instance // the others, likewise
}

// What one master may make us hold. Both are far beyond any deployment; addresses and hellos come
// from other processes and must not fill our memory.
const (
	maxReplicas  = 1000
	maxSentinels = 1000
)

// newMaster makes a master that is watched from now on and not listed yet.
func (s *Sentinel) newMaster(name string, at address, quorum int) *master {
	m := &master{
		quorum: quorum, parallelSyncs: 1,
		downAfter: s.periods.DefaultDownAfter, failoverTimeout: s.periods.DefaultFailoverTimeout,
		renamed: map[string]string{},
	}
	m.instance = s.newInstance(kindMaster, name, at, m)
	return m
}

// find returns the master of that name, or nil.
func (s *Sentinel) find(name string) *master {
	for _, m := range s.masters {
		if m.name == name {
			return m
		}
	}
	return nil
}

// findAt returns the master at an address, or nil. Vote requests name masters so.
func (s *Sentinel) findAt(at address) *master {
	for _, m := range s.masters {
		if m.addr.same(at) {
			return m
		}
	}
	return nil
}

// monitor begins to watch a master. The caller has checked name, address and quorum.
func (s *Sentinel) monitor(name string, at address, quorum int) *master {
	m := s.newMaster(name, at, quorum)
	s.masters = append(s.masters, m)
	s.tell(m, event.MonitorStarted{Monitored: s.monitored(&m.instance), Quorum: m.quorum})
	s.save()
	return m
}

// remove ends the watching of a master.
func (s *Sentinel) remove(m *master) {
	s.tell(m, event.MonitorEnded{Monitored: s.monitored(&m.instance)})
	s.forgetAll(&m.replicas)
	s.forgetAll(&m.sentinels)
	s.forget(&m.instance)
	s.masters = slices.DeleteFunc(s.masters, func(x *master) bool { return x == m })
	s.save()
}

// reset forgets all that was learnt about a master, as SENTINEL RESET asks. Where a failover has promoted
// a replica, that is the master: its address has been told to everybody under the new epoch. Redis goes
// back to the old one and keeps the epoch, so that the group does not agree until the next failover.
func (s *Sentinel) reset(m *master) {
	if m.failover.state >= stateReconfSlaves {
		s.switchTo(m, m.failover.promoted.addr)
	}
	s.forgetAll(&m.sentinels)
	s.clean(m)
	s.tell(m, event.MasterReset{Monitored: s.monitored(&m.instance)})
	s.save()
}

// clean makes a master as good as new, but for its Sentinels and its configuration.
func (s *Sentinel) clean(m *master) {
	s.forgetAll(&m.replicas)
	s.closeLink(m.link)
	m.link.renew(s.now)
	m.flags, m.runID, m.vote.leader = 0, "", ""
	m.failover = failover{}
	m.info = report{master: true, since: s.now, confChanged: s.now, priority: defaultPriority}
}

// addReplica lists a replica unless its address is known.
func (s *Sentinel) addReplica(m *master, at address) *instance {
	if m.replicaAt(at) != nil || len(m.replicas) >= maxReplicas {
		return nil
	}
	i := s.newInstance(kindReplica, s.replicaName(at), at, m)
	m.replicas = append(m.replicas, &i)
	return &i
}

func (m *master) replicaAt(at address) *instance {
	for _, r := range m.replicas {
		if r.addr.same(at) {
			return r
		}
	}
	return nil
}

// forgetAll forgets every instance of a list.
func (s *Sentinel) forgetAll(list *[]*instance) {
	for _, i := range *list {
		s.forget(i)
	}
	*list = nil
}

// forget lets go of an instance and, when nobody else uses it, of its link.
func (s *Sentinel) forget(i *instance) {
	i.gone = true
	if i.link.users--; i.link.users == 0 {
		s.closeLink(i.link)
	}
}

// all yields the master, its replicas and its Sentinels.
func (m *master) all() iter.Seq[*instance] {
	return func(yield func(*instance) bool) {
		if !yield(&m.instance) {
			return
		}
		for _, list := range [][]*instance{m.replicas, m.sentinels} {
			for _, i := range list {
				if !yield(i) {
					return
				}
			}
		}
	}
}

// spelled is what a command is called on this master and its replicas (rename-command).
func (m *master) spelled(command string) string {
	for old, other := range m.renamed { // at most one fits
		if strings.EqualFold(old, command) {
			return other
		}
	}
	return command
}

// current is the address clients are told: from its promotion on, that of the promoted replica.
func (m *master) current() address {
	if m.failover.promoted != nil && m.failover.state >= stateReconfSlaves {
		return m.failover.promoted.addr
	}
	return m.addr
}

// voters counts the Sentinels that may vote: all that were ever seen, and we.
func (s *Sentinel) voters(m *master) int {
	n := 1
	for _, i := range m.sentinels {
		if !s.cfg.Mutants.DeadVotersForgotten || !i.flags.is(flagSDown) {
			n++
		}
	}
	return n
}

// reconnectNodes closes the links to a master and its replicas: they must be made anew with another
// password.
func (s *Sentinel) reconnectNodes(m *master) {
	s.closeLink(m.link)
	for _, r := range m.replicas {
		s.closeLink(r.link)
	}
}
