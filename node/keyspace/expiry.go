package keyspace

import "math/bits"

// branch is how many children a place in the queue has. Four make the tree half as deep as two,
// and most expiries are later than all before them and never rise.
const branch = 4

// expiryQueue orders the volatile keys by their expiry, the next to die first. Nobody else knows when a key dies.
type expiryQueue struct {
	items    []mortal
	sum, top uint64 // the sum of all expiries as a 128-bit number, for the average
}

// mortal is a key that dies at a moment, in ms since 1970.
type mortal struct {
	at int64
	it *item
}

func (q *expiryQueue) len() int { return len(q.items) }

// first returns the key that dies next, a nil one when no key is volatile.
func (q *expiryQueue) first() mortal {
	if len(q.items) == 0 {
		return mortal{}
	}
	return q.items[0]
}

// of is when the key of e dies; 0 is never.
func (q *expiryQueue) of(e *Entry) int64 {
	if e.queue == 0 {
		return 0
	}
	return q.items[e.queue-1].at
}

// dead tells whether the key of e is logically dead at now (keyIsExpired: after the millisecond, not in it).
func (q *expiryQueue) dead(e *Entry, now int64) bool {
	return e.queue != 0 && now > q.items[e.queue-1].at
}

// set gives it the expiry at, 0 = none.
func (q *expiryQueue) set(it *item, at int64) {
	e, i := &it.Value, int(it.Value.queue)-1
	before := q.of(e)
	q.account(before, at)
	switch {
	case at == 0 && i >= 0:
		q.remove(i)
	case at == 0:
	case i < 0:
		q.items = append(q.items, mortal{at, it})
		q.rise(len(q.items) - 1)
	default:
		q.items[i].at = at
		if at < before {
			q.rise(i)
		} else {
			q.sink(i)
		}
	}
}

func (q *expiryQueue) account(before, after int64) {
	var carry uint64
	q.sum, carry = bits.Sub64(q.sum, uint64(max(0, before)), 0)
	q.top -= carry
	q.sum, carry = bits.Add64(q.sum, uint64(max(0, after)), 0)
	q.top += carry
}

// average returns the mean time the volatile keys have left at now, in ms.
func (q *expiryQueue) average(now int64) int64 {
	if len(q.items) == 0 {
		return 0
	}
	mean, _ := bits.Div64(q.top, q.sum, uint64(len(q.items)))
	return max(0, int64(mean)-now)
}

func (q *expiryQueue) remove(i int) {
	last := len(q.items) - 1
	q.items[i].it.Value.queue = 0
	moved := q.items[last]
	q.items[last] = mortal{}
	q.items = q.items[:last]
	if i < last {
		q.place(i, moved)
		q.sink(i)
		q.rise(int(moved.it.Value.queue) - 1)
	}
}

func (q *expiryQueue) place(i int, m mortal) {
	q.items[i] = m
	m.it.Value.queue = int32(i + 1)
}

func (q *expiryQueue) rise(i int) {
	m := q.items[i]
	for i > 0 {
		parent := (i - 1) / branch
		if q.items[parent].at <= m.at {
			break
		}
		q.place(i, q.items[parent])
		i = parent
	}
	q.place(i, m)
}

func (q *expiryQueue) sink(i int) {
	m := q.items[i]
	for {
		child := q.earliestChild(i)
		if child < 0 || q.items[child].at >= m.at {
			break
		}
		q.place(i, q.items[child])
		i = child
	}
	q.place(i, m)
}

func (q *expiryQueue) earliestChild(i int) int {
	best := -1
	for c := i*branch + 1; c <= i*branch+branch && c < len(q.items); c++ {
		if best < 0 || q.items[c].at < q.items[best].at {
			best = c
		}
	}
	return best
}
