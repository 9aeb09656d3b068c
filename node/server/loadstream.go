package server

import (
	"fmt"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
)

// StreamLoad prepares to read a snapshot while it comes, if repl-diskless-load wants that: into databases
// that are empty, or beside the old data, which clients go on to see when they are an earlier state of the
// same history (useDisklessLoad).
func (h replicationHost) StreamLoad(_ time.Time, same bool) (reads, keeps bool) {
	s := h.s
	load := &loading{decoder: rdb.NewStream(), began: s.now, stream: true}
	switch mode := s.settings.text("repl-diskless-load"); {
	case mode == "swapdb":
		load.draft, load.async = s.space.NewDraft(), same
	case mode == "on-empty-db" && s.space.Keys() == 0:
		h.giveWay()
	default:
		return false, false
	}
	s.stopAOF() // it begins again with the new data
	s.saves.loaded = 0
	s.loading = load
	s.log(event.Notice, "MASTER <-> REPLICA sync: Loading DB in memory")
	return true, load.draft != nil
}

// LoadAhead prepares to read a snapshot while it comes, beside databases that are empty. Nobody sees anything
// of it before the whole of it is there: to the world it is a file that is received and then loaded at once.
func (h replicationHost) LoadAhead(time.Time) bool {
	s := h.s
	if s.loading != nil || s.space.Keys() > 0 || s.settings.number("key-load-delay") != 0 {
		return false
	}
	s.ahead = &loading{decoder: rdb.NewStream(), stream: true, draft: s.space.NewDraft()}
	return true
}

// stepAhead reads the next slice of what is read ahead. What is wrong with it is told when it is loaded.
func (s *Server) stepAhead() {
	load := s.ahead
	if load == nil || load.failed != nil || load.waits() {
		return
	}
	s.space.Expiry = keyspace.ShowExpired
	_, load.failed = s.loadSlice(load, sliceKeys)
	s.setExpiry()
}

// adoptAhead makes what was read ahead the data and goes on reading the rest of it, if there is any.
func (s *Server) adoptAhead() {
	load := s.ahead
	s.ahead = nil
	s.dropSnapshots()
	s.space.Adopt(load.draft)
	load.draft, load.stream, load.began = nil, false, s.now
	s.loading = load
}

// giveWay throws everything away that a snapshot replaces.
func (h replicationHost) giveWay() {
	s := h.s
	s.flushData()
	if s.cluster != nil {
		s.cluster.ForgetOpenSlots()
	}
	s.flushFunctions()
	s.log(event.Notice, "MASTER <-> REPLICA sync: Flushing old data")
}

// LoadMore takes the next piece of a snapshot.
func (h replicationHost) LoadMore(_ time.Time, piece []byte, last bool) {
	load := h.s.loading
	if load == nil {
		load = h.s.ahead
	}
	if load == nil || !load.stream {
		return
	}
	load.decoder.Feed(piece)
	load.size = max(load.size, load.decoder.Received())
	if last {
		load.decoder.Finish()
	}
}

// CancelLoad drops what was read so far.
func (h replicationHost) CancelLoad(time.Time) {
	if h.s.ahead != nil {
		h.s.ahead = nil
		return
	}
	load := h.s.loading
	h.s.loading = nil
	if load != nil {
		h.s.dropLoad(load)
	}
}

// dropLoad gives up a snapshot that will not be read to its end.
func (s *Server) dropLoad(load *loading) {
	if load.stream {
		s.log(event.Warning, "Internal error in RDB reading offset %d: it ends too soon", load.decoder.Offset())
		s.log(event.Warning, "Failed trying to load the MASTER synchronization DB from socket")
	}
	if load.draft != nil {
		s.log(event.Notice, "MASTER <-> REPLICA sync: Discarding temporary DB in background")
		return
	}
	s.flushData()
	s.flushFunctions()
}

// adoptDraft puts a snapshot that was read beside the old data in their place, all at once. Its functions
// are tried first.
func (s *Server) adoptDraft(load *loading) error {
	old := s.libraries()
	s.flushFunctions()
	if err := s.loadFunctions(load.decoder.Functions(), false); err != nil {
		s.flushFunctions()
		for _, lib := range old {
			if err := s.loadFunctions([][]byte{[]byte(lib.Code)}, false); err != nil {
				return fmt.Errorf("take back the function library %s: %w", lib.Name, err)
			}
		}
		return err
	}
	s.log(event.Notice, "MASTER <-> REPLICA sync: Swapping active DB with loaded DB")
	s.dropSnapshots()
	for i := range s.space.Len() {
		s.touchWatchedDB(s.space.DB(i), load.draft.DB(i))
	}
	s.tracking.Flushed()
	s.space.Adopt(load.draft)
	if s.cluster != nil {
		s.cluster.ForgetOpenSlots()
	}
	s.log(event.Notice, "MASTER <-> REPLICA sync: Discarding old DB in background")
	return nil
}

// dropSnapshots gives up whatever is being written of the present data.
func (s *Server) dropSnapshots() {
	s.yieldCopies()
	snap := s.saves.running
	if snap == nil {
		return
	}
	s.cancelSnapshot()
	if snap.file != nil {
		s.abandonRDB(snap.file)
	}
	if snap.replica != 0 {
		s.repl.SnapshotFailed(s.now, snap.replica)
	}
}
