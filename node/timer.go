package node

import "time"

// timers are the two a life has: the cron every 100 ms and the wake a machine asked for.
type timers struct {
	life       *life
	cronAt     time.Time
	cancelCron func()
	wakeAt     time.Time // zero when not armed
	cancelWake func()
}

// CronPeriod is the time between two calls of a machine's Cron.
const CronPeriod = 100 * time.Millisecond

// startCron arms the first cron.
func (t *timers) startCron(now time.Time) { t.armCron(now.Add(CronPeriod)) }

func (t *timers) armCron(at time.Time) {
	t.cronAt = at
	t.cancelCron = t.life.cfg.Clock.At(at, t.life.cfg.Name, t.life.cron)
}

// setWake arms the wake at a time, if that is before the next cron, which wakes anyway.
func (t *timers) setWake(at time.Time) {
	if !at.IsZero() && !at.Before(t.cronAt) {
		at = time.Time{}
	}
	if at.Equal(t.wakeAt) {
		return
	}
	if t.cancelWake != nil {
		t.cancelWake()
		t.cancelWake = nil
	}
	if t.wakeAt = at; !at.IsZero() {
		t.cancelWake = t.life.cfg.Clock.At(at, t.life.cfg.Name, t.life.wake)
	}
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

// cron is the 100 ms timer. It keeps its grid as long as it is not late by more than a period.
func (l *life) cron() {
	l.ring(func() {
		next := l.timers.cronAt.Add(CronPeriod)
		if next.Before(l.now) {
			next = l.now.Add(CronPeriod)
		}
		l.timers.armCron(next)
		l.m.Cron(l.now)
		l.sweep()
	})
}

// wake lets the machine do what it wanted to do at this time.
func (l *life) wake() {
	l.ring(func() { l.timers.wakeAt, l.timers.cancelWake = time.Time{}, nil })
}

// ring runs a timer on the clock's goroutine. It never waits for a frozen node: that would stop
// the clock for everybody. The thaw makes up for it.
func (l *life) ring(f func()) {
	l.mu.Lock()
	if l.dead || l.frozen {
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
	if !l.missed {
		return
	}
	l.missed = false
	l.timers.stop()
	l.timers.wakeAt = time.Time{}
	l.timers.armCron(l.now)
}
