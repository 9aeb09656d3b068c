package sentinel

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// chaos is a group to which anything may happen.
type chaos struct {
	*town
	rng *rand.Rand
	c   *conscience
}

// newChaos is five Sentinels of quorum 2 and three nodes, settled. Some Sentinels may have a fault.
func newChaos(t *testing.T, seed uint64, m Mutants) *chaos {
	w := &chaos{town: newTown(t), rng: rand.New(rand.NewPCG(seed, 99)), c: newConscience()}
	w.node(7000, 0)
	w.node(7001, 7000)
	w.node(7002, 7000)
	for port := 26000; port < 26005; port++ {
		h := w.sentinel(port, 2, func(s *Sentinel) {
			s.masters[0].downAfter, s.masters[0].failoverTimeout = time.Second, 3*time.Second
		})
		h.seed += seed << 16
		h.tune = func(s *Sentinel) {
			s.cfg.Mutants = m
			s.periods.Info, s.periods.Publish, s.periods.Tilt = 2*time.Second, time.Second, 5*time.Second
		}
		h.tune(h.Sentinel)
	}
	w.run(8 * time.Second)
	for _, h := range w.sentinels {
		require.Len(t, h.mymaster().sentinels, 4, "the number of voters is known to all")
	}
	return w
}

// mishap lets one thing happen.
func (w *chaos) mishap() {
	h := w.sentinels[w.rng.IntN(len(w.sentinels))]
	n := w.nodes[w.rng.IntN(len(w.nodes))]
	switch w.rng.IntN(8) {
	case 0:
		if !h.dead {
			h.kill()
		}
	case 1, 2:
		for _, h := range w.sentinels {
			if h.dead && w.rng.IntN(2) == 0 {
				h.start(nil)
			}
		}
	case 3:
		if !h.dead && !h.frozen {
			h.frozen = true
			life := h.life
			w.later(time.Duration(w.rng.IntN(4000))*time.Millisecond, func() {
				if h.life == life && !h.dead {
					h.thaw()
				}
			})
		}
	case 4:
		n.die()
	case 5:
		n.down = false
	case 6:
		w.partition()
	case 7:
		w.heal()
	}
}

// partition separates some processes from the others.
func (w *chaos) partition() {
	w.heal()
	var left, right []int
	add := func(port int) {
		if w.rng.IntN(2) == 0 {
			left = append(left, port)
		} else {
			right = append(right, port)
		}
	}
	for _, h := range w.sentinels {
		add(h.port())
	}
	for _, n := range w.nodes {
		add(n.port())
	}
	for _, a := range left {
		for _, b := range right {
			w.cut(a, b)
		}
	}
}

// riot lets mishaps happen for a while, then all is well again for a while.
func (w *chaos) riot(d, calm time.Duration) {
	for end := w.now.Add(d); w.now.Before(end) && w.c.broken == ""; {
		w.mishap()
		w.live(time.Duration(100+w.rng.IntN(2500)) * time.Millisecond)
	}
	w.heal()
	for _, h := range w.sentinels {
		if h.dead {
			h.start(nil)
		} else if h.frozen {
			h.thaw()
		}
	}
	for _, n := range w.nodes {
		n.down = false
	}
	w.live(calm)
}

// live lets time pass until something forbidden happens.
func (w *chaos) live(d time.Duration) {
	w.until(d, func() bool {
		w.c.look(w.town)
		return w.c.broken != ""
	})
}

func TestNothingForbiddenHappensAndAllIsWellInTheEnd(t *testing.T) {
	seeds := uint64(40)
	if testing.Short() {
		seeds = 10
	}
	switches := 0
	for seed := range seeds {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newChaos(t, seed, Mutants{})
			w.riot(90*time.Second, 60*time.Second)
			require.Empty(t, w.c.broken)
			require.NoError(t, w.agreed())
			for _, h := range w.sentinels {
				switches += len(h.heard("+switch-master"))
			}
		})
	}
	require.Greater(t, switches, int(seeds), "there was something to see")
}

func TestAMutantGroupIsFoundOut(t *testing.T) {
	if testing.Short() {
		t.Skip("each mutant needs a few groups")
	}
	for _, row := range []struct {
		name  string
		fault Mutants
	}{
		{"two votes in an epoch", Mutants{DoubleVote: true}},
		{"a minority elects", Mutants{MajorityIgnored: true}},
		{"the dead do not vote", Mutants{DeadVotersForgotten: true}},
		{"any hello is believed", Mutants{ConfigEpochUnchecked: true}},
	} {
		t.Run(row.name, func(t *testing.T) {
			for seed := range uint64(100) {
				w := newChaos(t, seed, row.fault)
				if w.riot(90*time.Second, 60*time.Second); w.c.broken != "" {
					t.Logf("seed %d: %s", seed, w.c.broken)
					return
				}
			}
			require.Fail(t, "a hundred groups lived with it")
		})
	}
}
