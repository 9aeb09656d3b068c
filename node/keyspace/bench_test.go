package keyspace

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// benchKeys is enough keys for the table to leave the processor's caches.
const benchKeys = 1 << 20

func benchSpace() (*DB, [][]byte) {
	db := NewSpace(Config{Seed: NewSeed(1)}).DB(0)
	names := make([][]byte, benchKeys)
	for i := range names {
		names[i] = fmt.Appendf(nil, "key:%012d", i)
		db.SetString(0, names[i], []byte("xxx"))
	}
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	return db, names
}

func BenchmarkReadOneOfAMillionKeys(b *testing.B) {
	db, names := benchSpace()
	for i := 0; b.Loop(); i++ {
		db.Read(0, names[i&(benchKeys-1)])
	}
}

func BenchmarkReadOneOfAMillionKeysWarmed(b *testing.B) {
	db, names := benchSpace()
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if at := i & (benchKeys - 1); at%warmGroup == 0 {
			db.Warm(names[at:at+warmGroup], 1)
		}
		db.Read(0, names[i&(benchKeys-1)])
	}
}

func BenchmarkSetOneOfAMillionKeys(b *testing.B) {
	db, names := benchSpace()
	value := []byte("yyy")
	for i := 0; b.Loop(); i++ {
		db.SetString(0, names[i&(benchKeys-1)], value)
	}
}

func BenchmarkGoMapReadOneOfAMillionKeys(b *testing.B) {
	_, names := benchSpace()
	space, m := NewSpace(Config{}), map[string]*Entry{}
	for _, name := range names {
		m[string(name)] = new(Entry)
	}
	for i := 0; b.Loop(); i++ {
		space.touch(m[string(names[i&(benchKeys-1)])], 0)
	}
}

func BenchmarkSetNewKeys(b *testing.B) {
	db := NewSpace(Config{Seed: NewSeed(1)}).DB(0)
	key, value := make([]byte, 0, 32), []byte("xxx")
	for i := 0; b.Loop(); i++ {
		key = fmt.Appendf(key[:0], "key:%012d", i)
		db.SetString(0, key, value)
	}
}

func BenchmarkExpireCycle(b *testing.B) {
	db := NewSpace(Config{Seed: NewSeed(1)}).DB(0)
	key := make([]byte, 0, 32)
	for i := 0; b.Loop(); i++ {
		key = fmt.Appendf(key[:0], "key:%012d", i)
		db.SetString(int64(i), key, nil)
		db.Expire(key, int64(i+1000+i*7919%5000))
		db.space.ExpireCycle(int64(i), 10)
	}
}
