package server

import (
	"time"

	"clusterplay/node/keyspace"
)

// Text is the string that a key holds; false when it holds none. No command is served for it, so that
// whoever checks what became of a value is not among those who are counted. It may be called between
// doors.
func (s *Server) Text(now time.Time, key string) (value string, ok bool) {
	db, ms, name := s.space.DB(0), now.UnixMilli(), []byte(key)
	if !db.Has(ms, name) { // which deletes no key that has expired, as Look would
		return "", false
	}
	text, ok := db.Look(ms, name).Value.(*keyspace.StringValue)
	if !ok {
		return "", false
	}
	return string(text.Bytes(nil)), true
}
