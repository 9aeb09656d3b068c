package keyspace

import "math"

// Order is what decides which key goes when memory is short.
type Order uint8

// The orders of eviction.
const (
	Anyone     Order = iota // chance decides
	LeastUsed               // the one that was used least lately: by idle time, or by frequency
	FirstToDie              // the one whose time runs out first; only volatile keys have one
)

// Eviction says which keys may go and which goes first.
type Eviction struct {
	Order    Order
	Volatile bool // only keys with an expiry
	Samples  int  // how many keys of a database are looked at for each that goes

	Rand func(n int) int // a number in [0, n)
}

// poolSize is how many good candidates are kept from earlier samples (EVPOOL_SIZE).
const poolSize = 16

// candidate is a key that seemed fit to go.
type candidate struct {
	db    int
	key   string
	score uint64 // the higher, the better
}

// Victim returns the key that should go, and its database; nil when there is none.
func (s *Space) Victim(now int64, how Eviction) (db *DB, key string) {
	switch how.Order {
	case FirstToDie:
		return s.firstToDie()
	case LeastUsed:
		return s.leastUsed(now, how)
	}
	for range s.dbs { // databases take turns
		s.turn = (s.turn + 1) % len(s.dbs)
		if it := s.dbs[s.turn].sample(how); it != nil {
			return s.dbs[s.turn], it.Key()
		}
	}
	return nil, ""
}

// firstToDie looks at no samples: the queue of expiries knows.
func (s *Space) firstToDie() (best *DB, key string) {
	at := int64(math.MaxInt64)
	for _, db := range s.dbs {
		if first := db.data.volatile.first(); first.it != nil && first.at < at {
			best, key, at = db, first.it.Key(), first.at
		}
	}
	return best, key
}

// sample returns a key that may go, nil when there is none.
func (db *DB) sample(how Eviction) *item {
	if !how.Volatile {
		return db.data.keys.Random(how.Rand)
	}
	if n := db.data.volatile.len(); n > 0 {
		return db.data.volatile.items[how.Rand(n)].it
	}
	return nil
}

// leastUsed takes samples of every database into the pool and gives the best that is still there
// (performEvictions).
func (s *Space) leastUsed(now int64, how Eviction) (*DB, string) {
	for {
		seen := false
		for _, db := range s.dbs {
			for range how.Samples {
				it := db.sample(how)
				if it == nil {
					break
				}
				seen = true
				s.consider(candidate{db.Number, it.Key(), s.age(&it.Value, now)})
			}
		}
		if !seen {
			s.pool = s.pool[:0]
			return nil, ""
		}
		for len(s.pool) > 0 {
			best := s.pool[len(s.pool)-1]
			s.pool = s.pool[:len(s.pool)-1]
			db := s.dbs[best.db]
			if it := db.data.keys.Find(bytesOf(best.key)); it != nil && (!how.Volatile || it.Value.Volatile()) {
				return db, best.key
			}
		}
	}
}

// age is how little a key was used.
func (s *Space) age(e *Entry, now int64) uint64 {
	if s.counting.ByFrequency {
		return uint64(mostCounter - e.frequency(now, s.counting.Decay))
	}
	return uint64(e.Idle(now))
}

// consider puts c into the pool, best last, unless it is full of better ones.
func (s *Space) consider(c candidate) {
	at := 0
	for at < len(s.pool) && s.pool[at].score < c.score {
		at++
	}
	for _, other := range s.pool {
		if other.db == c.db && other.key == c.key {
			return
		}
	}
	switch {
	case len(s.pool) < poolSize:
		s.pool = append(s.pool, candidate{})
		copy(s.pool[at+1:], s.pool[at:])
		s.pool[at] = c
	case at > 0:
		copy(s.pool, s.pool[1:at])
		s.pool[at-1] = c
	}
}

// Evict deletes a key whatever its expiry says.
func (db *DB) Evict(key string) {
	if it := db.data.keys.Find(bytesOf(key)); it != nil {
		db.left(it, db.space.Lazy.Evict)
		db.drop(it)
		db.space.Stats.Evicted++
	}
}
