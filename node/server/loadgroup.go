package server

import (
	"fmt"

	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
)

// loadGroup is how many keys are decoded before the first of them is put into its database: their places
// are looked up side by side.
const loadGroup = 32

// loadSlice reads up to n keys and reports whether the file is at its proper end.
func (s *Server) loadSlice(load *loading, n int) (done bool, err error) {
	if load.log != nil {
		return load.log.step(n)
	}
	if load.failed != nil {
		return false, load.failed
	}
	limits := command.LimitsOf(s, s.space)
	for more := true; more && n > 0; {
		var found int
		found, more = load.decode(min(n, loadGroup))
		n -= found
		if err := s.loadGroup(load, load.group[:found], &limits); err != nil {
			return false, fmt.Errorf("byte %d: %w", load.decoder.Offset(), err)
		}
		if err := load.decoder.Err(); err != nil {
			return false, err
		}
		if !more && !load.waits() {
			return true, s.endFile(load)
		}
	}
	return false, nil
}

// decode fills the group with up to n entries; more tells whether others may follow at once.
func (load *loading) decode(n int) (found int, more bool) {
	for found < n {
		if !load.decoder.Next() {
			return found, false
		}
		load.group[found] = *load.decoder.Entry()
		load.names[found] = load.group[found].Key
		found++
	}
	return found, true
}

// loadGroup puts entries into their databases.
func (s *Server) loadGroup(load *loading, entries []rdb.Entry, limits *keyspace.Limits) error {
	if len(entries) == 0 {
		return nil
	}
	if db := load.db(s, entries[0].DB); db != nil {
		db.Expect(load.decoder.Hint().Keys)
		db.Warm(load.names[:len(entries)], 1)
	}
	for i := range entries {
		if err := s.loadEntry(load, &entries[i], limits); err != nil {
			return err
		}
	}
	return nil
}

// endFile does what follows the last key.
func (s *Server) endFile(load *loading) error {
	if load.draft != nil {
		return s.adoptDraft(load)
	}
	return s.loadFunctions(load.decoder.Functions(), load.merge)
}

func (s *Server) loadEntry(load *loading, e *rdb.Entry, limits *keyspace.Limits) error {
	db := load.db(s, e.DB)
	if db == nil {
		return fmt.Errorf("database %d does not exist here", e.DB)
	}
	entry, err := s.putLoaded(db, load, e, limits)
	switch {
	case err != nil:
		return fmt.Errorf("key %q: %w", e.Key, err)
	case entry == nil:
		return fmt.Errorf("key %q is there twice", e.Key)
	}
	if e.Expire != 0 {
		db.Expire(e.Key, e.Expire)
	}
	if e.Idle > 0 {
		s.space.SetIdle(entry, s.nowMs, e.Idle)
	}
	if e.Freq >= 0 {
		s.space.SetFrequency(entry, s.nowMs, e.Freq)
	}
	load.loaded++
	return nil
}

// putLoaded puts a key into its database and returns its entry, nil when the key is there already and may
// not be.
func (s *Server) putLoaded(db *keyspace.DB, load *loading, e *rdb.Entry, limits *keyspace.Limits) (*keyspace.Entry, error) {
	if e.Value.Kind == rdb.String && !load.merge {
		return db.LoadString(s.nowMs, e.Key, e.Value.Str), nil
	}
	value, err := command.FromRDB(&e.Value, limits)
	switch {
	case err != nil:
		return nil, err
	case load.merge:
		return db.Set(s.nowMs, e.Key, value), nil
	}
	return db.Load(s.nowMs, e.Key, value), nil
}
