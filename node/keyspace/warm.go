package keyspace

// warmGroup is how many keys are looked up side by side. A processor waits for a dozen or two
// lines of memory at a time; more keys would only push each other out of its nearest cache.
const warmGroup = 32

// trail is how far the looking up of one key has come.
type trail[V any] struct {
	hash uint32
	item *Item[V]
}

// Warm reads the places where keys and their values are, all keys side by side, so that the
// commands that follow find them in the processor's caches. A lookup is four or five waits for
// memory in a row; those of different keys need not wait for each other. Nothing changes, and
// keys that do not exist do no harm. The keys are the first of words and every step-th after it.
func (db *DB) Warm(words [][]byte, step int) {
	for len(words) > step {
		n := min(len(words), warmGroup*step)
		db.space.warmth += db.data.warm(words[:n], step)
		words = words[n:]
	}
}

// warm takes every key one step further at a time: no step looks at what it has just asked
// memory for. The sum is of no use but keeps the compiler from leaving the reading out.
func (t *table) warm(words [][]byte, step int) uint32 {
	if t.keys.count == 0 {
		return 0
	}
	var trails [warmGroup]trail[Entry]
	found, sum := t.keys.follow(trails[:0], words, step)
	return sum + warmValues(found)
}

// follow finds the items that words are likely to have, side by side.
func (d *Dict[V]) follow(trails []trail[V], words [][]byte, step int) (found []trail[V], sum uint32) {
	found = trails[:(len(words)+step-1)/step]
	for i := range found {
		hash := d.seed.hash(words[i*step])
		found[i] = trail[V]{hash: hash, item: d.head(hash)}
	}
	for i := range found {
		if it := found[i].item; it != nil {
			sum += it.hash
		}
	}
	for i := range found {
		if it := found[i].item; it != nil && it.hash != found[i].hash && it.next != nil {
			found[i].item = it.next
		}
	}
	return found, sum
}

// warmScan reads the buckets that a scan comes to next, and the first item of each.
func (d *Dict[V]) warmScan(cursor uint64) (sum uint32) {
	if d.count == 0 {
		return 0
	}
	var heads [warmGroup]*Item[V]
	mask := uint64(len(d.now) - 1)
	for i := range heads {
		heads[i] = d.head(uint32(cursor & mask))
		cursor = nextCursor(cursor, mask)
	}
	for _, item := range heads {
		if item != nil {
			sum += item.hash
		}
	}
	return sum
}

// warmItems reads the texts of items and of their strings, side by side.
func warmItems(items []*item) (sum uint32) {
	var trails [warmGroup]trail[Entry]
	for len(items) > 0 {
		found := trails[:min(len(items), warmGroup)]
		for i := range found {
			found[i] = trail[Entry]{hash: items[i].hash, item: items[i]}
		}
		sum += warmValues(found)
		items = items[len(found):]
	}
	return sum
}

// warmValues reads the texts of keys and the beginnings of their strings.
func warmValues(found []trail[Entry]) (sum uint32) {
	var texts [warmGroup]*StringValue
	for i := range found {
		t := &found[i]
		if sum += t.reachKey(); t.arrived() {
			texts[i], _ = t.item.Value.Value.(*StringValue)
			sum += t.item.Value.written
		}
	}
	for _, text := range texts[:len(found)] {
		if text != nil && text.data != nil {
			sum += uint32(*text.data)
		}
	}
	return sum
}

// arrived tells whether the item is likely to be that of the key.
func (t *trail[V]) arrived() bool { return t.item != nil && t.item.hash == t.hash }

// reachKey reads the text of the item's key.
func (t *trail[V]) reachKey() uint32 {
	if !t.arrived() || t.item.size == 0 {
		return 0
	}
	return uint32(*t.item.text)
}

// head returns the first item of the bucket in which a key with that hash is likely to be.
func (d *Dict[V]) head(hash uint32) *Item[V] {
	if d.old != nil {
		if item := d.old[int(hash)&(len(d.old)-1)]; item != nil {
			return item
		}
	}
	return d.now[int(hash)&(len(d.now)-1)]
}
