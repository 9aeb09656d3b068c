package hll

import (
	"encoding/binary"
	"math/bits"
)

// seed is the one that Redis hashes elements with.
const seed = 0xadc83b19

// place returns the register that an element falls to, and what it would put there: the zeros at
// the low end of the rest of its hash, plus one.
func place(element []byte) (index int, run byte) {
	h := murmur(element, seed)
	rest := h>>indexBits | 1<<hashBits
	return int(h & (registers - 1)), byte(bits.TrailingZeros64(rest) + 1)
}

// murmur is MurmurHash64A by Austin Appleby, with bytes read as on little-endian computers.
func murmur(text []byte, seed uint64) uint64 {
	const m, r = 0xc6a4a7935bd1e995, 47
	h := seed ^ uint64(len(text))*m
	for ; len(text) >= 8; text = text[8:] {
		k := binary.LittleEndian.Uint64(text) * m
		k ^= k >> r
		h ^= k * m
		h *= m
	}
	if len(text) > 0 {
		var tail [8]byte
		copy(tail[:], text)
		h ^= binary.LittleEndian.Uint64(tail[:])
		h *= m
	}
	h ^= h >> r
	h *= m
	h ^= h >> r
	return h
}
