package keyspace

import "iter"

// randomTries is how many expired keys RandomKey may meet on a replica, which cannot delete
// them, before it gives one of them (dbRandomKey).
const randomTries = 100

// RandomKey returns a key that has not expired, chosen with rnd, which returns a number in
// [0, n). The second result is false when there is no key.
func (db *DB) RandomKey(now int64, rnd func(n int) int) (string, bool) {
	for try := 0; ; {
		it := db.data.keys.Fair(rnd)
		if it == nil {
			return "", false
		}
		if !db.ExpiredAt(&it.Value, now) || db.space.Expiry == ShowExpired {
			return it.Key(), true
		}
		if db.space.Expiry == DeleteExpired {
			db.expire(it, false)
			continue
		}
		if try++; try == randomTries {
			return it.Key(), true
		}
	}
}

// Scan visits about count keys behind cursor, expired ones included, and returns the next
// cursor, 0 at the end. visit must not change the database.
func (db *DB) Scan(cursor uint64, count int, visit func(key string, e *Entry)) uint64 {
	return db.data.keys.Scan(cursor, count, func(it *item) { visit(it.Key(), &it.Value) })
}

// All yields all keys, expired ones included, in table order. The database must not be changed
// meanwhile.
func (db *DB) All() iter.Seq2[string, *Entry] { return db.data.keys.All() }
