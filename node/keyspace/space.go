package keyspace

// databases is how many databases a server outside cluster mode has when nothing else is said.
const databases = 16

// Config says what a Space is like.
type Config struct {
	Databases int  // default 16; in cluster mode always 1
	Cluster   bool // keep an index of the keys of each slot
	Seed      Seed // chooses the order of tables
}

// Expiry is what happens to a key whose time has run out when it is met.
type Expiry uint8

// The ways to treat an expired key.
const (
	DeleteExpired Expiry = iota // a master: delete it and tell OnExpired
	HideExpired                 // a replica: reads do not see it; only a write access deletes it
	ShowExpired                 // the master's stream and loading: the key is there
)

// Stats counts what INFO shows about the keyspace.
type Stats struct {
	Hits    uint64 // keyspace_hits: reads that found their key
	Misses  uint64 // keyspace_misses
	Expired uint64 // expired_keys: deleted because their time had run out
	Evicted uint64 // evicted_keys: deleted because memory was short
	Freed   uint64 // lazyfreed_objects: what another thread would have freed in Redis
}

// Space is all the data of a node.
type Space struct {
	// Expiry is how expired keys are treated. The server sets it before each command: a
	// command of the master's stream sees what a client of the replica does not.
	Expiry Expiry
	// OnExpired is told each key that was deleted because its time had run out; active tells
	// the expire cycle from an access. It must not change the Space.
	OnExpired func(db *DB, key string, active bool)
	// OnStreamGone is told when a key ceases to hold the stream it held, whatever comes in its place.
	// It must not change the Space.
	OnStreamGone func(db *DB, key string)
	// OnMiss, when not nil, is told each key that a reading command did not find, and OnNew each key
	// that is put into a database. They must not change the Space.
	OnMiss, OnNew func(db *DB, key []byte)
	// MayGrow, when not nil, is asked before the table of a database becomes larger by so many bytes.
	MayGrow func(bytes int) bool
	// Lazy is what Redis would leave to another thread.
	Lazy Lazy
	// Stats may be reset by the server.
	Stats Stats

	config   Config
	dbs      []*DB
	version  uint32
	counting Counting
	pool     []candidate // for eviction, the best last
	turn     int         // the database that chance took the last key from
	cursor   int         // the database at which the next expire cycle begins
	open     []opened    // entries whose memory has to be counted again
	epoch    uint32      // number of snapshots begun
	snapshot *Snapshot
	warmth   uint32 // what Warm has read, so that it is read
}

// NewSpace returns empty databases.
func NewSpace(config Config) *Space {
	switch {
	case config.Cluster:
		config.Databases = 1
	case config.Databases == 0:
		config.Databases = databases
	}
	s := &Space{config: config}
	for i := range config.Databases {
		s.dbs = append(s.dbs, &DB{Number: i, space: s, data: s.newTable()})
	}
	return s
}

// Len returns the number of databases.
func (s *Space) Len() int { return len(s.dbs) }

// DB returns database number i, nil when there is none.
func (s *Space) DB(i int) *DB {
	if i < 0 || i >= len(s.dbs) {
		return nil
	}
	return s.dbs[i]
}

// Keys returns the number of keys in all databases.
func (s *Space) Keys() int {
	n := 0
	for _, db := range s.dbs {
		n += db.Len()
	}
	return n
}

// Flush empties all databases and returns how many keys there were.
func (s *Space) Flush() int {
	n := 0
	for _, db := range s.dbs {
		n += db.Flush()
	}
	return n
}

// Swap exchanges the contents of two databases.
func (s *Space) Swap(a, b *DB) { a.data, b.data = b.data, a.data }

// Rehash moves up to n buckets of each table that is being resized.
func (s *Space) Rehash(n int) {
	for _, db := range s.dbs {
		db.data.keys.Rehash(n)
	}
}
