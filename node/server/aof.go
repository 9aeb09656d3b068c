package server

import (
	"time"

	"clusterplay/node/aof"
	"clusterplay/node/event"
	"clusterplay/node/replication"
)

// aofConfig is what the settings say about the append only file.
func (s *Server) aofConfig() aof.Config {
	v := s.settings
	return aof.Config{
		Dir: v.text("appenddirname"), Name: v.text("appendfilename"), Disk: s.config.Dir,
		Policy:   aof.Policy(v.number("appendfsync")),
		Preamble: v.yes("aof-use-rdb-preamble"), Timestamps: v.yes("aof-timestamp-enabled"),
		KeepHistory: v.yes("aof-disable-auto-gc"), RelaxedWhile: v.yes("no-appendfsync-on-rewrite"),
		Tell: func(line string) { s.log(event.Notice, "%s", line) },
	}
}

// collectAOF takes over what the append only file wants done.
func (s *Server) collectAOF() {
	saves, events := s.aof.BeforeSleep(s.now, s.saves.running != nil)
	s.todo.Save = append(s.todo.Save, saves...)
	s.todo.Emit = append(s.todo.Emit, events...)
	s.tellAOF(events)
}

// logUnit logs what a unit has changed.
func (s *Server) logUnit() {
	switch len(s.unit.logged) {
	case 0:
	case 1:
		s.aof.FeedOne(s.now, s.unit.logged[0].DB, s.unit.logged[0].Args)
	default:
		s.aof.Feed(s.now, s.unit.logged...)
	}
	s.unit.logged = s.unit.logged[:0]
	s.unit.room.Empty()
}

// openAOF begins to log at the start of the server.
func (s *Server) openAOF() {
	if !s.settings.yes("appendonly") {
		return
	}
	base, incr := s.aof.Manifest().Base.Name, len(s.aof.Manifest().Incr)
	s.aof.Open(s.now, func() []byte {
		snap := s.startBase()
		for snap.keys != nil && !snap.keys.Step(sliceKeys) {
			continue
		}
		return snap.finish()
	})
	s.tellOpened(base, incr)
}

// appendonlyChanged obeys CONFIG SET appendonly.
func (s *Server) appendonlyChanged() {
	switch on := s.aof.Mode() != aof.Off; {
	case s.settings.yes("appendonly") && !on:
		s.startAOF(s.current != nil && s.current.ctx.NoBlock)
	case !s.settings.yes("appendonly") && on:
		s.stopAOF()
	}
}

// startAOF begins to log with a rewrite, when nothing else is being written. A rewrite under way
// began before there was a log, so that another takes its place.
func (s *Server) startAOF(inTransaction bool) {
	s.cancelBase()
	busy := s.saves.running != nil || s.saving()
	switch {
	case busy:
		s.log(event.Warning, "AOF was enabled but there is already another background operation. An AOF background was scheduled to start when possible.")
	case inTransaction:
		s.log(event.Warning, "AOF was enabled during a transaction. An AOF background was scheduled to start when possible.")
	}
	s.rewriteStep(s.aof.Start(s.now, busy || inTransaction))
}

// stopAOF ends the log.
func (s *Server) stopAOF() {
	s.cancelBase()
	s.aof.Stop(s.now)
}

// cancelBase gives up the base being written.
func (s *Server) cancelBase() {
	if s.aof.Rewriting() {
		s.log(event.Notice, "Killing running AOF rewrite child: %d", s.config.ProcessID)
	}
	if snap := s.saves.running; snap != nil && snap.toBase {
		s.cancelSnapshot()
	}
	s.aof.Abort(s.now)
}

// resumeAOF begins the log again that a full synchronisation ended, once the data are there or this
// node makes its own (restartAOFAfterSYNC).
func (s *Server) resumeAOF() {
	if s.aof.Mode() != aof.Off || !s.settings.yes("appendonly") || s.loading != nil {
		return
	}
	if !s.isReplica() || s.repl.LinkState() == replication.Connected {
		s.startAOF(false)
	}
}

// rewriteStep does what a report about the append only file has led to.
func (s *Server) rewriteStep(p aof.Progress) {
	if p != aof.Opened {
		return
	}
	s.stats.forks++
	s.saves.running = s.startBase()
	s.log(event.Notice, "Background append only file rewriting started by pid %d", s.config.ProcessID)
}

// rewriteAOF begins a rewrite; nothing else is being written.
func (s *Server) rewriteAOF() { s.rewriteStep(s.aof.Rewrite(s.now)) }

// yieldRewrite gives up a rewrite because something else must be written now. It comes later.
func (s *Server) yieldRewrite() {
	if snap := s.saves.running; snap != nil && snap.toBase {
		s.cancelBase()
		s.aof.Schedule()
	}
}

// busyWriting reports whether anything is being written in the background: what would be a child
// process in Redis.
func (s *Server) busyWriting() bool {
	return s.saves.running != nil || s.saving() || s.aof.Rewriting()
}

// aofCron begins rewrites that are due.
func (s *Server) aofCron() {
	s.resumeAOF()
	if s.busyWriting() || s.loading != nil {
		return
	}
	v := s.settings
	if s.aof.Due(s.now, v.number("auto-aof-rewrite-percentage"), v.number("auto-aof-rewrite-min-size")) {
		if !s.aof.Scheduled() {
			s.log(event.Notice, "Starting automatic rewriting of AOF on %d%% growth", s.aof.Growth())
		}
		s.rewriteAOF()
	}
}

// bgrewriteaofCommand: BGREWRITEAOF
func (s *Server) bgrewriteaofCommand(c *client) {
	switch {
	case s.aof.Rewriting():
		c.ctx.Error("ERR Background append only file rewriting already in progress")
	case s.busyWriting() || c.ctx.NoBlock:
		s.aof.Schedule()
		s.aof.Forgive()
		c.ctx.Status("Background append only file rewriting scheduled")
	default:
		s.rewriteAOF()
		c.ctx.Status("Background append only file rewriting started")
	}
}

// savedAOF hears how a file operation of the append only file ended.
func (s *Server) savedAOF(token uint64, err error) {
	before := s.saves.running
	s.rewriteStep(s.aof.Saved(s.now, token, err))
	if before != nil && before == s.saves.running && before.toBase && !s.aof.Rewriting() {
		s.cancelSnapshot() // the disk refused it
	}
}

// Saved reports the end of the Save with that token.
func (s *Server) Saved(now time.Time, token uint64, err error) {
	if token&aof.TokenBit == 0 {
		s.input(now, func() { s.saved(token, err) })
		return
	}
	s.enter(now) // even asleep: a refused write is tried again with what came after it
	s.savedAOF(token, err)
	s.settle()
	s.leave(nil)
}
