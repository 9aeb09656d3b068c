package server

import (
	"time"

	"clusterplay/node/aof"
	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/keyspace"
	"clusterplay/node/rdb"
	"clusterplay/node/replication"
	"clusterplay/node/resp"
)

// sliceKeys is how many keys one slice of a snapshot encodes: a few hundred small keys take well
// under a millisecond.
const sliceKeys = 512

// sliceSize is how much memory what one slice encodes takes, but for its last key. A larger key is encoded in parts
// of so many bytes.
const sliceSize = 64 << 10

// pieceSize is how much of a snapshot is made before it is handed on: each piece is a write, and a report of it. What
// is made slowly is handed on at once.
const pieceSize = 32 << 10

// snapshot is an RDB file of one moment, encoded slice by slice while the server goes on. The
// same bytes may go to a file, to replicas, or to both.
type snapshot struct {
	keys    *keyspace.Snapshot // nil once all keys are encoded, or when no data is wanted
	enc     rdb.Encoder
	db      int // the database selected in the file
	file    *rdbFile
	toBase  bool                   // it is the base of an append only file, and nothing else
	text    bool                   // the base is made of commands
	replica replication.SnapshotID // 0: no replica wants it
	ended   bool
	count   int // keys so far
	paced   int // those of them that the pace has heard of
	total   int // keys at the beginning
	pace    pace
	digits  [20]byte       // of a number that is a key's value
	value   rdb.Value      // the last one that was no string, whose memory the next one takes
	work    int            // what was encoded in this slice takes so much memory
	large   *command.Large // being encoded over many slices
	behind  []byte         // what was encoded meanwhile
}

// everything is what an RDB file of our own holds.
var everything = replication.Contents{Data: true, Functions: true}

// startSnapshot begins a snapshot of this very moment.
func (s *Server) startSnapshot(want replication.Contents) *snapshot {
	snap := s.newSnapshot()
	snap.enc.Header(s.rdbMeta())
	if want.Functions {
		s.addFunctions(snap)
	}
	if want.Data {
		s.walk(snap)
	}
	return snap
}

// addFunctions writes the libraries of functions.
func (s *Server) addFunctions(snap *snapshot) {
	for _, lib := range s.libraries() {
		if snap.text {
			snap.enc.Buf = resp.AppendWords(snap.enc.Buf, "FUNCTION", "LOAD", lib.Code)
		} else {
			snap.enc.Function([]byte(lib.Code))
		}
	}
}

// startBase begins the base of an append only file. It carries no replication identity: what follows
// it in the log belongs to no stream.
func (s *Server) startBase() *snapshot {
	snap := s.newSnapshot()
	snap.toBase, snap.text = true, !s.settings.yes("aof-use-rdb-preamble")
	switch {
	case !snap.text:
		snap.enc.Header(rdb.Meta{
			RedisVersion: version, Created: s.now.Unix(), UsedMemory: int64(s.usedMemory()), AOFBase: true,
		})
	case s.settings.yes("aof-timestamp-enabled"):
		snap.enc.Buf = aof.AppendTimestamp(snap.enc.Buf, s.now.Unix())
	}
	s.addFunctions(snap)
	s.walk(snap)
	return snap
}

func (s *Server) newSnapshot() *snapshot {
	snap := &snapshot{db: -1}
	snap.enc.Plain = !s.settings.yes("rdbcompression")
	snap.enc.Brisk = true
	snap.enc.NoSum = !s.settings.yes("rdbchecksum")
	return snap
}

// walk begins to hand the keys to a snapshot.
func (s *Server) walk(snap *snapshot) {
	s.yieldCopies()
	keys, err := s.space.Begin(snap.add)
	if err != nil {
		panic("server: two snapshots at once")
	}
	snap.keys = keys
	for _, size := range keys.Sizes() {
		snap.total += size.Keys
	}
	if snap.text {
		return
	}
	for _, size := range keys.Sizes() {
		snap.enc.Select(size.DB)
		snap.enc.Resize(size.Keys, size.Volatile)
		snap.db = size.DB
	}
}

// slice encodes about n keys, or fewer if they are large, and reports whether those were the last.
func (snap *snapshot) slice(n int) (done bool) {
	snap.work = 0
	return snap.keys == nil || snap.keys.Step(n)
}

