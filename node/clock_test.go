package node_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// handClock stands still until a test moves it; its timers run on the test's goroutine.
type handClock struct {
	mu     sync.Mutex
	now    time.Time
	timers []*handTimer
}

type handTimer struct {
	at  time.Time
	who string
	f   func()
}

func newHandClock() *handClock { return &handClock{now: time.Unix(1000, 0)} }

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) At(at time.Time, who string, f func()) (cancel func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := &handTimer{at, who, f}
	c.timers = append(c.timers, t)
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.timers = slices.DeleteFunc(c.timers, func(x *handTimer) bool { return x == t })
	}
}

// advance moves the clock and runs what becomes due, in order.
func (c *handClock) advance(d time.Duration) {
	end := c.Now().Add(d)
	for {
		c.mu.Lock()
		slices.SortStableFunc(c.timers, func(a, b *handTimer) int { return a.at.Compare(b.at) })
		if len(c.timers) == 0 || c.timers[0].at.After(end) {
			c.now = end
			c.mu.Unlock()
			return
		}
		t := c.timers[0]
		c.timers = c.timers[1:]
		c.now = t.at
		c.mu.Unlock()
		t.f()
	}
}

func (h *home) crons() (n int) {
	h.t.Helper()
	require.NoError(h.t, h.Look(func(m machine.Machine) { n = inside(m).crons }))
	return n
}

func TestCronComesEveryHundredMilliseconds(t *testing.T) {
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) { cfg.Clock = clock })
	clock.advance(99 * time.Millisecond)
	require.Zero(t, h.crons())
	clock.advance(time.Millisecond)
	require.Equal(t, 1, h.crons())
	clock.advance(time.Second)
	require.Equal(t, 11, h.crons())
}

// beats is a machine that remembers when its crons came.
type beats struct {
	*fake
	at []time.Time
}

func (b *beats) Cron(now time.Time) { b.at = append(b.at, now) }

func TestCronsOfANodeOfItsOwnAreNeverCloserThanTheirPeriod(t *testing.T) {
	b := &beats{}
	h := launch(t, func(cfg *node.Config) {
		made := cfg.New
		cfg.Clock = node.SystemClock{}
		cfg.New = func(birth node.Birth) (machine.Machine, error) {
			m, err := made(birth)
			b.fake = m.(*fake)
			return b, err
		}
	})
	var at []time.Time
	eventually(t, func() bool {
		return h.Do(func(time.Time, machine.Machine) { at = slices.Clone(b.at) }) == nil && len(at) >= 8
	}, "eight crons")
	for i := range len(at) - 1 {
		require.GreaterOrEqual(t, at[i+1].Sub(at[i]), node.CronPeriod, "a late cron does not hurry the next")
	}
}

func TestFrozenNodeMissesItsCronsAndMakesUpOnce(t *testing.T) {
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) { cfg.Clock = clock })
	require.NoError(t, h.Freeze())
	clock.advance(time.Second)
	require.Zero(t, h.crons())
	require.NoError(t, h.Thaw())
	clock.advance(0)
	require.Equal(t, 1, h.crons())
	clock.advance(100 * time.Millisecond)
	require.Equal(t, 2, h.crons())
}

func TestWakeComesAtItsTime(t *testing.T) {
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) { cfg.Clock = clock })
	var woken []time.Duration
	begin := clock.Now()
	h.hook("WAKE-AT", func(f *fake, now time.Time, _ *machine.Client, _ []string) {
		f.todo.Wake = now.Add(30 * time.Millisecond)
		f.sleep = func(now time.Time) { woken = append(woken, now.Sub(begin)) }
	})
	_, err := h.Call(t.Context(), "WAKE-AT")
	require.NoError(t, err)
	woken = nil
	clock.advance(50 * time.Millisecond)
	require.Equal(t, []time.Duration{30 * time.Millisecond}, woken)
}

func TestNothingRingsForAKilledNode(t *testing.T) {
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) { cfg.Clock = clock })
	h.Kill()
	require.Empty(t, clock.timers)
}

func TestTimeOfAMachineNeverRunsBackwards(t *testing.T) {
	clock := newHandClock()
	h := launch(t, func(cfg *node.Config) { cfg.Clock = clock })
	var seen []time.Time
	look := func() {
		require.NoError(t, h.Do(func(now time.Time, _ machine.Machine) { seen = append(seen, now) }))
	}
	look()
	clock.mu.Lock()
	clock.now = clock.now.Add(-time.Hour)
	clock.mu.Unlock()
	look()
	require.Equal(t, seen[0], seen[1])
}

// calmBeats are beats of a machine that is patient for as long as it says.
type calmBeats struct {
	*beats
	patience time.Duration
}

func (b *calmBeats) Patience() time.Duration { return b.patience }

// launchBeats launches a patient node 30 ms after a beat.
func launchBeats(t *testing.T) (clock *handClock, b *calmBeats, h *home) {
	clock, b = newHandClock(), &calmBeats{beats: &beats{}}
	clock.advance(30 * time.Millisecond)
	h = launch(t, func(cfg *node.Config) {
		made := cfg.New
		cfg.Clock = clock
		cfg.New = func(birth node.Birth) (machine.Machine, error) {
			m, err := made(birth)
			b.fake = m.(*fake)
			return b, err
		}
	})
	return clock, b, h
}

func TestCronsOfPatientNodesWaitForEachOther(t *testing.T) {
	clock, b, _ := launchBeats(t)
	start := clock.Now()
	clock.advance(100 * time.Millisecond)
	b.patience = 49 * time.Millisecond
	clock.advance(100 * time.Millisecond)
	b.patience = 50 * time.Millisecond
	clock.advance(300 * time.Millisecond)
	b.patience = 0
	clock.advance(200 * time.Millisecond)
	var at []int64
	for _, moment := range b.at {
		at = append(at, moment.Sub(start).Milliseconds())
	}
	require.Equal(t, []int64{100, 200, 300, 420, 520, 600, 700}, at, "due each 100 ms, at most 50 ms late, and in time when there is no time")
}

func TestAWakeDoesNotWaitForAPatientCron(t *testing.T) {
	clock, b, h := launchBeats(t)
	b.patience = time.Second
	clock.advance(100 * time.Millisecond) // the next is due in 100 ms, and comes in 120
	woken := false
	require.NoError(t, h.Do(func(now time.Time, _ machine.Machine) {
		b.todo.Wake = now.Add(110 * time.Millisecond)
		b.sleep = func(now time.Time) {
			woken = woken || now.Equal(b.at[0].Add(110*time.Millisecond))
		}
	}))
	clock.advance(115 * time.Millisecond)
	require.True(t, woken)
	require.Len(t, b.at, 1)
}
