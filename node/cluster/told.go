package cluster

import (
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// joinLooks is how many events of a turn are looked through for one that tells the same of other slots: more
// than a CLUSTER SETSLOT brings.
const joinLooks = 4

// tellOpened tells that a slot was opened or closed. What a client with a pipeline does to many slots in one
// turn is one event.
func (s *State) tellOpened(sl slot.Slot, state event.Reason, with *node) {
	told := event.OpenSlot{State: state, With: ref(with)}
	for i := len(s.todo.Emit) - 1; i >= max(0, len(s.todo.Emit)-joinLooks); i-- {
		e, ok := s.todo.Emit[i].(event.OpenSlot)
		if ok && e.State == state && e.With == told.With {
			e.Slots = slot.Join(e.Slots, sl)
			s.todo.Emit[i] = e
			return
		}
	}
	told.Slots = slot.Join("", sl)
	s.emit(told)
}

// tellOwner tells that one slot changed hands; several in one turn are one event as well.
func (s *State) tellOwner(sl slot.Slot, from, to *node, why event.Reason) {
	told := event.SlotOwner{From: ref(from), To: ref(to), Epoch: to.configEpoch, Reason: why}
	for i := len(s.todo.Emit) - 1; i >= max(0, len(s.todo.Emit)-joinLooks); i-- {
		e, ok := s.todo.Emit[i].(event.SlotOwner)
		if told.Slots = e.Slots; ok && e == told {
			e.Slots = slot.Join(e.Slots, sl)
			s.todo.Emit[i] = e
			return
		}
	}
	told.Slots = slot.Join("", sl)
	s.emit(told)
}
