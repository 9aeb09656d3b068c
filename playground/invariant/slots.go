package invariant

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/slot"
)

// checkSlots keeps promises 9 and 10: the table is well formed, and slots change hands only to
// a greater epoch, or when nobody held them.
func (c *Checker) checkSlots(now time.Time, host int, before, view *cluster.View) {
	var all slot.Set
	for i := range view.Nodes {
		n := &view.Nodes[i]
		if n.NumSlots == 0 {
			continue
		}
		if !n.Flags.Has(bus.Master) {
			c.fail(9, now, host, "%s owns %d slots and is no master", short(n.ID), n.NumSlots)
		}
		count := 0
		for b := range all {
			count += ones(n.Slots[b])
			if all[b]&n.Slots[b] != 0 {
				c.fail(9, now, host, "a slot near %d has two owners, one of them %s", b*8, short(n.ID))
				return
			}
			all[b] |= n.Slots[b]
		}
		if count != n.NumSlots {
			c.fail(9, now, host, "%s owns %d slots and is said to own %d", short(n.ID), count, n.NumSlots)
		}
	}
	if before != nil && !c.cfg.Admin {
		c.checkRebinding(now, host, before, view)
	}
}

func ones(b byte) (n int) {
	for ; b != 0; b &= b - 1 {
		n++
	}
	return n
}

// checkRebinding compares who gained slots with who had them before. The old owner may have
// stopped claiming them, which a view does not show: then it claims fewer slots now than it had.
func (c *Checker) checkRebinding(now time.Time, host int, before, view *cluster.View) {
	for i := range view.Nodes {
		n := &view.Nodes[i]
		old := node(before, n.ID)
		if old == nil || n.NumSlots <= old.NumSlots {
			continue
		}
		for j := range before.Nodes {
			loser := &before.Nodes[j]
			if loser.ID != n.ID && loser.NumSlots > 0 && overlap((*bus.Slots)(&loser.Slots), (*bus.Slots)(&n.Slots)) && n.ConfigEpoch < loser.ConfigEpoch {
				c.fail(10, now, host, "%s (epoch %d) took slots of %s (epoch %d)", short(n.ID), n.ConfigEpoch, short(loser.ID), loser.ConfigEpoch)
			}
		}
	}
}

// checkGraph keeps promise 23: a node that follows a master does not, over others, follow itself.
// What it believes of others' masters may form a circle for a moment, because two nodes' packets
// are not ordered with each other; that the circle goes is part of coming to rest.
func (c *Checker) checkGraph(now time.Time, host int, view *cluster.View) {
	at := node(view, view.Primary)
	for steps := 0; at != nil && at.Primary != "" && steps <= len(view.Nodes); steps++ {
		if at.Primary == view.ID && steps > 0 {
			c.fail(23, now, host, "follows %s and so, over others, itself", short(view.Primary))
			return
		}
		at = node(view, at.Primary)
	}
}

// Contained keeps promise 20 for one slot of a master: it holds keys only of slots it owns or
// imports.
func (c *Checker) Contained(now time.Time, host int, sl slot.Slot, keys int, mine bool) {
	if keys > 0 && !mine {
		c.fail(20, now, host, "a master holds %d keys of slot %d, which it neither owns nor imports", keys, sl)
	}
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
	case me.Slots != then.Slots:
		c.fail(25, now, host, "came back with %d slots and had %d", me.NumSlots, then.NumSlots)
	case view.Role != dead.Role || view.Primary != dead.Primary:
		c.fail(25, now, host, "came back as %s of %q and was %s of %q", view.Role, view.Primary, dead.Role, dead.Primary)
	}
}
