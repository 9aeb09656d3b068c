package clock

import (
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAClockRunsNoFurtherThanItIsAllowed(t *testing.T) {
	bubble(t, Config{Speed: 10}, func(c *Clock) {
		start := c.Now()
		var early, late atomic.Bool
		c.At(start.Add(time.Second), "7000", func() { early.Store(true) })
		c.At(start.Add(3*time.Second), "7000", func() { late.Store(true) })
		c.Allow(2 * time.Second)
		wait(time.Minute)
		require.Equal(t, 2*time.Second, c.Now().Sub(start))
		require.True(t, early.Load())
		require.False(t, late.Load(), "its moment was not allowed")

		c.Allow(time.Second)
		wait(100 * time.Millisecond)
		require.True(t, late.Load(), "the time that it stood is not made up for, nor lost")

		c.Free()
		wait(time.Second)
		require.Equal(t, 13*time.Second, c.Now().Sub(start))
	})
}

func TestAStepGoesFurtherThanTheClockIsAllowed(t *testing.T) {
	bubble(t, Config{}, func(c *Clock) {
		start := c.Now()
		c.At(start.Add(time.Second), "7000", func() {})
		c.Allow(100 * time.Millisecond)
		c.Pause()
		_, ok := c.Step()
		require.True(t, ok)
		require.Equal(t, time.Second, c.Now().Sub(start))
		c.Resume()
		wait(time.Minute)
		require.Equal(t, time.Second, c.Now().Sub(start), "it does not run back")
	})
}
