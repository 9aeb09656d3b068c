package cluster

import (
	"fmt"
	"iter"
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// Sketch is what the nodes looked like when it was drawn, for a screen that looks often: as long as it
// fits, a View would tell the same of who they are, what they own and whom they follow. That PONGs arrive,
// that offsets grow and that others file suspicions is no part of it.
//
// A cluster of fifty that nobody touches is looked at four times a second, and each of its nodes holds an opinion of
// fifty. So nobody compares: what a Sketch shows is changed by the functions of this file alone, and they count.
type Sketch struct {
	of    *State
	drawn uint64
}

// Sketch draws the nodes as they are.
func (s *State) Sketch() Sketch { return Sketch{s, s.redrawn} }

// Fits reports whether a Sketch of this very State still shows the nodes as they are. The zero Sketch fits nobody.
func (s *State) Fits(k Sketch) bool { return k == s.Sketch() }

// redraw notes that a Sketch would show something else from now on.
func (s *State) redraw() { s.redrawn++ }

// setFlags turns flags of a node on or off.
func (s *State) setFlags(n *node, mask bus.Flags, on bool) {
	flags := n.flags &^ mask
	if on {
		flags |= mask
	}
	if flags != n.flags {
		n.flags = flags
		s.redraw()
	}
}

// setAddress says where a node is.
func (s *State) setAddress(n *node, ip string, port, plain, busPort uint16) {
	if n.ip.String() != ip || n.port != port {
		s.redraw()
	}
	n.ip, n.port, n.plainPort, n.busPort = sharedOf(ip), port, plain, busPort
}

// setEpoch says under which epoch a node claims its slots.
func (s *State) setEpoch(n *node, e Epoch) {
	n.configEpoch = e
	s.redraw()
}

// setPrimary makes a node a replica of another, or of nobody.
func (s *State) setPrimary(n, primary *node) {
	n.primary = primary
	s.redraw()
}

// setLink makes l the link that we dialled to n, or that there is none.
func (s *State) setLink(n *node, l *link) {
	n.link = l
	s.redraw()
}

// setOpen notes that a link we dialled has opened.
func (s *State) setOpen(l *link) {
	l.open = true
	s.redraw()
}

// own gives a slot to the set of a node.
func (s *State) own(n *node, sl slot.Slot) {
	n.slots.Add(sl)
	n.numSlots++
	s.redraw()
}

// disown takes a slot out of the set of a node.
func (s *State) disown(n *node, sl slot.Slot) {
	n.slots.Remove(sl)
	n.numSlots--
	s.redraw()
}

// enlist puts a node into the table.
func (s *State) enlist(n *node) {
	s.nodes.insert(n)
	s.redraw()
}

// strike takes a node out of the table.
func (s *State) strike(n *node) {
	s.nodes.remove(n)
	s.redraw()
}

// drawing is what a Sketch shows, for Verify, which compares.
type drawing struct {
	of    Sketch
	nodes []contour
}

// contour is that of a node.
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

// compareDrawing tells what has changed since it was called last without having been counted; "" for nothing.
func (s *State) compareDrawing() (missed string) {
	before, now := s.drawing, &drawing{of: s.Sketch()}
	s.drawing = now
	for _, n := range s.nodes.order {
		now.nodes = append(now.nodes, contour{
			node: n, id: n.id, ip: n.ip.String(), port: n.port, flags: n.flags, configEpoch: n.configEpoch, primary: n.primary,
			open: n.linked(), slots: n.slots.Ranges(),
		})
	}
	if before == nil || before.of != now.of || slices.EqualFunc(before.nodes, now.nodes, contour.like) {
		return ""
	}
	return fmt.Sprintf("a Sketch still fits that showed %+v, and now it is %+v", before.nodes, now.nodes)
}

func (c contour) like(other contour) bool {
	return slices.Equal(c.slots, other.slots) && c.node == other.node && c.id == other.id && c.ip == other.ip && c.port == other.port &&
		c.flags == other.flags && c.configEpoch == other.configEpoch && c.primary == other.primary && c.open == other.open
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
