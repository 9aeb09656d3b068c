package keyspace

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestDictAgreesWithAMap(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		dict := NewDict[int](NewSeed(rapid.Uint64().Draw(t, "seed")))
		model := map[string]int{}
		for i := range rapid.IntRange(1, 400).Draw(t, "steps") {
			key := fmt.Sprint("k", rapid.IntRange(0, 80).Draw(t, "key"))
			if rapid.IntRange(0, 2).Draw(t, "op") > 0 {
				_, had := model[key]
				require.Equal(t, !had, dict.Set([]byte(key), i))
				model[key] = i
			} else {
				_, had := model[key]
				require.Equal(t, had, dict.Delete([]byte(key)))
				delete(model, key)
			}
			require.Equal(t, len(model), dict.Len())
		}
		found := map[string]int{}
		for key, value := range dict.All() {
			found[key] = *value
		}
		require.Equal(t, model, found)
		for key, value := range model {
			got, ok := dict.Get([]byte(key))
			require.True(t, ok)
			require.Equal(t, value, got)
		}
	})
}

func TestDictOfOneSeedAlwaysHasTheSameOrder(t *testing.T) {
	order := func(seed uint64) (keys []string) {
		d := NewDict[int](NewSeed(seed))
		for i := range 100 {
			d.Set(fmt.Append(nil, "key:", i), i)
		}
		for key := range d.All() {
			keys = append(keys, key)
		}
		return keys
	}
	require.Equal(t, order(1), order(1))
	require.NotEqual(t, order(1), order(2))
}

func TestDictSpreadsKeysThatDifferInOneByte(t *testing.T) {
	for _, length := range []int{1, 3, 7, 8, 15, 16, 17, 40} {
		t.Run(fmt.Sprint(length, " bytes"), func(t *testing.T) {
			seen := map[uint32]bool{}
			for i := range 256 {
				key := make([]byte, length)
				key[length/2] = byte(i)
				seen[NewSeed(7).hash(key)] = true
			}
			require.Len(t, seen, 256)
		})
	}
}

func TestDictShrinksWhenItIsNearlyEmpty(t *testing.T) {
	d := NewDict[int](NewSeed(1))
	for i := range 4096 {
		d.Set(fmt.Append(nil, i), i)
	}
	for i := range 4090 {
		d.Delete(fmt.Append(nil, i))
	}
	for d.Rehash(100) {
	}
	require.LessOrEqual(t, d.Buckets(), 64)
	require.Equal(t, 6, d.Len())
}

func TestScanVisitsEveryKeyThatStaysWhileTheTableResizes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDict[bool](NewSeed(rapid.Uint64().Draw(t, "seed")))
		stay := rapid.IntRange(0, 60).Draw(t, "stay")
		for i := range stay {
			d.Set(fmt.Append(nil, "stay", i), true)
		}
		seen, cursor, other := map[string]bool{}, uint64(0), 0
		for round := 0; ; round++ {
			cursor = d.Scan(cursor, rapid.IntRange(1, 8).Draw(t, "count"), func(item *Item[bool]) { seen[item.Key()] = true })
			if cursor == 0 {
				break
			}
			require.Less(t, round, 5000)
			if change := rapid.IntRange(-40, 40).Draw(t, "change"); change > 0 && round < 30 {
				for range change {
					d.Set(fmt.Append(nil, "other", other), false)
					other++
				}
			} else {
				for i := range max(0, other) {
					d.Delete(fmt.Append(nil, "other", i))
				}
				other = 0
			}
		}
		for i := range stay {
			require.True(t, seen[fmt.Sprint("stay", i)], "stay%d was not visited", i)
		}
	})
}

func TestScanFromAnyCursorEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := NewDict[int](NewSeed(3))
		for i := range rapid.IntRange(0, 300).Draw(t, "keys") {
			d.Set(fmt.Append(nil, i), i)
		}
		cursor := rapid.Uint64().Draw(t, "cursor")
		for range 2000 {
			if cursor = d.Scan(cursor, 10, func(*Item[int]) {}); cursor == 0 {
				return
			}
		}
		t.Fatal("the scan does not end")
	})
}

func TestRandomReachesEveryKey(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, keys := range []int{1, 5, 40} {
		t.Run(fmt.Sprint(keys, " keys"), func(t *testing.T) {
			d := NewDict[int](NewSeed(9))
			for i := range keys {
				d.Set(fmt.Append(nil, i), i)
			}
			seen := map[int]int{}
			for range 200 * keys {
				seen[d.Random(r.IntN).Value]++
			}
			require.Len(t, seen, keys)
		})
	}
	require.Nil(t, NewDict[int](Seed{}).Random(r.IntN))
}

func TestFindingAKeyDoesNotAllocate(t *testing.T) {
	d := NewDict[int](NewSeed(1))
	key := []byte("a key that is longer than thirty-two bytes")
	d.Set(key, 1)
	require.Zero(t, testing.AllocsPerRun(100, func() { d.Find(key) }))
	require.Zero(t, testing.AllocsPerRun(100, func() { d.Set(key, 2) }))
}

func TestCursorsCountWithTheirBitsReversed(t *testing.T) {
	var cursors []uint64
	for cursor := nextCursor(0, 7); cursor != 0; cursor = nextCursor(cursor, 7) {
		cursors = append(cursors, cursor)
	}
	require.Equal(t, []uint64{4, 2, 6, 1, 5, 3, 7}, cursors)
}

func TestTableThatMayNotGrowDoesWhenItIsCrowded(t *testing.T) {
	d := NewDict[int](Seed{})
	d.mayGrow = func(int) bool { return false }
	grown := 0
	for i := range 1000 {
		before := len(d.now)
		d.Set([]byte(fmt.Sprint(i)), i)
		if before > 0 && len(d.now) > before {
			require.GreaterOrEqual(t, i*8, before*crowded)
			grown++
		}
	}
	require.Equal(t, 1000, d.Len())
	require.Positive(t, grown)
}
