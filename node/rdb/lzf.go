package rdb

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
	// lzfMaxInput keeps positions plus base within 32 bits.
	lzfMaxInput = 1 << 30
)

// compressor finds repeated triples through a hash table of positions. Positions in the table
// count from base, which moves past each input, so that the table need not be cleared for the
// next one. Its choices are those of liblzf's fast mode, so that a payload has Redis' own bytes.
type compressor struct {
	table []uint32
	base  uint32
	out   []byte
	run   int // literals since the control byte that is reserved in out
}

// compress packs in into fewer than limit bytes, or returns nil. The result is valid until the
// next call.
func (c *compressor) compress(in []byte, limit int) []byte {
	if len(in) < 4 || len(in) > lzfMaxInput {
		return nil
	}
	if c.table == nil || c.base > 1<<32-1-lzfMaxInput {
		c.table, c.base = make([]uint32, 1<<lzfHashBits), 0
	}
	ok := c.pack(in, limit)
	c.base += uint32(len(in))
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
	slot := (triple>>(24-lzfHashBits) - triple*5) & (1<<lzfHashBits - 1)
	before := c.table[slot]
	c.table[slot] = c.base + uint32(i)
	if before <= c.base || before >= c.base+uint32(i) || c.base+uint32(i)-before > lzfMaxDistance {
		return 0
	}
	return int(before - c.base)
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
// bytes of an input are left out unless the first three already reach them.
func matchLength(in []byte, from, i int) int {
	limit := min(len(in)-i-2, lzfMaxMatch)
	n := 3
	for n < limit && in[from+n] == in[i+n] {
		n++
	}
	return n
}

// decompress unpacks in into exactly size bytes. It reports false for input that does not fit.
func decompress(in []byte, size int) ([]byte, bool) {
	if size/lzfMaxGrowth > len(in) {
		return nil, false
	}
	out := make([]byte, 0, size)
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
