package keyspace

// warmGroup is how many keys are looked up side by side. A processor waits for a dozen or two
// lines of memory at a time; more keys would only push each other out of its nearest cache.
const warmGroup = 32

// trail is how far the looking up of one key has come.
type trail struct {
	hash uint32
	item *item
	text *StringValue
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
func (t *table) warm(words [][]byte, step int) (sum uint32) {
	if t.keys.count == 0 {
		return 0
	}
	var trails [warmGroup]trail
	found := trails[:(len(words)+step-1)/step]
	for i := range found {
		hash := t.keys.seed.hash(words[i*step])
		found[i] = trail{hash: hash, item: t.keys.head(hash)}
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
	for i := range found {
		sum += found[i].reachValue()
	}
	for i := range found {
		sum += found[i].reachText()
	}
	return sum
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
	var trails [warmGroup]trail
	for len(items) > 0 {
		found := trails[:min(len(items), warmGroup)]
		for i := range found {
			found[i] = trail{hash: items[i].hash, item: items[i]}
			sum += found[i].reachValue()
		}
		for i := range found {
			sum += found[i].reachText()
		}
		items = items[len(found):]
	}
	return sum
}

// reachValue reads the key's text and finds a string's header.
func (t *trail) reachValue() (sum uint32) {
	it := t.item
	if it == nil || it.hash != t.hash {
		return 0
	}
	t.text, _ = it.Value.Value.(*StringValue)
	if it.size > 0 {
		sum = uint32(*it.text)
	}
	return sum + it.Value.written
}

// reachText reads the beginning of a string.
func (t *trail) reachText() uint32 {
	if t.text == nil || t.text.data == nil {
		return 0
	}
	return uint32(*t.text.data)
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
