package stream

import "slices"

// Keep returns the stream as it is now, to be read and not to be changed. What the two have in common is made anew by
// who changes it: a node, or what is pending of an entry.
func (s *Stream) Keep() *Stream {
	twin := *s
	for i := range s.nodes {
		s.nodes[i].shared = true
	}
	twin.nodes = slices.Clone(s.nodes)
	twin.groups = make([]*Group, len(s.groups))
	for i, g := range s.groups {
		twin.groups[i] = g.keep()
	}
	return &twin
}

func (g *Group) keep() *Group {
	g.kept++
	twin := &Group{Name: g.Name, Last: g.Last, Read: g.Read, pending: g.pending.keep()}
	for _, c := range g.consumers {
		twin.consumers = append(twin.consumers, &Consumer{Name: c.Name, Seen: c.Seen, pending: c.pending.keep()})
	}
	return twin
}

func (l *list) keep() list {
	if l.tree == nil {
		return list{}
	}
	return list{tree: l.tree.Copy()}
}

// own makes the bytes of the node its own before they are changed. Places in them stay valid.
func (n *node) own() {
	if n.shared {
		n.pack, n.shared = slices.Clone(n.pack), false
	}
}

// Own returns p, which is pending in g, to be changed. It may be another one than p. Nobody may be walking over what is
// pending.
func (g *Group) Own(p *Pending) *Pending {
	if p.kept == g.kept || p.Owner == nil {
		p.kept = g.kept
		return p
	}
	own := *p
	own.kept = g.kept
	g.pending.set(&own)
	own.Owner.pending.set(&own)
	return &own
}
