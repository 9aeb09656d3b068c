package world

import "time"

// item is one thing due at a time. seq breaks ties in the order of scheduling, so that the order
// of two things due at once never depends on the heap.
type item struct {
	at  time.Duration // since the world began
	seq uint64
	run func()
}

// agenda is a binary heap of items, earliest first.
type agenda struct {
	items []item
	seq   uint64
}

func (a *agenda) len() int { return len(a.items) }

// add schedules run at the given time.
func (a *agenda) add(at time.Duration, run func()) {
	a.seq++
	x := item{at: at, seq: a.seq, run: run}
	a.items = append(a.items, x)
	i := len(a.items) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !x.before(&a.items[parent]) {
			break
		}
		a.items[i] = a.items[parent]
		i = parent
	}
	a.items[i] = x
}

// next is the time of the earliest item; the agenda must not be empty.
func (a *agenda) next() time.Duration { return a.items[0].at }

// pop takes the earliest item off the agenda.
func (a *agenda) pop() item {
	first, last := a.items[0], len(a.items)-1
	x := a.items[last]
	a.items[last] = item{}
	a.items = a.items[:last]
	if last > 0 {
		a.sink(x)
	}
	return first
}

// sink puts an item at the top and lets it down to its place.
func (a *agenda) sink(x item) {
	items, i := a.items, 0
	for {
		child := 2*i + 1
		if child >= len(items) {
			break
		}
		if other := child + 1; other < len(items) && items[other].before(&items[child]) {
			child = other
		}
		if !items[child].before(&x) {
			break
		}
		items[i] = items[child]
		i = child
	}
	items[i] = x
}

// before reports whether x is due before y.
func (x *item) before(y *item) bool {
	if x.at != y.at {
		return x.at < y.at
	}
	return x.seq < y.seq
}
