package keyspace

import (
	"iter"
	"unsafe"
)

// smallestTable is the bucket count of the first table of a Dict, as in Redis.
const smallestTable = 4

// sparse is how many buckets per key make a table shrink: below 10 % fill (HASHTABLE_MIN_FILL).
const sparse = 10

// Item is one key of a Dict with its value. Its address stays the same until the key is deleted.
type Item[V any] struct {
	text  *byte // what a lookup reads comes first, to be in one cache line with the value's head
	next  *Item[V]
	hash  uint32
	size  uint32 // of the key; no client can send a longer one
	Value V
}

// Key returns the item's key.
func (i *Item[V]) Key() string { return unsafe.String(i.text, i.size) }

// name gives the item its key.
func (i *Item[V]) name(key string) { i.text, i.size = unsafe.StringData(key), uint32(len(key)) }

// is tells whether the item has that key.
func (i *Item[V]) is(hash uint32, key []byte) bool { return i.hash == hash && i.Key() == string(key) }

// Dict is a hash table from strings to V whose iteration order depends only on its seed and on
// what was done to it. Tables have a power of two of buckets, so that Scan's cursors survive
// growing and shrinking; a resize moves a few buckets with each change instead of all at once.
// The zero Dict is empty and uses the zero seed.
//
// Reading methods change nothing, not even the progress of a resize, so they may be used while
// an iteration runs. Changes may not.
type Dict[V any] struct {
	seed  Seed
	now   []*Item[V] // the table in use
	old   []*Item[V] // while resizing: the table being emptied
	moved int        // while resizing: buckets of old below this index are empty
	count int

	kept    *kept[V]               // what a snapshot has still to read of it; nil
	mayGrow func(buckets int) bool // asked before a table of so many is made; nil: always
}

// NewDict returns an empty Dict.
func NewDict[V any](seed Seed) *Dict[V] { return &Dict[V]{seed: seed} }

// Len returns the number of keys.
func (d *Dict[V]) Len() int { return d.count }

// Buckets returns the number of buckets of all tables, for estimates of memory.
func (d *Dict[V]) Buckets() int { return len(d.now) + len(d.old) }

// Find returns the item of key, or nil.
func (d *Dict[V]) Find(key []byte) *Item[V] {
	if d.count == 0 {
		return nil
	}
	return d.find(d.seed.hash(key), key)
}

// FindString is Find for a string.
func (d *Dict[V]) FindString(key string) *Item[V] { return d.Find(bytesOf(key)) }

// Get returns the value of key and whether there is one.
func (d *Dict[V]) Get(key []byte) (value V, ok bool) {
	if item := d.Find(key); item != nil {
		return item.Value, true
	}
	return value, false
}

// Has tells whether key is there.
func (d *Dict[V]) Has(key []byte) bool { return d.Find(key) != nil }

// Add returns the item of key and whether it is new; a new item has a zero value and its own
// copy of the key.
func (d *Dict[V]) Add(key []byte) (item *Item[V], added bool) {
	hash := d.seed.hash(key)
	if item = d.find(hash, key); item != nil {
		return item, false
	}
	item = &Item[V]{hash: hash}
	item.name(string(key))
	d.link(item)
	if d.kept != nil {
		d.kept.added(item)
	}
	return item, true
}

// place puts an item that the caller made into the table; its key must not be there.
func (d *Dict[V]) place(item *Item[V]) {
	item.hash = d.seed.hash(bytesOf(item.Key()))
	d.link(item)
}

// Set makes value the value of key and tells whether the key is new.
func (d *Dict[V]) Set(key []byte, value V) (added bool) {
	item, added := d.Add(key)
	item.Value = value
	return added
}

// Delete removes key and tells whether it was there.
func (d *Dict[V]) Delete(key []byte) bool { return d.Remove(key) != nil }

