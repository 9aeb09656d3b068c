package keyspace

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// filled are values of each kind and encoding with n elements.
var filled = []struct {
	name string
	kind Kind
	fill func(n int, lim *Limits) Value
}{
	{"list", List, func(n int, _ *Limits) Value {
		l := NewList()
		for i := range n {
			l.PushBack([]byte("element" + strconv.Itoa(i)))
		}
		return l
	}},
	{"set", Set, func(n int, lim *Limits) Value {
		s := NewSet()
		for i := range n {
			s.Add([]byte("member"+strconv.Itoa(i)), lim)
		}
		return s
	}},
	{"set of integers", Set, func(n int, lim *Limits) Value {
		s := NewSet()
		for i := range n {
			s.Add([]byte(strconv.Itoa(i)), lim)
		}
		return s
	}},
	{"hash", Hash, func(n int, lim *Limits) Value {
		h := NewHash()
		for i := range n {
			h.Set([]byte("field"+strconv.Itoa(i)), []byte("value"), lim)
		}
		return h
	}},
	{"zset", ZSet, func(n int, lim *Limits) Value {
		z := NewZSet()
		for i := range n {
			z.Set([]byte("member"+strconv.Itoa(i)), float64(i), lim)
		}
		return z
	}},
}

func TestValuesTellKindAndSize(t *testing.T) {
	for _, tt := range filled {
		t.Run(tt.name, func(t *testing.T) {
			lim := DefaultLimits()
			few, many := tt.fill(10, &lim), tt.fill(2000, &lim)
			require.Equal(t, tt.kind, few.Kind())
			require.Equal(t, 10, few.Len())
			require.Equal(t, 2000, many.Copy().Len())
			require.Greater(t, many.Footprint(), 5*2000)
			require.Less(t, many.Footprint(), 150*2000)
			require.Less(t, few.Footprint(), many.Footprint()/20)
		})
	}
}

func TestACopyDoesNotShareWithItsOriginal(t *testing.T) {
	lim := DefaultLimits()
	for _, n := range []int{3, 2000} {
		list := filled[0].fill(n, &lim).(*ListValue)
		dup := list.Copy().(*ListValue)
		dup.Set(0, []byte("changed"))
		dup.PushFront([]byte("first"))
		require.Equal(t, "element0", string(list.At(0)))

		set := filled[1].fill(n, &lim).(*SetValue)
		set.Copy().(*SetValue).Remove([]byte("member0"))
		require.True(t, set.Has([]byte("member0")))

		hash := filled[3].fill(n, &lim).(*HashValue)
		hash.Copy().(*HashValue).Set([]byte("field0"), []byte("other"), &lim)
		value, _ := hash.Get([]byte("field0"))
		require.Equal(t, "value", string(value))

		zset := filled[4].fill(n, &lim).(*ZSetValue)
		zset.Copy().(*ZSetValue).Set([]byte("member0"), 99, &lim)
		score, _ := zset.Score([]byte("member0"))
		require.Zero(t, score)
	}
}

func TestScanOfALargeTableSeesAllThatStays(t *testing.T) {
	lim := DefaultLimits()
	set := filled[1].fill(1000, &lim).(*SetValue)
	hash := filled[3].fill(1000, &lim).(*HashValue)
	zset := filled[4].fill(1000, &lim).(*ZSetValue)
	seen := map[string]bool{}
	see := func(b []byte) { seen[string(b)] = true }
	for _, tt := range []struct {
		name, prefix string
		scan         func(cursor uint64) uint64
		change       func(call int) // while the scan goes on
	}{
		{"set", "member",
			func(cursor uint64) uint64 { return set.Scan(cursor, 10, see) },
			func(call int) {
				set.Add([]byte(strings.Repeat("x", call)), &lim)
				set.Remove([]byte("member" + strconv.Itoa(500+call)))
			}},
		{"hash", "field",
			func(cursor uint64) uint64 { return hash.Scan(cursor, 10, func(f, _ []byte) { see(f) }) },
			func(call int) {
				for i := range 10 {
					hash.Set([]byte("new"+strconv.Itoa(10*call+i)), nil, &lim)
				}
			}},
		{"zset", "member",
			func(cursor uint64) uint64 { return zset.Scan(cursor, 10, func(m []byte, _ float64) { see(m) }) },
			func(call int) { zset.DeleteRange(max(500, zset.Len()-5), zset.Len()) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			clear(seen)
			for cursor, call := tt.scan(0), 0; cursor != 0; call++ {
				tt.change(call)
				cursor = tt.scan(cursor)
			}
			for i := range 500 {
				require.True(t, seen[tt.prefix+strconv.Itoa(i)], "%d", i)
			}
		})
	}
}
