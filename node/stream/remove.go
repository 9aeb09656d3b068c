package stream

import "slices"

// Delete marks the entries with those IDs as deleted and returns how many there were. A node without
// live entries goes.
func (s *Stream) Delete(ids ...ID) int {
	deleted, firstWent := 0, false
	for _, id := range ids {
		if !s.remove(id) {
			continue
		}
		deleted++
		firstWent = firstWent || id == s.first
		if id.Compare(s.deleted) > 0 {
			s.deleted = id
		}
	}
	if firstWent || s.length == 0 && deleted > 0 {
		s.findFirst()
	}
	return deleted
}

func (s *Stream) remove(id ID) bool {
	c := s.Range(id, id, false)
	if !c.Next() {
		return false
	}
	s.length--
	if live, _ := c.n.counts(); live == 1 {
		s.dropNode(c.index)
		return true
	}
	c.n.own()
	c.n.pack[c.flags] |= flagDeleted
	s.recount(c.n, -1, 1)
	return true
}

// recount changes the counts of a node.
func (s *Stream) recount(n *node, live, dead int64) {
	before := len(n.pack)
	n.addCounts(live, dead)
	s.bytes += len(n.pack) - before
}

// dropNode takes node i out. The first is by far the most usual.
func (s *Stream) dropNode(i int) {
	s.bytes -= len(s.nodes[i].pack)
	if i == 0 {
		s.nodes[0] = node{}
		s.nodes = s.nodes[1:]
		return
	}
	s.nodes = slices.Delete(s.nodes, i, i+1)
}

// findFirst looks for the first entry.
func (s *Stream) findFirst() {
	s.first = ID{}
	if s.length > 0 {
		c := s.Range(ID{}, MaxID, false)
		c.Next()
		s.first = c.ID
	}
}

// Trim says which entries of the beginning go.
type Trim struct {
	ByID   bool
	Length uint64 // without ByID: how many entries may stay
	ID     ID     // with ByID: the first that may stay
	Approx bool   // only whole nodes go
	Limit  int64  // how many may go at once; 0 is no bound
}

// Apply takes entries off the beginning of s and returns how many.
func (t *Trim) Apply(s *Stream) int64 {
	deleted := int64(0)
	for len(s.nodes) > 0 && (t.ByID || uint64(s.length) > t.Length) {
		n := &s.nodes[0]
		live, _ := n.counts()
		if t.Limit > 0 && deleted+live > t.Limit {
			break
		}
		if t.whole(s, n, live) {
			s.dropNode(0)
			s.length -= int(live)
			deleted += live
			continue
		}
		if !t.Approx {
			deleted += t.within(s, n)
		}
		break
	}
	if deleted > 0 || s.length == 0 {
		s.findFirst()
	}
	return deleted
}

// whole tells whether n may go as a whole.
func (t *Trim) whole(s *Stream, n *node, live int64) bool {
	if t.ByID {
		return n.lastID().Compare(t.ID) < 0
	}
	return uint64(int64(s.length)-live) >= t.Length
}

// within marks entries of n as deleted.
func (t *Trim) within(s *Stream, n *node) (deleted int64) {
	n.own()
	c := Cursor{s: s, to: MaxID, index: -1}
	for c.Next() && c.index == 0 {
		if t.ByID && c.ID.Compare(t.ID) >= 0 || !t.ByID && uint64(s.length) <= t.Length {
			break
		}
		n.pack[c.flags] |= flagDeleted
		deleted++
		s.length--
	}
	s.recount(n, -deleted, deleted)
	return deleted
}

// Edge is the ID of the first entry, a deleted one too; the greatest ID when there is no node.
func (s *Stream) Edge() ID {
	c := s.Range(ID{}, MaxID, false)
	c.deleted = true
	if !c.Next() {
		return MaxID
	}
	return c.ID
}
