package keyspace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// keeper is a value of some kind with what is read of it.
type keeper interface {
	change(t *rapid.T, name []byte) // adds, changes or takes something away
	keep()
	read(count int, got map[string]int) (done bool) // counts what it visits
	drop()
}

type setKeeper struct {
	*SetValue
	cursor uint64
	kept   KeptSet
	isKept bool
}

func (k *setKeeper) change(t *rapid.T, name []byte) {
	if rapid.Bool().Draw(t, "remove") {
		k.Remove(name)
	} else {
		k.Add(name, &Limits{})
	}
}

func (k *setKeeper) keep() { k.kept, k.isKept = k.Keep(k.cursor) }
func (k *setKeeper) drop() { k.kept.Drop() }

func (k *setKeeper) read(count int, got map[string]int) (done bool) {
	visit := func(member []byte) { got[string(member)]++ }
	if k.isKept {
		return k.kept.Next(count, visit)
	}
	k.cursor = k.Scan(k.cursor, count, visit)
	return k.cursor == 0
}

type hashKeeper struct {
	*HashValue
	cursor uint64
	kept   KeptHash
	isKept bool
}

func (k *hashKeeper) change(t *rapid.T, name []byte) {
	if rapid.IntRange(0, 2).Draw(t, "remove") == 0 {
		k.Delete(name)
	} else {
		k.Set(name, fmt.Append(nil, rapid.IntRange(0, 9).Draw(t, "value")), &Limits{})
	}
}

func (k *hashKeeper) keep() { k.kept, k.isKept = k.Keep(k.cursor) }
func (k *hashKeeper) drop() { k.kept.Drop() }

func (k *hashKeeper) read(count int, got map[string]int) (done bool) {
	visit := func(field, value []byte) { got[string(field)+"="+string(value)]++ }
	if k.isKept {
		return k.kept.Next(count, visit)
	}
	k.cursor = k.Scan(k.cursor, count, visit)
	return k.cursor == 0
}

type zsetKeeper struct {
	*ZSetValue
	reader *ZSetValue
	at     int
}

func (k *zsetKeeper) change(t *rapid.T, name []byte) {
	if rapid.Bool().Draw(t, "remove") {
		k.Delete(name)
	} else {
		k.Set(name, float64(rapid.IntRange(0, 9).Draw(t, "score")), &Limits{})
	}
}

func (k *zsetKeeper) keep() { k.reader = k.Keep() }
func (k *zsetKeeper) drop() {}

func (k *zsetKeeper) read(count int, got map[string]int) (done bool) {
	from := k.reader
	if from == nil {
		from = k.ZSetValue
	}
	for member, score := range from.Ascend(k.at) {
		got[fmt.Sprint(string(member), " ", score)]++
		k.at++
		if count--; count == 0 {
			return false
		}
	}
	return true
}

type listKeeper struct {
	*ListValue
	part ListPart
}

func (k *listKeeper) change(t *rapid.T, name []byte) {
	name = []byte(strings.Repeat(string(name), 200)) // a few of them fill a chunk
	at := rapid.IntRange(0, k.Len()).Draw(t, "at")
	switch rapid.IntRange(0, 7).Draw(t, "how") {
	case 0:
		k.PushFront(name)
	case 1:
		k.PushBack(name)
	case 2:
		k.Insert(at, name)
	case 3:
		if at < k.Len() {
			k.Set(at, name)
		}
	case 4:
		k.Remove(name, 1, at%2 == 0)
	case 5:
		k.PopFront()
	case 6:
		k.PopBack()
	default:
		k.Trim(at, min(k.Len()-at, 50))
	}
}

func (k *listKeeper) keep() { k.part = k.part.Keep() }
func (k *listKeeper) drop() {}

func (k *listKeeper) read(_ int, got map[string]int) (more bool) {
	var items [][]byte
	items, k.part, more = k.part.Elements(nil)
	for _, item := range items {
		got[fmt.Sprint(len(got), " ", string(item))]++ // the order counts
	}
	return !more
}

// TestWhatIsLeftToReadStaysAsItWas changes values whose reading has begun, however often, and reads the rest.
func TestWhatIsLeftToReadStaysAsItWas(t *testing.T) {
	kinds := map[string]func(seed Seed) keeper{
		"set":  func(seed Seed) keeper { return &setKeeper{SetValue: &SetValue{table: NewDict[struct{}](seed)}} },
		"hash": func(seed Seed) keeper { return &hashKeeper{HashValue: &HashValue{table: NewDict[string](seed)}} },
		"zset": func(seed Seed) keeper { return &zsetKeeper{ZSetValue: &ZSetValue{large: newRanking(seed)}} },
		"list": func(Seed) keeper { return &listKeeper{ListValue: NewList()} },
	}
	for kind, birth := range kinds {
		t.Run(kind, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				k := birth(NewSeed(rapid.Uint64().Draw(t, "seed")))
				few := rapid.SampledFrom([]int{10, 100, 400}).Draw(t, "names")
				change := func(times int) {
					for range times {
						k.change(t, fmt.Append(nil, rapid.IntRange(0, few).Draw(t, "name")))
					}
				}
				change(rapid.IntRange(1, 300).Draw(t, "before"))
				want, got := map[string]int{}, map[string]int{}
				if !begin(k, want) {
					return // it is empty
				}
				done := false
				for range rapid.IntRange(0, 5).Draw(t, "parts") {
					done = done || k.read(rapid.IntRange(1, 20).Draw(t, "count"), got)
				}
				if done {
					return
				}
				k.keep()
				for {
					change(rapid.SampledFrom([]int{0, 0, 0, 1, 5, 60}).Draw(t, "during"))
					if k.read(rapid.IntRange(1, 60).Draw(t, "count"), got) {
						break
					}
				}
				require.Equal(t, want, got)
				change(20)
			})
		})
	}
}

// begin counts what there is to read, and begins the reading.
func begin(k keeper, want map[string]int) bool {
	rewind := func() {
		switch k := k.(type) {
		case *setKeeper:
			k.cursor = 0
		case *hashKeeper:
			k.cursor = 0
		case *zsetKeeper:
			k.at = 0
		case *listKeeper:
			_, k.part = k.Parts()
		}
	}
	rewind()
	if l, is := k.(interface{ Len() int }); is && l.Len() == 0 {
		return false
	}
	for !k.read(1000, want) {
		continue
	}
	rewind()
	return true
}

// TestNobodyIsLeftInATableThatIsNotReadOn: a reader who goes costs nothing from then on.
func TestNobodyIsLeftInATableThatIsNotReadOn(t *testing.T) {
	h := &HashValue{table: NewDict[string](NewSeed(1))}
	for i := range 100 {
		h.Set(fmt.Append(nil, i), nil, &Limits{})
	}
	left, ok := h.Keep(0)
	require.True(t, ok)
	require.NotNil(t, h.table.kept)
	left.Drop()
	require.Nil(t, h.table.kept)
	left, _ = h.Keep(0)
	n := 0
	for !left.Next(10, func(_, _ []byte) { n++ }) {
		continue
	}
	require.Equal(t, 100, n)
	require.Nil(t, h.table.kept)
}
