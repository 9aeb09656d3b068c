package playground

import "clusterplay/node/slot"

// claim chooses slots and queues their move. Between the choice and the queue nobody else chooses, and
// the choice knows which slots are spoken for, so that no two moves have the same.
func (v *mover) claim(from, to string, stepping bool, choose func(taken map[slot.Slot]*move) ([]slot.Slot, error)) (*move, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	slots, err := choose(v.taken())
	if err != nil {
		return nil, err
	}
	return v.queue(from, to, slots, stepping), nil
}

// claimAll queues the moves of a plan that is made while nobody else chooses.
func (v *mover) claimAll(plan func(taken map[slot.Slot]*move) []transfer) []transfer {
	v.mu.Lock()
	defer v.mu.Unlock()
	transfers := plan(v.taken())
	for _, t := range transfers {
		v.queue(t.from, t.to, t.slots, false)
	}
	return transfers
}

// taken is the slots of which a move is under way or queued. The caller holds mu.
func (v *mover) taken() map[slot.Slot]*move {
	taken := map[slot.Slot]*move{}
	for _, m := range v.moves {
		for _, s := range m.ahead() {
			taken[s] = m
		}
	}
	return taken
}

// ahead is the slots that a move has still to carry. The caller holds mu.
func (m *move) ahead() []slot.Slot {
	ahead := m.slots[m.view.Done:]
	switch {
	case m.over():
		return nil
	case closed(m.abort) || m.ctx.Err() != nil:
		return ahead[:min(1, len(ahead))] // the present one is finished
	}
	return ahead
}
