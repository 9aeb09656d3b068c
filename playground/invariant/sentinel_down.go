package invariant

import (
	"slices"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/sentinel"
)

// What a Sentinel lives by.
const (
	tiltTrigger = 2 * time.Second
	tiltPeriod  = 30 * time.Second
	answerLife  = 5 * time.Second
	oneTick     = 100 * time.Millisecond
)

// Ticked tells that a door of a Sentinel was called. A clock that went back, or further than it may
// between two ticks, is not to be trusted from then on for a while.
func (c *Checker) Ticked(clock time.Time, host int) {
	g := &c.guards.hosts[host]
	if d := clock.Sub(g.last); !g.last.IsZero() && (d < 0 || d > tiltTrigger+oneTick) {
		g.tilt = clock.Add(tiltPeriod)
	}
	g.last = clock
}

// inTilt keeps the middle of promise 46: nothing is concluded, and nothing begun, from timers that are
// not trusted.
func (c *Checker) inTilt(now, clock time.Time, host int, e event.Event) {
	if g := &c.guards.hosts[host]; clock.Before(g.tilt) {
		c.fail(46, now, host, "%s although its clock cannot be trusted for another %v", e.Describe(), g.tilt.Sub(clock))
	}
}

// checkODown keeps the beginning of promise 46: a master is down by agreement only while as many as the
// quorum have said so lately. What they say otherwise is heeded at the next tick.
func (c *Checker) checkODown(now, clock time.Time, host int, v *sentinel.View, grace time.Duration) {
	g := &c.guards.hosts[host]
	for i := range v.Masters {
		m := &v.Masters[i]
		if m.ODownSince.IsZero() {
			delete(g.doubt, m.Name)
			continue
		}
		fresh := 1
		for _, o := range m.Sentinels {
			if o.SaysDown && clock.Sub(o.Answered) <= answerLife+2*oneTick {
				fresh++
			}
		}
		if fresh >= m.Quorum {
			delete(g.doubt, m.Name)
			continue
		}
		if g.doubt[m.Name].IsZero() {
			g.doubt[m.Name] = clock
		}
		if clock.Sub(g.doubt[m.Name]) >= grace {
			c.fail(46, now, host, "holds %s for down by agreement of %d, of which %d are needed", m.Name, fresh, m.Quorum)
		}
	}
}

// guardTries keeps the end of promise 46: a failover begins twice the failover timeout after the last
// attempt, its own or another's whom it voted for. People may begin one at any time.
func (c *Checker) guardTries(now, clock time.Time, host int, e event.TryFailover, v *sentinel.View) {
	m := masterIn(v, e.Label)
	if m == nil {
		return
	}
	last := c.guards.hosts[host].attempt[m.Name]
	c.guards.hosts[host].attempt[m.Name] = clock
	if slices.Contains(m.Flags, "force_failover") {
		return
	}
	c.inTilt(now, clock, host, e)
	if wait := 2 * m.FailoverTimeout; !last.IsZero() && clock.Sub(last) < wait {
		c.fail(46, now, host, "began a failover %v after the last attempt; %v must pass", clock.Sub(last), wait)
	}
}
