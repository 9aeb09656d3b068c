package server

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/replication"
	"clusterplay/node/resp"
)

// saves is what this server knows about its RDB file.
type saves struct {
	running   *snapshot
	finishing *rdbFile // all bytes handed to the driver, not yet renamed
	points    []savePoint
	dirty     int64 // changes since the last save began to count
	lastSave  time.Time
	failed    bool // the last BGSAVE
	lastTry   time.Time
	took      time.Duration
	began     time.Time
	count     int64
	scheduled bool
	asked     bool  // the next file
	peak      int64 // the most memory INFO has shown
	expired   int64 // keys left out at the last load because their time was over
	loaded    int64
	token     uint64
	after     []func(error) // who waits for the next file
}

// savePoint is one "save <seconds> <changes>".
type savePoint struct {
	every   time.Duration
	changes int64
}

func parseSavePoints(text string) []savePoint {
	fields := strings.Fields(text)
	var points []savePoint
	for i := 0; i+1 < len(fields); i += 2 {
		seconds, _ := strconv.ParseInt(fields[i], 10, 64)
		changes, _ := strconv.ParseInt(fields[i+1], 10, 64)
		points = append(points, savePoint{time.Duration(seconds) * time.Second, changes})
	}
	return points
}

// rdbFile is an RDB file on its way to the disk: appended to a temporary file piece by piece,
// renamed when every piece is there.
type rdbFile struct {
	temp    string
	token   uint64
	waiting int // appends not reported yet
	pieces  machine.Pieces
	whole   bool  // the last piece is handed over
	renamed bool  // the rename is handed over
	failed  error // the first trouble
	dirty   int64 // changes when it began
	asked   bool  // somebody waits for it (SAVE, SHUTDOWN): its failure is theirs alone
	sync    bool  // a full synchronisation made it (repl-diskless-sync no)
	after   []func(error)
}

// tempRDB is the file that becomes the RDB file. A node of a lab has a folder of its own and one name
// for all its lives, so that the next save takes away what a crash left of the last one; a server alone
// may share its folder and is known by its process, as in Redis.
func (s *Server) tempRDB() string {
	if s.config.World == nil {
		return "temp.rdb"
	}
	return "temp-" + strconv.Itoa(s.config.ProcessID) + ".rdb"
}

// retryDelay is how long a failed automatic save waits before the next (CONFIG_BGSAVE_RETRY_DELAY).
const retryDelay = 5 * time.Second

// saving reports whether an RDB file is being written.
func (s *Server) saving() bool { return s.savingFile() != nil }

// snapshotting reports whether an RDB is being made, for a file or for replicas: in Redis both are the
// work of one child.
func (s *Server) snapshotting() bool {
	return s.saving() || s.saves.running != nil && s.saves.running.replica != 0
}

func (s *Server) savingFile() *rdbFile {
	if s.saves.finishing != nil {
		return s.saves.finishing
	}
	if s.saves.running != nil {
		return s.saves.running.file
	}
	return nil
}

// bgsave begins an RDB file; whoever is in saves.after hears how it ended.
func (s *Server) bgsave() {
	file := s.newFile()
	s.stats.forks++
	s.saves.running = s.startSnapshot(everything)
	s.saves.running.file = file
	if !file.asked {
		s.log(event.Notice, "Background saving started by pid %d", s.config.ProcessID)
	}
}

// newFile begins the file of a snapshot that is about to begin.
func (s *Server) newFile() *rdbFile {
	s.saves.token++
	file := &rdbFile{temp: s.tempRDB(), token: s.saves.token, dirty: s.saves.dirty, asked: s.saves.asked, after: s.saves.after}
	s.saves.after, s.saves.asked = nil, false
	s.saves.lastTry, s.saves.began = s.now, s.now
	s.saves.scheduled = false
	s.removeTemp(file.temp)
	return file
}

