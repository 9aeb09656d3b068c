package invariant

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/slot"
)

// checkRebinding keeps the middle of promise 10: a slot leaves its owner for a newer epoch only, or
// because the owner does not claim it any more, or because an operator said so to this very node.
func (c *Checker) checkRebinding(now time.Time, host int, before, view *cluster.View) {
	for i := range view.Nodes {
		n := &view.Nodes[i]
		old := node(before, n.ID)
		if n.NumSlots == 0 || old != nil && old.Slots.Same(&n.Slots) {
			continue
		}
		for j := range before.Nodes {
			loser := &before.Nodes[j]
			if loser.ID == n.ID || loser.NumSlots == 0 || n.ConfigEpoch > loser.ConfigEpoch || !loser.Slots.Intersects(&n.Slots) {
				continue
			}
			c.checkTaken(now, host, loser, n)
		}
	}
}

// checkTaken looks at each slot that went to a node whose epoch is not newer than the loser's.
func (c *Checker) checkTaken(now time.Time, host int, loser, winner *cluster.NodeView) {
	h := &c.hosts[host]
	word := h.word[loser.ID]
	for sl := range winner.Slots.All() {
		if !loser.Slots.Has(sl) || h.byHand.Has(sl) || word != nil && !word.Has(sl) {
			continue
		}
		c.fail(10, now, host, "%s (epoch %d) took slot %d of %s (epoch %d)", short(winner.ID), winner.ConfigEpoch, sl, short(loser.ID), loser.ConfigEpoch)
		return
	}
}

// hear remembers what a master, or another node on its behalf, said to own.
func (h *hostMemory) hear(id bus.ID, slots *slot.Set) {
	if word := h.word[string(id[:])]; word != nil {
		*word = *slots
		return
	}
	copied := *slots
	h.word[id.String()] = &copied
}
