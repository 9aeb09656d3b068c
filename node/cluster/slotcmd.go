package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// AddSlots makes this node own unowned slots (CLUSTER ADDSLOTS and ADDSLOTSRANGE): all of them or,
// with an error, none. Unlike 7.0 a replica refuses, for slots of a replica serve nobody.
func (s *State) AddSlots(now time.Time, ranges []slot.Range) error {
	if !s.myself.master() {
		return ErrAddSlotsOnReplica
	}
	set, err := s.checkSlots(ranges, func(sl slot.Slot) error {
		if s.slots.owner.at(sl) != 0 {
			return errSlot("Slot %d is already busy", sl)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for sl := range set.All() {
		delete(s.slots.importing, sl)
		s.assign(s.myself, sl)
	}
	s.saveState()
	s.emit(event.SlotOwner{Slots: set.String(), To: ref(s.myself), Epoch: s.myself.configEpoch, Reason: "assigned"})
	s.check()
	return nil
}

// DelSlots makes slots nobody's in this node's own view, whoever owns them (CLUSTER DELSLOTS and
// DELSLOTSRANGE): all of them or, with an error, none.
func (s *State) DelSlots(now time.Time, ranges []slot.Range) error {
	set, err := s.checkSlots(ranges, func(sl slot.Slot) error {
		if s.slots.owner.at(sl) == 0 {
			return errSlot("Slot %d is already unassigned", sl)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for sl := range set.All() {
		s.release(now, sl)
	}
	s.saveState()
	s.emit(event.SlotOwner{Slots: set.String(), Reason: "removed"})
	s.check()
	return nil
}

// checkSlots collects slots and refuses the ones that are wrong or named twice.
func (s *State) checkSlots(ranges []slot.Range, wrong func(slot.Slot) error) (*slot.Set, error) {
	for _, r := range ranges {
		if r.First > r.Last {
			return nil, errSlot("start slot number %d is greater than end slot number %d", r.First, r.Last)
		}
		if r.Last >= slot.Count {
			return nil, ErrSlot
		}
	}
	set := new(slot.Set)
	for _, r := range ranges {
		for sl := r.First; sl <= r.Last; sl++ {
			if err := wrong(sl); err != nil {
				return nil, err
			}
			if set.Has(sl) {
				return nil, errSlot("Slot %d specified multiple times", sl)
			}
			set.Add(sl)
		}
	}
	return set, nil
}

// FlushSlots gives up all slots of a node without keys (CLUSTER FLUSHSLOTS).
func (s *State) FlushSlots(now time.Time) error {
	if !s.host.DatasetEmpty() {
		return ErrFlushSlots
	}
	s.dropAllSlots(now, s.myself, "removed")
	s.saveState()
	s.check()
	return nil
}

// SetSlotMigrating marks a slot of ours as going to a node (CLUSTER SETSLOT … MIGRATING).
func (s *State) SetSlotMigrating(_ time.Time, sl slot.Slot, to string) error {
	if !s.myself.master() {
		return ErrSetSlotOnReplica
	}
	if sl >= slot.Count {
		return ErrSlot
	}
	if s.slots.of(sl) != s.myself {
		return errSlot("I'm not the owner of hash slot %d", sl)
	}
	n, err := s.peer(to)
	if err != nil {
		return err
	}
	s.slots.migrating[sl] = n
	s.saveState()
	s.tellOpened(sl, "migrating", n)
	return nil
}

// SetSlotImporting marks a slot as coming from a node (CLUSTER SETSLOT … IMPORTING).
func (s *State) SetSlotImporting(_ time.Time, sl slot.Slot, from string) error {
	if !s.myself.master() {
		return ErrSetSlotOnReplica
	}
	if sl >= slot.Count {
		return ErrSlot
	}
	if s.slots.of(sl) == s.myself {
		return errSlot("I'm already the owner of hash slot %d", sl)
	}
	n, err := s.peer(from)
	if err != nil {
		return err
	}
	s.slots.importing[sl] = n
	s.saveState()
	s.tellOpened(sl, "importing", n)
	return nil
}

// peer finds the master at the other end of a slot's way.
func (s *State) peer(id string) (*node, error) {
	n := s.find(id)
	switch {
	case n == nil:
		return nil, errDontKnow(id)
	case !n.master():
		return nil, ErrTargetNotMaster
	}
	return n, nil
}

// SetSlotStable closes a slot (CLUSTER SETSLOT … STABLE).
func (s *State) SetSlotStable(_ time.Time, sl slot.Slot) error {
	if !s.myself.master() {
		return ErrSetSlotOnReplica
	}
	if sl >= slot.Count {
		return ErrSlot
	}
	s.closeSlot(sl)
	s.tellOpened(sl, "stable", nil)
	return nil
}

// SetSlotNode gives a slot to a node in this node's own view (CLUSTER SETSLOT … NODE). The node
// that imported it takes a new epoch, so that its claim wins everywhere, and tells everybody.
func (s *State) SetSlotNode(now time.Time, sl slot.Slot, id string) error {
	if !s.myself.master() {
		return ErrSetSlotOnReplica
	}
	if sl >= slot.Count {
		return ErrSlot
	}
	n, me := s.find(id), s.myself
	keys := s.host.KeysInSlot(sl)
	before := s.slots.of(sl)
	switch {
	case n == nil:
		return errUnknownNode(id)
	case !n.master():
		return ErrTargetNotMaster
	case before == me && n != me && keys > 0:
		return errSlot("Can't assign hashslot %d to a different node while I still hold keys for this hash slot.", sl)
	}
	if keys == 0 && s.slots.migrating[sl] != nil {
		delete(s.slots.migrating, sl)
		s.tellOpened(sl, "stable", nil)
	}
	s.rebind(now, n, sl)
	s.saveState()
	s.saveSync() // who gave us the slot forgets it: after a power loss nobody else would know
	if before != n {
		s.tellOwner(sl, before, n, "setslot")
	}
	if before == me && n != me && me.numSlots == 0 && !s.cfg.NoReplicaMigration {
		s.follow(now, n, "lost-slots")
	}
	if n == me && s.Importing(sl) {
		s.finishImport(sl)
	}
	s.check()
	return nil
}

// finishImport closes an import that ended with the slot being ours.
func (s *State) finishImport(sl slot.Slot) {
	if !s.cfg.Mutants.EpochNotBumpedOnImport {
		s.bumpEpoch()
	}
	delete(s.slots.importing, sl)
	s.tellOpened(sl, "stable", nil)
	s.want.pong = true
}

// AdoptKeys compares the slot table with the keys that were loaded at the start: slots with keys
// that nobody owns become ours, those of others are marked as being imported
// (verifyClusterConfigWithData).
func (s *State) AdoptKeys(time.Time) {
	if !s.myself.master() {
		return
	}
	var adopted slot.Set
	for sl := range slot.Slot(slot.Count) {
		owner := s.slots.of(sl)
		if owner == s.myself || s.Importing(sl) || s.host.KeysInSlot(sl) == 0 {
			continue
		}
		s.saveState()
		if owner == nil {
			s.assign(s.myself, sl)
			adopted.Add(sl)
			continue
		}
		s.slots.importing[sl] = owner
		s.tellOpened(sl, "importing", owner)
	}
	if adopted != (slot.Set{}) {
		s.emit(event.SlotOwner{Slots: adopted.String(), To: ref(s.myself), Epoch: s.myself.configEpoch, Reason: "adopted"})
	}
}

// find looks a node up by its id as text.
func (s *State) find(id string) *node {
	if len(id) != bus.IDLen {
		return nil
	}
	return s.nodes.lookup(ID([]byte(id)))
}
