package world

import "time"

// item is one thing due at a time. seq breaks ties in the order of scheduling, so that the order
// of two things due at once never depends on the heap.
type item struct {
	at  time.Duration // since the world began
	seq uint64
	run func()
}

// agenda is a binary heap of items, earliest first, and beside it a queue of those that come in order anyway: the
// patience of clients, which is all the same and mostly for nothing, would else be half of the heap.
type agenda struct {
	items []item
	queue []item // ascending
	head  int    // of queue
	seq   uint64
}

func (a *agenda) len() int { return len(a.items) + len(a.queue) - a.head }

// addLate schedules run at a time that is mostly later than all others given here.
func (a *agenda) addLate(at time.Duration, run func()) {
	if last := len(a.queue) - 1; last >= a.head && a.queue[last].at > at {
		a.add(at, run)
		return
	}
	if a.head > len(a.queue)/2 {
		kept := copy(a.queue, a.queue[a.head:])
		clear(a.queue[kept:])
		a.queue, a.head = a.queue[:kept], 0
	}
	a.seq++
	a.queue = append(a.queue, item{at: at, seq: a.seq, run: run})
}

// queued reports whether the earliest item is the queue's.
func (a *agenda) queued() bool {
	return a.head < len(a.queue) && (len(a.items) == 0 || a.queue[a.head].before(&a.items[0]))
}

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
func (a *agenda) next() time.Duration {
	if a.queued() {
		return a.queue[a.head].at
	}
	return a.items[0].at
}

// pop takes the earliest item off the agenda.
func (a *agenda) pop() item {
	if a.queued() {
		x := a.queue[a.head]
		a.queue[a.head] = item{}
		a.head++
		return x
	}
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
