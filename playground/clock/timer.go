package clock

import (
	"container/heap"
	"math"
	"sync"
	"time"
)

// Timer describes the next timer of a clock: whose it is and when it is due.
type Timer struct {
	Who string
	At  time.Time
}

type timer struct {
	at     time.Time
	who    string
	f      func()
	serial uint64 // timers due at the same moment fire in the order in which they were set
	index  int    // place in the heap, -1 when it is no longer there
}

// timerHeap orders timers by time, then by age.
type timerHeap []*timer

func (h timerHeap) Len() int { return len(h) }

func (h timerHeap) Less(i, j int) bool { return h[i].before(h[j]) }

func (h timerHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push is heap.Interface's.
func (h *timerHeap) Push(x any) {
	t := x.(*timer)
	t.index = len(*h)
	*h = append(*h, t)
}

// Pop is heap.Interface's.
func (h *timerHeap) Pop() any {
	last := len(*h) - 1
	t := (*h)[last]
	(*h)[last] = nil
	*h = (*h)[:last]
	t.index = -1
	return t
}

func (t *timer) before(u *timer) bool {
	if !t.at.Equal(u.at) {
		return t.at.Before(u.at)
	}
	return t.serial < u.serial
}

// Next is the earliest timer of a node, if there is one.
func (c *Clock) Next() (Timer, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.earliest()
	if t == nil {
		return Timer{}, false
	}
	return Timer{Who: t.who, At: t.at}, true
}

// Step fires the earliest timer of a node now, moving a standing clock on to its time, and
// returns when its function has returned.
func (c *Clock) Step() (Timer, bool) {
	c.mu.Lock()
	t := c.earliest()
	if t == nil || c.closed {
		c.mu.Unlock()
		return Timer{}, false
	}
	heap.Remove(&c.timers, t.index)
	c.running.Add(1)
	c.mu.Unlock()
	c.Advance(t.at)
	c.fire(t)
	return Timer{Who: t.who, At: t.at}, true
}

// earliest is the first timer that belongs to a node. The caller holds mu.
func (c *Clock) earliest() *timer {
	var first *timer
	for _, t := range c.timers {
		if t.who != "" && (first == nil || t.before(first)) {
			first = t
		}
	}
	return first
}

// cancel takes a timer out of the heap; a timer that fired is left alone.
func (c *Clock) cancel(t *timer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t.index >= 0 && t.index < len(c.timers) && c.timers[t.index] == t {
		heap.Remove(&c.timers, t.index)
	}
}

// fire runs a timer's function. The caller has counted it in running.
func (c *Clock) fire(t *timer) {
	defer c.running.Done()
	if c.cfg.OnPanic != nil {
		defer func() {
			if why := recover(); why != nil {
				c.cfg.OnPanic(t.who, why)
			}
		}()
	}
	t.f()
}

// batch is timers that became due together: the crons of nodes that share a clock are, and one goroutine
// for all of them is woken for much less than one for each.
type batch struct {
	clock *Clock
	mu    sync.Mutex
	rest  []*timer // not fired yet
}

// relief is how long the first timers of a batch may take until the others are fired beside them, so that a
// slow node does not make the others late.
const relief = 2 * time.Millisecond

// fire fires the timers one after the other.
func (b *batch) fire() {
	if len(b.rest) > 1 {
		late := time.AfterFunc(relief, func() {
			if rest := b.take(math.MaxInt); len(rest) > 0 {
				b.clock.hand(&batch{clock: b.clock, rest: rest})
			}
		})
		defer late.Stop()
	}
	for {
		next := b.take(1)
		if len(next) == 0 {
			return
		}
		b.clock.fire(next[0])
	}
}

// take takes out so many of the timers that have not fired.
func (b *batch) take(n int) []*timer {
	b.mu.Lock()
	defer b.mu.Unlock()
	n = min(n, len(b.rest))
	taken := b.rest[:n]
	b.rest = b.rest[n:]
	return taken
}

// hand gives a batch to a goroutine that waits for one, or to a new one.
func (c *Clock) hand(b *batch) {
	select {
	case c.errands <- b:
	default:
		go c.serve(b)
	}
}

// idleServers is how many goroutines wait for the next timers. A fresh goroutine would have to grow its stack
// for every cron.
const idleServers = 8

// serve fires a batch, and then others as they become due.
func (c *Clock) serve(b *batch) {
	for {
		b.fire()
		if c.idle.Add(1) > idleServers {
			c.idle.Add(-1)
			return
		}
		select {
		case b = <-c.errands:
			c.idle.Add(-1)
		case <-c.done:
			return
		}
	}
}

// run has timers fired as they become due, beside it. It is the only goroutine that lives as long as the
// clock.
func (c *Clock) run() {
	defer c.running.Done()
	alarm := time.NewTimer(beat)
	defer alarm.Stop()
	last := time.Now()
	for {
		alarm.Reset(c.fireDue())
		select {
		case <-c.done:
			return
		case <-c.wake:
		case <-alarm.C:
		}
		last = c.absorbStall(last)
	}
}

// fireDue starts everything that is due and tells how long run may sleep.
func (c *Clock) fireDue() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pace.Load()
	if p.paused || c.closed {
		return beat
	}
	now := p.at(time.Now())
	var due []*timer
	for len(c.timers) > 0 && !c.timers[0].at.After(now) {
		due = append(due, heap.Pop(&c.timers).(*timer))
	}
	if len(due) > 0 {
		c.running.Add(len(due))
		c.hand(&batch{clock: c, rest: due})
	}
	if len(c.timers) == 0 || !p.end.IsZero() && c.timers[0].at.After(p.end) {
		return beat
	}
	wait := float64(c.timers[0].at.Sub(now)) / p.speed
	return max(time.Duration(min(wait, float64(beat))), 0)
}

// absorbStall takes out of the lab's time what passed while the whole process was stopped, so
// that nodes do not suspect each other for having been asleep together.
func (c *Clock) absorbStall(last time.Time) time.Time {
	now := time.Now()
	gap := now.Sub(last)
	if gap <= stallLimit {
		return now
	}
	missed := gap - beat
	c.mu.Lock()
	old := c.pace.Load()
	if !old.paused && !old.real.After(last) {
		p := *old
		p.real = old.real.Add(missed)
		c.pace.Store(&p)
	}
	c.mu.Unlock()
	if c.cfg.OnStall != nil {
		c.cfg.OnStall(missed)
	}
	return now
}
