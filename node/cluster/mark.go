package cluster

import "encoding/binary"

// Mark is a number that is another one when a node's roles, epochs, flags or slots, or this node's
// opinion of the cluster, are others. Who watches a node makes a View only when its Mark changed.
func (s *State) Mark() uint64 {
	m := mark(14695981039346656037)
	m.mix(s.currentEpoch)
	m.mix(s.lastVote)
	m.mix(s.slots.changes)
	m.mix(uint64(len(s.slots.migrating))<<32 | uint64(len(s.slots.importing)))
	if s.health.ok {
		m.mix(1)
	}
	for _, n := range s.nodes.order {
		m.mixID(&n.id)
		m.mix(n.configEpoch)
		m.mix(uint64(n.flags)<<32 | uint64(n.numSlots))
		if n.primary != nil {
			m.mixID(&n.primary.id)
		}
	}
	return uint64(m)
}

// mark folds numbers into one (FNV-1a over words).
type mark uint64

func (m *mark) mix(n uint64) { *m = (*m ^ mark(n)) * 1099511628211 }

// mixID folds an id in by its first characters: ids are drawn at random.
func (m *mark) mixID(id *ID) { m.mix(binary.LittleEndian.Uint64(id[:8])) }
