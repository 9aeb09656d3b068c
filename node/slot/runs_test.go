package slot

import (
	"math/rand/v2"
	"slices"
	"testing"
	"unsafe"

	"github.com/stretchr/testify/require"
)

// holdsTheSame compares a set kept as ranges with one kept as bits in every respect.
func holdsTheSame(t *testing.T, want *Set, got *Runs) {
	t.Helper()
	require.Equal(t, *want, got.Set())
	require.Equal(t, want.Ranges(), got.Ranges())
	require.Equal(t, want.Len(), got.Len())
	require.True(t, got.Equal(want))
}

func TestRunsHoldWhatASetHolds(t *testing.T) {
	for _, span := range []int{8, 200, Count} {
		rng := rand.New(rand.NewPCG(1, uint64(span)))
		var bits Set
		var runs Runs
		for range 4000 {
			s := Slot(rng.IntN(span))
			if span == Count && rng.IntN(2) == 0 {
				s = Slot(Count - 1 - rng.IntN(4)) // the last one has no neighbour
			}
			require.Equal(t, bits.Has(s), runs.Has(s))
			if rng.IntN(3) > 0 {
				bits.Add(s)
				runs.Add(s)
			} else {
				bits.Remove(s)
				runs.Remove(s)
			}
			if rng.IntN(50) == 0 {
				holdsTheSame(t, &bits, &runs)
			}
		}
		holdsTheSame(t, &bits, &runs)
	}
}

func TestRunsTellSetsApart(t *testing.T) {
	var runs Runs
	var bits Set
	require.True(t, runs.Equal(&bits), "nothing is nothing")
	for s := Slot(100); s < 200; s++ {
		runs.Add(s)
		bits.Add(s)
	}
	for _, s := range []Slot{0, 99, 100, 150, 199, 200, Count - 1} {
		other := bits
		if other.Has(s) {
			other.Remove(s)
		} else {
			other.Add(s)
		}
		require.False(t, runs.Equal(&other), "slot %d", s)
	}
	require.True(t, runs.Equal(&bits))
}

func TestARangeOfSlotsTakesFewBytes(t *testing.T) {
	var runs Runs
	for s := Slot(0); s < 5461; s++ {
		runs.Add(s)
	}
	require.Nil(t, runs.more)
	require.LessOrEqual(t, unsafe.Sizeof(runs), uintptr(16))
}

func TestLongRunsEndWhereTheyEnd(t *testing.T) {
	for _, first := range []int{0, 1, 63, 64, 255, 256, 257, 5461, 16127, 16128} {
		for _, last := range []int{first, 255, 256, 511, 512, 10922, 16382, 16383} {
			if last < first {
				continue
			}
			var set Set
			for s := first; s <= last; s++ {
				set.Add(Slot(s))
			}
			require.Equal(t, []Range{{First: Slot(first), Last: Slot(last)}}, set.Ranges(), "%d-%d", first, last)
		}
	}
}

func TestRunsShareSlotsOrNot(t *testing.T) {
	for _, tt := range []struct {
		a, b   []Slot
		shared bool
	}{
		{nil, nil, false},
		{[]Slot{1}, nil, false},
		{[]Slot{1}, []Slot{1}, true},
		{[]Slot{1, 2, 5}, []Slot{3, 4, 6, 7}, false},
		{[]Slot{1, 2, 5, 9, 10}, []Slot{3, 4, 6, 7, 10, 12}, true},
	} {
		a, b := runsOf(tt.a), runsOf(tt.b)
		require.Equal(t, tt.shared, a.Intersects(b), "%v and %v", tt.a, tt.b)
		require.Equal(t, tt.shared, b.Intersects(a), "%v and %v", tt.b, tt.a)
		require.Equal(t, slices.Equal(tt.a, tt.b), a.Same(b))
		require.Equal(t, tt.a, slices.Collect(a.All()))
	}
}

func TestACopyOfRunsSharesNothing(t *testing.T) {
	for _, slots := range [][]Slot{{4}, {4, 6}} {
		a := runsOf(slots)
		b := a.Clone()
		b.Add(5)
		require.Equal(t, slots, slices.Collect(a.All()))
		require.Equal(t, len(slots)+1, b.Len())
	}
	require.Equal(t, "4-5,7", string(runsOf([]Slot{4, 5, 7}).Append(nil, ',')))
}

func runsOf(slots []Slot) *Runs {
	r := &Runs{}
	for _, s := range slots {
		r.Add(s)
	}
	return r
}
