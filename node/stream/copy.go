package stream

import "slices"

// Estimates of what things cost beside the bytes of nodes and names, for Footprint.
const (
	nodeBytes     = 48
	groupBytes    = 160
	consumerBytes = 96
	pendingBytes  = 48 + 2*24 // with its places in two trees
)

// Footprint estimates the bytes the stream occupies.
func (s *Stream) Footprint() int {
	total := s.bytes + nodeBytes*len(s.nodes)
	for _, g := range s.groups {
		total += groupBytes + len(g.Name) + pendingBytes*g.pending.len()
		for _, c := range g.consumers {
			total += consumerBytes + len(c.Name)
		}
	}
	return total
}

// Clone returns a deep copy.
func (s *Stream) Clone() *Stream {
	dup := *s
	dup.nodes = slices.Clone(s.nodes)
	for i := range dup.nodes {
		dup.nodes[i].pack = slices.Clone(dup.nodes[i].pack)
	}
	dup.groups = nil
	for _, g := range s.groups {
		dup.groups = append(dup.groups, g.clone())
	}
	return &dup
}

func (g *Group) clone() *Group {
	dup := &Group{Name: g.Name, Last: g.Last, Read: g.Read}
	for _, c := range g.consumers {
		reader := &Consumer{Name: c.Name, Seen: c.Seen}
		dup.consumers = append(dup.consumers, reader)
		c.pending.from(ID{}, func(p *Pending) bool {
			dup.Assign(&Pending{ID: p.ID, Delivered: p.Delivered, Deliveries: p.Deliveries}, reader)
			return true
		})
	}
	return dup
}
