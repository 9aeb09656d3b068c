package keyspace

import (
	"bytes"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// packed returns the entries of p, walked forwards.
func packed(p *pack) []string {
	var out []string
	for pos := p.head; pos < p.end(); {
		b, next := p.at(pos)
		out, pos = append(out, string(b)), next
	}
	return out
}

// packedBackwards returns the entries of p, walked backwards and put in order again.
func packedBackwards(p *pack) []string {
	var out []string
	for pos := p.end(); pos > p.head; {
		pos = p.before(pos)
		b, _ := p.at(pos)
		out = append(out, string(b))
	}
	slices.Reverse(out)
	return out
}

func TestPackEntryIsLengthBytesAndSizeBackwards(t *testing.T) {
	var p pack
	p.pushBack([]byte("ab"))
	p.pushBack(nil)
	require.Equal(t, []byte{2, 'a', 'b', 3, 0, 1}, p.buf)

	var long pack
	long.pushBack(bytes.Repeat([]byte("x"), 200))
	require.Equal(t, []byte{0xc8, 0x01}, long.buf[:2], "200, lowest group first")
	require.Equal(t, []byte{0x01, 0xca}, long.buf[202:], "202, lowest group last")
}

func TestPackIsASequenceWhateverIsDoneToIt(t *testing.T) {
	lengths := rapid.OneOf(rapid.IntRange(0, 5), rapid.SampledFrom([]int{125, 126, 127, 128, 129, 16381, 16384}))
	rapid.Check(t, func(t *rapid.T) {
		var p pack
		var want []string
		entry := func() string {
			return string(bytes.Repeat([]byte{byte('a' + len(want)%26)}, lengths.Draw(t, "length")))
		}
		index := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "index") }
		t.Repeat(map[string]func(*rapid.T){
			"pushBack":  func(*rapid.T) { e := entry(); p.pushBack([]byte(e)); want = append(want, e) },
			"pushFront": func(*rapid.T) { e := entry(); p.pushFront([]byte(e)); want = append([]string{e}, want...) },
			"insert": func(*rapid.T) {
				e, i := entry(), index(len(want)+1)
				p.insert(p.place(i), []byte(e))
				want = slices.Insert(want, i, e)
			},
			"replace": func(t *rapid.T) {
				if len(want) == 0 {
					t.Skip("empty")
				}
				e, i := entry(), index(len(want))
				p.replace(p.place(i), []byte(e))
				want[i] = e
			},
			"remove": func(t *rapid.T) {
				if len(want) == 0 {
					t.Skip("empty")
				}
				from := index(len(want))
				to := rapid.IntRange(from, len(want)).Draw(t, "to")
				p.remove(p.place(from), p.place(to), to-from)
				want = slices.Delete(want, from, to)
			},
			"split": func(*rapid.T) {
				i := index(len(want) + 1)
				tail := p.split(i)
				if got := packed(&tail); !slices.Equal(got, want[i:]) {
					t.Fatalf("tail: got %q want %q", got, want[i:])
				}
				want = want[:i:i]
			},
			"clone": func(*rapid.T) { p = p.clone() },
			"": func(t *rapid.T) {
				if got := packed(&p); p.n != len(want) || !slices.Equal(got, want) {
					t.Fatalf("forwards: got %d %q want %q", p.n, got, want)
				}
				if got := packedBackwards(&p); !slices.Equal(got, want) {
					t.Fatalf("backwards: got %q want %q", got, want)
				}
			},
		})
	})
}
