package keyspace

// Lazy says which deletions Redis would leave to another thread. Here the collector frees everything beside the
// work, so that it matters only for what INFO counts.
type Lazy struct {
	User   bool // those that a client asks for with DEL (lazyfree-lazy-user-del)
	Flush  bool // those of whole databases (lazyfree-lazy-user-flush)
	Server bool // those that are a side effect of a command (lazyfree-lazy-server-del)
	Expire bool // those of keys whose time has run out (lazyfree-lazy-expire)
	Evict  bool // those for want of memory (lazyfree-lazy-eviction)
}

// lazyThreshold is how much work a value has to be before another thread is worth its while (LAZYFREE_THRESHOLD).
const lazyThreshold = 64

// Unlink is Delete that leaves the value to another thread.
func (db *DB) Unlink(now int64, key []byte) bool { return db.remove(now, key, true) }

// FlushLater is Flush that leaves the content to another thread.
func (db *DB) FlushLater() int {
	n := db.Flush()
	db.space.Stats.Freed += uint64(n)
	return n
}

// left counts the value of it when it goes and is left to another thread.
func (db *DB) left(it *item, lazily bool) {
	if lazily && effort(it.Value.Value) > lazyThreshold {
		db.space.Stats.Freed++
	}
}

// effort is how much work it is to free a value (lazyfreeGetFreeEffort).
func effort(value Value) int {
	switch v := value.(type) {
	case *ListValue:
		return v.chunks
	case *StreamValue:
		work := v.RadixNodes()
		if groups := v.Groups(); len(groups) > 0 {
			work += len(groups) * (1 + groups[0].PendingLen())
		}
		return work
	case nil, *StringValue: // nil: a key that is being made
		return 1
	}
	switch value.Encoding() {
	case "hashtable", "skiplist":
		return value.Len()
	}
	return 1
}
