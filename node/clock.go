package node

import "time"

// Clock tells a node what time it is and wakes it. A lab gives all its nodes one clock that can
// run fast, slow, stand still or be stepped. SystemClock is the plain one.
type Clock interface {
	// Now is the current time without a monotonic reading.
	Now() time.Time
	// At runs f once when the clock reaches t, on a goroutine of the clock's own, and returns a
	// function that cancels it. who names the node, so that a stopped clock can say whose timer
	// comes next. f returns when all it causes has been done: that is what makes a step a step.
	At(t time.Time, who string, f func()) (cancel func())
}

// SystemClock is the computer's clock.
type SystemClock struct{}

// Now is the computer's time to the microsecond, without its monotonic reading.
func (SystemClock) Now() time.Time { return time.Now().Round(0) }

// At runs f on a goroutine of its own when the computer's clock reaches t.
func (c SystemClock) At(t time.Time, _ string, f func()) (cancel func()) {
	timer := time.AfterFunc(time.Until(t), f)
	return func() { timer.Stop() }
}
