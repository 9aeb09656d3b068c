package invariant

import (
	"slices"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/sentinel"
)

// GuardStep looks at a Sentinel. whole says since when nothing has kept the Sentinels from hearing each
// other: the zero time while something does.
func (c *Checker) GuardStep(now, clock time.Time, host int, v *sentinel.View, whole time.Time) {
	g := &c.guards.hosts[host]
	for i := range v.Masters {
		m := &v.Masters[i]
		if m.ConfigEpoch < g.epoch[m.Name] {
			c.fail(47, now, host, "the configuration of %s went from epoch %d back to %d", m.Name, g.epoch[m.Name], m.ConfigEpoch)
		}
		g.epoch[m.Name] = m.ConfigEpoch
		c.place(now, host, m)
		c.agree(now, host, m, whole)
	}
	if v.TiltUntil.IsZero() && !clock.Before(g.tilt) {
		c.checkODown(now, clock, host, v, 2*oneTick)
	}
}

// place keeps the other half of promise 47: one epoch means one address, everywhere. An epoch in which
// somebody acted without votes may be won by votes as well; that is counted.
func (c *Checker) place(now time.Time, host int, m *sentinel.MasterView) {
	if m.ConfigEpoch == 0 {
		return
	}
	which := election{m.Name, m.ConfigEpoch}
	first, placed := c.guards.places[which]
	switch {
	case !placed:
		c.guards.places[which] = placement{m.Current, m.ConfigEpoch, now}
	case first.at != m.Current && c.guards.forced[which]:
		c.Counted[47]++
	case first.at != m.Current:
		c.fail(47, now, host, "by the configuration of epoch %d, %s is %s here and was %s elsewhere", m.ConfigEpoch, m.Name, m.Current, first.at)
	}
	if m.ConfigEpoch > c.guards.newest.epoch {
		c.guards.newest = placement{m.Current, m.ConfigEpoch, now}
	}
}

// agreeWithin is how long the newest configuration may take to everybody: two hello periods and the
// time in which a lost connection is made anew.
const agreeWithin = 2*2*time.Second + 2*time.Second

// agree keeps the beginning of promise 49: Sentinels that hear each other come to the newest
// configuration.
func (c *Checker) agree(now time.Time, host int, m *sentinel.MasterView, whole time.Time) {
	newest := c.guards.newest
	if whole.IsZero() || m.ConfigEpoch >= newest.epoch {
		return
	}
	since := newest.since
	if whole.After(since) {
		since = whole
	}
	if now.Sub(since) > agreeWithin {
		c.fail(49, now, host, "goes on with the configuration of epoch %d although one of %d has been told for %v",
			m.ConfigEpoch, newest.epoch, now.Sub(since))
	}
}

// guardSelects keeps promise 48: who is chosen may be, and nobody else who may be comes first: by
// priority, by data, by run id.
func (c *Checker) guardSelects(now, clock time.Time, host int, e event.ReplicaSelected, v *sentinel.View) {
	if e.Of == nil {
		return
	}
	m := masterIn(v, e.Of.Label)
	if m == nil {
		return
	}
	at := slices.IndexFunc(m.Replicas, func(r sentinel.InstanceView) bool { return r.Name == e.Label })
	if at < 0 {
		c.fail(48, now, host, "chose %s, which it does not know", e.Label)
		return
	}
	chosen := &m.Replicas[at]
	if !mayLead(chosen, clock) {
		c.fail(48, now, host, "chose %s of priority %d, %v, linked %v", chosen.Name, chosen.Priority, chosen.Flags, chosen.Linked)
	}
	for i := range m.Replicas {
		other := &m.Replicas[i]
		if c.guards.hosts[host].refused[other.Name].Equal(clock) {
			continue // it may be fit again behind the choice
		}
		if i != at && mayLead(other, clock) && other.Unfit == "" && comesFirst(other, chosen) {
			c.fail(48, now, host, "chose %s (priority %d, offset %d) before %s (priority %d, offset %d)",
				chosen.Name, chosen.Priority, chosen.Offset, other.Name, other.Priority, other.Offset)
		}
	}
}

// mayLead reports whether a replica may be promoted, as far as it can be seen without the Sentinel's
// own judgement. Who is held for down in this very step was judged after the choice.
func mayLead(r *sentinel.InstanceView, clock time.Time) bool {
	return r.Priority > 0 && r.Linked && (r.SDownSince.IsZero() || r.SDownSince.Equal(clock))
}

// comesFirst reports whether a is to be promoted rather than b.
func comesFirst(a, b *sentinel.InstanceView) bool {
	switch {
	case a.Priority != b.Priority:
		return a.Priority < b.Priority
	case a.Offset != b.Offset:
		return a.Offset > b.Offset
	}
	return strings.ToLower(a.RunID) < strings.ToLower(b.RunID) && a.RunID != ""
}
