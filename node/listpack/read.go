package listpack

import (
	"encoding/binary"
	"errors"
	"strconv"
)

// ErrCorrupt says that bytes are no listpack.
var ErrCorrupt = errors.New("listpack: corrupt")

// Element is one element, which looks into the listpack it was read from.
type Element struct {
	Text  []byte
	Int   int64
	IsInt bool
}

// Append appends the element's text to b.
func (e Element) Append(b []byte) []byte {
	if e.IsInt {
		return strconv.AppendInt(b, e.Int, 10)
	}
	return append(b, e.Text...)
}

// Is tells whether text is the element's text.
func (e Element) Is(text []byte) bool {
	if !e.IsInt {
		return string(e.Text) == string(text)
	}
	n, ok := ParseInt(text)
	return ok && n == e.Int
}

// At returns the element at place at and the place behind it. b must have passed Check, and at the
// end mark there is no element.
func At(b []byte, at int) (e Element, next int) {
	first := b[at]
	switch {
	case first < 0x80:
		return Element{Int: int64(first), IsInt: true}, at + 2
	case first < 0xC0:
		return text(b, at+1, int(first&0x3F), at)
	case first < 0xE0:
		n := int64(first&0x1F)<<8 | int64(b[at+1])
		return Element{Int: n << 51 >> 51, IsInt: true}, at + 3
	case first < 0xF0:
		return text(b, at+2, int(first&0x0F)<<8|int(b[at+1]), at)
	case first == 0xF0:
		return text(b, at+5, int(binary.LittleEndian.Uint32(b[at+1:])), at)
	}
	width := intWidth(first)
	return Element{Int: signed(b[at+1 : at+1+width]), IsInt: true}, at + width + 2
}

func text(b []byte, from, size, at int) (Element, int) {
	end := from + size
	return Element{Text: b[from:end:end]}, end + backWidth(end-at)
}

// Skip returns the place behind the element at place at.
func Skip(b []byte, at int) int {
	n := extent(b, at)
	return at + n + backWidth(n)
}

// extent is the size of the element at place at without its length behind it.
func extent(b []byte, at int) int {
	first := b[at]
	switch {
	case first < 0x80:
		return 1
	case first < 0xC0:
		return 1 + int(first&0x3F)
	case first < 0xE0:
		return 2
	case first < 0xF0:
		return 2 + int(first&0x0F)<<8 + int(b[at+1])
	case first == 0xF0:
		return 5 + int(binary.LittleEndian.Uint32(b[at+1:]))
	}
	return 1 + intWidth(first)
}

// Before returns the place of the element that ends at place at.
func Before(b []byte, at int) int {
	n, k := 0, 0
	for ; ; k++ {
		c := b[at-1-k]
		n |= int(c&0x7F) << (7 * k)
		if c < 0x80 {
			break
		}
	}
	return at - n - k - 1
}

// intWidth is how many bytes of number follow an encoding byte from 0xF1 to 0xF4.
func intWidth(first byte) int {
	if first == 0xF4 {
		return 8
	}
	return int(first-0xF1) + 2
}

// signed reads a little-endian number.
func signed(b []byte) int64 {
	var n uint64
	for i, c := range b {
		n |= uint64(c) << (8 * i)
	}
	shift := 64 - 8*len(b)
	return int64(n<<shift) >> shift
}

// Check tells whether b is a listpack with proper elements, whose number is count.
func Check(b []byte) (count int, err error) {
	if len(b) < Header+1 || uint64(binary.LittleEndian.Uint32(b)) != uint64(len(b)) || b[len(b)-1] != End {
		return 0, ErrCorrupt
	}
	end := len(b) - 1
	for at := Header; at < end; count++ {
		if at = checked(b[:end], at); at < 0 {
			return 0, ErrCorrupt
		}
	}
	if n, known := Count(b); known && n != count {
		return 0, ErrCorrupt
	}
	return count, nil
}

// checked is Skip for bytes that nobody has checked; -1 when no element is there.
func checked(b []byte, at int) int {
	first, left := b[at], len(b)-at
	if first > 0xF4 || first == 0xF0 && left < 5 || first >= 0xC0 && left < 2 {
		return -1
	}
	n := extent(b, at)
	width := backWidth(n)
	if n+width > left {
		return -1
	}
	var back [5]byte
	if string(appendBack(back[:0], n)) != string(b[at+n:at+n+width]) {
		return -1
	}
	return at + n + width
}