// saveNothing puts an empty file in the place of what FLUSHALL has deleted, where data are saved at all
// (flushAllDataAndResetRDB). No change is left to be saved.
func (s *Server) saveNothing() {
	if f := s.savingFile(); f != nil && !f.renamed {
		s.dropFile(f) // nobody wants those data any more
	}
	if snap := s.saves.running; snap != nil && s.repl.Flows(snap.replica) {
		s.cancelSnapshot() // nor do replicas, which come back for what there is now
		s.repl.SnapshotFailed(s.now, snap.replica)
	}
	if len(s.saves.points) == 0 {
		return
	}
	s.saves.dirty = -int64(s.current.ctx.Effects.Dirty) // collect adds it
	s.saves.lastSave = s.now
	empty := s.startSnapshot(replication.Contents{Functions: true})
	empty.enc.End()
	s.saves.token++
	s.fileSaves[s.saves.token] = s.filed
	name := s.settings.text("dbfilename")
	s.save(machine.Save{Op: machine.Replace, Name: name, Data: empty.enc.Take(), Sync: true, Token: s.saves.token, Beside: true})
}

func (s *Server) save(op machine.Save) { s.todo.Save = append(s.todo.Save, op) }

// removeTemp deletes what there is of a file. A disk that refuses even that is no reason to end: the
// next file begins with it.
func (s *Server) removeTemp(name string) {
	s.saves.token++
	s.save(machine.Save{Op: machine.Remove, Name: name, Token: s.saves.token})
}

// mostPieces is how many pieces of a file may be on their way to the disk before the next one is made: no disk
// is so much faster than the rest that it would have to wait, and a slow one costs no memory.
const mostPieces = 16

// appendRDB hands a piece of the file to the driver, which somebody else may be given as well. The whole is durable
// before the rename. Either takes long and is done beside the node's work.
func (s *Server) appendRDB(f *rdbFile, chunk []byte, shared, last bool) {
	f.waiting++
	if shared {
		f.pieces.Out(nil)
	} else {
		f.pieces.Out(chunk)
	}
	s.save(machine.Save{Op: machine.Append, Name: f.temp, Data: chunk, Token: f.token, Beside: true})
	if last {
		f.waiting++
		f.whole = true
		s.save(machine.Save{Op: machine.Sync, Name: f.temp, Token: f.token})
	}
}

// restartRDB begins a file over.
func (s *Server) restartRDB(f *rdbFile) {
	s.saves.token++
	f.token, f.waiting, f.pieces, f.whole, f.failed = s.saves.token, 0, machine.Pieces{}, false, nil
	f.dirty = s.saves.dirty
	s.removeTemp(f.temp)
}

// errCancelled ends a file that nobody wants any more. Nothing is wrong with the disk (in Redis the child
// gets SIGUSR1).
var errCancelled = errors.New("the snapshot was cancelled")

// abandonRDB gives a file up.
func (s *Server) abandonRDB(f *rdbFile) {
	s.removeTemp(f.temp)
	s.savedRDB(f, errCancelled)
}

// saved hears that one piece of a file, or its rename, was done.
func (s *Server) saved(token uint64, err error) {
	if tell := s.fileSaves[token]; tell != nil {
		delete(s.fileSaves, token)
		tell(err)
		return
	}
	f := s.savingFile()
	if f == nil || f.token != token {
		return
	}
	if f.failed == nil {
		f.failed = err
	}
	if f.renamed {
		s.savedRDB(f, f.failed)
		return
	}
	f.waiting--
	f.pieces.Answered()
	switch {
	case f.failed != nil:
		s.abandonFailed(f)
	case f.whole && f.waiting == 0:
		f.renamed = true
		name := s.settings.text("dbfilename")
		s.save(machine.Save{Op: machine.Rename, Name: f.temp, To: name, Sync: true, Token: f.token, Beside: true})
	}
}

// abandonFailed ends a file that could not be written.
func (s *Server) abandonFailed(f *rdbFile) {
	if snap := s.saves.running; snap != nil && snap.file == f {
		snap.file = nil
		if snap.replica == 0 {
			s.cancelSnapshot()
		}
	}
	s.removeTemp(f.temp)
	s.savedRDB(f, f.failed)
}

