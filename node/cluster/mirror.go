package cluster

import (
	"bytes"
	"strconv"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// In 7.0 only a master knows which of its slots are on their way. When it dies in the middle of a
// migration its replica, elected, answers for keys that have moved and forgets those that have come
// (redis#6339, valkey#445). Here a master tells its replicas in the replication stream, between the
// very commands that move the keys, so that whoever takes its place goes on where it stopped.
//
// A replica keeps what it was told in the same tables as a master. It does not act on it, and shows
// it to nobody but nodes.conf, until it is a master itself.

// words of the stream.
var (
	wordCluster   = []byte("CLUSTER")
	wordSetSlot   = []byte("SETSLOT")
	wordMigrating = []byte("MIGRATING")
	wordImporting = []byte("IMPORTING")
	wordNode      = []byte("NODE")
	wordEpoch     = []byte("EPOCH")
)

// OpenSlotCommands are the commands that tell a replica every open slot of this master: what a full
// synchronisation does not carry.
func (s *State) OpenSlotCommands() [][][]byte {
	var commands [][][]byte
	add := func(open map[slot.Slot]*node, word []byte) {
		for _, sl := range sortedSlots(open) {
			commands = append(commands, [][]byte{wordCluster, wordSetSlot, slotWord(sl), word, idWord(open[sl])})
		}
	}
	add(s.slots.migrating, wordMigrating)
	add(s.slots.importing, wordImporting)
	return commands
}

// SlotTaken is the command that tells a replica to whom SETSLOT … NODE gave a slot, and under which
// epoch that one claims it: CLUSTER SETSLOT slot NODE id EPOCH epoch.
func (s *State) SlotTaken(sl slot.Slot) [][]byte {
	owner := s.slots.of(sl)
	if owner == nil {
		return nil
	}
	epoch := strconv.AppendUint(nil, owner.configEpoch, 10)
	return [][]byte{wordCluster, wordSetSlot, slotWord(sl), wordNode, idWord(owner), wordEpoch, epoch}
}

func slotWord(sl slot.Slot) []byte { return strconv.AppendUint(nil, uint64(sl), 10) }
func idWord(n *node) []byte        { return bytes.Clone(n.id[:]) }

// Mirror takes over what this replica's master did to a slot: the words behind CLUSTER SETSLOT slot.
// It reports whether it understood them.
func (s *State) Mirror(now time.Time, sl slot.Slot, words [][]byte) bool {
	if s.myself.master() || sl >= slot.Count || len(words) == 0 {
		return false
	}
	action := bytes.ToUpper(words[0])
	if bytes.Equal(action, []byte("STABLE")) {
		s.closeSlot(sl)
		return true
	}
	if len(words) < 2 {
		return false
	}
	n := s.find(string(words[1]))
	switch {
	case n == nil || n == s.myself:
		return false
	case bytes.Equal(action, wordMigrating):
		s.slots.migrating[sl] = n
	case bytes.Equal(action, wordImporting):
		s.slots.importing[sl] = n
	case bytes.Equal(action, wordNode):
		s.mirrorOwner(now, sl, n, words[2:])
	default:
		return false
	}
	s.slots.changes++
	s.saveState()
	return true
}

// mirrorOwner gives a slot to n in this replica's view, and n the epoch it claims the slot with.
func (s *State) mirrorOwner(now time.Time, sl slot.Slot, n *node, rest [][]byte) {
	s.closeSlot(sl)
	if len(rest) == 2 && bytes.EqualFold(rest[0], wordEpoch) {
		if epoch, err := strconv.ParseUint(string(rest[1]), 10, 64); err == nil {
			s.mergeEpochs(n, 0, epoch)
		}
	}
	before := s.slots.of(sl)
	if before == n {
		return
	}
	s.rebind(now, n, sl)
	s.tellOwner(sl, before, n, "mirrored")
}

// closeSlot forgets that a slot was on its way.
func (s *State) closeSlot(sl slot.Slot) {
	delete(s.slots.migrating, sl)
	delete(s.slots.importing, sl)
	s.slots.changes++
	s.saveState()
}

// ForgetOpenSlots forgets what a replica was told: it begins to load its master's data anew, and
// will be told anew.
func (s *State) ForgetOpenSlots() {
	if !s.myself.master() {
		s.closeAllSlots()
	}
}

// inheritOpen keeps of the slots that were on their way under the last master those that still are:
// called by the replica that has just taken its place and its slots.
func (s *State) inheritOpen() {
	for sl := range s.openSlots().All() {
		mine := s.slots.of(sl) == s.myself
		if to := s.slots.migrating[sl]; to != nil && (!mine || to == s.myself) {
			delete(s.slots.migrating, sl)
		}
		if from := s.slots.importing[sl]; from != nil && (mine || from == s.myself) {
			delete(s.slots.importing, sl)
		}
		s.tellOpen(sl)
	}
}

// tellOpen says where a slot of ours is going or coming from, if it is.
func (s *State) tellOpen(sl slot.Slot) {
	if to := s.slots.migrating[sl]; to != nil {
		s.tellOpened(sl, "migrating", to)
	}
	if from := s.slots.importing[sl]; from != nil {
		s.tellOpened(sl, "importing", from)
	}
}

// awaitsSlots reports whether our master, without a slot yet, is importing some: it has keys that
// nobody else has, so its place must be taken.
func (s *State) awaitsSlots() bool {
	return !s.cfg.Switches.LocalOpenSlots && len(s.slots.importing) > 0
}

// repoint lets the slots that were on their way to or from a node go to or come from the one that
// took its place.
func (s *State) repoint(old, successor *node) {
	if s.cfg.Switches.LocalOpenSlots || len(s.slots.migrating)+len(s.slots.importing) == 0 {
		return
	}
	for sl := range s.openSlots().All() {
		for _, open := range []map[slot.Slot]*node{s.slots.migrating, s.slots.importing} {
			if open[sl] != old {
				continue
			}
			delete(open, sl)
			if successor != s.myself {
				open[sl] = successor
			}
			s.slots.changes++
			s.saveState()
			if s.myself.master() {
				s.tellOpen(sl)
			}
		}
	}
}

// claimsForSource reports whether a claim to a slot that we import comes from the node that has taken
// its owner's place: the slot still comes from where it came from, under another name.
func (s *State) claimsForSource(by *node, sl slot.Slot) bool {
	owner := s.slots.of(sl)
	if s.cfg.Switches.LocalOpenSlots || owner == nil || owner == s.myself || !owner.sameShard(by) {
		return false
	}
	if s.slots.importing[sl] == owner {
		s.slots.importing[sl] = by
		s.tellOpen(sl)
	}
	return s.slots.importing[sl] == by
}

// promotedAfter is called when n, a replica of old, turns out to be a master.
func (s *State) promotedAfter(old, n *node) {
	if old.is(bus.Failed) {
		s.repoint(old, n)
	}
}
