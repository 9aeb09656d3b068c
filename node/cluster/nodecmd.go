package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// BumpEpoch takes the next epoch for this node's claims unless they have the highest already
// (CLUSTER BUMPEPOCH). It returns the epoch and whether it is new.
func (s *State) BumpEpoch(time.Time) (epoch Epoch, bumped bool) {
	bumped = s.bumpEpoch()
	s.check()
	return s.myself.configEpoch, bumped
}

// SetConfigEpoch gives a node that knows nobody its first epoch (CLUSTER SET-CONFIG-EPOCH).
func (s *State) SetConfigEpoch(_ time.Time, epoch int64) error {
	switch {
	case epoch < 0:
		return errSlot("Invalid config epoch specified: %d", epoch)
	case s.nodes.len() > 1:
		return ErrEpochAmongOthers
	case s.myself.configEpoch != 0:
		return ErrEpochAlreadySet
	}
	s.currentEpoch = max(s.currentEpoch, Epoch(epoch))
	s.claimEpoch(Epoch(epoch), "assigned")
	s.want.state = true
	s.check()
	return nil
}

// Forget removes a node and keeps gossip from bringing it back for a minute (CLUSTER FORGET).
func (s *State) Forget(now time.Time, id string) error {
	n := s.find(id)
	switch {
	case n == nil:
		return errUnknownNode(id)
	case n == s.myself:
		return ErrForgetMyself
	case n == s.myself.primary:
		return ErrForgetMaster
	}
	s.forgotten.add(now, n.id)
	s.forget(now, n, "forgotten")
	s.check()
	return nil
}

// Replicate makes this node a replica of a master (CLUSTER REPLICATE).
func (s *State) Replicate(now time.Time, id string) error {
	n, me := s.find(id), s.myself
	switch {
	case n == nil:
		return errUnknownNode(id)
	case n == me:
		return ErrReplicateMyself
	case !n.master():
		return ErrReplicateReplica
	case me.master() && (me.numSlots > 0 || !s.host.DatasetEmpty()):
		return ErrReplicateNotEmpty
	}
	s.follow(now, n, "replicate")
	s.check()
	return nil
}

// ReplicaLines returns the CLUSTER NODES line of each replica of a master (CLUSTER REPLICAS).
func (s *State) ReplicaLines(id string) ([]string, error) {
	n := s.find(id)
	switch {
	case n == nil:
		return nil, errUnknownNode(id)
	case !n.master():
		return nil, ErrNotMaster
	}
	lines := make([]string, len(n.replicas))
	for i, r := range n.replicas {
		lines[i] = string(s.appendNode(nil, r))
	}
	return lines, nil
}

// CountFailureReports is how many nodes currently suspect a node (CLUSTER COUNT-FAILURE-REPORTS).
func (s *State) CountFailureReports(now time.Time, id string) (int, error) {
	n := s.find(id)
	if n == nil {
		return 0, errUnknownNode(id)
	}
	return s.countReports(now, n), nil
}

// Reset makes this node an empty master that knows nobody (CLUSTER RESET). A hard reset also
// takes a new id and forgets all epochs.
func (s *State) Reset(now time.Time, hard bool) error {
	me := s.myself
	if me.master() && !s.host.DatasetEmpty() {
		return ErrResetWithKeys
	}
	if !me.master() {
		old := me.primary
		s.becomesPrimary(me)
		s.host.Promote(now)
		s.host.FlushData(now)
		s.emit(event.Promoted{Epoch: me.configEpoch, Primary: ref(old), Reason: "reset"})
	}
	s.resetManual(now)
	s.resetElection()
	s.closeAllSlots()
	for _, n := range s.nodes.all() {
		if n != me {
			s.forget(now, n, "reset")
		}
	}
	s.dropAllSlots(now, me, "reset")
	if hard {
		s.currentEpoch, s.lastVote = 0, 0
		s.setEpoch(me, 0)
		s.rename(me, s.randomID())
	}
	s.setFlags(me, bus.MigrateTo, false)
	s.want.state = true
	s.saveSync()
	s.check()
	return nil
}

// SaveConfig asks for nodes.conf to be written (CLUSTER SAVECONFIG).
func (s *State) SaveConfig(time.Time) { s.saveSync() }