// savedRDB files the end of a save and tells whoever waits for it.
func (s *Server) savedRDB(f *rdbFile, err error) {
	if snap := s.saves.running; snap != nil && snap.file == f {
		snap.file = nil
		if snap.ended {
			s.saves.running = nil
			s.deliver(snap, err)
		}
	}
	if s.saves.finishing == f {
		s.saves.finishing = nil
	}
	if err == nil || !f.asked && !errors.Is(err, errCancelled) {
		s.filed(err)
	}
	s.logSaved(f, err)
	s.saves.took = s.now.Sub(s.saves.began)
	if err == nil {
		s.saves.dirty -= f.dirty
		s.saves.lastSave = s.now
		s.saves.count++
	}
	for _, after := range f.after {
		after(err)
	}
}

// filed remembers whether the disk took the last RDB file that the server wrote of its own accord, and tells
// when that changes.
func (s *Server) filed(err error) {
	failed := err != nil
	if failed == s.saves.failed {
		return
	}
	s.saves.failed = failed
	name := s.settings.text("dbfilename")
	if !failed {
		s.todo.Emit = append(s.todo.Emit, event.DiskWell{File: name, Disk: s.config.Dir})
		return
	}
	s.todo.Emit = append(s.todo.Emit, event.DiskTrouble{File: name, Disk: s.config.Dir, Why: machine.Reason(err), Serves: !s.refusesUnsaved()})
}

// logSaved tells the log how a file ended.
func (s *Server) logSaved(f *rdbFile, err error) {
	switch {
	case err == nil:
		s.log(event.Notice, "DB saved on disk")
		if !f.asked {
			s.log(event.Notice, "Background saving terminated with success")
		}
	case !f.asked:
		s.log(event.Warning, "Background saving error: %v", err)
	default:
		s.log(event.Warning, "Error saving the DB: %v", err)
	}
}

// saveCron begins automatic and scheduled saves.
func (s *Server) saveCron() {
	if s.busyWriting() || s.loading != nil {
		return
	}
	if s.saves.scheduled {
		s.bgsave()
		return
	}
	for _, p := range s.saves.points {
		if s.saves.dirty >= p.changes && s.now.Sub(s.saves.lastSave) > p.every &&
			(!s.saves.failed || s.now.Sub(s.saves.lastTry) > retryDelay) {
			s.bgsave()
			return
		}
	}
}

const errSaving = "ERR Background save already in progress"

// saveCommand: SAVE. The client waits for the file; everybody else is served meanwhile.
func (s *Server) saveCommand(c *client) {
	switch {
	case s.saving():
		c.ctx.Error(errSaving)
		return
	case c.ctx.NoBlock:
		c.ctx.Error("ERR SAVE inside MULTI is not supported by this server, which never stops for it")
		return
	}
	s.saves.after = append(s.saves.after, s.answerSave(c))
	s.saves.asked = true
	if s.busyWriting() {
		s.saves.scheduled = true
		return
	}
	s.bgsave()
}

// answerSave parks a client until the file is there.
func (s *Server) answerSave(c *client) func(error) {
	p := &parked{client: c, reason: waitsForSave}
	s.park(p)
	return func(err error) {
		if c.parked != p {
			return
		}
		w := s.to(c)
		s.unpark(c)
		if err != nil {
			w.Error("ERR " + err.Error())
			return
		}
		w.OK()
	}
}

// bgsaveCommand: BGSAVE [SCHEDULE]
func (s *Server) bgsaveCommand(c *client) {
	schedule := false
	if len(c.ctx.Args) > 1 {
		if len(c.ctx.Args) != 2 || !strings.EqualFold(string(c.ctx.Args[1]), "schedule") {
			c.ctx.Error(resp.ErrSyntax)
			return
		}
		schedule = true
	}
	switch {
	case s.saving():
		c.ctx.Error(errSaving)
	case !s.busyWriting() && !c.ctx.NoBlock:
		s.bgsave()
		c.ctx.Status("Background saving started")
	case schedule || c.ctx.NoBlock:
		s.saves.scheduled = true
		c.ctx.Status("Background saving scheduled")
	default:
		c.ctx.Error("ERR Another child process is active (AOF?): can't BGSAVE right now. " +
			"Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.")
	}
}

// lastSaveCommand: LASTSAVE
func (s *Server) lastSaveCommand(c *client) { c.ctx.Int(s.saves.lastSave.Unix()) }
