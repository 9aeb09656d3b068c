package keyspace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWarmingChangesNothingWhateverTheTableIsDoing(t *testing.T) {
	space := NewSpace(Config{Seed: NewSeed(3)})
	db := space.DB(0)
	for n := range 400 { // through several doublings, each of which takes a while
		before := stateOf(space)
		stats, version := space.Stats, space.version
		words := [][]byte{[]byte("missing"), nil}
		for i := range n {
			words = append(words, fmt.Appendf(nil, "k%d", i))
		}
		db.Warm(words, 1)
		db.Warm(words, 2)
		require.Equal(t, before, stateOf(space))
		require.Equal(t, stats, space.Stats)
		require.Equal(t, version, space.version)
		db.SetString(0, fmt.Appendf(nil, "k%d", n), fmt.Appendf(nil, "text %d", n))
	}
}

func TestStringThatSharesABlockWithItsKeyLeavesTheKeyAlone(t *testing.T) {
	db := NewSpace(Config{Seed: NewSeed(1)}).DB(0)
	key := []byte("the key")
	db.SetString(0, key, []byte("short text"))
	long := strings.Repeat("a text that cannot stay in that block ", 4)
	for _, text := range []string{"longer than the short text was", "x", long, "12", "short again", long[:sharedText], "1"} {
		db.SetString(0, key, []byte(text))
		e := db.ForWrite(0, key)
		e.Value.(*StringValue).Append([]byte("+"))
		require.Equal(t, text+"+", string(db.Read(0, key).Value.(*StringValue).Bytes(nil)))
		require.Equal(t, 1, db.Len())
		for name := range db.All() {
			require.Equal(t, "the key", name)
		}
	}
}
