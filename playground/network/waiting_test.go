package network

import (
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground/clock"
)

// slowly is a clock on which a millisecond passes whenever somebody looks at it.
type slowly struct {
	*clock.Clock
	looks atomic.Int64
}

func (c *slowly) Now() time.Time {
	return c.Clock.Now().Add(time.Duration(c.looks.Add(1)) * time.Millisecond)
}

// TestAFrameThatArrivesWhileItIsPutAsideWaitsForNobody: a busy computer takes so long for it.
func TestAFrameThatArrivesWhileItIsPutAsideWaitsForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := clock.New(clock.Config{})
		n := New(Config{Clock: &slowly{Clock: c}, Rand: rand.New(rand.NewPCG(7, 7))})
		defer c.Close()
		defer n.Close()
		n.Edit(Pair{"7000", "7001"}, func(r *Rule) { r.Delay = time.Microsecond })
		require.True(t, send(n, ping("7000", "7001")).delivered())
		require.Empty(t, n.Held())
	})
}
