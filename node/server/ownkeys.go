package server

import (
	"cmp"
	"maps"
	"slices"

	"clusterplay/node/keyspace"
)

// maxOwnKeys bounds how many keys of its own a writable replica watches for their end.
const maxOwnKeys = 1 << 16

// rememberOwn notes a key that a client changed on this writable replica: no master will tell when its
// time is over (rememberSlaveKeyWithExpire).
func (s *Server) rememberOwn(db *keyspace.DB, key []byte) {
	if s.current == nil || s.current.ctx.Master || len(s.ownKeys) >= maxOwnKeys || s.settings.yes("replica-read-only") {
		return // what PFCOUNT changes on a replica that is not writable is still the master's
	}
	if s.ownKeys == nil {
		s.ownKeys = map[watchKey]bool{}
	}
	s.ownKeys[watchKey{db.Number, string(key)}] = true
}

// expireOwn deletes the replica's own keys whose time is over, and forgets those that have none
// (expireSlaveKeys).
func (s *Server) expireOwn() {
	if len(s.ownKeys) == 0 {
		return
	}
	if !s.isReplica() {
		s.ownKeys = nil
		return
	}
	s.current = nil
	for _, k := range slices.SortedFunc(maps.Keys(s.ownKeys), compareKeys) {
		db, key := s.space.DB(k.db), []byte(k.key)
		s.space.Expiry = keyspace.ShowExpired
		e := db.Look(s.nowMs, key)
		switch {
		case e == nil || !e.Volatile():
			delete(s.ownKeys, k)
		case db.ExpiredAt(e, s.nowMs):
			s.space.Expiry = keyspace.DeleteExpired
			db.ForWrite(s.nowMs, key)
			delete(s.ownKeys, k)
		}
	}
	s.setExpiry()
}

func compareKeys(a, b watchKey) int { return cmp.Or(a.db-b.db, cmp.Compare(a.key, b.key)) }
