package rdb

import (
	"encoding/binary"
	"math"
	"slices"
	"strconv"

	"clusterplay/node/listpack"
)

const (
	packEnd      = listpack.End // of ziplists too
	packUncount  = 65535        // this many elements or more: the count is not kept
	packNodeSize = 8 << 10      // list-max-listpack-size -2: a list's nodes hold up to 8 KiB
	packNodeCost = 11           // header, end and a little more, counted against that size
	packMaxItem  = 1 << 30      // a longer element makes a plain node
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
		e.ListNode(items[:n])
		items = items[n:]
	}
}

// ListNode writes one node of a list.
func (e *Encoder) ListNode(items [][]byte) {
	if len(items) == 1 && len(items[0]) >= packMaxItem {
		e.Len(nodePlain)
		e.String(items[0])
		return
	}
	e.Len(nodePacked)
	e.packItems(items)
}

// nodeItems returns how many of items share one node.
func nodeItems(items [][]byte) int {
	size := packNodeCost
	for i, item := range items {
		size += listpack.Size(item)
		if i > 0 && size > packNodeSize {
			return i
		}
	}
	return len(items)
}

// mostScratch is the largest memory that an Encoder keeps for the next listpack.
const mostScratch = 64 << 10

// writePack writes what was put into the scratch memory as a string.
func (e *Encoder) writePack(b []byte) {
	e.String(b)
	if cap(b) <= mostScratch {
		e.scratch = b[:0]
	}
}

func (e *Encoder) packItems(items [][]byte) {
	b := listpack.Open(e.scratch[:0])
	for _, item := range items {
		b = listpack.Append(b, item)
	}
	e.writePack(listpack.Close(b, len(items)))
}

func (e *Encoder) packZSet(items [][]byte, scores []float64) {
	var text [32]byte
	b := listpack.Open(e.scratch[:0])
	for i, item := range items {
		b = listpack.Append(b, item)
		b = listpack.Append(b, appendScore(text[:0], scores[i]))
	}
	e.writePack(listpack.Close(b, 2*len(items)))
}

// appendScore appends a score as Redis keeps it in a listpack: as an integer where it is one (double2ll).
func appendScore(b []byte, f float64) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(b, "inf"...)
	case math.IsInf(f, -1):
		return append(b, "-inf"...)
	case f == math.Trunc(f) && math.Abs(f) <= math.MaxInt64/2:
		return strconv.AppendInt(b, int64(f), 10)
	}
	return strconv.AppendFloat(b, f, 'g', 17, 64)
}

// intset writes items as a sorted array of integers, if all of them are integers.
func (e *Encoder) intset(items [][]byte) bool {
	numbers := e.numbers[:0]
	width := 2
	for _, item := range items {
		n, ok := listpack.ParseInt(item)
		if !ok {
			return false
		}
		numbers = append(numbers, n)
		switch {
		case n != int64(int32(n)):
			width = 8
		case n != int64(int16(n)):
			width = max(width, 4)
		}
	}
	slices.Sort(numbers)
	e.numbers = numbers
	b := binary.LittleEndian.AppendUint32(e.scratch[:0], uint32(width))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(numbers)))
	for _, n := range numbers {
		for k := range width {
			b = append(b, byte(n>>(8*k)))
		}
	}
	e.writePack(b)
	return true
}
