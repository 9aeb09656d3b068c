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
		size += listpack.Size(item)
		if i > 0 && size > packNodeSize {
			return i
		}
	}
	return len(items)
}

func packItems(items [][]byte) []byte {
	size := listpack.Header + 1
	for _, item := range items {
		size += listpack.Size(item)
	}
	b := listpack.Open(make([]byte, 0, size))
	for _, item := range items {
		b = listpack.Append(b, item)
	}
	return listpack.Close(b, len(items))
}

func packZSet(items [][]byte, scores []float64) []byte {
	b := listpack.Open(make([]byte, 0, listpack.Header+1+24*len(items)))
	for i, item := range items {
		b = listpack.Append(b, item)
		b = listpack.Append(b, scoreText(scores[i]))
	}
	return listpack.Close(b, 2*len(items))
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

// intset writes items as a sorted array of integers, if all of them are integers.
func (e *Encoder) intset(items [][]byte) bool {
	numbers := make([]int64, len(items))
	width := 2
	for i, item := range items {
		n, ok := listpack.ParseInt(item)
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
