package command

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// bitAt reads one bit in the plainest way.
func bitAt(text []byte, bit int64) bool { return text[bit/8]&(128>>(bit%8)) != 0 }

// plainFind looks at one bit after the other.
func plainFind(text []byte, set bool, first, last int64) int64 {
	for bit := first; bit <= last; bit++ {
		if bitAt(text, bit) == set {
			return bit
		}
	}
	return -1
}

func TestBitsAreCountedAndFoundInWordsAsOneByOne(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		text := make([]byte, 1+rnd.IntN(40))
		filling := byte(rnd.IntN(2) * 255)
		for i := range text {
			text[i] = filling
		}
		for range rnd.IntN(3) {
			text[rnd.IntN(len(text))] ^= 1 << rnd.IntN(8)
		}
		last := rnd.Int64N(int64(len(text)) * 8)
		first := rnd.Int64N(last + 1)
		ones := int64(0)
		for bit := first; bit <= last; bit++ {
			if bitAt(text, bit) {
				ones++
			}
		}
		require.Equal(t, ones, countBits(text, first, last), "%x from %d to %d", text, first, last)
		for _, set := range []bool{false, true} {
			require.Equal(t, plainFind(text, set, first, last), findBit(text, set, first, last), "%v in %x from %d to %d", set, text, first, last)
		}
	}
}

func TestLongStringsAreCombinedInWordsAsOneByOne(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	for _, op := range []struct {
		name string
		do   func(a, b byte) byte
	}{
		{"and", func(a, b byte) byte { return a & b }},
		{"or", func(a, b byte) byte { return a | b }},
		{"xor", func(a, b byte) byte { return a ^ b }},
	} {
		into, from := make([]byte, 100), make([]byte, 61)
		want := make([]byte, len(into))
		for i := range into {
			into[i] = byte(rnd.Uint32())
			other := byte(0)
			if i < len(from) {
				from[i] = byte(rnd.Uint32())
				other = from[i]
			}
			want[i] = op.do(into[i], other)
		}
		bitOperationOf([]byte(op.name))(into, from)
		require.Equal(t, want, into, op.name)
	}
}

func TestBitLimitsAreCheckedBeforeMemoryIsTaken(t *testing.T) {
	conversation(t, newTestHost(), `
		SETBIT k 4294967296 1 > -ERR bit offset is not an integer or out of range
		BITFIELD k SET u8 #536870912 1 > -ERR bit offset is not an integer or out of range
		BITFIELD k SET u8 0 x > -ERR value is not an integer or out of range
		EXISTS k > :0`)
}

func TestReadingBitsDoesNotAllocate(t *testing.T) {
	h := newTestHost()
	h.do("SETBIT", "k", "100", "1")
	c := &h.context
	for _, line := range []string{"getbit k 100", "setbit k 99 1", "bitcount k 0 -1 BIT", "bitpos k 1"} {
		c.Args = words(line)
		cmd := h.table.Lookup(c.Args[0])
		c.Cmd, c.Buf = cmd, make([]byte, 0, 1<<16)
		require.LessOrEqual(t, testing.AllocsPerRun(100, func() { c.Buf = c.Buf[:0]; cmd.Run(c) }), 0.0, line)
	}
}
