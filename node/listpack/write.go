package listpack

import (
	"encoding/binary"
	"math"
)

// A listpack is u32 total bytes, u16 count, elements, 0xFF; an element is its encoding and data,
// then their length written backwards so that the list can be walked from its end.
const (
	Header  = 6    // bytes before the first element
	End     = 0xFF // the last byte
	uncount = 65535
)

// Open appends the header of a listpack to b, which is empty; elements follow, then Close.
func Open(b []byte) []byte { return append(b, 0, 0, 0, 0, 0, 0) }

// Close appends the end mark to a listpack of count elements and fills in its header. From 65535
// elements on the count is not kept.
func Close(b []byte, count int) []byte {
	b = append(b, End)
	binary.LittleEndian.PutUint32(b, uint32(len(b)))
	binary.LittleEndian.PutUint16(b[4:], uint16(min(count, uncount)))
	return b
}

// Reopen takes the end mark off a listpack, so that elements can follow.
func Reopen(b []byte) []byte { return b[:len(b)-1] }

// Count is the number of elements; known is false when there are too many for the header to say.
func Count(b []byte) (n int, known bool) {
	n = int(binary.LittleEndian.Uint16(b[4:]))
	return n, n != uncount
}

// Append appends one element: as an integer when item is exactly what printing one gives.
func Append(b, item []byte) []byte {
	if n, ok := ParseInt(item); ok {
		return AppendInt(b, n)
	}
	at := len(b)
	switch {
	case len(item) < 64:
		b = append(b, 0x80|byte(len(item)))
	case len(item) < 4096:
		b = append(b, 0xE0|byte(len(item)>>8), byte(len(item)))
	default:
		b = binary.LittleEndian.AppendUint32(append(b, 0xF0), uint32(len(item)))
	}
	b = append(b, item...)
	return appendBack(b, len(b)-at)
}

// AppendInt appends one integer.
func AppendInt(b []byte, n int64) []byte {
	le := binary.LittleEndian
	switch {
	case n >= 0 && n < 128:
		return append(b, byte(n), 1)
	case n >= -1<<12 && n < 1<<12:
		return append(b, 0xC0|byte(n>>8)&0x1F, byte(n), 2)
	case n == int64(int16(n)):
		return append(le.AppendUint16(append(b, 0xF1), uint16(n)), 3)
	case n >= -1<<23 && n < 1<<23:
		return append(b, 0xF2, byte(n), byte(n>>8), byte(n>>16), 4)
	case n == int64(int32(n)):
		return append(le.AppendUint32(append(b, 0xF3), uint32(n)), 5)
	}
	return append(le.AppendUint64(append(b, 0xF4), uint64(n)), 9)
}

// Size bounds the bytes an element takes.
func Size(item []byte) int {
	n := len(item) + 1
	switch {
	case len(item) >= 4096:
		n += 4
	case len(item) >= 64:
		n++
	}
	return n + backWidth(n)
}

// backWidth is the number of bytes in which the length n is written backwards.
func backWidth(n int) int {
	switch {
	case n <= 127:
		return 1
	case n < 1<<14-1:
		return 2
	case n < 1<<21-1:
		return 3
	case n < 1<<28-1:
		return 4
	}
	return 5
}

func appendBack(b []byte, n int) []byte {
	width := backWidth(n)
	for k := width - 1; k >= 0; k-- {
		septet := byte(n>>(7*k)) & 0x7F
		if k != width-1 {
			septet |= 0x80
		}
		b = append(b, septet)
	}
	return b
}

// ParseInt reads text when it is exactly what printing the number would give.
func ParseInt(text []byte) (int64, bool) {
	if len(text) == 0 || len(text) > 20 {
		return 0, false
	}
	digits := text
	if text[0] == '-' {
		digits = text[1:]
	}
	if len(digits) == 0 || digits[0] < '0' || digits[0] > '9' {
		return 0, false
	}
	if digits[0] == '0' {
		return 0, len(text) == 1
	}
	limit := uint64(math.MaxInt64)
	if text[0] == '-' {
		limit++
	}
	var n uint64
	for _, c := range digits {
		if c < '0' || c > '9' || n > (limit-uint64(c-'0'))/10 {
			return 0, false
		}
		n = n*10 + uint64(c-'0')
	}
	if text[0] == '-' {
		return -int64(n), true
	}
	return int64(n), true
}
