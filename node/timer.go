package node

import (
	"time"

	"clusterplay/node/machine"
)

// timers are the two a life has: the cron every 100 ms and the wake a machine asked for.
type timers struct {
	life       *life
	cronAt     time.Time // when it is due
	ringsAt    time.Time // when it comes: not before it is due
	crons      uint64    // armed so far: one that was replaced while it rang is told apart
	cancelCron func()
	wakeAt     time.Time // zero when not armed
	cancelWake func()
}

// CronPeriod is the time between two calls of a machine's Cron.
const CronPeriod = 100 * time.Millisecond

// cronGrid is what the moments of crons are rounded to: nodes that share a clock wake together, and a lab of
// two hundred nodes wakes a hundred times a second instead of two thousand.
const cronGrid = 10 * time.Millisecond

// calmBeat is the same for nodes whose crons may be that late: fifty of them wake the computer twenty times a second.
// What is woken for one cron, for the PING that it sends and for the answer costs more than the three.
const calmBeat = CronPeriod / 2

// startCron arms the first cron.
func (t *timers) startCron(now time.Time) { t.armCron(now.Add(CronPeriod).Truncate(cronGrid), 0) }

// armCron arms the cron that is due at a moment for the first beat from then on; a beat of 0 is that moment.
func (t *timers) armCron(at time.Time, beat time.Duration) {
	t.cronAt, t.ringsAt = at, at
	if beat > 0 {
		t.ringsAt = at.Add(beat - 1).Truncate(beat)
	}
	t.crons++
	serial := t.crons
	t.cancelCron = t.life.cfg.Clock.At(t.ringsAt, t.life.cfg.Name, func() { t.life.cron(serial) })
}

// setWake arms the wake at a time, unless something rings before that anyway: the next cron, or
// the wake the machine asked for earlier. One that is not needed any more does no harm.
func (t *timers) setWake(at time.Time) {
	if t.life.goOn(at) {
		return
	}
	if at.IsZero() || !at.Before(t.ringsAt) || !t.wakeAt.IsZero() && !at.Before(t.wakeAt) {
		return
	}
	if t.cancelWake != nil {
		t.cancelWake()
	}
	t.wakeAt = at
	t.cancelWake = t.life.cfg.Clock.At(at, t.life.cfg.Name, t.life.wake)
}

// goOn has the loop go round again at once when work is due now, and reports whether it does. A timer would
// have to find a thread for every slice of a long work, and so would the client that asks something meanwhile;
// the loop sees to both in turn. A lab's clock may stand still: there a timer it is. The lock is held.
func (l *life) goOn(at time.Time) bool {
	if l.loop == nil || l.loop.over || at.IsZero() || at.After(l.now) {
		return false
	}
	if _, plain := l.cfg.Clock.(SystemClock); !plain {
		return false
	}
	l.loop.comeAgain()
	return true
}

// stop cancels both.
func (t *timers) stop() {
	if t.cancelCron != nil {
		t.cancelCron()
	}
	if t.cancelWake != nil {
		t.cancelWake()
	}
}

// nextCron is when the next cron is due. By the computer's clock that is 100 ms after this one began, however late it
// was: as in Redis, n crons take a little longer than n periods. On a grid, who is silent for exactly the node
// timeout, which is so many periods, would be suspected now in one cron and now in the next. Nodes that share
// a clock keep their grid as long as they are not late by more than a period.
func (l *life) nextCron() time.Time {
	if _, plain := l.cfg.Clock.(SystemClock); plain {
		return l.now.Add(CronPeriod)
	}
	if next := l.timers.cronAt.Add(CronPeriod); !next.Before(l.now) {
		return next
	}
	return l.now.Add(CronPeriod).Truncate(cronGrid)
}

// beat is what the next cron waits for. By the computer's clock it waits for nobody.
func (l *life) beat() time.Duration {
	m, ok := l.m.(machine.Patient)
	if _, plain := l.cfg.Clock.(SystemClock); plain || !ok || m.Patience() < calmBeat {
		return 0
	}
	return calmBeat
}

// cron is the 100 ms timer.
func (l *life) cron(serial uint64) {
	l.ring(func() {
		if serial != l.timers.crons {
			return
		}
		l.timers.armCron(l.nextCron(), l.beat())
		l.m.Cron(l.now)
		if len(l.clients) > 0 { // who comes is told anyway
			l.tune()
		}
		l.sweep()
	})
}

// sweepEvery is how many crons pass between two looks at every client: a second.
const sweepEvery = 10

// sweep enforces the limits in time on clients for which nothing new is queued, and takes back
// the buffers of the quiet ones; the lock is held.
func (l *life) sweep() {
	if l.timers.crons%sweepEvery != 0 {
		return
	}
	l.shelf.sweep()
	for _, c := range l.clients {
		if c.box.sweep(c.terms()) && len(c.Out) == 0 {
			c.Out = nil
		}
	}
}

// wake lets the machine do what it wanted to do at this time.
func (l *life) wake() {
	l.ring(func() { l.timers.wakeAt, l.timers.cancelWake = time.Time{}, nil })
}

// ring runs a timer on the clock's goroutine. It never waits for a node that is frozen or in the middle of a door: that would stop
// the clock for everybody. The thaw makes up for it.
func (l *life) ring(f func()) {
	l.mu.Lock()
	if l.dead || l.frozen || l.inside {
		l.missed = true
		l.mu.Unlock()
		return
	}
	l.tick()
	defer l.leave()
	f()
	l.settle()
}

// thaw lets the doors open again; the lock is held.
func (l *life) thaw() {
	l.frozen = false
	l.thawed.Broadcast()
	if l.missed && !l.inside {
		l.rearm()
	}
}

// rearm makes up for the timers that rang while no door could be called; the lock is held.
func (l *life) rearm() {
	l.missed = false
	l.tick()
	l.timers.stop()
	l.timers.wakeAt = time.Time{}
	l.timers.armCron(l.now, 0)
}
