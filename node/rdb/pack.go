package rdb

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"
)

// A listpack is u32 total bytes, u16 count, elements, 0xFF; an element is its encoding and data,
// then their length written backwards so that the list can be walked from its end.
const (
	packHeader   = 6
	packEnd      = 0xFF
	packUncount  = 65535   // this many elements or more: the count is not kept
	packNodeSize = 8 << 10 // list-max-listpack-size -2: a list's nodes hold up to 8 KiB
	packNodeCost = 11      // header, end and a little more, counted against that size
	packMaxItem  = 1 << 30 // a longer element makes a plain node
)

// quicklist writes items as nodes: listpacks of at most 8 KiB, longer elements alone in one.
func (e *Encoder) quicklist(items [][]byte) {
	nodes := 0
	for rest := items; len(rest) > 0; nodes++ {
		rest = rest[nodeItems(rest):]
	}
	e.Len(uint64(nodes))
	for len(items) > 0 {
		n := nodeItems(items)
		if n == 1 && len(items[0]) >= packMaxItem {
			e.Len(nodePlain)
			e.String(items[0])
		} else {
			e.Len(nodePacked)
			e.String(packItems(items[:n]))
		}
		items = items[n:]
	}
}

// nodeItems returns how many of items share one node.
func nodeItems(items [][]byte) int {
	size := packNodeCost
	for i, item := range items {
		size += packedSize(item)
		if i > 0 && size > packNodeSize {
			return i
		}
	}
	return len(items)
}

// packedSize bounds the bytes an element takes in a listpack.
func packedSize(item []byte) int {
	n := len(item) + 1
	switch {
	case len(item) >= 4096:
		n += 4
	case len(item) >= 64:
		n++
	}
	return n + backLength(n)
}

func packItems(items [][]byte) []byte {
	size := packHeader + 1
	for _, item := range items {
		size += packedSize(item)
	}
	b := make([]byte, packHeader, size)
	for _, item := range items {
		b = appendPacked(b, item)
	}
	return closePack(b, len(items))
}

func packZSet(items [][]byte, scores []float64) []byte {
	b := make([]byte, packHeader, packHeader+1+24*len(items))
	for i, item := range items {
		b = appendPacked(b, item)
		b = appendPacked(b, scoreText(scores[i]))
	}
	return closePack(b, 2*len(items))
}

// scoreText is a score as Redis keeps it in a listpack: as an integer where it is one (double2ll).
func scoreText(f float64) []byte {
	switch {
	case math.IsInf(f, 1):
		return []byte("inf")
	case math.IsInf(f, -1):
		return []byte("-inf")
	case f == math.Trunc(f) && math.Abs(f) <= math.MaxInt64/2:
		return strconv.AppendInt(nil, int64(f), 10)
	}
	return strconv.AppendFloat(nil, f, 'g', 17, 64)
}

func closePack(b []byte, count int) []byte {
	b = append(b, packEnd)
	binary.LittleEndian.PutUint32(b, uint32(len(b)))
	binary.LittleEndian.PutUint16(b[4:], uint16(min(count, packUncount)))
	return b
}

func appendPacked(b, item []byte) []byte {
	at := len(b)
	if n, ok := canonicalInt(item); ok {
		b = appendPackedInt(b, n)
	} else {
		b = appendPackedString(b, item)
	}
	return appendBackLength(b, len(b)-at)
}

func appendPackedInt(b []byte, n int64) []byte {
	le := binary.LittleEndian
	switch {
	case n >= 0 && n < 128:
		return append(b, byte(n))
	case n >= -1<<12 && n < 1<<12:
		return append(b, 0xC0|byte(n>>8)&0x1F, byte(n))
	case n == int64(int16(n)):
		return le.AppendUint16(append(b, 0xF1), uint16(n))
	case n >= -1<<23 && n < 1<<23:
		return append(b, 0xF2, byte(n), byte(n>>8), byte(n>>16))
	case n == int64(int32(n)):
		return le.AppendUint32(append(b, 0xF3), uint32(n))
	}
	return le.AppendUint64(append(b, 0xF4), uint64(n))
}

func appendPackedString(b, item []byte) []byte {
	switch {
	case len(item) < 64:
		b = append(b, 0x80|byte(len(item)))
	case len(item) < 4096:
		b = append(b, 0xE0|byte(len(item)>>8), byte(len(item)))
	default:
		b = binary.LittleEndian.AppendUint32(append(b, 0xF0), uint32(len(item)))
	}
	return append(b, item...)
}

// backLength is the number of bytes in which the length n is written backwards.
func backLength(n int) int {
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

func appendBackLength(b []byte, n int) []byte {
	for k := backLength(n) - 1; k >= 0; k-- {
		septet := byte(n>>(7*k)) & 0x7F
		if k != backLength(n)-1 {
			septet |= 0x80
		}
		b = append(b, septet)
	}
	return b
}

// intset writes items as a sorted array of integers, if all of them are integers.
func (e *Encoder) intset(items [][]byte) bool {
	numbers := make([]int64, len(items))
	width := 2
	for i, item := range items {
		n, ok := canonicalInt(item)
		if !ok {
			return false
		}
		numbers[i] = n
		switch {
		case n != int64(int32(n)):
			width = 8
		case n != int64(int16(n)):
			width = max(width, 4)
		}
	}
	slices.Sort(numbers)
	b := make([]byte, 8, 8+width*len(numbers))
	binary.LittleEndian.PutUint32(b, uint32(width))
	binary.LittleEndian.PutUint32(b[4:], uint32(len(numbers)))
	for _, n := range numbers {
		for k := range width {
			b = append(b, byte(n>>(8*k)))
		}
	}
	e.String(b)
	return true
}
