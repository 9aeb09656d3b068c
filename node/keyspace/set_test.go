package keyspace

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// smallLimits make the encodings change within a short test.
var smallLimits = Limits{SetInts: 8, HashEntries: 8, HashBytes: 6, ZSetEntries: 8, ZSetBytes: 6, Seed: NewSeed(7)}

// words are members that collide with each other often and are integers half of the time.
var words = rapid.OneOf(
	rapid.Map(rapid.IntRange(-20, 20), strconv.Itoa),
	rapid.SampledFrom([]string{"", "a", "b", "ab", "007", "+1", "-0", "longer than six"}),
)

func testRand(t *rapid.T) func(int) int {
	return rand.New(rand.NewPCG(1, rapid.Uint64().Draw(t, "seed"))).IntN
}

func collect(s *SetValue) []string {
	var out []string
	for b := range s.All() {
		out = append(out, string(b))
	}
	return out
}

func TestSetHoldsWhatWasAddedAndNotRemoved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, want := NewSet(), map[string]bool{}
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				w := words.Draw(t, "word")
				if got := s.Add([]byte(w), &smallLimits); got == want[w] {
					t.Fatalf("add %q: new=%v", w, got)
				}
				want[w] = true
			},
			"remove": func(t *rapid.T) {
				w := words.Draw(t, "word")
				if got := s.Remove([]byte(w)); got != want[w] {
					t.Fatalf("remove %q: %v", w, got)
				}
				delete(want, w)
			},
			"copy": func(*rapid.T) { s = s.Copy().(*SetValue) },
			"sample": func(t *rapid.T) {
				count := rapid.IntRange(0, 12).Draw(t, "count")
				checkSample(t, s.Sample(count, testRand(t)), count, want)
			},
			"scan": func(t *rapid.T) {
				seen := map[string]bool{}
				for cursor := uint64(0); ; {
					cursor = s.Scan(cursor, 3, func(b []byte) { seen[string(b)] = true })
					if cursor == 0 {
						break
					}
				}
				if !maps.Equal(seen, want) {
					t.Fatalf("scanned %v want %v", seen, want)
				}
			},
			"": func(t *rapid.T) {
				got := collect(s)
				slices.Sort(got)
				if !slices.Equal(got, slices.Sorted(maps.Keys(want))) || s.Len() != len(want) {
					t.Fatalf("got %d %q want %v", s.Len(), got, want)
				}
				size := 0
				for w := range want {
					if size += len(w); !s.Has([]byte(w)) {
						t.Fatalf("%q is not found", w)
					}
				}
				if s.Has([]byte("absent")) || s.Has([]byte("99")) {
					t.Fatal("found what is not there")
				}
				if len(want) > 0 && !want[string(s.Random(testRand(t)))] {
					t.Fatal("drew what is not there")
				}
				if s.table != nil && s.size != size {
					t.Fatalf("counted %d bytes, want %d", s.size, size)
				}
			},
		})
	})
}

func checkSample(t *rapid.T, sample [][]byte, count int, from map[string]bool) {
	if len(sample) != min(count, len(from)) {
		t.Fatalf("%d drawn, %d wanted of %d", len(sample), count, len(from))
	}
	seen := map[string]bool{}
	for _, b := range sample {
		if !from[string(b)] || seen[string(b)] {
			t.Fatalf("drew %q from %v into %q", b, from, sample)
		}
		seen[string(b)] = true
	}
}

func TestSetOfIntegersIsAscendingAndConvertsOnlyUpward(t *testing.T) {
	s := NewSet()
	for _, n := range []string{"5", "-3", "9223372036854775807", "-9223372036854775808", "0"} {
		require.True(t, s.Add([]byte(n), &smallLimits))
	}
	require.Equal(t, "intset", s.Encoding())
	require.Equal(t, []string{"-9223372036854775808", "-3", "0", "5", "9223372036854775807"}, collect(s))

	s.Add([]byte("9223372036854775808"), &smallLimits)
	require.Equal(t, "hashtable", s.Encoding())
	s.Remove([]byte("9223372036854775808"))
	require.Equal(t, "hashtable", s.Encoding())

	many := NewSet()
	for i := range smallLimits.SetInts {
		many.Add([]byte(strconv.Itoa(i)), &smallLimits)
	}
	require.Equal(t, "intset", many.Encoding())
	many.Add([]byte("99"), &smallLimits)
	require.Equal(t, "hashtable", many.Encoding())
}

func TestSampleOfManyIsDrawnWithoutCopyingAll(t *testing.T) {
	s := NewSet()
	for i := range 1000 {
		s.Add([]byte(strconv.Itoa(i)), &smallLimits)
	}
	rnd := rand.New(rand.NewPCG(1, 2)).IntN
	sample := s.Sample(100, rnd)
	seen := map[string]bool{}
	for _, b := range sample {
		seen[string(b)] = true
	}
	require.Len(t, seen, 100)
}
