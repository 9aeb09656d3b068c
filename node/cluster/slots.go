package cluster

import (
	"maps"
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// slotTable says who owns each slot, which slots are on their way, and which are no longer
// claimed by those who own them.
type slotTable struct {
	owner       owners              // numbers of owners
	owners      []*node             // by their numbers; nil for 0, which is nobody, and for numbers that are free
	migrating   map[slot.Slot]*node // ours, going to
	importing   map[slot.Slot]*node // coming from
	notClaiming slot.Set            // the owner's last heartbeat did not claim it
	owned       int                 // slots that somebody owns
	changes     uint64              // how often a slot was assigned or released
}

func (t *slotTable) init() {
	t.owners = make([]*node, 1)
	t.migrating = make(map[slot.Slot]*node)
	t.importing = make(map[slot.Slot]*node)
}

// of is who owns a slot; nil for nobody.
func (t *slotTable) of(sl slot.Slot) *node { return t.owners[t.owner.at(sl)] }

// give makes a node, or nobody, the owner of a slot.
func (t *slotTable) give(sl slot.Slot, n *node) {
	if n == nil {
		t.owner.set(sl, 0)
		return
	}
	if n.owns == 0 {
		n.owns = t.number()
		t.owners[n.owns] = n
	}
	t.owner.set(sl, n.owns)
}

// number is one that no owner has.
func (t *slotTable) number() uint16 {
	for i := 1; i < len(t.owners); i++ {
		if t.owners[i] == nil {
			return uint16(i)
		}
	}
	t.owners = append(t.owners, nil)
	return uint16(len(t.owners) - 1)
}

// forget takes the number of a node that owns nothing.
func (t *slotTable) forget(n *node) {
	t.forgetOpen(n)
	if n.owns != 0 {
		t.owners[n.owns], n.owns = nil, 0
	}
}

// unclaimed reports whether anybody may take the slot.
func (t *slotTable) unclaimed(sl slot.Slot) bool {
	return t.owner.at(sl) == 0 || t.notClaiming.Has(sl)
}

// forgetOpen closes the slots that are on their way to or from a node.
func (t *slotTable) forgetOpen(n *node) {
	gone := func(_ slot.Slot, with *node) bool { return with == n }
	maps.DeleteFunc(t.migrating, gone)
	maps.DeleteFunc(t.importing, gone)
}

// sortedSlots returns the slots of an open-slot table in order.
func sortedSlots(open map[slot.Slot]*node) []slot.Slot {
	return slices.Sorted(maps.Keys(open))
}

// assign gives an unowned slot to n (clusterAddSlot). When a cluster with replicas gets a new
// owner of slots, replicas may migrate to it.
func (s *State) assign(n *node, sl slot.Slot) {
	if s.slots.owner.at(sl) == 0 {
		s.slots.owned++
	}
	s.slots.give(sl, n)
	s.slots.notClaiming.Remove(sl)
	s.slots.changes++
	if n.slots.Has(sl) {
		return
	}
	s.own(n, sl)
	s.census.stale = s.census.stale || n.numSlots == 1
	if n.numSlots == 1 && s.anyReplicas() {
		s.setFlags(n, bus.MigrateTo, true)
	}
}

// release takes a slot from its owner (clusterDelSlot). If our shard served it, its shard
// channels end here.
func (s *State) release(now time.Time, sl slot.Slot) {
	n := s.slots.of(sl)
	if n == nil {
		return
	}
	if n == s.myself || n == s.myself.primary {
		s.host.SlotMoved(now, sl)
	}
	s.disown(n, sl)
	s.census.stale = s.census.stale || n.numSlots == 0
	s.slots.give(sl, nil)
	s.slots.owned--
	s.slots.changes++
	s.slots.notClaiming.Remove(sl)
}

// rebind moves a slot to n.
func (s *State) rebind(now time.Time, n *node, sl slot.Slot) {
	s.release(now, sl)
	s.assign(n, sl)
}

// dropAllSlots makes all of n's slots nobody's.
func (s *State) dropAllSlots(now time.Time, n *node, why event.Reason) {
	if n.numSlots == 0 {
		return
	}
	lost := n.slots.Set()
	for sl := range lost.All() {
		s.release(now, sl)
	}
	s.emit(event.SlotOwner{Slots: lost.String(), From: ref(n), Epoch: n.configEpoch, Reason: why})
}

// anyReplicas reports whether any master has a replica.
func (s *State) anyReplicas() bool {
	return slices.ContainsFunc(s.nodes.order, func(n *node) bool { return n.master() && len(n.replicas) > 0 })
}

// closeAllSlots ends all migrations and imports.
func (s *State) closeAllSlots() {
	clear(s.slots.migrating)
	clear(s.slots.importing)
}

// Owner returns the id of the node that serves a slot in this node's view.
func (s *State) Owner(sl slot.Slot) (id ID, ok bool) {
	n := s.slots.of(sl)
	if n == nil {
		return ID{}, false
	}
	return n.id, true
}

// Mine reports whether this node itself owns a slot.
func (s *State) Mine(sl slot.Slot) bool { return s.slots.of(sl) == s.myself }

// Importing reports whether a slot is being imported by this node.
func (s *State) Importing(sl slot.Slot) bool {
	return len(s.slots.importing) > 0 && s.myself.master() && s.slots.importing[sl] != nil
}

// Migrating reports whether the slot is on its way to another node.
func (s *State) Migrating(sl slot.Slot) bool {
	return len(s.slots.migrating) > 0 && s.myself.master() && s.slots.migrating[sl] != nil
}

// SlotCount is the number of slots this node owns.
func (s *State) SlotCount() int { return int(s.myself.numSlots) }
