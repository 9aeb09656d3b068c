package keyspace

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestHashHoldsTheLastValueOfEachField(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h, want, order := NewHash(), map[string]string{}, []string(nil)
		t.Repeat(map[string]func(*rapid.T){
			"set": func(t *rapid.T) {
				f, v := words.Draw(t, "field"), words.Draw(t, "value")
				_, had := want[f]
				if got := h.Set([]byte(f), []byte(v), &smallLimits); got == had {
					t.Fatalf("set %q: new=%v", f, got)
				}
				if want[f] = v; !had {
					order = append(order, f)
				}
			},
			"delete": func(t *rapid.T) {
				f := words.Draw(t, "field")
				_, had := want[f]
				if got := h.Delete([]byte(f)); got != had {
					t.Fatalf("delete %q: %v", f, got)
				}
				delete(want, f)
				order = slices.DeleteFunc(order, func(o string) bool { return o == f })
			},
			"copy": func(*rapid.T) { h = h.Copy().(*HashValue) },
			"sample": func(t *rapid.T) {
				count, from := rapid.IntRange(0, 12).Draw(t, "count"), map[string]bool{}
				for f := range want {
					from[f] = true
				}
				checkSample(t, h.Sample(count, testRand(t)), count, from)
			},
			"random": func(t *rapid.T) {
				if len(want) == 0 {
					t.Skip("empty")
				}
				f, v := h.Random(testRand(t))
				if value, ok := want[string(f)]; !ok || value != string(v) {
					t.Fatalf("random: %q %q of %v", f, v, want)
				}
			},
			"scan": func(t *rapid.T) {
				seen := map[string]string{}
				for cursor := uint64(0); ; {
					cursor = h.Scan(cursor, 3, func(f, v []byte) { seen[string(f)] = string(v) })
					if cursor == 0 {
						break
					}
				}
				if !maps.Equal(seen, want) {
					t.Fatalf("scanned %v want %v", seen, want)
				}
			},
			"": func(t *rapid.T) { checkHash(t, h, want, order) },
		})
	})
}

// checkHash compares h with want by every way of reading it, and its order while it is small.
func checkHash(t *rapid.T, h *HashValue, want map[string]string, order []string) {
	got, fields, size := map[string]string{}, []string(nil), 0
	for f, v := range h.All() {
		got[string(f)], fields = string(v), append(fields, string(f))
		size += len(f) + len(v)
	}
	if !maps.Equal(got, want) || h.Len() != len(want) {
		t.Fatalf("got %d %v want %v", h.Len(), got, want)
	}
	if h.table == nil && !slices.Equal(fields, order) {
		t.Fatalf("got order %q want %q", fields, order)
	}
	if h.table != nil && h.size != size {
		t.Fatalf("counted %d bytes, want %d", h.size, size)
	}
	for _, f := range []string{"a", "1", "absent"} {
		value, ok := h.Get([]byte(f))
		if expected, had := want[f]; ok != had || string(value) != expected {
			t.Fatalf("get %q: %q %v", f, value, ok)
		}
	}
}

func TestHashLeavesTheListpackWhenItGrowsPastALimit(t *testing.T) {
	tests := []struct {
		name  string
		pairs [][2]string
		want  string
	}{
		{"few short pairs", [][2]string{{"f", "v"}, {"123456", "123456"}}, "listpack"},
		{"a long field", [][2]string{{"1234567", "v"}}, "hashtable"},
		{"a long value", [][2]string{{"f", "1234567"}}, "hashtable"},
		{"as many as allowed", [][2]string{{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}, {"7"}, {"8"}}, "listpack"},
		{"one too many", [][2]string{{"1"}, {"2"}, {"3"}, {"4"}, {"5"}, {"6"}, {"7"}, {"8"}, {"9"}}, "hashtable"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := NewHash()
			for _, p := range tt.pairs {
				h.Set([]byte(p[0]), []byte(p[1]), &smallLimits)
			}
			require.Equal(t, tt.want, h.Encoding())
			require.Equal(t, tt.want, h.Copy().Encoding())
			for _, p := range tt.pairs[1:] {
				h.Delete([]byte(p[0]))
			}
			require.Equal(t, tt.want, h.Encoding(), "never back again")
		})
	}
}
