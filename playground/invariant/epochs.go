package invariant

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// checkEpochs keeps promises 6, 7 and 8: a node's clock and its last vote never go back, no
// configEpoch is ahead of the clock, and none that is observed goes back.
func (c *Checker) checkEpochs(now time.Time, host int, before, view *cluster.View) {
	h := &c.hosts[host]
	if before != nil && view.CurrentEpoch < before.CurrentEpoch {
		c.fail(6, now, host, "currentEpoch went from %d back to %d", before.CurrentEpoch, view.CurrentEpoch)
	}
	if view.LastVote < h.lastVote {
		c.fail(6, now, host, "lastVoteEpoch went from %d back to %d", h.lastVote, view.LastVote)
	}
	if view.LastVote > view.CurrentEpoch {
		c.fail(6, now, host, "lastVoteEpoch %d is ahead of currentEpoch %d", view.LastVote, view.CurrentEpoch)
	}
	h.lastVote = view.LastVote
	for i := range view.Nodes {
		c.checkNodeEpoch(now, host, before, view, &view.Nodes[i])
	}
}

func (c *Checker) checkNodeEpoch(now time.Time, host int, before, view *cluster.View, n *cluster.NodeView) {
	if n.ConfigEpoch > view.CurrentEpoch {
		c.fail(7, now, host, "configEpoch %d of %s is ahead of currentEpoch %d", n.ConfigEpoch, short(n.ID), view.CurrentEpoch)
	}
	if before == nil || n.ID == view.ID {
		return
	}
	old := node(before, n.ID)
	if old != nil && n.ConfigEpoch < old.ConfigEpoch && n.Flags.Has(bus.Master) && old.Flags.Has(bus.Master) {
		c.fail(8, now, host, "configEpoch of %s went from %d back to %d", short(n.ID), old.ConfigEpoch, n.ConfigEpoch)
	}
}

// claim is what one node has claimed with one epoch.
type claim struct {
	sender bus.ID
	slots  slot.Set
}

// noteClaim keeps promise 11: one (slot, configEpoch) is claimed by one node only. An epoch that
// somebody took without asking (W11: an import ended, a collision was resolved) may be won by another
// at the same time; that is counted.
func (c *Checker) noteClaim(now time.Time, host int, p *bus.Packet) {
	slots := (*slot.Set)(p.Slots)
	if p.Primary != (bus.ID{}) || p.ConfigEpoch == 0 || *slots == (slot.Set{}) {
		return
	}
	claims := c.claims[p.ConfigEpoch]
	mine := -1
	for i := range claims {
		if claims[i].sender == p.Sender {
			mine = i
			continue
		}
		if overlap(&claims[i].slots, slots) {
			c.twice = append(c.twice, twice{now, host, p.ConfigEpoch, claims[i].sender, p.Sender})
		}
	}
	if mine < 0 {
		c.claims[p.ConfigEpoch] = append(claims, claim{p.Sender, *slots})
		return
	}
	unite(&claims[mine].slots, slots)
}

// twice is one epoch that claims a slot for two nodes.
type twice struct {
	at            time.Time
	host          int
	epoch         uint64
	first, second bus.ID
}

// settleClaims judges what noteClaim found, once the events of that step are known: a claim leaves
// before they do.
func (c *Checker) settleClaims() {
	for _, t := range c.twice {
		if c.taken[t.epoch] {
			c.Counted[11]++
			continue
		}
		c.fail(11, t.at, t.host, "epoch %d: a slot is claimed by %s and by %s", t.epoch, short(t.first.String()), short(t.second.String()))
	}
	c.twice = c.twice[:0]
}

// checkCollision keeps the rule behind promise 12: of two masters with one configEpoch the one with
// the smaller id moves, and no other, unless they claim the same slots: then the longer history decides.
func (c *Checker) checkCollision(now time.Time, host int, e event.EpochCollision, view *cluster.View) {
	if view.ID > e.With.ID && !e.Rivals {
		c.fail(12, now, host, "moved out of a collision with %s, whose id is smaller", short(e.With.ID))
	}
}

// checkImported keeps the rule behind promise 11: who ends an import claims the slot with an epoch
// that is newer than everybody's.
func (c *Checker) checkImported(now time.Time, host int, e event.OpenSlot, view *cluster.View) {
	before := c.hosts[host].view
	closed, err := slot.ParseSet(e.Slots)
	if err != nil || e.State != "stable" || before == nil {
		return
	}
	for sl := range closed.All() {
		if !imports(before, sl) || owner(view, sl) != view.ID {
			continue
		}
		for i := range view.Nodes {
			if n := &view.Nodes[i]; n.ID != view.ID && n.ConfigEpoch >= view.ConfigEpoch && n.Flags.Has(bus.Master) {
				c.fail(11, now, host, "took slot %d with epoch %d although %s has %d", sl, view.ConfigEpoch, short(n.ID), n.ConfigEpoch)
			}
		}
	}
}

// update is what one node told another about a third.
type update struct {
	by, about string
	epoch     cluster.Epoch
}

// checkUpdated keeps a rule behind promise 26: what a known node says of a newer epoch is believed.
func (c *Checker) checkUpdated(now time.Time, host int, view *cluster.View) {
	h := &c.hosts[host]
	u := h.update
	h.update = update{}
	if u.about == "" || u.about == view.ID || node(view, u.by) == nil {
		return
	}
	if n := node(view, u.about); n != nil && n.ConfigEpoch < u.epoch {
		c.fail(26, now, host, "was told that %s has epoch %d and goes on with %d", short(u.about), u.epoch, n.ConfigEpoch)
	}
}
