package keyspace

import "math/bits"

// scanEffort is how many buckets Scan looks into per element it was asked for before it gives
// an empty-handed answer, as scanGenericCommand does with sparse tables.
const scanEffort = 10

// Scan visits the keys behind cursor until about count of them were seen, and returns the
// cursor to go on with, 0 at the end. A key that is there during the whole of a scan is visited
// at least once, whatever resizing happens between the calls; it may be visited twice.
//
// The cursor is a bucket number counted with its bits reversed (dictScan): growing a table only
// splits the buckets not yet visited into neighbours in that order.
func (d *Dict[V]) Scan(cursor uint64, count int, visit func(item *Item[V])) uint64 {
	if d.count == 0 {
		return 0
	}
	seen := 0
	counting := func(item *Item[V]) {
		seen++
		visit(item)
	}
	effort := saturatingMultiply(count, scanEffort)
	for {
		cursor = d.scanBucket(cursor, counting)
		if effort--; cursor == 0 || seen >= count || effort < 0 {
			return cursor
		}
	}
}

// scanBucket visits one bucket of the smaller table and all buckets of the larger table that
// its keys could be in.
func (d *Dict[V]) scanBucket(cursor uint64, visit func(item *Item[V])) uint64 {
	if d.old == nil {
		mask := uint64(len(d.now) - 1)
		visitChain(d.now[cursor&mask], visit)
		return nextCursor(cursor, mask)
	}
	small, large := d.old, d.now
	if len(small) > len(large) {
		small, large = large, small
	}
	smallMask, largeMask := uint64(len(small)-1), uint64(len(large)-1)
	visitChain(small[cursor&smallMask], visit)
	for {
		visitChain(large[cursor&largeMask], visit)
		cursor = nextCursor(cursor, largeMask)
		if cursor&(smallMask^largeMask) == 0 {
			return cursor
		}
	}
}

// nextCursor adds one to the bits of cursor under mask, the highest bit counting least.
func nextCursor(cursor, mask uint64) uint64 {
	return bits.Reverse64(bits.Reverse64(cursor|^mask) + 1)
}

func visitChain[V any](item *Item[V], visit func(item *Item[V])) {
	for item != nil {
		next := item.next
		visit(item)
		item = next
	}
}

func saturatingMultiply(n, factor int) int {
	const most = int(^uint(0) >> 1)
	if n > most/factor {
		return most
	}
	return n * factor
}

// longestChain is longer than any chain of a table ever is: with as many keys as buckets one in a
// hundred million million is.
const longestChain = 16

// Fair is Random with the same chance for every key (dictGetFairRandomKey).
func (d *Dict[V]) Fair(rnd func(n int) int) *Item[V] {
	total := d.Buckets() - d.moved
	for range 100 * sparse {
		if d.count == 0 {
			break
		}
		draw := rnd(total * longestChain)
		item := d.bucket(draw/longestChain + d.moved)
		for skip := draw % longestChain; skip > 0 && item != nil; skip-- {
			item = item.next
		}
		if item != nil {
			return item
		}
	}
	return d.Random(rnd)
}

// Random returns an item chosen with rnd, which returns a number in [0, n); nil when empty.
// Keys of crowded buckets are a little less likely than others (dictGetRandomKey).
func (d *Dict[V]) Random(rnd func(n int) int) *Item[V] {
	if d.count == 0 {
		return nil
	}
	head := d.randomBucket(rnd)
	length := 0
	for item := head; item != nil; item = item.next {
		length++
	}
	for skip := rnd(length); skip > 0; skip-- {
		head = head.next
	}
	return head
}

// randomBucket returns a bucket that is not empty. At least one in sparse is, except while a
// table shrinks, so this ends soon; the walk after too many misses makes it end always.
func (d *Dict[V]) randomBucket(rnd func(n int) int) *Item[V] {
	total := d.Buckets() - d.moved
	at := 0
	for range 100 * sparse {
		at = rnd(total)
		if item := d.bucket(at + d.moved); item != nil {
			return item
		}
	}
	for {
		at = (at + 1) % total
		if item := d.bucket(at + d.moved); item != nil {
			return item
		}
	}
}

// bucket counts the buckets of both tables, the old one first.
func (d *Dict[V]) bucket(i int) *Item[V] {
	if i < len(d.old) {
		return d.old[i]
	}
	return d.now[i-len(d.old)]
}
