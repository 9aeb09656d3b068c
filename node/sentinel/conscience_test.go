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
}

func newConscience() *conscience {
	return &conscience{
		seen: map[*house]int{}, votes: map[string]string{}, leaders: map[uint64]string{}, configs: map[uint64]address{},
		lastConf: map[*house]uint64{},
	}
}

// look checks everything that happened since the last look.
func (c *conscience) look(t *testing.T, w *town) {
	for _, h := range w.sentinels {
		for _, e := range h.events[min(c.seen[h], len(h.events)):] {
			switch e := e.(type) {
			case event.VoteForLeader:
				c.once(t, c.votes, fmt.Sprintf("%d votes in epoch %d", h.addr.Port(), e.Epoch), e.Leader)
			case event.ElectedLeader:
				epoch := h.mymaster().failover.epoch
				if other := c.leaders[epoch]; other != "" && other != h.id {
					require.Fail(t, "two leaders", "in epoch %d: %s and %s", epoch, other, h.id)
				}
				c.leaders[epoch] = h.id
			}
		}
		c.seen[h] = len(h.events)
		if h.dead || h.mymaster().doubted {
			continue // it says nothing
		}
		m := h.mymaster()
		if at, known := c.configs[m.configEpoch]; known && !at.same(m.current()) {
			require.Fail(t, "two addresses", "config epoch %d is %d and %d", m.configEpoch, at.port, m.current().port)
		}
		c.configs[m.configEpoch] = m.current()
		require.GreaterOrEqual(t, m.configEpoch, c.lastConf[h], "a config epoch shrank")
		c.lastConf[h] = m.configEpoch
	}
}

func (c *conscience) once(t *testing.T, said map[string]string, what, value string) {
	if other := said[what]; other != "" && other != value {
		require.Fail(t, "changed its mind", "%s: %s, then %s", what, other, value)
	}
	said[what] = value
}

// watched lets time pass under the eyes of a conscience.
func (w *town) watched(t *testing.T, c *conscience, d time.Duration, done func() bool) bool {
	return w.until(d, func() bool {
		c.look(t, w)
		return done != nil && done()
	})
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