// Remove removes key and returns its item, which belongs to the caller from here on; nil when
// there was none.
func (d *Dict[V]) Remove(key []byte) *Item[V] {
	if d.count == 0 {
		return nil
	}
	hash := d.seed.hash(key)
	item := unlink(d.now, hash, key)
	if item == nil && d.old != nil {
		item = unlink(d.old, hash, key)
	}
	if item == nil {
		return nil
	}
	if d.kept != nil {
		d.kept.removed(item)
	}
	d.count--
	d.Rehash(1)
	d.shrink()
	return item
}

// Clear removes everything and keeps the seed.
func (d *Dict[V]) Clear() { *d = Dict[V]{seed: d.seed} }

// Rehash moves up to n buckets of a resize that is under way and tells whether more remain.
// Every change moves one; a timer may call it to finish early.
func (d *Dict[V]) Rehash(n int) bool {
	for skip := n * sparse; d.old != nil && n > 0 && skip > 0; skip-- {
		if item := d.old[d.moved]; item != nil {
			d.move(item)
			n--
		}
		if d.moved++; d.moved == len(d.old) {
			d.old, d.moved = nil, 0
			d.shrink()
		}
	}
	return d.old != nil
}

// All yields every key in table order. The Dict must not be changed meanwhile.
func (d *Dict[V]) All() iter.Seq2[string, *V] {
	return func(yield func(string, *V) bool) {
		for _, table := range [2][]*Item[V]{d.old, d.now} {
			for _, item := range table {
				for ; item != nil; item = item.next {
					if !yield(item.Key(), &item.Value) {
						return
					}
				}
			}
		}
	}
}

func (d *Dict[V]) find(hash uint32, key []byte) *Item[V] {
	if item := lookup(d.now, hash, key); item != nil || d.old == nil {
		return item
	}
	return lookup(d.old, hash, key)
}

func lookup[V any](table []*Item[V], hash uint32, key []byte) *Item[V] {
	if len(table) == 0 {
		return nil
	}
	item := table[int(hash)&(len(table)-1)]
	for item != nil && !item.is(hash, key) {
		item = item.next
	}
	return item
}

func (d *Dict[V]) link(item *Item[V]) {
	d.Rehash(1)
	d.grow()
	bucket := &d.now[int(item.hash)&(len(d.now)-1)]
	item.next, *bucket = *bucket, item
	d.count++
}

// move relinks the chain that begins with item into the table in use.
func (d *Dict[V]) move(item *Item[V]) {
	mask := uint32(len(d.now) - 1)
	for item != nil {
		next := item.next
		bucket := &d.now[item.hash&mask]
		item.next, *bucket = *bucket, item
		item = next
	}
	d.old[d.moved] = nil
}

func (d *Dict[V]) grow() {
	switch {
	case d.now == nil:
		d.now = make([]*Item[V], smallestTable)
	case d.old == nil && d.count >= len(d.now) && d.allowed(2*len(d.now)):
		d.resize(2 * len(d.now))
	}
}

// crowded is how many keys per 8 buckets make a table grow whatever that costs (HASHTABLE_MAX_LOAD_FACTOR).
const crowded = 13

// allowed asks whether a larger table may be made.
func (d *Dict[V]) allowed(buckets int) bool {
	return d.mayGrow == nil || d.count*8 >= len(d.now)*crowded || d.mayGrow(buckets)
}

func (d *Dict[V]) shrink() {
	if d.old != nil || len(d.now) <= smallestTable || d.count*sparse > len(d.now) {
		return
	}
	size := smallestTable
	for size < d.count {
		size *= 2
	}
	d.resize(size)
}

func (d *Dict[V]) resize(size int) {
	d.old, d.now, d.moved = d.now, make([]*Item[V], size), 0
}

func unlink[V any](table []*Item[V], hash uint32, key []byte) *Item[V] {
	if len(table) == 0 {
		return nil
	}
	for link := &table[int(hash)&(len(table)-1)]; *link != nil; link = &(*link).next {
		if item := *link; item.is(hash, key) {
			*link, item.next = item.next, nil
			return item
		}
	}
	return nil
}

// bytesOf looks at the bytes of s without copying them. Nobody may write to the result.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }
