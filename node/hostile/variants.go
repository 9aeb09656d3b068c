package hostile

import (
	"bytes"
	"math/rand/v2"
	"slices"
)

// Variants spoils a good input in n ways, always the same for the same input: it is cut, bits are
// turned, lengths become extreme, parts are doubled, dropped and exchanged.
func Variants(good []byte, n int) [][]byte {
	rng := rand.New(rand.NewPCG(uint64(len(good)), uint64(n)))
	var out [][]byte
	for i := 0; len(out) < n && len(good) > 0; i++ {
		out = append(out, spoil(rng, bytes.Clone(good), i%kinds))
	}
	return out
}

// extremes are what lengths and counts are replaced by.
var extremes = [][]byte{
	{0}, {0xff}, {0x7f}, {0x80}, {0xff, 0xff, 0xff, 0xff}, {0x7f, 0xff, 0xff, 0xff}, {0x80, 0, 0, 0},
	{0x81, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff},
	[]byte("9223372036854775807"), []byte("-1"), []byte("18446744073709551616"), []byte("\r\n"), []byte("\x00"),
}

const kinds = 6

// spoil damages b in one of the kinds of ways.
func spoil(rng *rand.Rand, b []byte, kind int) []byte {
	at := rng.IntN(len(b))
	to := at + 1 + rng.IntN(len(b)-at)
	switch kind {
	case 0:
		return b[:at]
	case 1:
		b[at] ^= 1 << rng.IntN(8)
	case 2:
		extreme := extremes[rng.IntN(len(extremes))]
		return append(b[:at], append(slices.Clip(extreme), b[min(at+len(extreme), len(b)):]...)...)
	case 3:
		return slices.Insert(b, at, bytes.Clone(b[at:min(to, at+256)])...)
	case 4:
		return slices.Delete(b, at, to)
	default:
		other := rng.IntN(len(b))
		b[at], b[other] = b[other], b[at]
	}
	return b
}
