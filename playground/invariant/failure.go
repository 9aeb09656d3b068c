package invariant

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
)

const (
	cron = 100 * time.Millisecond
	// forgetTime is how long gossip may not bring a forgotten node back.
	forgetTime = 60 * time.Second
	// writableDelay is how long a restarted master waits before it serves.
	writableDelay = 2 * time.Second
)

// noteSuspicions remembers who told this host of whose failure, and when.
func (c *Checker) noteSuspicions(now time.Time, h *hostMemory, p *bus.Packet) {
	var e bus.Entry
	for i := range p.GossipCount() {
		p.Gossip(i, &e)
		if e.Flags.Has(bus.PFail | bus.Failed) {
			by := h.suspects[e.ID.String()]
			if by == nil {
				by = map[string]time.Time{}
				h.suspects[e.ID.String()] = by
			}
			by[p.Sender.String()] = now
		}
	}
}

// checkFail keeps promise 13: who declares a failure by itself has a majority of voters behind
// it, each of whom said so within two node timeouts.
func (c *Checker) checkFail(now time.Time, host int, e event.Fail, view *cluster.View) {
	if e.From.ID != "" {
		return
	}
	votes := 0
	if me := node(view, view.ID); me.Flags.Has(bus.Master) && me.NumSlots > 0 {
		votes++
	}
	for reporter, when := range c.hosts[host].suspects[e.Node.ID] {
		n := node(view, reporter)
		if n != nil && n.Flags.Has(bus.Master) && n.NumSlots > 0 && now.Sub(when) <= 2*c.cfg.NodeTimeout+cron {
			votes++
		}
	}
	if need := view.Size/2 + 1; votes < need {
		c.fail(13, now, host, "declared %s failed with %d fresh voters behind it; %d are needed", short(e.Node.ID), votes, need)
	}
}

// checkFailCleared keeps promise 14: a failed owner of slots is believed again only after two
// node timeouts.
func (c *Checker) checkFailCleared(now time.Time, host int, e event.FailCleared) {
	h := &c.hosts[host]
	if h.view == nil || e.Reason != "still-owner" {
		return
	}
	old := node(h.view, e.Node.ID)
	if old != nil && !old.FailTime.IsZero() && now.Sub(old.FailTime) <= 2*c.cfg.NodeTimeout {
		c.fail(14, now, host, "believes %s again %v after it failed", short(e.Node.ID), now.Sub(old.FailTime))
	}
}

// checkMinority keeps promise 15: a master that has not heard from a majority of the voters for
// one and a half node timeouts refuses.
func (c *Checker) checkMinority(now time.Time, host int, view *cluster.View) {
	h := &c.hosts[host]
	if view.Role != "master" {
		return
	}
	if now.Sub(h.born) >= writableDelay && inMinority(view) { // before, a master does not even look
		h.minority = now
	}
	limit := c.cfg.NodeTimeout*3/2 + 2*cron + cron
	if now.Sub(h.ran) < limit || !view.OK {
		return
	}
	// Gossip of anyone keeps a silent node's last pong fresh, so that it is pinged later: the limit
	// is hard only for a node that hears nobody.
	for _, last := range h.heard {
		if now.Sub(*last) <= limit {
			return
		}
	}
	voters, silent := 0, 0
	for i := range view.Nodes {
		n := &view.Nodes[i]
		if n.NumSlots == 0 {
			continue
		}
		voters++
		if last, ok := h.heard[n.ID]; n.ID != view.ID && (!ok || now.Sub(*last) > limit) {
			silent++
		}
	}
	if voters > 0 && voters-silent < voters/2+1 {
		c.fail(15, now, host, "serves although %d of %d voters have been silent for more than %v", silent, voters, limit)
	}
}

// inMinority reports whether a node cannot reach a majority of the voters, by its own flags.
func inMinority(view *cluster.View) bool {
	voters, reachable := 0, 0
	for i := range view.Nodes {
		if n := &view.Nodes[i]; n.NumSlots > 0 {
			voters++
			if !n.Flags.Has(bus.PFail | bus.Failed) {
				reachable++
			}
		}
	}
	return reachable < voters/2+1
}

// checkState keeps promise 16: after a minority or a restart a master waits before it serves.
func (c *Checker) checkState(now time.Time, host int, e event.ClusterState, view *cluster.View) {
	h := &c.hosts[host]
	if e.State != "ok" || view.Role != "master" {
		return
	}
	if now.Sub(h.born) < writableDelay {
		c.fail(16, now, host, "serves %v after its start", now.Sub(h.born))
	}
	rejoin := min(max(c.cfg.NodeTimeout, 500*time.Millisecond), 5*time.Second)
	if !h.minority.IsZero() && now.Sub(h.minority) < rejoin-cron {
		c.fail(16, now, host, "serves %v after it was in a minority; it must wait %v", now.Sub(h.minority), rejoin)
	}
}

// checkAdded keeps promise 28: gossip does not bring back what was forgotten a minute ago.
func (c *Checker) checkAdded(now time.Time, host int, e event.NodeAdded) {
	h := &c.hosts[host]
	if when, ok := h.forgot[e.Node.ID]; ok && e.Reason == "gossip" && now.Sub(when) < forgetTime {
		c.fail(28, now, host, "gossip brought back %s %v after it was forgotten", short(e.Node.ID), now.Sub(when))
	}
}
