package server

import (
	"time"

	"clusterplay/node/keyspace"
	"clusterplay/node/slot"
)

// loadPage is how many slots share a page of counters, so that a node pays only for the parts of
// the slot space in which it serves commands.
const loadPage = 256

// slotLoad counts the commands with keys that were served, by slot.
type slotLoad struct {
	pages [slot.Count / loadPage]*[loadPage]uint32
}

// count notes one command.
func (x *slotLoad) count(s slot.Slot) {
	page := x.pages[s/loadPage]
	if page == nil {
		page = new([loadPage]uint32)
		x.pages[s/loadPage] = page
	}
	page[s%loadPage]++
}

// at is how many commands were served for a slot; the count wraps around.
func (x *slotLoad) at(s slot.Slot) uint32 {
	if page := x.pages[s/loadPage]; page != nil {
		return page[s%loadPage]
	}
	return 0
}

// EachSlot visits, in order, every slot that holds keys or for which commands were served since
// birth. It may be called between doors.
func (s *Server) EachSlot(visit func(sl slot.Slot, keys int, served uint32)) {
	db := s.space.DB(0)
	for sl := range slot.Slot(slot.Count) {
		if keys, served := db.CountInSlot(sl), s.slotLoad.at(sl); keys > 0 || served > 0 {
			visit(sl, keys, served)
		}
	}
}

// KeysInSlot returns up to most keys of a slot, as CLUSTER GETKEYSINSLOT does, and how many there
// are. It may be called between doors.
func (s *Server) KeysInSlot(sl slot.Slot, most int) (keys []string, total int) {
	db := s.space.DB(0)
	return db.KeysInSlot(sl, most), db.CountInSlot(sl)
}

// KeyGlance is what is known of a key without looking at its value.
type KeyGlance struct {
	Key   string
	Kind  string // as TYPE says it
	TTL   int64  // milliseconds; -1 without an expiry
	Bytes int    // as MEMORY USAGE counts them
}

// GlanceKeys visits about count keys behind a cursor as SCAN does, and returns the next cursor, 0 at
// the end. Unlike SCAN it deletes no key that has expired; it passes over it. It may be called
// between doors.
func (s *Server) GlanceKeys(now time.Time, cursor uint64, count int) (keys []KeyGlance, next uint64) {
	db, ms := s.space.DB(0), now.UnixMilli()
	next = db.Scan(cursor, count, func(key string, e *keyspace.Entry) {
		if db.ExpiredAt(e, ms) {
			return
		}
		k := KeyGlance{Key: key, Kind: e.Value.Kind().String(), TTL: -1, Bytes: db.Footprint([]byte(key))}
		if e.Volatile() {
			k.TTL = db.Expires(e) - ms
		}
		keys = append(keys, k)
	})
	return keys, next
}
