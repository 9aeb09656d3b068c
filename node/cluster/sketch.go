package cluster

import (
	"iter"
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// Sketch is what the nodes looked like when it was drawn, for a screen that looks often: as long as it
// fits, a View would tell the same of who they are, what they own and whom they follow. That PONGs arrive,
// that offsets grow and that others file suspicions is no part of it.
type Sketch struct {
	of    *State
	nodes []contour
}

// contour is what a Sketch holds of a node.
type contour struct {
	node        *node
	id          ID
	ip          string
	port        uint16
	flags       bus.Flags
	configEpoch Epoch
	primary     *node
	open        bool
	slots       []slot.Range
}

// Sketch draws the nodes as they are.
func (s *State) Sketch() *Sketch {
	k := &Sketch{of: s, nodes: make([]contour, 0, s.nodes.len())}
	for _, n := range s.nodes.order {
		k.nodes = append(k.nodes, contour{
			node: n, id: n.id, ip: n.ip, port: n.port, flags: n.flags, configEpoch: n.configEpoch, primary: n.primary,
			open: n.linked(), slots: n.slots.Ranges(),
		})
	}
	return k
}

// Fits reports whether a Sketch of this very State, which may be nil, still shows the nodes as they are.
func (s *State) Fits(k *Sketch) bool {
	if k == nil || k.of != s || len(k.nodes) != s.nodes.len() {
		return false
	}
	for i, n := range s.nodes.order {
		c := &k.nodes[i]
		if c.node != n || c.id != n.id || c.ip != n.ip || c.port != n.port || c.flags != n.flags || c.configEpoch != n.configEpoch ||
			c.primary != n.primary || c.open != n.linked() || !n.slots.Is(c.slots) {
			return false
		}
	}
	return true
}

// IDs are the nodes, in the order of a View's.
func (s *State) IDs() iter.Seq[ID] {
	return func(yield func(ID) bool) {
		for _, n := range s.nodes.order {
			if !yield(n.id) {
				return
			}
		}
	}
}

// Heard is when each node was last heard of, in the order of a View's nodes.
func (s *State) Heard(dst []time.Time) []time.Time {
	dst = slices.Grow(dst, s.nodes.len())
	for _, n := range s.nodes.order {
		dst = append(dst, n.pongReceived.time())
	}
	return dst
}

// Outline is a View without the nodes.
func (s *State) Outline() (v View) {
	s.view(&v, func(*node) bool { return false })
	return v
}

// linked reports whether the link to n is open.
func (n *node) linked() bool { return n.link != nil && n.link.open }
