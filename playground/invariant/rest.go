package invariant

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/replication"
	"clusterplay/node/slot"
)

// Resting is one node once faults have ended and nothing is left to repair.
type Resting struct {
	View    *cluster.View
	History replication.History
	Digest  string // of all its data
}

// AtRest keeps the promises about a cluster that was left in peace: 12, 22, 23, 26 and 34. It is
// called twice with some time in between, so that it sees whether epochs still grow.
func (c *Checker) AtRest(now time.Time, nodes []Resting) {
	for i := range nodes {
		c.restingEpochs(now, i, nodes[i].View, nodes[0].View)
		c.restingSlots(now, i, nodes[i].View)
		c.restingRoles(now, i, nodes[i].View)
		c.restingViews(now, i, nodes[i].View, nodes[0].View)
	}
	c.StreamsAtRest(now, nodes)
	c.settleClaims()
	c.restEpoch = nodes[0].View.CurrentEpoch
}

// StreamsAtRest keeps promise 34 where there is no cluster too: the same byte of the same history
// means the same data.
func (c *Checker) StreamsAtRest(now time.Time, nodes []Resting) {
	for i := range nodes {
		c.restingData(now, i, nodes)
	}
}

// FollowersAtRest keeps the end of promises 34 and 49: where nobody has written for a while, everybody has
// the master's history and its data.
func (c *Checker) FollowersAtRest(now time.Time, nodes []Resting, master int) {
	first := &nodes[master]
	for i := range nodes {
		me := &nodes[i]
		if me.History.ReplID != first.History.ReplID {
			c.fail(34, now, i, "rests in the history %s and its master in %s", short(me.History.ReplID), short(first.History.ReplID))
		} else if me.Digest != first.Digest {
			c.fail(34, now, i, "rests with other data than its master, at byte %d and %d of %s",
				me.History.Offset, first.History.Offset, short(first.History.ReplID))
		}
	}
}

// restingEpochs keeps promise 12: masters have different configEpochs, and the clock stands still.
func (c *Checker) restingEpochs(now time.Time, host int, view, first *cluster.View) {
	owner := map[cluster.Epoch]string{}
	for i := range view.Nodes {
		n := &view.Nodes[i]
		if !n.Flags.Has(bus.Master) || n.NumSlots == 0 {
			continue
		}
		if other, taken := owner[n.ConfigEpoch]; taken {
			c.fail(12, now, host, "%s and %s rest with one configEpoch, %d", short(other), short(n.ID), n.ConfigEpoch)
		}
		owner[n.ConfigEpoch] = n.ID
	}
	if view.CurrentEpoch != first.CurrentEpoch {
		c.fail(12, now, host, "rests at currentEpoch %d and others at %d", view.CurrentEpoch, first.CurrentEpoch)
	}
	if c.restEpoch != 0 && view.CurrentEpoch != c.restEpoch {
		c.fail(12, now, host, "currentEpoch went from %d to %d although nothing happens", c.restEpoch, view.CurrentEpoch)
	}
}

// restingSlots keeps promise 22: every slot is owned and none is open.
func (c *Checker) restingSlots(now time.Time, host int, view *cluster.View) {
	var all slot.Set
	for i := range view.Nodes {
		view.Nodes[i].Slots.AddTo(&all)
	}
	if owned := all.Len(); owned != slot.Count {
		c.fail(22, now, host, "rests with %d slots owned of %d", owned, slot.Count)
	}
	if open := len(view.Migrating) + len(view.Importing); open > 0 {
		c.fail(22, now, host, "rests with %d open slots", open)
	}
}

// restingRoles keeps the rest of promise 23: replicas follow masters and own nothing.
func (c *Checker) restingRoles(now time.Time, host int, view *cluster.View) {
	for i := range view.Nodes {
		n := &view.Nodes[i]
		if !n.Flags.Has(bus.Replica) {
			continue
		}
		if primary := node(view, n.Primary); primary == nil || !primary.Flags.Has(bus.Master) {
			c.fail(23, now, host, "rests with %s following %q, which is no master", short(n.ID), short(n.Primary))
		}
		if n.NumSlots > 0 {
			c.fail(23, now, host, "rests with the replica %s owning %d slots", short(n.ID), n.NumSlots)
		}
	}
}

// restingViews keeps promise 26: everybody says the same of roles, masters, epochs and slots, and
// that the cluster is fit to serve.
func (c *Checker) restingViews(now time.Time, host int, view, first *cluster.View) {
	if !view.OK {
		c.fail(26, now, host, "rests in state fail (%s)", view.Reason)
	}
	if len(view.Nodes) != len(first.Nodes) {
		c.fail(26, now, host, "knows %d nodes and others know %d", len(view.Nodes), len(first.Nodes))
		return
	}
	const role = bus.Master | bus.Replica
	for i := range view.Nodes {
		a, b := &view.Nodes[i], &first.Nodes[i]
		if a.ID != b.ID || a.Flags&role != b.Flags&role || a.Primary != b.Primary || a.ConfigEpoch != b.ConfigEpoch && a.NumSlots > 0 || !a.Slots.Same(&b.Slots) {
			c.fail(26, now, host, "sees %s otherwise than others do", short(a.ID))
		}
	}
}

// restingData keeps promise 34: the same byte of the same history means the same data.
func (c *Checker) restingData(now time.Time, host int, nodes []Resting) {
	me := &nodes[host]
	for i := range host {
		other := &nodes[i]
		if me.History.ReplID == other.History.ReplID && me.History.Offset == other.History.Offset && me.Digest != other.Digest {
			c.fail(34, now, host, "at byte %d of %s its data differ from those of host %d", me.History.Offset, short(me.History.ReplID), i)
		}
	}
}
