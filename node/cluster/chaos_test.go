package cluster

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
)

// chaosSeeds is few, for every run pays for it; the world driver goes through many more.
const chaosSeeds = 6

// TestChaosKeepsTheInvariantsAndEndsInAgreement throws faults at small clusters, seed by seed.
// While they last: nobody votes twice in an epoch, nobody wins without a majority of distinct
// voters, epochs never fall. Once they stop, all nodes come to believe the same and serve.
func TestChaosKeepsTheInvariantsAndEndsInAgreement(t *testing.T) {
	for seed := range uint64(chaosSeeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t)
			w.form(Config{}, 3, 0, 1, 2, 0)
			o := observe(w)
			rng := rand.New(rand.NewPCG(seed, 7))
			for range 25 {
				w.mischief(rng)
				w.run(time.Duration(rng.IntN(4000)) * time.Millisecond)
				o.look()
			}
			w.heal()
			for _, m := range w.members {
				if m.frozen {
					m.thaw()
				}
				if !m.up {
					m.boot()
				}
			}
			w.until(4*nt+60*time.Second, "all agree", w.agreed)
			o.look()
		})
	}
}

// mischief does one random thing to a cluster, or undoes it.
func (w *world) mischief(rng *rand.Rand) {
	m := w.members[rng.IntN(len(w.members))]
	other := w.members[rng.IntN(len(w.members))]
	switch rng.IntN(9) {
	case 0, 1:
		if m.up && w.running() > 4 {
			m.kill()
		}
	case 2, 3:
		if !m.up {
			m.boot()
		}
	case 4:
		if m.up && !m.frozen && w.running() > 4 {
			m.frozen = true
		}
	case 5:
		if m.frozen {
			m.thaw()
		}
	case 6:
		if m != other {
			w.partition([]*member{m}, []*member{other})
		}
	case 7:
		w.heal()
	case 8:
		mode := FailoverMode(rng.IntN(2))
		m.do(func() { _ = m.state.Failover(w.now, mode) })
	}
}

func (w *world) running() int {
	n := 0
	for _, m := range w.members {
		if m.up && !m.frozen {
			n++
		}
	}
	return n
}

// observer checks what must hold at any time.
type observer struct {
	w       *world
	votes   map[string]string // voter and epoch, candidate
	voters  map[string]map[string]bool
	highest map[string]Epoch
	seen    int
}

func observe(w *world) *observer {
	o := &observer{w: w, votes: map[string]string{}, voters: map[string]map[string]bool{}, highest: map[string]Epoch{}}
	w.watch = func(from, to *member, p *bus.Packet) {
		require.GreaterOrEqual(w.t, p.CurrentEpoch, p.ConfigEpoch)
		if p.Type != bus.AuthAck {
			return
		}
		vote := fmt.Sprintf("%s in %d", from.name, p.CurrentEpoch)
		candidate, voted := o.votes[vote]
		require.False(w.t, voted, "%s voted for %s and %s", vote, candidate, to.name)
		o.votes[vote] = to.name
		election := fmt.Sprintf("%s in %d", to.name, p.CurrentEpoch)
		if o.voters[election] == nil {
			o.voters[election] = map[string]bool{}
		}
		require.Positive(w.t, from.state.myself.numSlots, "only owners of slots vote")
		o.voters[election][from.name] = true
	}
	return o
}

// look checks the states, and the events since it last looked.
func (o *observer) look() {
	for _, m := range o.w.members {
		if !m.up {
			continue
		}
		require.NoError(o.w.t, m.state.Verify())
		require.GreaterOrEqual(o.w.t, m.state.currentEpoch, o.highest[m.name], "%s forgot an epoch", m.name)
		o.highest[m.name] = m.state.currentEpoch
	}
	for _, e := range o.w.log[o.seen:] {
		if e.what.Name() != "+promoted" {
			continue
		}
		epoch := uint64(0)
		_, err := fmt.Sscanf(e.what.Describe()[len("+promoted "):], "(elected) in epoch %d", &epoch)
		if err != nil {
			_, err = fmt.Sscanf(e.what.Describe()[len("+promoted "):], "(manual) in epoch %d", &epoch)
		}
		require.NoError(o.w.t, err, e.what.Describe())
		require.GreaterOrEqual(o.w.t, len(o.voters[fmt.Sprintf("%s in %d", e.who.name, epoch)]), 2, e.what.Describe())
	}
	o.seen = len(o.w.log)
}
