package keyspace

// table is the content of a database: what SWAPDB exchanges, FLUSHDB drops and a snapshot walks.
type table struct {
	keys     Dict[Entry]
	volatile expiryQueue
	slots    *slotIndex // nil outside cluster mode
	words    uint64     // memory of all entries, in 8 bytes
	number   int        // the database it belonged to when the last snapshot began
}

func (s *Space) newTable() *table {
	t := &table{keys: Dict[Entry]{seed: s.config.Seed, mayGrow: s.mayGrow}}
	if s.config.Cluster {
		t.slots = new(slotIndex)
	}
	return t
}

// count measures it and corrects the table's memory.
func (t *table) count(it *item) {
	words := measure(it)
	t.words += uint64(words) - uint64(it.Value.words())
	it.Value.setWords(words)
}

// DB is one numbered database.
//
// A key whose time has run out is treated as Space.Expiry says by every method that takes now
// (ms since 1970). An Entry is changed only after ForWrite has returned it: that is where a
// running snapshot saves its old state.
type DB struct {
	Number int

	space *Space
	data  *table
}

// Read returns the entry of key for a reading command, nil when there is none. It counts a hit
// or a miss and makes the key used now.
func (db *DB) Read(now int64, key []byte) *Entry {
	e := db.Peek(now, key)
	if e != nil {
		db.space.touch(e, now)
	}
	return e
}

// Peek is Read for commands that do not use the value (EXISTS, OBJECT, TTL, TYPE): the key's idle
// time goes on.
func (db *DB) Peek(now int64, key []byte) *Entry {
	e := db.Look(now, key)
	if e == nil {
		db.space.Stats.Misses++
		if db.space.OnMiss != nil {
			db.space.OnMiss(db, key)
		}
		return nil
	}
	db.space.Stats.Hits++
	return e
}

// Look is Peek that does not even count a hit or a miss.
func (db *DB) Look(now int64, key []byte) *Entry {
	if it := db.find(now, key, false); it != nil {
		return &it.Value
	}
	return nil
}

// Has tells whether a command would find key. It changes nothing at all: an expired key is only
// passed over.
func (db *DB) Has(now int64, key []byte) bool {
	it := db.data.keys.Find(key)
	return it != nil && (db.space.Expiry == ShowExpired || !db.ExpiredAt(&it.Value, now))
}

// Size is the Len of the value of key, 0 when there is none. It changes nothing at all.
func (db *DB) Size(key []byte) int {
	if it := db.data.keys.Find(key); it != nil {
		return it.Value.Value.Len()
	}
	return 0
}

// ForWrite returns the entry of key for a command that may change its value, nil when there is
// none. The value may be changed in place until the next call of any method.
func (db *DB) ForWrite(now int64, key []byte) *Entry {
	it := db.find(now, key, true)
	if it == nil {
		return nil
	}
	db.touchForWrite(now, it)
	db.space.reopen(db.data, it)
	return &it.Value
}

// Set makes value the value of key, without an expiry, and returns its entry.
func (db *DB) Set(now int64, key []byte, value Value) *Entry {
	it := db.obtain(now, key)
	db.replacing(it)
	db.left(it, db.space.Lazy.Server)
	it.Value.Value = value
	db.data.volatile.set(it, 0)
	db.data.count(it)
	return &it.Value
}

// Overwrite is Set for a value that keeps the key's expiry.
func (db *DB) Overwrite(now int64, key []byte, value Value) *Entry {
	it := db.obtain(now, key)
	db.replacing(it)
	db.left(it, db.space.Lazy.Server)
	it.Value.Value = value
	db.data.count(it)
	return &it.Value
}

// SetString is Set with a copy of text. An old string's memory is used again.
func (db *DB) SetString(now int64, key, text []byte) *Entry {
	it := db.assign(now, key, text)
	if it.Value.queue != 0 {
		db.data.volatile.set(it, 0)
	}
	return &it.Value
}

// SetInt is SetString for a number.
func (db *DB) SetInt(now int64, key []byte, n int64) *Entry {
	it := db.find(now, key, true)
	if it == nil {
		it = db.insert(now, newStringItem(key, nil))
		it.Value.Value.(*StringValue).SetInt(n)
		db.data.count(it)
		return &it.Value
	}
	return db.Set(now, key, NewInt(n))
}

// OverwriteString is Overwrite with a copy of text. An old string's memory is used again.
func (db *DB) OverwriteString(now int64, key, text []byte) *Entry {
	return &db.assign(now, key, text).Value
}

func (db *DB) assign(now int64, key, text []byte) *item {
	it := db.find(now, key, true)
	if it == nil {
		it = db.insert(now, newStringItem(key, text))
		db.data.count(it)
		return it
	}
	db.touchForWrite(now, it)
	if s, ok := it.Value.Value.(*StringValue); ok {
		assign(it, s, text)
	} else {
		db.replacing(it)
		db.left(it, db.space.Lazy.Server)
		it.Value.Value = NewString(text)
	}
	db.data.count(it)
	return it
}

