package keyspace

// Entry is what a database holds for one key. It is valid until the key is deleted. When the key dies stands in
// the queue of those that will: most keys live for ever, and a million of them take eight megabytes for each
// word of this.
type Entry struct {
	Value   Value  // changed only behind ForWrite
	access  uint32 // s since 1970 of the last access, or minutes and a counter (Counting)
	version uint32 // the database's change counter at the last write access
	written uint32 // the epoch of the last snapshot that has this entry
	memory  uint32 // what is counted for it, in 8 bytes, and openBit
	queue   int32  // position in the expiry queue plus one; 0 = not in it
	place   uint32 // position among the keys of its slot, in cluster mode
}

// openBit marks an entry in the space's list of those whose memory has to be counted again.
const openBit = 1 << 31

func (e *Entry) words() uint32     { return e.memory &^ openBit }
func (e *Entry) isOpen() bool      { return e.memory&openBit != 0 }
func (e *Entry) setWords(n uint32) { e.memory = e.memory&openBit | n }

func (e *Entry) setOpen(open bool) {
	e.memory &^= openBit
	if open {
		e.memory |= openBit
	}
}

type item = Item[Entry]

// entryBytes is what a key occupies besides its text and value: the item, and what is lost by the
// rounding to size classes.
const entryBytes = 64 + 8

// Volatile tells whether the key has an expiry.
func (e *Entry) Volatile() bool { return e.queue != 0 }

// Expires returns when the key of e, one of this database's, dies, in ms since 1970; 0 is never.
func (db *DB) Expires(e *Entry) int64 { return db.data.volatile.of(e) }

// ExpiredAt tells whether the key of e, one of this database's, is logically dead at now.
func (db *DB) ExpiredAt(e *Entry, now int64) bool { return db.data.volatile.dead(e, now) }

// Version changes with each write access to the key and differs between two keys' lives.
func (e *Entry) Version() uint32 { return e.version }

// Idle returns how many seconds ago the key was used.
func (e *Entry) Idle(now int64) int64 { return max(0, now/1000-int64(e.access)) }

// measure estimates the memory of one key in words.
func measure(it *item) uint32 {
	bytes := entryBytes + len(it.Key()) + it.Value.Value.Footprint()
	return uint32(min(bytes/8, openBit-1))
}

// Footprint estimates the bytes that the key with its value occupies (MEMORY USAGE).
func (db *DB) Footprint(key []byte) int {
	it := db.data.keys.Find(key)
	if it == nil {
		return 0
	}
	return entryBytes + len(it.Key()) + it.Value.Value.Footprint()
}
