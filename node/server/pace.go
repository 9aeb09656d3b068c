package server

import (
	"math"
	"time"
)

// pace slows down a work of many keys (rdb-key-save-delay, key-load-delay). A negative delay of -n is
// one microsecond for n keys.
type pace struct{ due time.Time }

// keys is how many keys may be done now, most at most.
func (p *pace) keys(now time.Time, delay int64, most int) int {
	if delay == 0 {
		return most
	}
	if p.due.IsZero() {
		p.due = now
	}
	if now.Before(p.due) {
		return 0
	}
	return int(min(math.Floor(float64(now.Sub(p.due))/perKey(delay))+1, float64(most)))
}

// did tells that n keys have been done.
func (p *pace) did(n int, delay int64) {
	if delay != 0 {
		p.due = p.due.Add(time.Duration(float64(n) * perKey(delay)))
	}
}

// perKey is what a key takes, in nanoseconds.
func perKey(delay int64) float64 {
	if delay < 0 {
		return float64(time.Microsecond) / float64(-delay)
	}
	return float64(delay) * float64(time.Microsecond)
}
