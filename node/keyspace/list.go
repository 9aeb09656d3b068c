package keyspace

import (
	"bytes"
	"iter"
)

// chunkBytes is how large a chunk of a list may grow: list-max-listpack-size's default of -2. In
// Redis 7.0 every list is a quicklist and no client can tell where its nodes are cut.
const chunkBytes = 8 << 10

// chunk is one link of a list: a pack of at most chunkBytes, or of one larger element.
type chunk struct {
	pack
	prev, next *chunk
	shared     bool // a snapshot reads the same memory
}

// ListValue is a list: a chain of packs, cheap at both ends and compact in memory. Bytes it hands
// out are valid until its next change.
type ListValue struct {
	first, last *chunk
	n           int // elements
	chunks      int
	size        int // bytes the entries take
}

// NewList returns an empty list.
func NewList() *ListValue { return &ListValue{} }

// Kind says that this is a list.
func (l *ListValue) Kind() Kind { return List }

// Encoding is always quicklist, as in Redis 7.0.
func (l *ListValue) Encoding() string { return "quicklist" }

// Len is the number of elements.
func (l *ListValue) Len() int { return l.n }

// Footprint estimates the bytes the list occupies.
func (l *ListValue) Footprint() int { return 48 + 64*l.chunks + l.size + l.size/8 }

// Copy returns a deep copy.
func (l *ListValue) Copy() Value {
	dup := &ListValue{n: l.n, size: l.size}
	for c := l.first; c != nil; c = c.next {
		dup.linkAfter(dup.last, &chunk{pack: c.clone()})
	}
	return dup
}

// PushFront adds an element before the first.
func (l *ListValue) PushFront(b []byte) {
	if l.first == nil || !l.first.fits(b) {
		l.linkAfter(nil, &chunk{})
	}
	l.first.own()
	l.first.pushFront(b)
	l.grown(b)
}

// PushBack adds an element behind the last.
func (l *ListValue) PushBack(b []byte) {
	if l.last == nil || !l.last.fits(b) {
		l.linkAfter(l.last, &chunk{})
	}
	l.last.own()
	l.last.pushBack(b)
	l.grown(b)
}

// PopFront takes the first element away; nil when the list is empty.
func (l *ListValue) PopFront() []byte {
	if l.n == 0 {
		return nil
	}
	return l.take(l.first, l.first.head)
}

// PopBack takes the last element away; nil when the list is empty.
func (l *ListValue) PopBack() []byte {
	if l.n == 0 {
		return nil
	}
	return l.take(l.last, l.last.before(l.last.end()))
}

// At returns element i, 0 ≤ i < Len.
func (l *ListValue) At(i int) []byte {
	c, pos := l.seek(i)
	b, _ := c.at(pos)
	return b
}

// Set replaces element i, 0 ≤ i < Len.
func (l *ListValue) Set(i int, b []byte) {
	c, pos := l.seek(i)
	c.own()
	l.size -= c.size()
	c.replace(pos, b)
	l.size += c.size()
	l.cut(c)
}

// Insert puts b before element i, 0 ≤ i ≤ Len.
func (l *ListValue) Insert(i int, b []byte) {
	if i == 0 {
		l.PushFront(b)
		return
	}
	if i == l.n {
		l.PushBack(b)
		return
	}
	c, pos := l.seek(i)
	c.own()
	c.insert(pos, b)
	l.grown(b)
	l.cut(c)
}

// Trim keeps count elements from start on; both lie within the list.
func (l *ListValue) Trim(start, count int) {
	behind := l.n - start - count
	l.dropFront(start)
	l.dropBack(behind)
}

// Remove takes away up to count elements equal to b, walking backwards if asked, and returns how
// many went. A count of 0 means all.
func (l *ListValue) Remove(b []byte, count int, backwards bool) int {
	removed := 0
	c := l.first
	if backwards {
		c = l.last
	}
	for c != nil && (count == 0 || removed < count) {
		next := c.next
		if backwards {
			next = c.prev
		}
		c.own()
		had, size := c.n, c.size()
		if backwards {
			c.removeLast(b, count-removed)
		} else {
			c.removeFirst(b, count-removed)
		}
		removed += had - c.n
		l.n -= had - c.n
		l.size -= size - c.size()
		l.unlinkEmpty(c)
		c = next
	}
	return removed
}

// All yields the elements, first to last.
func (l *ListValue) All() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, b := range l.Forward(0) {
			if !yield(b) {
				return
			}
		}
	}
}

// Forward walks from element i, 0 ≤ i < Len, to the last.
func (l *ListValue) Forward(i int) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		if i >= l.n {
			return
		}
		c, pos := l.seek(i)
		for i := i; ; i++ {
			b, next := c.at(pos)
			if !yield(i, b) {
				return
			}
			if pos = next; pos == c.end() {
				if c = c.next; c == nil {
					return
				}
				pos = c.head
			}
		}
	}
}

