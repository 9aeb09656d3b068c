package aof

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// phase is how far a rewrite has come. The manifest is replaced only after every file it names is
// there, so that the one on the disk, whichever it is, can always be read.
//
//	creating --> listing --> writing --> naming --> replacing --> done
//
// A failure leaves the log as it was. What a failed rewrite has made keeps its name: the next one
// gives it out again.
type phase uint8

const (
	creating  phase = iota + 1 // a new increment is created
	listing                    // the manifest is told of it
	writing                    // the base is being written; changes go to the new increment
	naming                     // the files get their names
	replacing                  // the manifest is told of the base
)

// rewrite is a rewrite under way.
type rewrite struct {
	phase   phase
	token   uint64 // of every operation of this phase
	waiting int    // operations not reported yet
	pieces  machine.Pieces
	failed  error // the first trouble
	whole   bool  // the last piece of the base is handed over
	next    Manifest
	text    bool  // the base is made of commands
	size    int64 // of the base
	began   time.Time
}

// Progress is what a report of the driver led to.
type Progress uint8

// The progress of a rewrite.
const (
	Nothing  Progress = iota
	Opened            // the base is wanted now: it must hold the data of this very moment
	Finished          // the rewrite has succeeded or failed
)

// tempBase is where a base is written. There is one at a time, so that the next rewrite, in whichever
// life, takes away what a crash left of it.
func (s *State) tempBase() string { return s.path(tempBase) }

const tempBase = "temp-rewriteaof-bg.aof"

// Rewriting reports whether a rewrite is under way.
func (s *State) Rewriting() bool { return s.rewrite != nil }

// Scheduled reports whether a rewrite is to begin when nothing else is being written.
func (s *State) Scheduled() bool { return s.scheduled }

// Schedule has a rewrite begin later.
func (s *State) Schedule() { s.scheduled = true }

// Rewrite begins a rewrite. The caller knows that nothing else is being written. It returns Opened
// when there is no increment to open first, because no log is kept.
func (s *State) Rewrite(now time.Time) Progress {
	s.counts.Rewrites++
	s.scheduled = false
	r := &rewrite{phase: creating, token: s.newToken(), next: s.manifest.clone(), began: now}
	s.rewrite = r
	switch s.mode {
	case Off:
		return s.opened(now)
	case Waiting:
		s.step(machine.Save{Op: machine.Replace, Name: s.tempIncr()})
	case On:
		r.next.newIncr(s.cfg.Name)
		s.step(machine.Save{Op: machine.Replace, Name: s.path(last(r.next.Incr).Name), Sync: true, Beside: true})
	}
	return Nothing
}

func last(files []File) File { return files[len(files)-1] }

// step asks for an operation of the present phase.
func (s *State) step(op machine.Save) {
	op.Token = s.rewrite.token
	s.rewrite.waiting++
	s.save(op)
}

// manifestSave is the operation that replaces the manifest.
func (s *State) manifestSave(m *Manifest) machine.Save {
	return machine.Save{Op: machine.Replace, Name: s.ManifestPath(), Data: m.text(), Sync: true}
}

// laterManifest is manifestSave while the server runs: nobody has to wait for it.
func (s *State) laterManifest(m *Manifest) machine.Save {
	op := s.manifestSave(m)
	op.Beside = true
	return op
}

// Saved hears how an operation of this package ended.
func (s *State) Saved(now time.Time, token uint64, err error) Progress {
	r := s.rewrite
	switch {
	case token == unheard:
	case token == s.trouble.token:
		s.refused(now, err)
	case token == s.sync.token:
		s.synced(err)
	case r != nil && token == r.token:
		return s.stepped(now, err)
	}
	return Nothing
}

// stepped hears of one operation of the present phase. The next phase begins with the last report.
func (s *State) stepped(now time.Time, err error) Progress {
	r := s.rewrite
	r.waiting--
	r.pieces.Answered()
	if r.failed == nil {
		r.failed = err
	}
	switch {
	case r.failed != nil:
		s.fail(now, r.failed)
		return Finished
	case r.waiting > 0:
	case r.phase == creating && s.mode == On:
		r.phase = listing
		s.step(s.laterManifest(&r.next))
	case r.phase < writing:
		return s.opened(now)
	case r.phase == writing && r.whole:
		s.name()
	case r.phase == naming:
		r.phase = replacing
		s.step(s.laterManifest(&r.next))
	case r.phase == replacing:
		s.adopt(now)
		return Finished
	}
	return Nothing
}

// opened begins the writing of the base. What is logged from now on goes to the new increment, what
// was logged before it to the old one.
func (s *State) opened(now time.Time) Progress {
	r := s.rewrite
	switch s.mode {
	case On:
		if len(s.buf) > 0 {
			s.write(now, s.cfg.Policy == Always)
		}
		s.manifest = r.next
		s.tell("Creating AOF incr file %s on background rewrite", last(s.manifest.Incr).Name)
		s.use(now, s.path(last(s.manifest.Incr).Name), 0)
	case Waiting:
		s.buf = s.buf[:0]
		s.tell("Creating AOF incr file %s on background rewrite", s.tempIncrName())
		s.use(now, s.tempIncr(), 0)
	}
	r.phase, r.token, r.next, r.text = writing, s.newToken(), s.manifest.clone(), !s.cfg.Preamble
	s.save(machine.Save{Op: machine.Remove, Name: s.tempBase(), Token: unheard})
	return Opened
}

