package command

import (
	"encoding/binary"
	"math/bits"
)

// Bits are counted from the highest of the first byte, as SETBIT counts them.

// wordBytes is the number of bytes that are looked at in one go.
const wordBytes = 8

// countBits returns the number of set bits of text from bit first to bit last, both included.
func countBits(text []byte, first, last int64) int64 {
	from, to := first>>3, last>>3
	n := onesIn(text[from : to+1])
	n -= bits.OnesCount8(text[from] & ^tail(first))
	n -= bits.OnesCount8(text[to] & ^head(last))
	return int64(n)
}

// tail is the mask of the bits of a byte from bit on.
func tail(bit int64) byte { return 0xff >> (bit & 7) }

// head is the mask of the bits of a byte up to bit.
func head(bit int64) byte { return 0xff << (7 - bit&7) }

func onesIn(text []byte) (n int) {
	for ; len(text) >= wordBytes; text = text[wordBytes:] {
		n += bits.OnesCount64(binary.BigEndian.Uint64(text))
	}
	for _, b := range text {
		n += bits.OnesCount8(b)
	}
	return n
}

// findBit returns the first bit from first to last that is set, or with set false clear; -1 when
// there is none.
func findBit(text []byte, set bool, first, last int64) int64 {
	flip := byte(0)
	if !set {
		flip = 0xff // so that a one is looked for
	}
	at, end := first>>3, last>>3
	if b := (text[at] ^ flip) & tail(first); b != 0 {
		return within(at<<3+int64(bits.LeadingZeros8(b)), last)
	}
	for at++; at+wordBytes <= end; at += wordBytes {
		if binary.BigEndian.Uint64(text[at:])^(uint64(flip)*0x0101010101010101) != 0 {
			break
		}
	}
	for ; at <= end; at++ {
		if b := text[at] ^ flip; b != 0 {
			return within(at<<3+int64(bits.LeadingZeros8(b)), last)
		}
	}
	return -1
}

// within returns bit unless it lies behind last.
func within(bit, last int64) int64 {
	if bit > last {
		return -1
	}
	return bit
}

// getField reads an unsigned integer of that width at a bit; what lies behind the end of text is 0.
func getField(text []byte, bit, width int64) (value uint64) {
	for range width {
		value <<= 1
		if at := bit >> 3; at < int64(len(text)) {
			value |= uint64(text[at]>>(7-bit&7)) & 1
		}
		bit++
	}
	return value
}

// putField writes the low bits of value at a bit of text, which is long enough.
func putField(text []byte, bit, width int64, value uint64) {
	for width--; width >= 0; width-- {
		mask := byte(1) << (7 - bit&7)
		if value>>width&1 != 0 {
			text[bit>>3] |= mask
		} else {
			text[bit>>3] &^= mask
		}
		bit++
	}
}