// ListPart is one of the pieces in which a list is kept. It is valid until the list changes.
type ListPart struct{ *chunk }

// Parts returns how many there are, and the first.
func (l *ListValue) Parts() (n int, first ListPart) { return l.chunks, ListPart{l.first} }

// Elements appends those of the part to list and returns the next part; ok tells whether there is one.
func (p ListPart) Elements(list [][]byte) (all [][]byte, next ListPart, ok bool) {
	for pos := p.head; pos < p.end(); {
		b, after := p.at(pos)
		list, pos = append(list, b), after
	}
	return list, ListPart{p.next}, p.next != nil
}

// Backward walks from element i, 0 ≤ i < Len, to the first.
func (l *ListValue) Backward(i int) iter.Seq2[int, []byte] {
	return func(yield func(int, []byte) bool) {
		if i >= l.n {
			return
		}
		c, pos := l.seek(i)
		for i := i; ; i-- {
			b, _ := c.at(pos)
			if !yield(i, b) {
				return
			}
			if pos == c.head {
				if c = c.prev; c == nil {
					return
				}
				pos = c.end()
			}
			pos = c.before(pos)
		}
	}
}

// fits tells whether b may join the chunk.
func (c *chunk) fits(b []byte) bool { return c.n == 0 || c.size()+entrySize(len(b)) <= chunkBytes }

// removeFirst takes away the first count entries equal to b, all when count is not positive.
func (c *chunk) removeFirst(b []byte, count int) {
	for pos, removed := c.head, 0; pos < c.end(); {
		e, next := c.at(pos)
		if !bytes.Equal(e, b) {
			pos = next
			continue
		}
		fromHead := pos == c.head
		c.remove(pos, next, 1)
		if fromHead {
			pos = c.head
		}
		if removed++; removed == count {
			return
		}
	}
}

// removeLast takes away the last count entries equal to b, all when count is not positive.
func (c *chunk) removeLast(b []byte, count int) {
	for pos, removed := c.end(), 0; pos > c.head; {
		next := pos
		pos = c.before(pos)
		e, _ := c.at(pos)
		if !bytes.Equal(e, b) {
			continue
		}
		fromHead := pos == c.head
		c.remove(pos, next, 1)
		if removed++; removed == count || fromHead {
			return
		}
	}
}

// seek finds element i, walking the chain from the nearer end.
func (l *ListValue) seek(i int) (*chunk, int) {
	if i < l.n/2 {
		c := l.first
		for i >= c.n {
			i -= c.n
			c = c.next
		}
		return c, c.place(i)
	}
	c, left := l.last, l.n-i
	for left > c.n {
		left -= c.n
		c = c.prev
	}
	return c, c.place(c.n - left)
}

// take removes the entry at pos and returns its bytes, which nothing overwrites before the next
// change: both ends of a pack are removed without moving anything.
func (l *ListValue) take(c *chunk, pos int) []byte {
	c.own()
	b, next := c.at(pos)
	c.remove(pos, next, 1)
	l.n--
	l.size -= entrySize(len(b))
	l.unlinkEmpty(c)
	return b
}

func (l *ListValue) dropFront(count int) {
	for count > 0 {
		c := l.first
		drop := min(count, c.n)
		l.dropEntries(c, c.head, c.place(drop), drop)
		count -= drop
	}
}

func (l *ListValue) dropBack(count int) {
	for count > 0 {
		c := l.last
		drop := min(count, c.n)
		l.dropEntries(c, c.place(c.n-drop), c.end(), drop)
		count -= drop
	}
}

func (l *ListValue) dropEntries(c *chunk, from, to, count int) {
	c.own()
	l.n -= count
	l.size -= to - from
	c.remove(from, to, count)
	l.unlinkEmpty(c)
}

// cut splits a chunk that has grown too large.
func (l *ListValue) cut(c *chunk) {
	for c.n > 1 && c.size() > chunkBytes {
		l.linkAfter(c, &chunk{pack: c.split(c.n / 2)})
		if c.n == 1 || c.size() <= chunkBytes {
			c = c.next
		}
	}
}

func (l *ListValue) grown(b []byte) {
	l.n++
	l.size += entrySize(len(b))
}

// linkAfter puts c into the chain behind at; nil means in front.
func (l *ListValue) linkAfter(at, c *chunk) {
	l.chunks++
	c.prev = at
	if at == nil {
		c.next, l.first = l.first, c
	} else {
		c.next, at.next = at.next, c
	}
	if c.next == nil {
		l.last = c
	} else {
		c.next.prev = c
	}
}

// unlinkEmpty takes c out of the chain if nothing is left in it.
func (l *ListValue) unlinkEmpty(c *chunk) {
	if c.n > 0 {
		return
	}
	l.chunks--
	if c.prev == nil {
		l.first = c.next
	} else {
		c.prev.next = c.next
	}
	if c.next == nil {
		l.last = c.prev
	} else {
		c.next.prev = c.prev
	}
}
