package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// refusals remembers the last refusal of each candidate, so that it is told once.
type refusals map[ID]event.VoteRefused

// receiveAuthRequest votes for a replica that wants to replace its master, or refuses
// (clusterSendFailoverAuthIfNeeded). The vote is on disk before it leaves.
func (s *State) receiveAuthRequest(now time.Time, in *inbox) {
	n := in.sender
	if why := s.refuseVote(now, in); why != "" {
		s.sayRefused(event.VoteRefused{For: ref(n), Epoch: in.packet.CurrentEpoch, Reason: why})
		return
	}
	n.primary.inTrouble().voted = instantOf(now)
	s.lastVote = s.currentEpoch
	s.saveSync()
	s.sendTo(n, s.begin(bus.AuthAck))
	s.emit(event.Vote{For: ref(n), Primary: ref(n.primary), Epoch: s.currentEpoch})
}

// refuseVote says why we do not vote for the sender; "" means that we do.
func (s *State) refuseVote(now time.Time, in *inbox) event.Reason {
	n, p := in.sender, &in.packet
	voter := s.myself.voter() || (s.cfg.Mutants.VotersSlotless && s.myself.master())
	switch {
	case !voter:
		return "not-a-voter"
	case p.CurrentEpoch < s.currentEpoch:
		return "old-epoch"
	case s.lastVote == s.currentEpoch:
		return "already-voted"
	case n.master():
		return "not-a-replica"
	case n.primary == nil:
		return "unknown-master"
	case !n.primary.is(bus.Failed) && p.Marks&bus.ForceAck == 0:
		return "master-up"
	case n.primary.troubles().voted.age(now) < s.nt(voteCoolDown):
		return "voted-recently"
	case s.staleClaim(p):
		return "stale-slots"
	}
	return ""
}

// staleClaim reports whether a candidate claims a slot that somebody owns with a newer epoch.
func (s *State) staleClaim(p *bus.Packet) bool {
	claimed := (*slot.Set)(p.Slots)
	for sl := range claimed.All() {
		if !s.slots.unclaimed(sl) && s.slots.of(sl).configEpoch > p.ConfigEpoch {
			return true
		}
	}
	return false
}

// sayRefused emits a refusal unless it repeats the last one to the same candidate.
func (s *State) sayRefused(e event.VoteRefused) {
	id, ok := bus.ParseID(e.For.ID)
	if !ok || s.refused[id] == e {
		return
	}
	if s.refused == nil {
		s.refused = make(refusals)
	}
	if len(s.refused) >= maxNodes {
		clear(s.refused)
	}
	s.refused[id] = e
	s.emit(e)
}
