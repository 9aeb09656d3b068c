package keyspace

import (
	"bytes"
	"fmt"
	"math/rand/v2"
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

func TestWarmingElementsChangesNothing(t *testing.T) {
	space := NewSpace(Config{Seed: NewSeed(5)})
	db, lim := space.DB(0), &Limits{Seed: space.Seed()}
	set, hash, ranking := NewSet(), NewHash(), NewZSet()
	db.Set(0, []byte("set"), set)
	db.Set(0, []byte("hash"), hash)
	db.Set(0, []byte("zset"), ranking)
	db.SetString(0, []byte("string"), []byte("text"))
	var commands [][][]byte
	for _, line := range []string{"PING", "SADD set", "SADD set 1", "SADD set 2", "SADD nobody 2", "SADD nobody 3", "HSET hash a b",
		"HGET hash c", "ZSCORE zset a", "ZADD zset 1 b", "ZADD zset 1 c", "SET string a", "SET string b", "GET string"} {
		commands = append(commands, bytes.Fields([]byte(line)))
	}
	for n := range 2*warmFrom + warmFrom/2 { // through a doubling of tables that are warmed
		member := fmt.Appendf(nil, "member %d", n)
		set.Add(member, lim)
		hash.Set(member, member, lim)
		ranking.Set(member, float64(n), lim)
		if n < warmFrom {
			continue
		}
		for _, name := range []string{"set", "hash", "zset"} {
			for range warmGroup {
				commands = append(commands, [][]byte{[]byte("ANY"), []byte(name), member})
			}
		}
		stats, version, moved := space.Stats, space.version, set.table.moved
		db.WarmElements(commands)
		require.Equal(t, stats, space.Stats)
		require.Equal(t, version, space.version)
		require.Equal(t, moved, set.table.moved)
		commands = commands[:len(commands)-3*warmGroup]
	}
	require.Equal(t, 2*warmFrom+warmFrom/2, set.Len())
	for n := range set.Len() {
		member := fmt.Appendf(nil, "member %d", n)
		value, _ := hash.Get(member)
		require.Equal(t, string(member), string(value))
		require.True(t, set.Has(member))
	}
}

func BenchmarkSetHasOneOfAMillionMembers(b *testing.B) { benchMembers(b, false) }

func BenchmarkSetHasOneOfAMillionMembersWarmed(b *testing.B) { benchMembers(b, true) }

func benchMembers(b *testing.B, warmed bool) {
	db := NewSpace(Config{Seed: NewSeed(1)}).DB(0)
	set, lim := NewSet(), &Limits{}
	db.Set(0, []byte("set"), set)
	commands := make([][][]byte, benchKeys)
	for i := range commands {
		member := fmt.Appendf(nil, "element:%012d", i)
		set.Add(member, lim)
		commands[i] = [][]byte{nil, []byte("set"), member}
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(commands), func(i, j int) { commands[i], commands[j] = commands[j], commands[i] })
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		at := i & (benchKeys - 1)
		if warmed && at%warmGroup == 0 {
			db.WarmElements(commands[at : at+warmGroup])
		}
		set.Has(commands[at][2])
	}
}
