package keyspace

import "math/bits"

// branch is how many children a place in the queue has. Four make the tree half as deep as two,
// and most expiries are later than all before them and never rise.
const branch = 4

// expiryQueue orders the volatile keys by their expiry, the next to die first.
type expiryQueue struct {
	items    []*item
	sum, top uint64 // the sum of all expiries as a 128-bit number, for the average
}

func (q *expiryQueue) len() int { return len(q.items) }

// first returns the key that dies next, nil when no key is volatile.
func (q *expiryQueue) first() *item {
	if len(q.items) == 0 {
		return nil
	}
	return q.items[0]
}

// set gives it the expiry at, 0 = none.
func (q *expiryQueue) set(it *item, at int64) {
	e := &it.Value
	q.account(e.expires, at)
	before := e.expires
	e.expires = at
	switch {
	case at == 0 && e.queue != 0:
		q.remove(int(e.queue) - 1)
	case at == 0:
	case e.queue == 0:
		q.items = append(q.items, it)
		e.queue = int32(len(q.items))
		q.rise(len(q.items) - 1)
	case at < before:
		q.rise(int(e.queue) - 1)
	default:
		q.sink(int(e.queue) - 1)
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
	q.items[i].Value.queue = 0
	moved := q.items[last]
	q.items[last] = nil
	q.items = q.items[:last]
	if i < last {
		q.place(i, moved)
		q.sink(i)
		q.rise(int(moved.Value.queue) - 1)
	}
}

func (q *expiryQueue) place(i int, it *item) {
	q.items[i] = it
	it.Value.queue = int32(i + 1)
}

func (q *expiryQueue) rise(i int) {
	it := q.items[i]
	for i > 0 {
		parent := (i - 1) / branch
		if q.items[parent].Value.expires <= it.Value.expires {
			break
		}
		q.place(i, q.items[parent])
		i = parent
	}
	q.place(i, it)
}

func (q *expiryQueue) sink(i int) {
	it := q.items[i]
	for {
		child := q.earliestChild(i)
		if child < 0 || q.items[child].Value.expires >= it.Value.expires {
			break
		}
		q.place(i, q.items[child])
		i = child
	}
	q.place(i, it)
}

func (q *expiryQueue) earliestChild(i int) int {
	best := -1
	for c := i*branch + 1; c <= i*branch+branch && c < len(q.items); c++ {
		if best < 0 || q.items[c].Value.expires < q.items[best].Value.expires {
			best = c
		}
	}
	return best
}
