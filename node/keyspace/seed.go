package keyspace

import (
	"encoding/binary"
	"math/bits"
)

// Seed chooses one hash function out of a family. Equal seeds give equal tables and therefore
// equal iteration orders; an unknown seed keeps a client from choosing keys that collide.
type Seed struct{ a, b, c uint64 }

// NewSeed spreads n over a whole Seed.
func NewSeed(n uint64) Seed {
	next := func() uint64 {
		n += 0x9e3779b97f4a7c15 // 2^64 / golden ratio: visits every value
		return fold(n^n>>31, 0xd6e8feb86659fd93) | 1
	}
	return Seed{next(), next(), next()}
}

// hash folds b, sixteen bytes at a time, with 64×64→128 bit products.
func (s Seed) hash(b []byte) uint32 {
	h, n := s.a, uint64(len(b))
	for len(b) > 16 {
		h = fold(binary.LittleEndian.Uint64(b)^s.b, binary.LittleEndian.Uint64(b[8:])^h)
		b = b[16:]
	}
	low, high := tail(b)
	h = fold(low^s.b, high^h)
	h = fold(h^s.c, n^s.a)
	return uint32(h ^ h>>32)
}

// tail reads at most sixteen bytes as two words; the words overlap when there are fewer.
func tail(b []byte) (low, high uint64) {
	switch n := len(b); {
	case n >= 8:
		return binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	case n >= 4:
		return uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[n-4:]))
	case n > 0:
		return uint64(b[0])<<16 | uint64(b[n/2])<<8 | uint64(b[n-1]), 0
	default:
		return 0, 0
	}
}

func fold(x, y uint64) uint64 {
	high, low := bits.Mul64(x, y)
	return high ^ low
}
