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
	a.items = append(a.items, item{at: at, seq: a.seq, run: run})
	i := len(a.items) - 1
	for i > 0 {
		parent := (i - 1) / 2
		if !a.less(i, parent) {
			return
		}
		a.items[i], a.items[parent] = a.items[parent], a.items[i]
		i = parent
	}
}

// next is the time of the earliest item; the agenda must not be empty.
func (a *agenda) next() time.Duration { return a.items[0].at }

// pop takes the earliest item off the agenda.
func (a *agenda) pop() item {
	first, last := a.items[0], len(a.items)-1
	a.items[0] = a.items[last]
	a.items[last] = item{}
	a.items = a.items[:last]
	a.sink(0)
	return first
}

func (a *agenda) sink(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(a.items); child++ {
			if a.less(child, least) {
				least = child
			}
		}
		if least == i {
			return
		}
		a.items[i], a.items[least] = a.items[least], a.items[i]
		i = least
	}
}

func (a *agenda) less(i, j int) bool {
	if a.items[i].at != a.items[j].at {
		return a.items[i].at < a.items[j].at
	}
	return a.items[i].seq < a.items[j].seq
}
