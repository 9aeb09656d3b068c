package keyspace

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

var testScores = rapid.OneOf(
	rapid.SampledFrom([]float64{0, 1, 1.5, -2, math.Inf(1), math.Inf(-1)}),
	rapid.Map(rapid.IntRange(-5, 5), func(n int) float64 { return float64(n) }),
)

// ordered is the naive sorted set.
func ordered(scores map[string]float64) []ranked {
	var out []ranked
	for member, score := range scores {
		out = append(out, ranked{score, member})
	}
	slices.SortFunc(out, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.score, b.score), cmp.Compare(a.member, b.member))
	})
	return out
}

func TestSortedSetIsOrderedByScoreThenMember(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, want := NewZSet(), map[string]float64{}
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				m, score := words.Draw(t, "member"), testScores.Draw(t, "score")
				_, had := want[m]
				if got := z.Set([]byte(m), score, &smallLimits); got == had {
					t.Fatalf("set %q: new=%v", m, got)
				}
				want[m] = score
			},
			"delete": func(t *rapid.T) {
				m := words.Draw(t, "member")
				_, had := want[m]
				if got := z.Delete([]byte(m)); got != had {
					t.Fatalf("delete %q: %v", m, got)
				}
				delete(want, m)
			},
			"deleteRange": func(t *rapid.T) {
				from := rapid.IntRange(0, len(want)).Draw(t, "from")
				to := rapid.IntRange(from, min(from+2, len(want))).Draw(t, "to")
				for _, r := range ordered(want)[from:to] {
					delete(want, r.member)
				}
				z.DeleteRange(from, to)
			},
			"copy": func(*rapid.T) { z = z.Copy().(*ZSetValue) },
			"scan": func(t *rapid.T) {
				seen := map[string]float64{}
				for cursor := uint64(0); ; {
					cursor = z.Scan(cursor, 3, func(m []byte, s float64) { seen[string(m)] = s })
					if cursor == 0 {
						break
					}
				}
				if !maps.Equal(seen, want) {
					t.Fatalf("scanned %v want %v", seen, want)
				}
			},
			"sample": func(t *rapid.T) {
				count := rapid.IntRange(0, 12).Draw(t, "count")
				ranks := z.Sample(count, testRand(t))
				slices.Sort(ranks)
				if len(ranks) != min(count, len(want)) || len(slices.Compact(ranks)) != min(count, len(want)) {
					t.Fatalf("sample %d: %v", count, ranks)
				}
			},
			"": func(t *rapid.T) { checkZSet(t, z, ordered(want)) },
		})
	})
}

// checkZSet compares z with want by every way of reading it.
func checkZSet(t *rapid.T, z *ZSetValue, want []ranked) {
	if z.Len() != len(want) {
		t.Fatalf("length %d want %d", z.Len(), len(want))
	}
	rank := 0
	for member, score := range z.All() {
		if w := want[rank]; w.member != string(member) || w.score != score {
			t.Fatalf("rank %d: got %q %v want %v", rank, member, score, w)
		}
		at, atScore := z.At(rank)
		got, ok := z.Score(member)
		place, there := z.Rank(member)
		if string(at) != string(member) || atScore != score || got != score || !ok || place != rank || !there {
			t.Fatalf("rank %d: at %q %v, score %v %v, rank %d %v", rank, at, atScore, got, ok, place, there)
		}
		rank++
	}
	for member, score := range z.Descend(z.Len() - 1) {
		rank--
		if w := want[rank]; w.member != string(member) || w.score != score {
			t.Fatalf("descending, rank %d: got %q %v want %v", rank, member, score, w)
		}
	}
	if rank != 0 {
		t.Fatalf("descending stopped at %d", rank)
	}
	below, upTo := 0, 0
	for _, w := range want {
		if w.score < 1 {
			below++
		}
		if w.score <= 1 {
			upTo++
		}
	}
	if z.BelowScore(1, false) != below || z.BelowScore(1, true) != upTo {
		t.Fatalf("below 1: got %d %d want %d %d", z.BelowScore(1, false), z.BelowScore(1, true), below, upTo)
	}
}

func TestSortedSetLeavesTheListpackWhenItGrowsPastALimit(t *testing.T) {
	z := NewZSet()
	for i := range smallLimits.ZSetEntries {
		z.Set([]byte(strconv.Itoa(i)), float64(i), &smallLimits)
	}
	require.Equal(t, "listpack", z.Encoding())
	z.Set([]byte("0"), 5, &smallLimits)
	require.Equal(t, "listpack", z.Encoding(), "an update adds nothing")
	z.Set([]byte("new"), 1, &smallLimits)
	require.Equal(t, "skiplist", z.Encoding())

	long := NewZSet()
	long.Set([]byte("1234567"), 1, &smallLimits)
	require.Equal(t, "skiplist", long.Encoding())
}

func TestMembersOfEqualScoreAreCountedByName(t *testing.T) {
	for _, encoding := range []string{"listpack", "skiplist"} {
		t.Run(encoding, func(t *testing.T) {
			z, lim := NewZSet(), DefaultLimits()
			if encoding == "skiplist" {
				lim.ZSetEntries = 0
			}
			for _, m := range []string{"", "a", "b", "c"} {
				z.Set([]byte(m), 0, &lim)
			}
			require.Equal(t, encoding, z.Encoding())
			require.Equal(t, 2, z.BelowMember([]byte("b"), false))
			require.Equal(t, 3, z.BelowMember([]byte("b"), true))
			require.Equal(t, 3, z.BelowMember([]byte("bb"), true))
			require.Equal(t, 0, z.BelowMember(nil, false))
			require.Equal(t, 1, z.BelowMember(nil, true))
		})
	}
}

func TestNegativeZeroEqualsZeroAndOnlyTheSkiplistKeepsItsSign(t *testing.T) {
	for _, encoding := range []string{"listpack", "skiplist"} {
		t.Run(encoding, func(t *testing.T) {
			z, lim := NewZSet(), DefaultLimits()
			if encoding == "skiplist" {
				lim.ZSetEntries = 0
			}
			z.Set([]byte("m"), math.Copysign(0, -1), &lim)
			z.Set([]byte("m"), 0, &lim)
			score, _ := z.Score([]byte("m"))
			require.Equal(t, encoding == "skiplist", math.Signbit(score), "an equal score changes nothing")
		})
	}
}

func TestLargeSortedSetFindsRanksQuickly(t *testing.T) {
	z, lim := NewZSet(), DefaultLimits()
	const n = 50_000
	for i := range n {
		z.Set([]byte(strconv.Itoa(i)), float64(i*7919%n), &lim)
	}
	allocations := testing.AllocsPerRun(100, func() {
		rank, ok := z.Rank([]byte("31"))
		require.True(t, ok && rank == 31*7919%n)
	})
	require.LessOrEqual(t, allocations, 1.0)
	require.Equal(t, 1000, z.BelowScore(1000, false))
}
