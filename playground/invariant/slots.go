package invariant

import (
	"encoding/binary"
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/slot"
)

// checkSlots keeps promises 9 and 10: the table is well formed, and slots change hands only to
// a greater epoch, or when nobody held them.
func (c *Checker) checkSlots(now time.Time, host int, before, view *cluster.View) {
	var all slot.Set
	owned := 0
	for i := range view.Nodes {
		n := &view.Nodes[i]
		if n.NumSlots == 0 {
			continue
		}
		if !n.Flags.Has(bus.Master) {
			c.fail(9, now, host, "%s owns %d slots and is no master", short(n.ID), n.NumSlots)
		}
		if count := n.Slots.Len(); count != n.NumSlots {
			c.fail(9, now, host, "%s owns %d slots and is said to own %d", short(n.ID), count, n.NumSlots)
		}
		n.Slots.AddTo(&all)
		owned += n.Slots.Len()
	}
	if all.Len() != owned {
		c.fail(9, now, host, "a slot has two owners")
	}
	if before == nil {
		return
	}
	c.checkImports(now, host, before, view)
	c.checkRebinding(now, host, before, view)
	c.hosts[host].byHand = slot.Set{}
}

// checkImports keeps the end of promise 10: a slot that is being imported does not change its owner,
// unless it comes from the new one: then that took the place of the old one.
func (c *Checker) checkImports(now time.Time, host int, before, view *cluster.View) {
	for _, open := range view.Importing {
		was, is := owner(before, open.Slot), owner(view, open.Slot)
		if imports(before, open.Slot) && is != was && is != "" && was != "" && is != open.Node {
			c.fail(10, now, host, "slot %d went from %s to %s while it was being imported", open.Slot, short(was), short(is))
		}
	}
}

// imports reports whether a view's node imports a slot.
func imports(v *cluster.View, sl slot.Slot) bool {
	return slices.ContainsFunc(v.Importing, func(open cluster.OpenSlot) bool { return open.Slot == sl })
}

// owner is the id of a slot's owner in a view.
func owner(v *cluster.View, sl slot.Slot) string {
	for i := range v.Nodes {
		if v.Nodes[i].Slots.Has(sl) {
			return v.Nodes[i].ID
		}
	}
	return ""
}

// overlap reports whether two sets have a slot in common.
func overlap(a, b *slot.Set) bool {
	for i := 0; i < slot.Bytes; i += 8 {
		if binary.LittleEndian.Uint64(a[i:])&binary.LittleEndian.Uint64(b[i:]) != 0 {
			return true
		}
	}
	return false
}

// unite adds the slots of b to a.
func unite(a, b *slot.Set) {
	for i := 0; i < slot.Bytes; i += 8 {
		binary.LittleEndian.PutUint64(a[i:], binary.LittleEndian.Uint64(a[i:])|binary.LittleEndian.Uint64(b[i:]))
	}
}

// checkGraph keeps promise 23: nobody who follows a master does, over others, follow itself. It asks
// each node on the way for its own word. What a node believes of others' masters may form a circle for
// a while, because packets of two nodes are not ordered with each other: an old word of a new master,
// held up on its way, says that it follows the one who now follows it.
func (c *Checker) checkGraph(now time.Time, host int) {
	me := c.hosts[host].view
	at := me.Primary
	for range c.hosts {
		next, known := c.byID[at]
		if at == "" || !known || c.hosts[next].view == nil || c.hosts[next].view.ID != at {
			return
		}
		if next == host {
			c.fail(23, now, host, "follows %s and so, over others, itself", short(me.Primary))
			return
		}
		at = c.hosts[next].view.Primary
	}
}

// Contained keeps promise 20 for one slot of a master: it holds keys only of slots it owns or
// imports. The mark of an import is this node's own and dies with it, so that a replica that takes
// the place of an importer holds such keys: that window (W10) is counted. inherits says that the
// host has just been promoted.
func (c *Checker) Contained(now time.Time, host int, sl slot.Slot, keys int, mine, inherits bool) {
	h := &c.hosts[host]
	if keys == 0 || mine {
		h.inherited.Remove(sl)
		return
	}
	if inherits {
		h.inherited.Add(sl)
	}
	if h.inherited.Has(sl) {
		c.Counted[20]++
		return
	}
	c.fail(20, now, host, "a master holds %d keys of slot %d, which it neither owns nor imports", keys, sl)
}

// Answered keeps promise 19: a node that executed a key command by itself owned the slot, or
// imported it for a client that asked.
func (c *Checker) Answered(now time.Time, host int, sl slot.Slot, executed, owns, open bool) {
	if executed && !owns && !open {
		c.fail(19, now, host, "answered for slot %d, which it neither owns nor imports", sl)
	}
}

// checkRestart keeps promise 25 as far as it shows: what a process was when it died, its
// successor is again.
func (c *Checker) checkRestart(now time.Time, host int, view *cluster.View) {
	dead := c.hosts[host].atDeath
	if dead == nil {
		return
	}
	me, then := node(view, view.ID), node(dead, dead.ID)
	switch {
	case view.ID != dead.ID:
		c.fail(25, now, host, "came back as %s and was %s", short(view.ID), short(dead.ID))
	case view.LastVote < dead.LastVote:
		c.fail(25, now, host, "came back with lastVoteEpoch %d and had %d", view.LastVote, dead.LastVote)
	case !me.Slots.Same(&then.Slots):
		c.fail(25, now, host, "came back with %d slots and had %d", me.NumSlots, then.NumSlots)
	case view.Role != dead.Role || view.Primary != dead.Primary:
		c.fail(25, now, host, "came back as %s of %q and was %s of %q", view.Role, view.Primary, dead.Role, dead.Primary)
	}
}
