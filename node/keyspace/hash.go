package keyspace

import (
	"bytes"
	"iter"
)

// HashValue is a hash: field and value in turn in one pack, in the order in which the fields came,
// while it is small; a hash table afterwards. Bytes it hands out are valid until its next change.
type HashValue struct {
	pairs pack
	table *Dict[string] // nil while the hash is a pack
	size  int           // bytes of fields and values in table
}

// NewHash returns an empty hash.
func NewHash() *HashValue { return &HashValue{} }

// Kind says that this is a hash.
func (h *HashValue) Kind() Kind { return Hash }

// Encoding is listpack or hashtable.
func (h *HashValue) Encoding() string {
	if h.table == nil {
		return "listpack"
	}
	return "hashtable"
}

// Len is the number of fields.
func (h *HashValue) Len() int {
	if h.table == nil {
		return h.pairs.n / 2
	}
	return h.table.Len()
}

// Footprint estimates the bytes the hash occupies.
func (h *HashValue) Footprint() int {
	if h.table == nil {
		return valueBytes + h.pairs.size()
	}
	return valueBytes + h.size + dictBytes(h.table) + itemBytes/3*h.Len()
}

// Copy returns a deep copy.
func (h *HashValue) Copy() Value {
	if h.table == nil {
		return &HashValue{pairs: h.pairs.clone()}
	}
	dup := &HashValue{table: NewDict[string](h.table.seed), size: h.size}
	for field, value := range h.table.All() {
		dup.table.Set(bytesOf(field), *value)
	}
	return dup
}

// Get returns a field's value and whether there is one.
func (h *HashValue) Get(field []byte) ([]byte, bool) {
	if h.table != nil {
		item := h.table.Find(field)
		if item == nil {
			return nil, false
		}
		return bytesOf(item.Value), true
	}
	_, at := h.find(field)
	if at < 0 {
		return nil, false
	}
	value, _ := h.pairs.at(at)
	return value, true
}

// Set gives field a value and tells whether the field is new.
func (h *HashValue) Set(field, value []byte, lim *Limits) bool {
	h.Fit(lim, field, value)
	if h.table != nil {
		return h.setInTable(field, value)
	}
	if _, at := h.find(field); at >= 0 {
		h.pairs.replace(at, value)
		return false
	}
	h.pairs.pushBack(field)
	h.pairs.pushBack(value)
	if h.Len() > lim.HashEntries {
		h.widen(lim)
	}
	return true
}

// Fit makes the hash a table when one of words is too long for the compact form. HSET asks for
// all its fields and values before it sets the first (hashTypeTryConversion).
func (h *HashValue) Fit(lim *Limits, words ...[]byte) {
	if h.table != nil {
		return
	}
	for _, word := range words {
		if len(word) > lim.HashBytes {
			h.widen(lim)
			return
		}
	}
}

// Delete removes a field and tells whether it was there.
func (h *HashValue) Delete(field []byte) bool {
	if h.table != nil {
		item := h.table.Remove(field)
		if item != nil {
			h.size -= len(item.Key()) + len(item.Value)
		}
		return item != nil
	}
	from, at := h.find(field)
	if at < 0 {
		return false
	}
	_, to := h.pairs.at(at)
	h.pairs.remove(from, to, 2)
	return true
}

// All yields fields and values: in the order they came while small, else in table order.
func (h *HashValue) All() iter.Seq2[[]byte, []byte] {
	return func(yield func(field, value []byte) bool) {
		if h.table == nil {
			h.pairs.pairs(yield)
			return
		}
		for field, value := range h.table.All() {
			if !yield(bytesOf(field), bytesOf(*value)) {
				return
			}
		}
	}
}

// Random returns a field and its value from a hash that is not empty.
func (h *HashValue) Random(rnd func(n int) int) (field, value []byte) {
	if h.table != nil {
		item := h.table.Fair(rnd)
		return bytesOf(item.Key()), bytesOf(item.Value)
	}
	field, at := h.pairs.at(h.pairs.place(2 * rnd(h.Len())))
	value, _ = h.pairs.at(at)
	return field, value
}

// Sample returns count different fields, at most all of them.
func (h *HashValue) Sample(count int, rnd func(n int) int) [][]byte {
	count = min(count, h.Len())
	if count*sampleShare < h.Len() {
		return distinct(count, func() (string, []byte) {
			field, _ := h.Random(rnd)
			return string(field), field
		})
	}
	all := make([][]byte, 0, h.Len())
	for field := range h.All() {
		all = append(all, field)
	}
	return choose(all, count, rnd)
}

// Scan visits the fields behind cursor and returns the next cursor, as Dict.Scan does. A pack is
// visited at once.
func (h *HashValue) Scan(cursor uint64, count int, visit func(field, value []byte)) uint64 {
	if h.table != nil {
		return h.table.Scan(cursor, count, func(item *Item[string]) {
			visit(bytesOf(item.Key()), bytesOf(item.Value))
		})
	}
	for field, value := range h.All() {
		visit(field, value)
	}
	return 0
}

func (h *HashValue) setInTable(field, value []byte) bool {
	item, added := h.table.Add(field)
	if added {
		h.size += len(field)
	} else {
		h.table.changes(item)
	}
	h.size += len(value) - len(item.Value)
	item.Value = string(value)
	return added
}

// find returns the places of a field and of its value in the pack; -1 when it is not there.
func (h *HashValue) find(field []byte) (from, at int) {
	for pos := h.pairs.head; pos < h.pairs.end(); {
		b, next := h.pairs.at(pos)
		if bytes.Equal(b, field) {
			return pos, next
		}
		_, pos = h.pairs.at(next)
	}
	return -1, -1
}

// widen turns the pack into a table.
func (h *HashValue) widen(lim *Limits) {
	h.table = NewDict[string](lim.Seed)
	for field, value := range h.pairs.pairs {
		h.setInTable(field, value)
	}
	h.pairs = pack{}
}

// pairs walks a pack whose entries come in twos.
func (p *pack) pairs(yield func(first, second []byte) bool) {
	for pos := p.head; pos < p.end(); {
		first, next := p.at(pos)
		second, after := p.at(next)
		if !yield(first, second) {
			return
		}
		pos = after
	}
}