// Base takes a piece of the base, whose memory is ours from here on; last says that it is the end.
func (s *State) Base(piece []byte, last bool) {
	r := s.rewrite
	r.size += int64(len(piece))
	r.pieces.Out(piece)
	s.step(machine.Save{Op: machine.Append, Name: s.tempBase(), Data: piece, Beside: true})
	if last {
		r.whole = true
		s.step(machine.Save{Op: machine.Sync, Name: s.tempBase()})
	}
}

// mostPieces is how many pieces of the base may be on their way to the disk before the next one is made.
const mostPieces = 16

// Lend returns memory for the next piece of the base, from one that the disk has taken, or nil.
func (s *State) Lend() []byte { return s.rewrite.pieces.Lend() }

// Crowded reports that the disk has yet to take much of the base.
func (s *State) Crowded() bool { return s.rewrite != nil && s.rewrite.waiting >= mostPieces }

// name gives the base its name. In the new manifest everything before it is history.
func (s *State) name() {
	r := s.rewrite
	r.phase, r.token = naming, s.newToken()
	s.tell("Successfully created the temporary AOF base file %s", tempBase)
	r.next.newBase(s.cfg.Name, baseSuffix(!r.text))
	s.step(machine.Save{Op: machine.Rename, Name: s.tempBase(), To: s.path(r.next.Base.Name), Sync: true, Beside: true})
	keep := 0
	switch s.mode {
	case Waiting:
		r.next.newIncr(s.cfg.Name)
		s.file = s.path(last(r.next.Incr).Name)
		s.step(machine.Save{Op: machine.Rename, Name: s.tempIncr(), To: s.file}) // not beside: it is appended to
		s.step(machine.Save{Op: machine.Sync, Name: s.file})
		keep = 1
	case On:
		keep = 1
	}
	r.next.rewritten(keep)
}

// adopt ends a rewrite that succeeded.
func (s *State) adopt(now time.Time) {
	r := s.rewrite
	s.manifest = r.next
	s.tell("Background AOF rewrite terminated with success")
	s.tell("Successfully renamed the temporary AOF base file %s into %s", tempBase, s.manifest.Base.Name)
	if s.mode == Waiting {
		s.tell("Successfully renamed the temporary AOF incr file %s into %s", s.tempIncrName(), last(s.manifest.Incr).Name)
	}
	if s.mode != Off {
		s.mode = On
		s.size = r.size + s.incr
		s.base = s.size
	}
	s.endRewrite(now, nil)
	s.forgetHistory()
	s.tell("Background AOF rewrite finished successfully")
}

// forgetHistory deletes what the manifest does not need any more. That may fail: it is tried again
// with the next rewrite, and nothing reads those files.
func (s *State) forgetHistory() {
	if s.cfg.KeepHistory || len(s.manifest.History) == 0 {
		return
	}
	for _, f := range s.manifest.History {
		s.tell("Removing the history file %s in the background", f.Name)
		s.save(machine.Save{Op: machine.Remove, Name: s.path(f.Name), Token: unheard, Beside: true})
	}
	s.manifest.History = nil
	op := s.laterManifest(&s.manifest)
	op.Token = unheard
	s.save(op)
}

// endRewrite files the end of a rewrite.
func (s *State) endRewrite(now time.Time, err error) {
	r := s.rewrite
	s.rewrite = nil
	s.counts.Took, s.counts.Finished = now.Sub(r.began), true
	s.counts.Failed = err != nil
	if err == nil {
		s.counts.Failures = 0
		s.emit(event.LogRewritten{Base: s.manifest.Base.Name, Size: r.size})
		return
	}
	s.counts.Failures++
	s.emit(event.LogRewriteFailed{Disk: s.cfg.Disk, Why: machine.Reason(err)})
}

// fail ends a rewrite that the disk refused.
func (s *State) fail(now time.Time, err error) {
	s.abandon()
	s.endRewrite(now, err)
}

// Abort ends a rewrite because something else must be written, or nothing any more. It is no failure.
// One whose base is written already only has its files named and is let be.
func (s *State) Abort(now time.Time) {
	r := s.rewrite
	if r == nil || r.phase > writing {
		return
	}
	s.abandon()
	s.rewrite = nil
	s.counts.Took, s.counts.Finished = now.Sub(r.began), true
}

// abandon gives up what a rewrite has made so far. Whether a manifest that was handed over has reached
// the disk is not known after a failure, so the one in use is put there again.
func (s *State) abandon() {
	if s.rewrite.phase == writing {
		s.save(machine.Save{Op: machine.Remove, Name: s.tempBase(), Token: unheard})
	}
	if s.rewrite.phase == listing || s.rewrite.phase == replacing {
		op := s.laterManifest(&s.manifest)
		if len(op.Data) == 0 {
			op = machine.Save{Op: machine.Remove, Name: op.Name, Beside: true}
		}
		op.Token = unheard
		s.save(op)
	}
	if s.mode == Waiting {
		s.save(machine.Save{Op: machine.Remove, Name: s.tempIncr(), Token: unheard})
		s.buf, s.file, s.scheduled, s.trouble = s.buf[:0], "", true, trouble{}
	}
}
