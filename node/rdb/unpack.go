package rdb

import (
	"encoding/binary"

	"clusterplay/node/listpack"
)

// header reads the start of a ziplist: bytes in all, the place of the last element and the number of
// elements.
func (r *reader) header() (count int, tail uint64) {
	head := r.take(4)
	tail = r.unsigned(4)
	n := r.take(2)
	if r.err != nil {
		return 0, 0
	}
	if uint64(binary.LittleEndian.Uint32(head)) != uint64(len(r.data)) {
		r.fail("packed structure of %d bytes says it has %d", len(r.data), binary.LittleEndian.Uint32(head))
	}
	return int(binary.LittleEndian.Uint16(n)), tail
}

// walk reads elements until the end mark and compares their number with count.
func (r *reader) walk(items [][]byte, count int, element func(*reader) []byte) [][]byte {
	before := len(items)
	for r.err == nil && r.left() > 0 && r.data[r.pos] != packEnd {
		items = append(items, element(r))
	}
	if r.byte() != packEnd || r.err != nil {
		r.fail("packed structure without an end")
		return nil
	}
	if got := len(items) - before; count != packUncount && got != count {
		r.fail("packed structure of %d elements says it has %d", got, count)
		return nil
	}
	return items
}

// packed unpacks a listpack.
func packed(items [][]byte, r *reader) [][]byte {
	if _, err := listpack.Check(r.data); err != nil {
		r.fail("%v", err)
		return nil
	}
	for at := listpack.Header; at < len(r.data)-1; {
		e, next := listpack.At(r.data, at)
		if e.IsInt {
			e.Text = r.digits(e.Int)
		}
		items, at = append(items, e.Text), next
	}
	r.pos = len(r.data)
	return items
}

// unsigned reads a little-endian number of the given width.
func (r *reader) unsigned(width int) (n uint64) {
	for i, b := range r.take(uint64(width)) {
		n |= uint64(b) << (8 * i)
	}
	return n
}

// signed is unsigned with the sign extended.
func (r *reader) signed(width int) int64 {
	shift := 64 - 8*width
	return int64(r.unsigned(width)<<shift) >> shift
}

// intset is u32 width (2, 4, 8), u32 count, then that many sorted integers.
func intset(items [][]byte, r *reader) [][]byte {
	width, count := r.unsigned(4), r.unsigned(4)
	if width != 2 && width != 4 && width != 8 || count*width != uint64(r.left()) || count == 0 {
		r.fail("intset of %d numbers of %d bytes", count, width)
		return nil
	}
	before := int64(0)
	for i := range count {
		n := r.signed(int(width))
		if i > 0 && n <= before {
			r.fail("intset out of order")
			return nil
		}
		items = append(items, r.digits(n))
		before = n
	}
	return items
}

// ziplist is u32 bytes, u32 offset of the last element, u16 count, elements, 0xFF. Releases
// before 7.0 wrote it where now listpacks stand. Each element says how long the one before it is.
func ziplist(items [][]byte, r *reader) [][]byte {
	count, tail := r.header()
	last, length := r.pos, 0
	items = r.walk(items, count, func(r *reader) []byte {
		last = r.pos
		if before := r.lengthBefore(); r.err == nil && before != uint64(length) {
			r.fail("ziplist in which %d bytes are said to be %d", length, before)
		}
		text := r.zipped()
		length = r.pos - last
		return text
	})
	if r.err == nil && tail != uint64(last) {
		r.fail("ziplist with its last element at %d says that it is at %d", last, tail)
		return nil
	}
	return items
}

// lengthBefore reads how long an element says that the one before it is.
func (r *reader) lengthBefore() uint64 {
	if first := r.byte(); first != 0xFE {
		return uint64(first)
	}
	return r.unsigned(4)
}

// zipped reads an encoding and the data of one element.
func (r *reader) zipped() []byte {
	first := r.byte()
	switch first >> 6 {
	case 0:
		return r.take(uint64(first))
	case 1:
		return r.take(uint64(first&0x3F)<<8 | uint64(r.byte()))
	case 2:
		if b := r.take(4); b != nil {
			return r.take(uint64(binary.BigEndian.Uint32(b)))
		}
		return nil
	}
	switch first {
	case 0xC0:
		return r.digits(r.signed(2))
	case 0xD0:
		return r.digits(r.signed(4))
	case 0xE0:
		return r.digits(r.signed(8))
	case 0xF0:
		return r.digits(r.signed(3))
	case 0xFE:
		return r.digits(r.signed(1))
	}
	if first < 0xF1 || first > 0xFD {
		r.fail("ziplist encoding %#x", first)
		return nil
	}
	return r.digits(int64(first&0x0F) - 1)
}

// zipmap is one byte of count (254 and above: unknown), then fields and values, 0xFF. A value has
// a byte saying how much unused room follows it.
func zipmap(items [][]byte, r *reader) [][]byte {
	count := int(r.byte())
	before := len(items)
	for r.err == nil && r.left() > 0 && r.data[r.pos] != packEnd {
		items = append(items, r.take(r.zipmapLen()))
		n := r.zipmapLen()
		free := r.byte()
		items = append(items, r.take(n))
		r.take(uint64(free))
	}
	if r.byte() != packEnd || r.err != nil {
		r.fail("zipmap without an end")
		return nil
	}
	if got := (len(items) - before) / 2; count < 254 && got != count {
		r.fail("zipmap of %d fields says it has %d", got, count)
	}
	return items
}

func (r *reader) zipmapLen() uint64 {
	first := r.byte()
	switch {
	case first < 254:
		return uint64(first)
	case first == 254:
		return r.unsigned(4)
	}
	r.fail("zipmap length %#x", first)
	return 0
}
