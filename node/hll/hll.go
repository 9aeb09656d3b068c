package hll

import "errors"

// A sketch has 16384 registers. Each holds the longest run of zeros, plus one, seen in the hashes
// of the elements that fell to it. Its text begins with a header of 16 bytes:
//
//	HYLL | encoding | 3 unused | count of 8 bytes, little endian
//
// The highest bit of the count says that it is out of date. Behind the header are the registers, in
// one of two encodings: dense, 6 bits each, or sparse, in runs.
const (
	registers  = 1 << indexBits
	indexBits  = 14 // of the hash choose a register; the others are looked at for zeros
	hashBits   = 64 - indexBits
	headerSize = 16
	staleBit   = 1 << 7 // in the last byte of the count
)

// The encodings.
const (
	denseEncoding  = 0
	sparseEncoding = 1
)

// The places in the header.
const (
	encodingAt = 4
	countAt    = 8
	staleAt    = headerSize - 1
)

const magic = "HYLL"

// ErrCorrupt says that the runs of a sparse sketch do not make up all registers.
var ErrCorrupt = errors.New("the runs do not make up all registers")

// New returns the text of an empty sketch: one run of zeros.
func New() []byte {
	text := make([]byte, headerSize, headerSize+8)
	copy(text, magic)
	text[encodingAt] = sparseEncoding
	return appendZeros(text, registers)
}

// Valid tells whether text looks like a sketch. The runs of a sparse one are not checked.
func Valid(text []byte) bool {
	if len(text) < headerSize || string(text[:len(magic)]) != magic {
		return false
	}
	switch text[encodingAt] {
	case denseEncoding:
		return len(text) == denseSize
	case sparseEncoding:
		return true
	}
	return false
}

// Sparse tells whether a valid text is sparse.
func Sparse(text []byte) bool { return text[encodingAt] == sparseEncoding }

// Outdate marks the count that is kept in text as out of date.
func Outdate(text []byte) { text[staleAt] |= staleBit }

// Kept returns the count that is kept in text, if it is up to date.
func Kept(text []byte) (count uint64, ok bool) {
	for i := range 8 {
		count |= uint64(text[countAt+i]) << (8 * i)
	}
	return count, text[staleAt]&staleBit == 0
}

// Keep writes the count into text.
func Keep(text []byte, count uint64) {
	for i := range 8 {
		text[countAt+i] = byte(count >> (8 * i))
	}
}

// Add adds an element to a valid text, which may be changed in place, and returns the new one.
// changed tells whether a register did. A sparse text that grows beyond limit becomes dense.
func Add(text, element []byte, limit int) (out []byte, changed bool, err error) {
	index, run := place(element)
	return raise(text, index, run, limit)
}

// raise makes the register at index at least value.
func raise(text []byte, index int, value byte, limit int) (out []byte, changed bool, err error) {
	if Sparse(text) {
		return raiseSparse(text, index, value, limit)
	}
	return text, raiseDense(text[headerSize:], index, value), nil
}
