package cluster

import (
	"strconv"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// Conf is the content of nodes.conf: a line for each node, as CLUSTER NODES prints it, without
// those that are still shaking hands, and the two epochs that must never be forgotten.
func (s *State) Conf() []byte {
	b := s.appendNodes(make([]byte, 0, s.confSize+confSlack), bus.Handshake, true)
	b = append(b, "vars currentEpoch "...)
	b = strconv.AppendUint(b, s.currentEpoch, 10)
	b = append(b, " lastVoteEpoch "...)
	if s.cfg.Mutants.VoteNotPersisted {
		return append(b, "0\n"...)
	}
	b = strconv.AppendUint(b, s.lastVote, 10)
	b = append(b, '\n')
	s.confSize = len(b)
	return b
}

// confSlack is how much longer than the last a nodes.conf may be without its memory being moved: two nodes more.
const confSlack = 512

// NodesText is the reply to CLUSTER NODES. What a replica was told of its master's open slots is not
// its own yet.
func (s *State) NodesText() []byte { return s.appendNodes(nil, 0, s.myself.master()) }

// appendNodes appends the line of each node that has none of the flags, ours with the slots that are
// on their way if open is true.
func (s *State) appendNodes(b []byte, without bus.Flags, open bool) []byte {
	for _, n := range s.nodes.order {
		if n.is(without) {
			continue
		}
		b = s.appendNode(b, n)
		if open && n == s.myself && len(s.slots.migrating)+len(s.slots.importing) > 0 {
			b = s.appendOpenSlots(b)
		}
		b = append(b, '\n')
	}
	return b
}

// appendNode appends the line that describes a node (clusterGenNodeDescription).
func (s *State) appendNode(b []byte, n *node) []byte {
	b = append(b, n.id[:]...)
	b = append(b, ' ')
	b = append(b, n.ip.String()...)
	b = append(b, ':')
	b = strconv.AppendUint(b, uint64(n.port), 10)
	b = append(b, '@')
	b = strconv.AppendUint(b, uint64(n.busPort), 10)
	if n.hostname != (shared{}) {
		b = append(b, ',')
		b = append(b, n.hostname.String()...)
	}
	b = append(b, ' ')
	b = n.flags.Append(b)
	b = append(b, ' ')
	if n.primary != nil {
		b = append(b, n.primary.id[:]...)
	} else {
		b = append(b, '-')
	}
	b = appendNumber(b, millis(n.pingSent))
	b = appendNumber(b, millis(n.pongReceived))
	b = appendNumber(b, int64(n.epoch()))
	if n.link != nil || n == s.myself {
		b = append(b, " connected"...)
	} else {
		b = append(b, " disconnected"...)
	}
	if n.numSlots > 0 {
		b = n.slots.Append(append(b, ' '), ' ')
	}
	return b
}

// appendOpenSlots is on its own because a set of slots is much for the small stack of a link.
func (s *State) appendOpenSlots(b []byte) []byte {
	for sl := range s.openSlots().All() {
		if to := s.slots.migrating[sl]; to != nil {
			b = appendOpen(b, sl, "->-", to)
		} else {
			b = appendOpen(b, sl, "-<-", s.slots.importing[sl])
		}
	}
	return b
}

// openSlots is the set of the slots that are on their way.
func (s *State) openSlots() *slot.Set {
	open := new(slot.Set)
	for sl := range s.slots.migrating {
		open.Add(sl)
	}
	for sl := range s.slots.importing {
		open.Add(sl)
	}
	return open
}

func appendOpen(b []byte, sl slot.Slot, arrow string, with *node) []byte {
	b = append(b, " ["...)
	b = strconv.AppendUint(b, uint64(sl), 10)
	b = append(b, arrow...)
	b = append(b, with.id[:]...)
	return append(b, ']')
}

func appendNumber(b []byte, n int64) []byte {
	return strconv.AppendInt(append(b, ' '), n, 10)
}

// millis is a time as Redis prints it; none is 0.
func millis(i instant) int64 { return int64(i) / int64(time.Millisecond) }
