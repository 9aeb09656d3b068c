package rdb

import (
	"encoding/binary"
	"math/bits"
)

// LZF in one paragraph: a control byte below 32 is followed by that many plus one literal bytes;
// any other starts a back reference, whose top three bits are the length minus 2 (7: one more
// byte of length follows) and whose low five bits, with the next byte, are the distance minus 1.
const (
	lzfMaxLiteral  = 32
	lzfMaxDistance = 1 << 13
	lzfMaxMatch    = 264
	lzfHashBits    = 16
	// lzfMaxGrowth bounds what a compressed byte can stand for: three bytes make 264.
	lzfMaxGrowth = lzfMaxMatch / 3
	// lzfMaxInput is more than proto-max-bulk-len lets in.
	lzfMaxInput = 1 << 30
)

// lzfMinTable is the least number of cells in a compressor's table.
const lzfMinTable = 64

// compressor finds repeated triples through a table of where each hash was seen last. It acts like
// liblzf's fast mode with its table of 65536 slots, so that a payload has Redis' own bytes, but
// the table is only as large as the input asks for: a slot lives in the first free cell from its
// low bits on. Positions count from base, which moves past each input; cells at or below it
// are free, so that the table need not be cleared for the next input.
type compressor struct {
	table []uint64 // position << 16 | slot
	base  uint64
	out   []byte
	run   int // literals since the control byte that is reserved in out
}

// compress packs in into fewer than limit bytes, or returns nil. The result is valid until the
// next call.
func (c *compressor) compress(in []byte, limit int) []byte {
	if len(in) < 4 || len(in) > lzfMaxInput {
		return nil
	}
	if size := tableSize(len(in)); size > len(c.table) {
		c.table, c.base = make([]uint64, size), 0
	}
	ok := c.pack(in, limit)
	c.base += uint64(len(in))
	if !ok {
		return nil
	}
	return c.out
}

func (c *compressor) pack(in []byte, limit int) bool {
	c.out, c.run = append(c.out[:0], 0), 0
	last := len(in) - 2 // no triple starts here or later
	i := 0
	for i < last {
		from := c.seen(in, i)
		if from == 0 || string(in[from:from+3]) != string(in[i:i+3]) {
			if len(c.out) >= limit {
				return false
			}
			c.literal(in[i])
			i++
			continue
		}
		if c.written()+4 >= limit {
			return false
		}
		length := matchLength(in, from, i)
		c.reference(length, i-from-1)
		i += length
		if i < last { // of the bytes covered only the last two may be referred to later
			c.seen(in, i-2)
			c.seen(in, i-1)
		}
	}
	if len(c.out)+3 > limit {
		return false
	}
	for ; i < len(in); i++ {
		c.literal(in[i])
	}
	c.endRun()
	return true
}

// seen notes the triple at i and returns the last position with the same hash, or 0 when there is
// none within reach. The first byte of an input is never referred to.
func (c *compressor) seen(in []byte, i int) int {
	triple := uint32(in[i])<<16 | uint32(in[i+1])<<8 | uint32(in[i+2])
	slot := uint16(triple>>(24-lzfHashBits) - triple*5)
	cell, before := c.find(slot)
	*cell = (c.base+uint64(i))<<lzfHashBits | uint64(slot)
	if before <= c.base || c.base+uint64(i)-before > lzfMaxDistance {
		return 0
	}
	return int(before - c.base)
}

// find returns the cell of a slot and the position in it, at most base when the slot is new.
func (c *compressor) find(slot uint16) (cell *uint64, position uint64) {
	mask := len(c.table) - 1
	for k := int(slot); ; k++ {
		cell = &c.table[k&mask]
		position = *cell >> lzfHashBits
		if position < c.base || uint16(*cell) == slot || *cell == 0 {
			return cell, position
		}
	}
}

// tableSize is the number of cells for an input of n bytes: twice what it can fill, or one for
// each slot there is.
func tableSize(n int) int {
	return min(max(lzfMinTable, 1<<bits.Len(uint(2*n-1))), 1<<lzfHashBits)
}

// written is the length of the output without an unused control byte.
func (c *compressor) written() int {
	if c.run == 0 {
		return len(c.out) - 1
	}
	return len(c.out)
}

func (c *compressor) literal(b byte) {
	c.out = append(c.out, b)
	c.run++
	if c.run == lzfMaxLiteral {
		c.endRun()
		c.out = append(c.out, 0)
	}
}

// endRun fills in the reserved control byte, or takes it back when no literal followed it.
func (c *compressor) endRun() {
	if c.run == 0 {
		c.out = c.out[:len(c.out)-1]
		return
	}
	c.out[len(c.out)-c.run-1] = byte(c.run - 1)
	c.run = 0
}

func (c *compressor) reference(length, distance int) {
	c.endRun()
	n := length - 2
	if n < 7 {
		c.out = append(c.out, byte(n<<5|distance>>8))
	} else {
		c.out = append(c.out, byte(7<<5|distance>>8), byte(n-7))
	}
	c.out = append(c.out, byte(distance), 0)
}

// matchLength counts how far the bytes at from repeat at i; the three first ones do. The last two
// bytes of an input are left out unless the first three already reach them, or the first 19,
// which liblzf compares without looking at the limit.
func matchLength(in []byte, from, i int) int {
	limit := min(len(in)-i-2, lzfMaxMatch)
	if limit > 16 {
		limit = max(limit, 19)
	}
	limit = max(limit, 3)
	return 3 + commonPrefix(in[from+3:i+limit], in[i+3:i+limit])
}

// commonPrefix counts the bytes at the beginning of a that are those of b, which is not the longer one.
func commonPrefix(a, b []byte) (n int) {
	for len(b)-n >= 8 {
		if diff := binary.LittleEndian.Uint64(a[n:]) ^ binary.LittleEndian.Uint64(b[n:]); diff != 0 {
			return n + bits.TrailingZeros64(diff)/8
		}
		n += 8
	}
	for n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

// fits reports whether so many bytes can stand in in, as far as that is seen from its length.
func fits(in []byte, size int) bool { return size/lzfMaxGrowth <= len(in) }

// decompress unpacks in behind out, which is empty and has room for size bytes, into exactly that many. It
// reports false for input that does not fit.
func decompress(out, in []byte, size int) ([]byte, bool) {
	for i := 0; i < len(in); {
		control := int(in[i])
		i++
		if control < lzfMaxLiteral {
			n := control + 1
			if n > len(in)-i || n > size-len(out) {
				return nil, false
			}
			out = append(out, in[i:i+n]...)
			i += n
			continue
		}
		n := control>>5 + 2
		if n == 9 {
			if i == len(in) {
				return nil, false
			}
			n += int(in[i])
			i++
		}
		if i == len(in) {
			return nil, false
		}
		from := len(out) - (control&31)<<8 - int(in[i]) - 1
		i++
		if from < 0 || n > size-len(out) {
			return nil, false
		}
		out = repeat(out, from, n)
	}
	return out, len(out) == size
}

// repeat appends n bytes of out from position from; the two ranges may overlap.
func repeat(out []byte, from, n int) []byte {
	for n > 0 {
		piece := min(n, len(out)-from)
		out = append(out, out[from:from+piece]...)
		n -= piece
	}
	return out
}
