package clock

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
)

// bubble runs f with a clock in a world where time passes only when everybody waits.
func bubble(t *testing.T, cfg Config, f func(c *Clock)) {
	t.Helper()
	synctest.Test(t, func(*testing.T) {
		c := New(cfg)
		defer c.Close()
		f(c)
	})
}

// wait lets time pass and then everything come to rest.
func wait(d time.Duration) {
	time.Sleep(d) // in a bubble: virtual time
	synctest.Wait()
}

func TestClockFollowsTheComputerAtItsSpeed(t *testing.T) {
	for _, row := range []struct {
		name  string
		speed float64
		want  time.Duration
	}{
		{"as the computer", 1, time.Minute},
		{"a hundred times faster", 100, 100 * time.Minute},
		{"a hundred times slower", 0.01, 600 * time.Millisecond},
	} {
		t.Run(row.name, func(t *testing.T) {
			bubble(t, Config{Speed: row.speed}, func(c *Clock) {
				start := c.Now()
				wait(time.Minute)
				require.InDelta(t, row.want, c.Now().Sub(start), float64(time.Millisecond))
			})
		})
	}
}

func TestAChangeOfSpeedDoesNotJump(t *testing.T) {
	bubble(t, Config{}, func(c *Clock) {
		start := c.Now()
		wait(time.Second)
		require.NoError(t, c.SetSpeed(10))
		require.Equal(t, time.Second, c.Now().Sub(start))
		wait(time.Second)
		require.Equal(t, 11*time.Second, c.Now().Sub(start))
	})
}

func TestASpeedOutsideTheLimitsIsRefused(t *testing.T) {
	bubble(t, Config{}, func(c *Clock) {
		for _, speed := range []float64{0, -1, 0.001, 101} {
			require.Error(t, c.SetSpeed(speed))
		}
		require.Equal(t, 1.0, c.Speed())
	})
}

func TestAPausedClockStandsStillAndFiresNothing(t *testing.T) {
	bubble(t, Config{}, func(c *Clock) {
		var fired atomic.Int32
		c.At(c.Now().Add(time.Second), "7000", func() { fired.Add(1) })
		c.Pause()
		still := c.Now()
		wait(time.Minute)
		require.Equal(t, still, c.Now())
		require.Zero(t, fired.Load())
		c.Resume()
		wait(1001 * time.Millisecond)
		require.EqualValues(t, 1, fired.Load())
	})
}

func TestTimersFireInOrderOfTimeThenAge(t *testing.T) {
	bubble(t, Config{Paused: true}, func(c *Clock) {
		var order []string
		add := func(who string, after time.Duration) {
			c.At(c.Now().Add(after), who, func() { order = append(order, who) })
		}
		add("7002", 2*time.Second)
		add("7000", time.Second)
		add("7001", time.Second)
		start := c.Now()
		next, ok := c.Next()
		require.True(t, ok)
		require.Equal(t, Timer{Who: "7000", At: start.Add(time.Second)}, next)
		for {
			if _, ok := c.Step(); !ok {
				break
			}
		}
		require.Equal(t, []string{"7000", "7001", "7002"}, order)
		require.Equal(t, 2*time.Second, c.Now().Sub(start), "a step takes the clock with it")
	})
}

func TestACancelledTimerNeverFires(t *testing.T) {
	bubble(t, Config{}, func(c *Clock) {
		fired := false
		cancel := c.At(c.Now().Add(time.Second), "7000", func() { fired = true })
		cancel()
		cancel()
		wait(time.Minute)
		require.False(t, fired)
	})
}

func TestATimerOfTheLabItselfIsNotStepped(t *testing.T) {
	bubble(t, Config{Paused: true}, func(c *Clock) {
		c.At(c.Now(), "", func() { t.Error("fired while paused") })
		_, ok := c.Next()
		require.False(t, ok)
		_, ok = c.Step()
		require.False(t, ok)
	})
}

func TestASlowTimerDoesNotMakeOthersLate(t *testing.T) {
	bubble(t, Config{}, func(c *Clock) {
		start := c.Now()
		var at time.Duration
		c.At(start.Add(time.Second), "7000", func() { time.Sleep(time.Hour) }) // in a bubble: virtual time
		c.At(start.Add(2*time.Second), "7001", func() { at = c.Now().Sub(start) })
		wait(3 * time.Second)
		require.Equal(t, 2*time.Second, at)
	})
}

func TestWaitFollowsTheLabsTime(t *testing.T) {
	bubble(t, Config{Speed: 10}, func(c *Clock) {
		real := time.Now()
		require.NoError(t, c.Wait(context.Background(), c.Now().Add(time.Minute)))
		require.InDelta(t, 6*time.Second, time.Since(real), float64(time.Millisecond))
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		require.ErrorIs(t, c.Wait(ctx, c.Now().Add(time.Hour)), context.DeadlineExceeded)
	})
}

func TestAPanicInATimerIsReportedWithItsOwner(t *testing.T) {
	var who string
	bubble(t, Config{OnPanic: func(w string, _ any) { who = w }}, func(c *Clock) {
		c.At(c.Now().Add(time.Second), "7003", func() { panic("boom") })
		wait(2 * time.Second)
		require.Equal(t, "7003", who)
	})
}

func TestTimeMissedByTheWholeProcessIsTakenOut(t *testing.T) {
	var missed time.Duration
	bubble(t, Config{OnStall: func(d time.Duration) { missed = d }}, func(c *Clock) {
		before := c.Now()
		wait(time.Minute)
		c.absorbStall(time.Now().Add(-time.Minute)) // what run sees after a minute of SIGSTOP
		require.Equal(t, time.Minute-beat, missed)
		require.Equal(t, beat, c.Now().Sub(before))
	})
}

func BenchmarkNow(b *testing.B) {
	c := New(Config{})
	defer c.Close()
	for b.Loop() {
		c.Now()
	}
}

func TestATimerThatIsSlowHoldsUpThoseOfItsMomentForTwoMillisecondsOnly(t *testing.T) {
	bubble(t, Config{}, func(c *Clock) {
		at := c.Now().Add(time.Second)
		release := make(chan struct{})
		defer close(release)
		var fired atomic.Int32
		c.At(at, "slow", func() { <-release })
		for range 3 {
			c.At(at, "quick", func() { fired.Add(1) })
		}
		wait(time.Second + relief/2)
		require.Zero(t, fired.Load(), "they are fired one after the other")
		wait(relief)
		require.EqualValues(t, 3, fired.Load())
	})
}
