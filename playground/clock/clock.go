package clock

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// MinSpeed is the slowest a running clock goes; slower than that a person wants Pause.
	MinSpeed = 0.01
	// MaxSpeed is the fastest a clock goes: a cron of 100 ms then comes every millisecond, which
	// is as often as a busy laptop wakes goroutines dependably.
	MaxSpeed = 100
	// stallLimit is how long this process may be stopped (a closed lid, SIGSTOP) before the time it
	// missed is taken out of the lab's time. It is far above any garbage collection.
	stallLimit = 2 * time.Second
	// beat is how often the clock looks whether the process was stopped.
	beat = stallLimit / 4
)

// Config is what a Clock may be told at birth. The zero Config is a good one.
type Config struct {
	Start   time.Time                 // the first moment; zero means the computer's time
	Speed   float64                   // 0 means 1
	Paused  bool                      // begin standing still
	OnPanic func(who string, why any) // a timer's function panicked; nil lets the panic through
	OnStall func(missed time.Duration)
}

// Clock is a lab's clock. It implements node.Clock. The zero Clock is not usable; call New.
type Clock struct {
	cfg  Config
	pace atomic.Pointer[pace]

	mu      sync.Mutex // guards everything below
	timers  timerHeap
	serial  uint64
	wake    chan struct{} // tells run that the heap or the pace changed
	done    chan struct{}
	closed  bool
	running sync.WaitGroup // run and every timer function under way
	errands chan *batch    // for goroutines that wait for the next timers
	idle    atomic.Int32   // how many those are
}

// pace is how lab time follows the computer's: from one change of speed to the next. It never
// changes once published, so that Now takes no lock.
type pace struct {
	lab    time.Time // the lab's time at the moment real
	real   time.Time // with its monotonic reading
	speed  float64
	paused bool
	end    time.Time // the lab's time runs up to here; zero: for ever
}

// at is the lab's time at a moment of the computer's clock.
func (p *pace) at(real time.Time) time.Time {
	if p.paused {
		return p.lab
	}
	elapsed := real.Sub(p.real)
	if p.speed != 1 {
		elapsed = time.Duration(float64(elapsed) * p.speed)
	}
	now := p.lab.Add(elapsed)
	if !p.end.IsZero() && now.After(p.end) {
		if p.end.Before(p.lab) {
			return p.lab // a step went further
		}
		return p.end
	}
	return now
}

// New starts a clock. Close ends it.
func New(cfg Config) *Clock {
	real := time.Now()
	if cfg.Start.IsZero() {
		cfg.Start = real
	}
	if cfg.Speed == 0 {
		cfg.Speed = 1
	}
	c := &Clock{cfg: cfg, wake: make(chan struct{}, 1), done: make(chan struct{}), errands: make(chan *batch)}
	c.pace.Store(&pace{lab: cfg.Start.Round(0), real: real, speed: cfg.Speed, paused: cfg.Paused})
	c.running.Add(1)
	go c.run()
	return c
}

// Now is the lab's time, without a monotonic reading.
func (c *Clock) Now() time.Time { return c.pace.Load().at(time.Now()) }

// At runs f once when the clock reaches t. who names the node whose timer it is; a timer of
// nobody ("") belongs to the lab itself and is neither shown by Next nor fired by Step.
func (c *Clock) At(t time.Time, who string, f func()) (cancel func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return func() {}
	}
	c.serial++
	timer := &timer{at: t, who: who, f: f, serial: c.serial}
	heap.Push(&c.timers, timer)
	if timer.index == 0 {
		c.poke()
	}
	return func() { c.cancel(timer) }
}

// Speed is how many lab seconds pass in a second of the computer's; also while paused.
func (c *Clock) Speed() float64 { return c.pace.Load().speed }

// Paused tells whether the clock stands still.
func (c *Clock) Paused() bool { return c.pace.Load().paused }

// SetSpeed changes the speed from this moment on.
func (c *Clock) SetSpeed(speed float64) error {
	if math.IsNaN(speed) || speed < MinSpeed || speed > MaxSpeed {
		return fmt.Errorf("speed %v is outside %v to %v", speed, MinSpeed, MaxSpeed)
	}
	c.change(func(p *pace) { p.speed = speed })
	return nil
}

// Pause makes the clock stand still. Timers wait for Resume or Step.
func (c *Clock) Pause() { c.change(func(p *pace) { p.paused = true }) }

// Resume lets the clock run on from the moment at which it stood.
func (c *Clock) Resume() { c.change(func(p *pace) { p.paused = false }) }

// Allow lets the lab's time run for d from this moment on and stand still then, until it is allowed
// more. It is for whoever must make sure that something keeps up: when they are late, so is the lab.
func (c *Clock) Allow(d time.Duration) {
	c.change(func(p *pace) { p.end = p.lab.Add(d) })
}

// Allowed tells whether the lab's time runs only as far as it is allowed to.
func (c *Clock) Allowed() bool { return !c.pace.Load().end.IsZero() }

// Free ends what Allow began.
func (c *Clock) Free() { c.change(func(p *pace) { p.end = time.Time{} }) }

// Advance moves a standing clock on to t without firing timers; the past is ignored. It is for
// whoever steps the lab: a frame that is due before the next timer takes the clock with it.
func (c *Clock) Advance(t time.Time) {
	c.change(func(p *pace) {
		if p.paused && t.After(p.lab) {
			p.lab = t
		}
	})
}

// Wait returns when the clock reaches t, or with the context's error.
func (c *Clock) Wait(ctx context.Context, t time.Time) error {
	reached := make(chan struct{})
	cancel := c.At(t, "", func() { close(reached) })
	defer cancel()
	select {
	case <-reached:
		return nil
	case <-c.done:
		return fmt.Errorf("wait for %s: the clock was closed", t.Format(time.TimeOnly))
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Close stops the clock for good and waits for the timer functions under way. Timers that were
// still waiting never fire.
func (c *Clock) Close() {
	c.mu.Lock()
	if !c.closed {
		c.closed = true
		c.timers = nil
		close(c.done)
	}
	c.mu.Unlock()
	c.running.Wait()
}

// change publishes a new pace that continues the old one without a jump.
func (c *Clock) change(edit func(*pace)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	real := time.Now()
	old := c.pace.Load()
	p := &pace{lab: old.at(real), real: real, speed: old.speed, paused: old.paused, end: old.end}
	edit(p)
	c.pace.Store(p)
	c.poke()
}

// poke makes run look at the heap again. The caller holds mu.
func (c *Clock) poke() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}
