package sentinel

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

// conscience watches a group of Sentinels for what must never happen.
type conscience struct {
	seen     map[*house]int     // events looked at
	votes    map[string]string  // a house and an epoch: for whom it voted
	leaders  map[uint64]string  // an epoch: who led in it
	configs  map[uint64]address // a config epoch: its address
	lastConf map[*house]uint64
	broken   string // the first thing that must not happen and did
}

func newConscience() *conscience {
	return &conscience{
		seen: map[*house]int{}, votes: map[string]string{}, leaders: map[uint64]string{}, configs: map[uint64]address{},
		lastConf: map[*house]uint64{},
	}
}

// accuse remembers the first offence.
func (c *conscience) accuse(format string, a ...any) {
	if c.broken == "" {
		c.broken = fmt.Sprintf(format, a...)
	}
}

// look checks everything that happened since the last look.
func (c *conscience) look(w *town) {
	for _, h := range w.sentinels {
		for _, e := range h.events[min(c.seen[h], len(h.events)):] {
			c.hear(h, e)
		}
		c.seen[h] = len(h.events)
		if !h.dead && !h.mymaster().doubted { // one that doubts says nothing
			c.compare(h, h.mymaster())
		}
	}
}

// hear checks one event.
func (c *conscience) hear(h *house, e event.Event) {
	switch e := e.(type) {
	case event.VoteForLeader:
		what := fmt.Sprintf("%d in epoch %d", h.port(), e.Epoch)
		if other := c.votes[what]; other != "" && other != e.Leader {
			c.accuse("%s voted for %s, then for %s", what, other, e.Leader)
		}
		c.votes[what] = e.Leader
	case event.ElectedLeader:
		epoch := h.mymaster().failover.epoch
		if other := c.leaders[epoch]; other != "" && other != h.id {
			c.accuse("epoch %d has two leaders: %s and %s", epoch, other, h.id)
		}
		c.leaders[epoch] = h.id
	}
}

// compare holds a configuration against what was known of its epoch.
func (c *conscience) compare(h *house, m *master) {
	if at, known := c.configs[m.configEpoch]; known && !at.same(m.current()) {
		c.accuse("config epoch %d is %d and %d", m.configEpoch, at.port, m.current().port)
	}
	c.configs[m.configEpoch] = m.current()
	if m.configEpoch < c.lastConf[h] {
		c.accuse("the config epoch of %d shrank from %d to %d", h.port(), c.lastConf[h], m.configEpoch)
	}
	c.lastConf[h] = m.configEpoch
}

// watched lets time pass under the eyes of a conscience.
func (w *town) watched(t *testing.T, c *conscience, d time.Duration, done func() bool) bool {
	t.Helper()
	came := w.until(d, func() bool {
		c.look(w)
		return done != nil && done()
	})
	require.Empty(t, c.broken)
	return came
}

// agreed reports whether every living Sentinel names the same master, and it is the only one.
func (w *town) agreed() error {
	masters := map[int]bool{}
	for _, n := range w.nodes {
		if n.of == 0 && !n.down {
			masters[int(n.addr.Port())] = true
		}
	}
	if len(masters) != 1 {
		return fmt.Errorf("the masters are %v", masters)
	}
	for _, h := range w.sentinels {
		if m := h.mymaster(); !h.dead && (!masters[m.current().port] || m.failover.state != stateNone || m.flags.is(flagSDown)) {
			return fmt.Errorf("%d names %d, flags %s, state %v", h.addr.Port(), m.current().port, m.flagNames(), m.failover.state)
		}
	}
	return nil
}

// moments are the events at which a leader may die.
var moments = []string{
	"+sdown", "+odown", "+try-failover", "+vote-for-leader", "+elected-leader", "+failover-state-select-slave", "+selected-slave",
	"+failover-state-send-slaveof-noone", "+failover-state-wait-promotion", "-role-change", "+promoted-slave",
	"+failover-state-reconf-slaves", "+slave-reconf-sent", "+slave-reconf-inprog", "+slave-reconf-done", "+failover-end", "+switch-master",
}

func TestALeaderMayDieAtAnyMomentAndComeBack(t *testing.T) {
	for _, moment := range moments {
		for seed := range 2 {
			t.Run(fmt.Sprintf("%s/%d", moment, seed), func(t *testing.T) {
				w := group(t)
				for _, h := range w.sentinels {
					for range seed {
						h.rng.Uint64()
					}
					h.events = nil
				}
				c := newConscience()
				w.nodes[0].die()
				var dead *house
				require.True(t, w.watched(t, c, 30*time.Second, func() bool {
					for _, h := range w.sentinels {
						if h.has(moment) && (h.has("+try-failover") || moment == "+sdown" || moment == "+odown") {
							dead = h
						}
					}
					return dead != nil
				}))
				dead.kill()
				w.watched(t, c, 15*time.Second, nil)
				dead.start(nil)
				w.nodes[0].down = false
				w.watched(t, c, time.Minute, nil)
				require.NoError(t, w.agreed())
			})
		}
	}
}
