package cluster

import (
	"math"
	"time"
)

// instant is a moment in nanoseconds since 1970. Everybody remembers when everybody else did what: of a thousand
// nodes that is seven million moments, and a time.Time takes three times as much.
type instant int64

// never is the instant of what has not happened.
const never instant = 0

// instantOf is a time as an instant; the zero time is never.
func instantOf(t time.Time) instant {
	if t.IsZero() {
		return never
	}
	return instant(t.UnixNano())
}

// time is an instant as a time.
func (i instant) time() time.Time {
	if i == never {
		return time.Time{}
	}
	return time.Unix(0, int64(i))
}

// age is how long ago it was; for ever, if it never was.
func (i instant) age(now time.Time) time.Duration {
	if i == never {
		return math.MaxInt64
	}
	return time.Duration(now.UnixNano() - int64(i))
}

// then is the moment so much later; never, if it never was.
func (i instant) then(d time.Duration) instant {
	if i == never {
		return never
	}
	return i + instant(d)
}
