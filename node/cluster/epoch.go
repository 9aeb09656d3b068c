package cluster

import (
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// mergeEpochs takes over the epochs in a known sender's packet. The currentEpoch also covers the
// sender's configEpoch, which an honest sender's own currentEpoch does anyway. It reports false,
// and takes over nothing, when the epochs are beyond belief.
func (s *State) mergeEpochs(from *node, current, config Epoch) bool {
	highest := max(current, config)
	if highest > s.currentEpoch && highest-s.currentEpoch > maxEpochJump {
		s.emit(event.PacketRefused{From: ref(from).String(), Reason: "epoch-jump"})
		return false
	}
	if highest > s.currentEpoch {
		s.currentEpoch = highest
		s.saveSync()
		s.emit(event.Epoch{Kind: "current", Epoch: highest, From: ref(from), Reason: "heard"})
	}
	if config > from.configEpoch {
		s.setEpoch(from, config)
		s.heardSync()
	}
	return true
}

// nextEpoch begins a new epoch.
func (s *State) nextEpoch(why event.Reason) Epoch {
	s.currentEpoch++
	s.saveSync()
	s.emit(event.Epoch{Kind: "current", Epoch: s.currentEpoch, Reason: why})
	return s.currentEpoch
}

// claimEpoch makes e the epoch of our own claims.
func (s *State) claimEpoch(e Epoch, why event.Reason) {
	s.setEpoch(s.myself, e)
	s.saveSync()
	s.emit(event.Epoch{Kind: "config", Epoch: e, Reason: why})
}

// resolveCollision gives us a new configEpoch when another master has the same and it is for us to
// move (clusterHandleConfigEpochCollision). The epoch is taken without a vote: there is no conflict
// to win, only two claims to tell apart.
func (s *State) resolveCollision(in *inbox) {
	n, me := in.sender, s.myself
	if !n.master() || !me.master() || in.packet.ConfigEpoch != me.configEpoch {
		return
	}
	rivals := s.rivals(in)
	if s.movesOn(in, rivals) == s.cfg.Mutants.CollisionInverted {
		return
	}
	old := me.configEpoch
	s.claimEpoch(s.nextEpoch("collision"), "collision")
	s.emit(event.EpochCollision{With: ref(n), Epoch: old, New: me.configEpoch, Rivals: rivals})
}

// rivals reports whether another master claims slots of ours: the two were one shard, and one of them
// was replaced while it was away.
func (s *State) rivals(in *inbox) bool {
	mine := s.myself.slots.Set()
	return !s.cfg.Switches.CollisionByID && mine.Intersects((*slot.Set)(in.packet.Slots))
}

// movesOn says which of two masters with one configEpoch takes a new one, and with it whatever both
// claim: the one with the smaller id. Of rivals the one with the longer history does, or all that was
// written since the failover would be lost (valkey#974).
func (s *State) movesOn(in *inbox, rivals bool) bool {
	mine, theirs := s.host.ReplicationOffset(), in.packet.Offset
	if rivals && mine != theirs {
		return mine > theirs
	}
	return compareIDs(&s.myself.id, &in.sender.id) < 0
}

// maxEpoch is the highest epoch we know of.
func (s *State) maxEpoch() Epoch {
	highest := s.currentEpoch
	for _, n := range s.nodes.order {
		highest = max(highest, n.configEpoch)
	}
	return highest
}

// bumpEpoch takes the next epoch without asking anybody, unless ours already is the highest of
// all, and reports whether it did (clusterBumpConfigEpochWithoutConsensus).
func (s *State) bumpEpoch() bool {
	me := s.myself
	if me.configEpoch != 0 && me.configEpoch == s.maxEpoch() {
		return false
	}
	s.claimEpoch(s.nextEpoch("bump"), "bump")
	return true
}