// add encodes one key, or returns what does that in parts.
func (snap *snapshot) add(db int, key string, e *keyspace.Entry, expires int64) keyspace.Rest {
	snap.count++
	size := e.Value.Footprint()
	if snap.work += size; snap.work >= sliceSize && snap.keys != nil {
		snap.keys.Enough()
	}
	if size >= command.LargeFrom {
		if large := snap.newLarge([]byte(key), e.Value, expires); large != nil {
			return &largeRest{snap: snap, db: db, Large: large}
		}
	}
	behind := snap.large != nil // the one that is not complete
	if behind {
		snap.enc.Buf, snap.behind = snap.behind, snap.enc.Buf
	}
	snap.selectDB(db)
	snap.encode(key, e, expires)
	if behind {
		snap.enc.Buf, snap.behind = snap.behind, snap.enc.Buf
	}
	return nil
}

// selectDB makes db the database of what follows.
func (snap *snapshot) selectDB(db int) {
	if db == snap.db {
		return
	}
	snap.db = db
	if snap.text {
		snap.enc.Buf = aof.AppendSelect(snap.enc.Buf, db)
	} else {
		snap.enc.Select(db)
	}
}

// newLarge is a value that is encoded in parts, or nil if it is not of those that are.
func (snap *snapshot) newLarge(key []byte, value keyspace.Value, expires int64) *command.Large {
	if snap.text {
		return command.NewRebuild(&snap.enc, key, value, expires)
	}
	return command.NewLarge(&snap.enc, key, value, expires)
}

// largeRest is what is left to encode of a large value.
type largeRest struct {
	*command.Large
	snap *snapshot
	db   int
}

// More encodes the next part.
func (r *largeRest) More() (done bool) {
	snap := r.snap
	if snap.large == nil {
		snap.large = r.Large
		snap.selectDB(r.db)
	}
	snap.work += sliceSize
	if !r.Write(sliceSize) {
		return false
	}
	snap.large = nil
	snap.enc.Buf = append(snap.enc.Buf, snap.behind...)
	snap.behind = snap.behind[:0]
	return true
}

// encode encodes one key as a whole.
func (snap *snapshot) encode(key string, e *keyspace.Entry, expires int64) {
	if snap.text {
		command.Rebuild(&snap.enc, []byte(key), e.Value, expires)
		return
	}
	if text, ok := e.Value.(*keyspace.StringValue); ok {
		snap.enc.Key([]byte(key), rdb.TypeString, expires)
		snap.enc.String(text.Bytes(snap.digits[:]))
		return
	}
	command.FillRDB(&snap.value, e.Value)
	snap.enc.Entry([]byte(key), &snap.value, expires)
}

// finish ends the encoding and returns what was not taken yet.
func (snap *snapshot) finish() []byte {
	snap.keys, snap.ended = nil, true
	if !snap.text {
		snap.enc.End()
	}
	return snap.enc.Take()
}

// stepSnapshot encodes the next slice of the running snapshot and hands the bytes on.
func (s *Server) stepSnapshot() {
	snap := s.saves.running
	if snap == nil || snap.ended || s.crowded(snap) {
		return
	}
	delay := s.settings.number("rdb-key-save-delay")
	n := snap.pace.keys(s.now, delay, sliceKeys)
	if n == 0 {
		return
	}
	done := snap.slice(n)
	snap.pace.did(snap.count-snap.paced, delay) // those that were handed over before they changed as well
	snap.paced = snap.count
	switch {
	case done:
		s.handOn(snap, snap.finish())
		s.snapshotEnded(snap)
	case len(snap.enc.Buf) >= pieceSize || delay != 0:
		s.handOn(snap, snap.enc.Take())
		snap.enc.Buf = s.room(snap)
	}
}

// handOn gives a piece of a snapshot to whoever it is made for.
func (s *Server) handOn(snap *snapshot, piece []byte) {
	if snap.toBase {
		s.aof.Base(piece, snap.ended)
	}
	if snap.file != nil && len(piece) > 0 {
		s.appendRDB(snap.file, piece, snap.replica != 0, snap.ended)
	}
	if snap.replica != 0 {
		s.repl.SnapshotChunk(snap.replica, piece)
	}
}

// room is memory for the next piece: where the disk alone is given them, that of one it has taken.
func (s *Server) room(snap *snapshot) (piece []byte) {
	switch {
	case snap.toBase:
		piece = s.aof.Lend()
	case snap.file != nil:
		piece = snap.file.pieces.Lend()
	}
	if piece == nil {
		piece = make([]byte, 0, pieceSize+pieceSize/4)
	}
	return piece
}

