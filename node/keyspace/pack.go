package keyspace

import "slices"

// pack is a sequence of byte strings in one piece of memory that can be walked from both ends, as
// Redis' listpack is. One entry is
//
//	length (varint) | bytes | size of the two before (varint written backwards)
//
// A place in a pack is the offset of an entry. Places and entries handed out are valid until the
// next change. The zero pack is empty.
type pack struct {
	buf  []byte
	head int // where the first entry starts; the room before it makes pushing in front cheap
	n    int // how many entries
}

// packRoom bounds the spare room made in front of the first entry, so that a pack which is only
// pushed in front still wastes little.
const packRoom = 4096

// size is the number of bytes the entries take.
func (p *pack) size() int { return len(p.buf) - p.head }

// end is the place behind the last entry.
func (p *pack) end() int { return len(p.buf) }

// at returns the entry at pos and the place of the next one.
func (p *pack) at(pos int) (entry []byte, next int) {
	n, width := forwardVarint(p.buf[pos:])
	start := pos + width
	stop := start + n
	return p.buf[start:stop:stop], stop + varintWidth(width+n)
}

// before returns the place of the entry that ends at pos.
func (p *pack) before(pos int) int {
	n, width := backwardVarint(p.buf[:pos])
	return pos - width - n
}

// place returns where entry i starts, walking from the nearer end. i may be n: the end.
func (p *pack) place(i int) int {
	if i > p.n/2 {
		pos := p.end()
		for ; i < p.n; i++ {
			pos = p.before(pos)
		}
		return pos
	}
	pos := p.head
	for ; i > 0; i-- {
		_, pos = p.at(pos)
	}
	return pos
}

// pushBack adds b behind the last entry.
func (p *pack) pushBack(b []byte) {
	end := p.open(p.end(), entrySize(len(b)))
	putEntry(p.buf[end:], b)
	p.n++
}

// pushFront adds b before the first entry.
func (p *pack) pushFront(b []byte) {
	size := entrySize(len(b))
	if p.head < size {
		p.makeRoom(size)
	}
	p.head -= size
	putEntry(p.buf[p.head:p.head+size], b)
	p.n++
}

// insert puts b before the entry at pos.
func (p *pack) insert(pos int, b []byte) {
	if pos == p.head {
		p.pushFront(b)
		return
	}
	pos = p.open(pos, entrySize(len(b)))
	putEntry(p.buf[pos:], b)
	p.n++
}

// replace exchanges the entry at pos for b.
func (p *pack) replace(pos int, b []byte) {
	_, next := p.at(pos)
	had, size := next-pos, entrySize(len(b))
	switch {
	case size > had:
		pos = p.open(pos, size-had)
	case size < had:
		p.buf = slices.Delete(p.buf, pos, pos+had-size)
	}
	putEntry(p.buf[pos:pos+size], b)
}

// remove takes out count entries that lie between the places from and to.
func (p *pack) remove(from, to, count int) {
	p.n -= count
	switch {
	case p.n == 0:
		p.buf, p.head = p.buf[:0], 0
	case from == p.head:
		p.head = to
	default:
		p.buf = append(p.buf[:from], p.buf[to:]...)
	}
}

// split cuts the pack before entry i and returns what was behind the cut.
func (p *pack) split(i int) pack {
	pos := p.place(i)
	tail := pack{buf: slices.Clone(p.buf[pos:]), n: p.n - i}
	p.buf, p.n = p.buf[:pos], i
	return tail
}

// clone returns a copy without spare room.
func (p *pack) clone() pack {
	return pack{buf: slices.Clone(p.buf[p.head:]), n: p.n}
}

// open makes a gap of size bytes at pos and returns where the gap is now.
func (p *pack) open(pos, size int) int {
	if len(p.buf)+size > cap(p.buf) && p.head > 0 {
		p.buf = append(make([]byte, 0, p.size()+size+p.size()/2), p.buf[p.head:]...)
		pos, p.head = pos-p.head, 0
	}
	tail := len(p.buf) - pos
	p.buf = slices.Grow(p.buf, size)[:len(p.buf)+size]
	copy(p.buf[pos+size:], p.buf[pos:pos+tail])
	return pos
}

// makeRoom moves the entries so that at least size bytes are free before them.
func (p *pack) makeRoom(size int) {
	room := size + min(p.size(), packRoom)
	moved := make([]byte, room+p.size())
	copy(moved[room:], p.buf[p.head:])
	p.buf, p.head = moved, room
}

// entrySize is the number of bytes an entry of n bytes takes.
func entrySize(n int) int {
	n += varintWidth(n)
	return n + varintWidth(n)
}

// putEntry writes b as an entry at the start of dst.
func putEntry(dst, b []byte) {
	n := putForward(dst, len(b))
	n += copy(dst[n:], b)
	putBackward(dst[n:], n)
}

// varintWidth is how many 7-bit groups n needs.
func varintWidth(n int) int {
	width := 1
	for n >>= 7; n > 0; n >>= 7 {
		width++
	}
	return width
}

// putForward writes n with the lowest group first; every byte but the last has bit 7 set.
func putForward(dst []byte, n int) int {
	i := 0
	for ; n >= 0x80; n >>= 7 {
		dst[i] = byte(n) | 0x80
		i++
	}
	dst[i] = byte(n)
	return i + 1
}

func forwardVarint(b []byte) (n, width int) {
	if b[0] < 0x80 {
		return int(b[0]), 1
	}
	for shift := 0; ; shift += 7 {
		c := b[width]
		width++
		n |= int(c&0x7f) << shift
		if c < 0x80 {
			return n, width
		}
	}
}

// putBackward writes n so that it can be read from its last byte, which holds the lowest group;
// every byte but the first has bit 7 set.
func putBackward(dst []byte, n int) {
	for i := varintWidth(n) - 1; i > 0; i-- {
		dst[i] = byte(n) | 0x80
		n >>= 7
	}
	dst[0] = byte(n)
}

func backwardVarint(b []byte) (n, width int) {
	for shift := 0; ; shift += 7 {
		width++
		c := b[len(b)-width]
		n |= int(c&0x7f) << shift
		if c < 0x80 {
			return n, width
		}
	}
}