// Delete removes key and tells whether it was there to be seen.
func (db *DB) Delete(now int64, key []byte) bool { return db.remove(now, key, db.space.Lazy.Server) }

func (db *DB) remove(now int64, key []byte, lazily bool) bool {
	it := db.find(now, key, true)
	if it == nil {
		return false
	}
	db.left(it, lazily)
	db.drop(it)
	return true
}

// Move takes the entry of key, with expiry and idle time, out of db and puts it into target
// under a new name, replacing what is there. It tells whether key was there (RENAME, MOVE).
func (db *DB) Move(now int64, key []byte, target *DB, name []byte) bool {
	it := db.find(now, key, true)
	if it == nil {
		return false
	}
	value, expires, access := it.Value.Value, db.Expires(&it.Value), it.Value.access
	db.drop(it)
	e := target.Set(now, name, value)
	e.access = access
	if expires != 0 {
		target.Expire(name, expires)
	}
	return true
}

// Expire makes key die after the millisecond at. It does not look at the expiry that key has.
func (db *DB) Expire(key []byte, at int64) {
	if at == 0 {
		at = 1 // 0 means never; both are long past
	}
	db.setExpiry(key, at)
}

// Persist takes the expiry of key away.
func (db *DB) Persist(key []byte) { db.setExpiry(key, 0) }

func (db *DB) setExpiry(key []byte, at int64) {
	it := db.data.keys.Find(key)
	if it == nil {
		return
	}
	db.preserve(it)
	db.space.version++
	it.Value.version = db.space.version
	db.data.volatile.set(it, at)
}

// Len returns the number of keys, expired ones included as in DBSIZE.
func (db *DB) Len() int { return db.data.keys.Len() }

// Volatile returns the number of keys that have an expiry.
func (db *DB) Volatile() int { return db.data.volatile.len() }

// AverageTTL returns the mean time left of the volatile keys, in ms.
func (db *DB) AverageTTL(now int64) int64 { return db.data.volatile.average(now) }

// Flush empties the database and returns how many keys there were. A running snapshot keeps
// the old content until it has walked it.
func (db *DB) Flush() int {
	n := db.data.keys.Len()
	db.data = db.space.newTable()
	db.space.version++
	return n
}

// find returns the item of key unless its time has run out.
func (db *DB) find(now int64, key []byte, write bool) *item {
	it := db.data.keys.Find(key)
	if it == nil || it.Value.queue == 0 || !db.ExpiredAt(&it.Value, now) {
		return it
	}
	switch db.space.Expiry {
	case ShowExpired:
		return it
	case HideExpired:
		if write {
			db.expire(it, false)
		}
	default:
		db.expire(it, false)
	}
	return nil
}

// obtain returns the item of key, newly made when there was none, ready to be given a value.
func (db *DB) obtain(now int64, key []byte) *item {
	if it := db.find(now, key, true); it != nil {
		db.touchForWrite(now, it)
		return it
	}
	it := new(item)
	it.name(string(key))
	return db.insert(now, it)
}

// insert puts a new item, whose key is not there, into the table and the index, and tells of it.
func (db *DB) insert(now int64, it *item) *item {
	db.enter(now, it)
	if db.space.OnNew != nil {
		db.space.OnNew(db, bytesOf(it.Key()))
	}
	return it
}

// enter is insert that tells nobody.
func (db *DB) enter(now int64, it *item) {
	db.data.keys.place(it)
	it.Value.written = db.space.epoch // no snapshot that has begun may have it
	if db.data.slots != nil {
		db.data.slots.add(it)
	}
	db.space.version++
	it.Value.version = db.space.version
	db.space.fresh(&it.Value, now)
}

func (db *DB) touchForWrite(now int64, it *item) {
	db.preserve(it)
	db.space.version++
	it.Value.version = db.space.version
	db.space.touch(&it.Value, now)
}

// preserve hands the present state of it to a running snapshot that does not have it yet.
func (db *DB) preserve(it *item) {
	if it.Value.written != db.space.epoch {
		db.space.preserve(db.data, it)
	}
}

func (db *DB) expire(it *item, active bool) {
	db.left(it, db.space.Lazy.Expire)
	db.drop(it)
	db.space.Stats.Expired++
	if db.space.OnExpired != nil {
		db.space.OnExpired(db, it.Key(), active)
	}
}

// replacing tells of a stream that is about to go.
func (db *DB) replacing(it *item) {
	if _, is := it.Value.Value.(*StreamValue); is && db.space.OnStreamGone != nil {
		db.space.OnStreamGone(db, it.Key())
	}
}

// drop removes it from the table and all indexes.
func (db *DB) drop(it *item) {
	db.preserve(it)
	db.replacing(it)
	if it.Value.queue != 0 {
		db.data.volatile.set(it, 0)
	}
	if db.data.slots != nil {
		db.data.slots.remove(it)
	}
	db.data.words -= uint64(it.Value.words())
	it.Value.setOpen(false)
	db.space.version++
	db.data.keys.Remove(bytesOf(it.Key()))
}