// crowded reports whether a snapshot waits until what was made of it is taken: by the disk, or by
// the replicas that are sent it while it is made.
func (s *Server) crowded(snap *snapshot) bool {
	if snap.file != nil && snap.file.waiting >= mostPieces || snap.toBase && s.aof.Crowded() {
		return true
	}
	return snap.file == nil && snap.replica != 0 && s.repl.Crowded(snap.replica)
}

// snapshotEnded tells replicas; a file is finished when its last bytes are on the disk, and those that are to
// have that file hear of it only then.
func (s *Server) snapshotEnded(snap *snapshot) {
	if snap.file == nil || !snap.file.sync {
		s.deliver(snap, nil)
	}
	if snap.file == nil {
		s.saves.running = nil
	}
}

// deliver tells replicas that the snapshot made for them is complete, or that there is none.
func (s *Server) deliver(snap *snapshot, err error) {
	id := snap.replica
	snap.replica = 0
	switch {
	case id == 0:
	case err != nil:
		s.repl.SnapshotFailed(s.now, id)
	default:
		if s.repl.Flows(id) {
			s.log(event.Notice, "Diskless rdb transfer, done reading from pipe, %d replicas still up.", s.repl.Receivers(id))
		}
		s.log(event.Notice, "Background RDB transfer terminated with success")
		s.repl.SnapshotDone(s.now, id)
	}
}

// cancelSnapshot gives the running snapshot up, unless only one of two purposes is over.
func (s *Server) cancelSnapshot() {
	snap := s.saves.running
	if snap.keys != nil {
		snap.keys.Cancel()
	}
	s.saves.running = nil
}

// BeginSnapshot makes a snapshot for a full synchronisation. A file being written at the same
// time starts over from this moment: nobody was promised which moment a BGSAVE holds.
func (h replicationHost) BeginSnapshot(_ time.Time, id replication.SnapshotID, want replication.Contents) {
	s := h.s
	s.yieldRewrite()
	var file *rdbFile
	if running := s.saves.running; running != nil {
		file = running.file
		if running.ended {
			// Its bytes are on their way to the disk; only the file's end is still to come.
			s.saves.finishing, file = running.file, nil
		}
		s.cancelSnapshot()
	}
	s.stats.forks++
	snap := s.startSnapshot(want)
	snap.replica = id
	switch {
	case file != nil && want == everything:
		s.restartRDB(file)
		snap.file = file
	case file != nil:
		s.abandonRDB(file)
	case want == everything && s.saves.finishing == nil && s.syncsByFile():
		snap.file = s.newFile()
		snap.file.sync = true
	}
	if snap.file != nil && snap.file.sync {
		s.log(event.Notice, "Starting BGSAVE for SYNC with target: disk")
		s.log(event.Notice, "Background saving started by pid %d", s.config.ProcessID)
	} else {
		s.log(event.Notice, "Starting BGSAVE for SYNC with target: replicas sockets")
		s.log(event.Notice, "Background RDB transfer started by pid %d", s.config.ProcessID)
	}
	s.saves.running = snap
	s.mirrorAll()
}

// syncsByFile reports whether a snapshot for replicas becomes this server's RDB file as well: without
// repl-diskless-sync it does, unless nothing is to be kept on this disk (rdb-del-sync-files).
func (s *Server) syncsByFile() bool {
	nothing := len(s.saves.points) == 0 && s.aof.Mode() == aof.Off
	return !s.settings.yes("repl-diskless-sync") && !(nothing && s.settings.yes("rdb-del-sync-files"))
}

// CancelSnapshot tells that no replica waits for the snapshot any more.
func (h replicationHost) CancelSnapshot(_ time.Time, id replication.SnapshotID) {
	snap := h.s.saves.running
	if snap == nil || snap.replica != id {
		return
	}
	snap.replica = 0
	if snap.file != nil && snap.file.sync && len(h.s.saves.points) == 0 {
		h.s.dropFile(snap.file) // nobody else wants it
	} else if snap.file == nil {
		if h.s.repl.Flows(id) {
			h.s.log(event.Notice, "Diskless rdb transfer, last replica dropped, killing fork child.")
		}
		h.s.cancelSnapshot()
	}
}

// rdbMeta is what the head of an RDB file says about this server.
func (s *Server) rdbMeta() rdb.Meta {
	meta := rdb.Meta{RedisVersion: version, Created: s.now.Unix(), UsedMemory: int64(s.usedMemory())}
	if aux, ok := s.repl.Aux(); ok {
		meta.ReplDB, meta.ReplID, meta.ReplOffset = aux.StreamDB, aux.ReplID, int64(aux.Offset)
	}
	return meta
}
