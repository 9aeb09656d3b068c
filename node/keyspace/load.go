package keyspace

// mostExpected is how many keys a table is made for on somebody's word alone: eight megabytes.
const mostExpected = 1 << 20

// Expect makes the table of an empty database large enough for so many keys, so that it need not grow
// while they come.
func (db *DB) Expect(keys uint64) {
	if db.data.keys.count == 0 {
		db.data.keys.expect(int(min(keys, mostExpected)))
	}
}

// expect makes the table of an empty Dict large enough for n keys.
func (d *Dict[V]) expect(n int) {
	size := smallestTable
	for size < n {
		size *= 2
	}
	if size > len(d.now) && (d.mayGrow == nil || d.mayGrow(size)) {
		d.now, d.old, d.moved = make([]*Item[V], size), nil, 0
	}
}

// Load makes value the value of a key that comes from a file, without an expiry, and returns its entry; nil
// when the key is there already. Nobody is told of the key.
func (db *DB) Load(now int64, key []byte, value Value) *Entry {
	if db.data.keys.Find(key) != nil {
		return nil
	}
	it := new(item)
	it.name(string(key))
	db.enter(now, it)
	it.Value.Value = value
	db.data.count(it)
	return &it.Value
}

// LoadString is Load with a copy of text.
func (db *DB) LoadString(now int64, key, text []byte) *Entry {
	if db.data.keys.Find(key) != nil {
		return nil
	}
	it := newStringItem(key, text)
	db.enter(now, it)
	db.data.count(it)
	return &it.Value
}

// LoadCopy is Load with a copy of an entry of another Space, its age included, and the expiry that it has there.
func (db *DB) LoadCopy(now int64, key string, e *Entry, expires int64) {
	copied := db.Load(now, []byte(key), e.Value.Copy())
	if copied == nil {
		return
	}
	if expires != 0 {
		db.Expire([]byte(key), expires)
	}
	copied.access = e.access
}
