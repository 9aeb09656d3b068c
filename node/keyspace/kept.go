package keyspace

import "math/bits"

// What a snapshot has begun to read of a large value must stay as it was although the value changes. Writing it out at
// once would keep everybody waiting, copying it as well; so the parts that nobody has read yet are shared, and whoever
// changes one of them makes it anew (lists, sorted sets), or leaves the old item to the reader (tables).

// kept is what somebody has still to read of a Dict, as it was when the reading was interrupted by a change.
//
// Items come in the order of their hashes read backwards, whatever the size of the table, so that cursor tells which of
// them were read.
type kept[V any] struct {
	dict   *Dict[V]
	cursor uint64
	passed map[*Item[V]]struct{} // they lie before the reader and are not for him: new, or left to him in left
	left   []*Item[V]            // they were changed or have gone
}

// keep makes the items from cursor on, where a Scan has come to, stay readable as they are now.
func (d *Dict[V]) keep(cursor uint64) *kept[V] {
	d.kept = &kept[V]{dict: d, cursor: cursor, passed: map[*Item[V]]struct{}{}}
	return d.kept
}

// next visits about count items and reports whether they were the last.
func (k *kept[V]) next(count int, visit func(item *Item[V])) (done bool) {
	for ; len(k.left) > 0 && count > 0; count-- {
		last := len(k.left) - 1
		visit(k.left[last])
		k.left[last], k.left = nil, k.left[:last]
	}
	if count == 0 {
		return false
	}
	if k.dict.kept == k {
		from := bits.Reverse64(k.cursor)
		k.cursor = k.dict.Scan(k.cursor, count, func(item *Item[V]) {
			if _, passed := k.passed[item]; !passed && place(item) >= from {
				visit(item)
			}
		})
		if k.cursor == 0 {
			k.drop()
		}
	}
	return k.dict.kept != k && len(k.left) == 0
}

// drop tells that nobody reads on.
func (k *kept[V]) drop() {
	if k.dict.kept == k {
		k.dict.kept = nil
	}
}

// place is where an item stands in the order of a Scan.
func place[V any](item *Item[V]) uint64 { return bits.Reverse64(uint64(item.hash)) }

// ahead tells whether the reader has yet to come to the item.
func (k *kept[V]) ahead(item *Item[V]) bool { return place(item) >= bits.Reverse64(k.cursor) }

// added hears of a new item, which is not for the reader.
func (k *kept[V]) added(item *Item[V]) {
	if k.ahead(item) {
		k.passed[item] = struct{}{}
	}
}

// changes hears that an item is about to get another value.
func (k *kept[V]) changes(item *Item[V]) {
	if _, passed := k.passed[item]; passed || !k.ahead(item) {
		return
	}
	old := *item
	old.next = nil
	k.left = append(k.left, &old)
	k.passed[item] = struct{}{}
}

// removed hears of an item that has gone.
func (k *kept[V]) removed(item *Item[V]) {
	k.changes(item)
	delete(k.passed, item)
}

// changes is to be called before an item gets another value.
func (d *Dict[V]) changes(item *Item[V]) {
	if d.kept != nil {
		d.kept.changes(item)
	}
}

// KeptSet is what is left to read of a set.
type KeptSet struct{ *kept[struct{}] }

// Keep makes what a Scan has not visited yet stay readable as it is now. A set that is not a table cannot do that.
func (s *SetValue) Keep(cursor uint64) (left KeptSet, ok bool) {
	if s.table == nil {
		return left, false
	}
	return KeptSet{s.table.keep(cursor)}, true
}

// Next visits about count members and reports whether they were the last.
func (k KeptSet) Next(count int, visit func(member []byte)) (done bool) {
	return k.next(count, func(item *Item[struct{}]) { visit(bytesOf(item.Key())) })
}

// Drop tells that nobody reads on.
func (k KeptSet) Drop() { k.drop() }

// KeptHash is what is left to read of a hash.
type KeptHash struct{ *kept[string] }

// Keep is that of a set.
func (h *HashValue) Keep(cursor uint64) (left KeptHash, ok bool) {
	if h.table == nil {
		return left, false
	}
	return KeptHash{h.table.keep(cursor)}, true
}

// Next visits about count fields and reports whether they were the last.
func (k KeptHash) Next(count int, visit func(field, value []byte)) (done bool) {
	return k.next(count, func(item *Item[string]) { visit(bytesOf(item.Key()), bytesOf(item.Value)) })
}

// Drop tells that nobody reads on.
func (k KeptHash) Drop() { k.drop() }

// Keep returns the sorted set as it is now, to be walked and not to be changed.
func (z *ZSetValue) Keep() *ZSetValue {
	if z.large == nil {
		return z.Copy().(*ZSetValue)
	}
	return &ZSetValue{large: &ranking{order: z.large.order.Copy()}}
}

// Keep returns a chain of the part and those behind it that stays as it is now.
func (p ListPart) Keep() ListPart {
	var first, last *chunk
	for c := p.chunk; c != nil; c = c.next {
		c.shared = true
		twin := &chunk{pack: c.pack, prev: last}
		if last == nil {
			first = twin
		} else {
			last.next = twin
		}
		last = twin
	}
	return ListPart{first}
}

// own makes the chunk's memory its own before that is changed. Places in it stay valid.
func (c *chunk) own() {
	if c.shared {
		c.buf, c.shared = append([]byte(nil), c.buf...), false
	}
}
