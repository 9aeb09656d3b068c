package sentinel

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// crashed is a group whose leader died with a new configuration in its file that nobody has heard
// of; the old master came back at once.
func crashed(t *testing.T, c *conscience) (w *town, dead *house) {
	w = group(t)
	for _, h := range w.sentinels {
		h.crash, h.events = crashAfterPromotion, nil
	}
	w.nodes[0].die()
	require.True(t, w.watched(t, c, 30*time.Second, func() bool {
		for _, h := range w.sentinels {
			if h.exit != nil {
				dead = h
			}
		}
		return dead != nil
	}))
	require.Equal(t, simulatedCrash, dead.exit.Code)
	require.Contains(t, string(dead.file), "monitor mymaster 127.0.0.1 7001")
	for _, h := range w.sentinels {
		h.crash = 0
	}
	w.nodes[0].down = false
	return w, dead
}

// misled is for how long, in all, Sentinels name a node that is a replica.
func (w *town) misled(t *testing.T, c *conscience, d time.Duration) (wrong time.Duration) {
	last := w.now
	w.watched(t, c, d, func() bool {
		for _, h := range w.sentinels {
			for _, n := range w.nodes {
				if int(n.addr.Port()) == h.mymaster().current().port && n.of != 0 {
					wrong += w.now.Sub(last)
				}
			}
		}
		last = w.now
		return false
	})
	return wrong
}

func TestAConfigurationNobodyHeardOfIsGivenUp(t *testing.T) {
	for _, absence := range []time.Duration{15 * time.Second, 5 * time.Minute} {
		c := newConscience()
		w, dead := crashed(t, c)
		w.watched(t, c, absence, nil)
		require.Equal(t, 7000, w.nodes[1].of, "the others made a replica of it again")
		for _, h := range w.sentinels {
			h.events = nil
		}
		dead.start(nil)
		require.Less(t, w.misled(t, c, time.Minute), 2500*time.Millisecond, "a hello of another takes that long at most")
		require.NoError(t, w.agreed())
		for _, h := range w.sentinels {
			if h != dead {
				require.NotContains(t, h.names(), "+switch-master", "nobody was led astray")
			}
		}
		require.Len(t, dead.heard("-config-epoch"), 1)
		require.EqualValues(t, 1, dead.currentEpoch, "the next failover's epoch is another")
	}
}

func TestAConfigurationThatStillHoldsIsTold(t *testing.T) {
	c := newConscience()
	w, dead := crashed(t, c)
	w.watched(t, c, 2*time.Second, nil)
	require.Zero(t, w.nodes[1].of)
	dead.start(nil)
	w.watched(t, c, time.Minute, nil)
	require.NoError(t, w.agreed())
	require.Equal(t, 7001, w.sentinels[1].mymaster().addr.port)
	require.Empty(t, dead.heard("-config-epoch"))
}

func TestADoubtEndsWithTheFirstJudgement(t *testing.T) {
	w, dead := crashed(t, newConscience())
	w.run(15 * time.Second)
	for _, h := range w.sentinels {
		if h != dead {
			h.kill() // nobody can say otherwise
		}
	}
	dead.start(nil)
	require.True(t, dead.mymaster().doubted)
	w.run(15 * time.Second)
	require.True(t, dead.mymaster().doubted)
	w.run(10 * time.Second)
	require.True(t, dead.mymaster().flags.is(flagSDown))
	require.False(t, dead.mymaster().doubted)
}
