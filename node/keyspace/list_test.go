package keyspace

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// elements returns the elements of l, first to last.
func elements(l *ListValue) []string {
	var out []string
	for _, b := range l.Forward(0) {
		out = append(out, string(b))
	}
	return out
}

// checkList compares l with want by every way of reading it, and its counters with its chain.
func checkList(t rapid.TB, l *ListValue, want []string) {
	if got := elements(l); !slices.Equal(got, want) || l.Len() != len(want) {
		t.Fatalf("forward: got %d %q want %q", l.Len(), got, want)
	}
	i := len(want) - 1
	for at, b := range l.Backward(max(i, 0)) {
		if at != i || string(b) != want[i] || string(l.At(i)) != want[i] {
			t.Fatalf("backward: got %d %q, at %q, want %d %q", at, b, l.At(i), i, want[i])
		}
		i--
	}
	if i != -1 {
		t.Fatalf("backward stopped at %d", i)
	}
	size, chunks, prev := 0, 0, (*chunk)(nil)
	for c := l.first; c != nil; prev, c = c, c.next {
		size, chunks = size+c.size(), chunks+1
		if c.prev != prev || c.n == 0 || c.n > 1 && c.size() > chunkBytes {
			t.Fatalf("bad chunk: %d entries, %d bytes", c.n, c.size())
		}
	}
	if prev != l.last || size != l.size || chunks != l.chunks {
		t.Fatalf("counted %d bytes in %d chunks, list says %d in %d", size, chunks, l.size, l.chunks)
	}
}

func TestListIsASequenceWhateverIsDoneToIt(t *testing.T) {
	lengths := rapid.OneOf(rapid.IntRange(0, 4), rapid.SampledFrom([]int{900, 3000, 9000}))
	rapid.Check(t, func(t *rapid.T) {
		l, want := NewList(), []string(nil)
		entry := func() string {
			letter := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(t, "letter")
			return string(bytes.Repeat([]byte(letter), lengths.Draw(t, "length")))
		}
		some := func(t *rapid.T) int {
			if len(want) == 0 {
				t.Skip("empty")
			}
			return rapid.IntRange(0, len(want)-1).Draw(t, "index")
		}
		t.Repeat(map[string]func(*rapid.T){
			"pushBack":  func(*rapid.T) { e := entry(); l.PushBack([]byte(e)); want = append(want, e) },
			"pushFront": func(*rapid.T) { e := entry(); l.PushFront([]byte(e)); want = append([]string{e}, want...) },
			"pushMany": func(*rapid.T) {
				for i := range 40 {
					e := entry() + strconv.Itoa(i)
					l.PushBack([]byte(e))
					want = append(want, e)
				}
			},
			"pop": func(t *rapid.T) {
				some(t)
				if got := string(l.PopFront()); got != want[0] {
					t.Fatalf("front: got %q want %q", got, want[0])
				}
				if want = want[1:]; len(want) == 0 {
					return
				}
				if got := string(l.PopBack()); got != want[len(want)-1] {
					t.Fatalf("back: got %q want %q", got, want[len(want)-1])
				}
				want = want[:len(want)-1]
			},
			"set": func(t *rapid.T) {
				i, e := some(t), entry()
				l.Set(i, []byte(e))
				want = slices.Clone(want)
				want[i] = e
			},
			"insert": func(t *rapid.T) {
				i, e := rapid.IntRange(0, len(want)).Draw(t, "index"), entry()
				l.Insert(i, []byte(e))
				want = slices.Insert(slices.Clone(want), i, e)
			},
			"trim": func(t *rapid.T) {
				start := some(t)
				count := rapid.IntRange(0, len(want)-start).Draw(t, "count")
				l.Trim(start, count)
				want = want[start : start+count]
			},
			"remove": func(t *rapid.T) {
				e := entry()
				count, backwards := rapid.IntRange(0, 3).Draw(t, "count"), rapid.Bool().Draw(t, "backwards")
				kept := removed(want, e, count, backwards)
				if got := l.Remove([]byte(e), count, backwards); got != len(want)-len(kept) {
					t.Fatalf("removed %d, want %d", got, len(want)-len(kept))
				}
				want = kept
			},
			"copy": func(*rapid.T) { l = l.Copy().(*ListValue) },
			"":     func(t *rapid.T) { checkList(t, l, want) },
		})
	})
}

// removed is the naive LREM.
func removed(list []string, e string, count int, backwards bool) []string {
	kept := slices.Clone(list)
	if backwards {
		slices.Reverse(kept)
	}
	gone := 0
	kept = slices.DeleteFunc(kept, func(s string) bool {
		hit := s == e && (count == 0 || gone < count)
		if hit {
			gone++
		}
		return hit
	})
	if backwards {
		slices.Reverse(kept)
	}
	return kept
}

func TestListOfManySmallElementsCostsFewBytesEach(t *testing.T) {
	l := NewList()
	for i := range 100_000 {
		l.PushBack([]byte(strconv.Itoa(i)))
	}
	require.Less(t, l.Footprint()/l.Len(), 10)
	require.Equal(t, "77777", string(l.At(77_777)))
	require.Equal(t, "quicklist", l.Encoding())
}

func TestPoppedElementStaysReadableUntilTheNextChange(t *testing.T) {
	l := NewList()
	for i := range 3 {
		l.PushBack(fmt.Appendf(nil, "element-%d", i))
	}
	require.Equal(t, "element-0", string(l.PopFront()))
	require.Equal(t, "element-2", string(l.PopBack()))
	require.Equal(t, "element-1", string(l.PopBack()))
	require.Nil(t, l.PopBack())
	require.Nil(t, l.PopFront())
}

func BenchmarkListPushPop(b *testing.B) {
	l, e := NewList(), []byte("element-12345")
	b.ReportAllocs()
	for i := range b.N {
		if l.PushBack(e); i >= 1000 {
			l.PopFront()
		}
	}
}
