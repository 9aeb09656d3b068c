package server

import (
	"slices"
	"strings"
	"time"

	"clusterplay/node/aof"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/replication"
	"clusterplay/node/resp"
)

// shutdown is a SHUTDOWN under way: replicas catch up, then the data are saved, then the machine
// asks to end.
type shutdown struct {
	client *client
	others []*client // who asked for it later and waits as well
	save   bool
	now    bool
	force  bool
	until  time.Time
	saving bool
	told   bool // the log knows that the append only file is made durable
}

const errShutdown = "ERR Errors trying to SHUTDOWN. Check logs."

// shutdownCommand: SHUTDOWN [NOSAVE|SAVE] [NOW] [FORCE] [ABORT]
func (s *Server) shutdownCommand(c *client) {
	want := &shutdown{client: c, save: len(s.saves.points) > 0}
	saves, nosaves, aborts := false, false, false
	for _, arg := range c.ctx.Args[1:] {
		switch strings.ToLower(string(arg)) {
		case "nosave":
			nosaves, want.save = true, false
		case "save":
			saves, want.save = true, true
		case "now":
			want.now = true
		case "force":
			want.force = true
		case "abort":
			aborts = true
		default:
			c.ctx.Error(resp.ErrSyntax)
			return
		}
	}
	switch {
	case saves && nosaves || aborts && len(c.ctx.Args) > 2:
		c.ctx.Error(resp.ErrSyntax)
	case aborts:
		s.abortShutdown(c)
	case c.ctx.NoBlock && !want.now:
		c.ctx.Error("ERR SHUTDOWN without NOW or ABORT isn't allowed for DENY BLOCKING client")
	case s.script.busy && !nosaves:
		c.ctx.Error(busyText(s.running()))
	default:
		s.beginShutdown(want)
	}
}

func (s *Server) abortShutdown(c *client) {
	switch {
	case s.shutdown != nil:
		s.endShutdown()
	case s.signal != "":
		s.signal = ""
	default:
		c.ctx.Error("ERR No shutdown in progress.")
		return
	}
	s.log(event.Notice, "Shutdown manually aborted.")
	c.ctx.OK()
}

// beginShutdown pauses writes and waits for replicas that lag behind, no longer than
// shutdown-timeout (prepareForShutdown).
func (s *Server) beginShutdown(want *shutdown) {
	if s.shutdown != nil {
		s.joinShutdown(want.client)
		return
	}
	s.shutdown = want
	want.save = want.save && s.loading == nil // half the data must not replace the whole
	s.log(event.Warning, "User requested shutdown...")
	if c := want.client; !c.ctx.NoBlock {
		s.park(&parked{client: c, reason: waitsForShutdown})
	}
	want.until = s.now.Add(time.Duration(s.settings.number("shutdown-timeout")) * time.Second)
	if !want.now && !s.replicasReady() {
		s.pause.byFailover.until = want.until
		s.repl.RequestAcks()
		s.log(event.Notice, "Waiting for replicas before shutting down.")
		return
	}
	s.saveAndExit()
}

// joinShutdown has a client wait for the end that somebody else has asked for.
func (s *Server) joinShutdown(c *client) {
	if c.ctx.NoBlock {
		c.ctx.Error(errShutdown)
		return
	}
	s.shutdown.others = append(s.shutdown.others, c)
	s.park(&parked{client: c, reason: waitsForShutdown})
}

// replicasReady reports whether every replica has acknowledged everything there is (isReadyToShutdown).
func (s *Server) replicasReady() bool {
	behind := func(r replication.ReplicaView) bool { return r.Ack != s.repl.Offset() }
	return s.isReplica() || !slices.ContainsFunc(s.repl.View(s.now).Replicas, behind)
}

// shutdownCron goes on when the replicas are ready or their time is up.
func (s *Server) shutdownCron() {
	s.obeySignal()
	d := s.shutdown
	if d == nil || d.saving {
		return
	}
	if s.replicasReady() || !s.now.Before(d.until) {
		s.saveAndExit()
	}
}

// saveAndExit writes the last RDB file if one is wanted and then asks to end.
func (s *Server) saveAndExit() {
	d := s.shutdown
	s.logReplicas()
	s.killCopies()
	switch unwritten := s.aof.Mode() == aof.Waiting && s.aof.Rewriting(); {
	case unwritten && (d.force || s.script.busy && !d.save): // nothing is written before a script that runs for long has ended
		s.log(event.Warning, "Writing initial AOF. Exit anyway.")
	case unwritten:
		s.log(event.Warning, "Writing initial AOF, can't exit.") // what is in memory only would be lost
		s.log(event.Warning, "Errors trying to shut down the server. Check the logs for more information.")
		s.endShutdown()
		return
	}
	s.cancelBase()
	if f := s.savingFile(); f != nil {
		s.log(event.Warning, "There is a child saving an .rdb. Killing it!")
		s.dropFile(f)
	}
	if !d.save {
		s.endOfLife()
		return
	}
	d.saving = true
	s.log(event.Notice, "Saving the final RDB snapshot before exiting.")
	s.saves.after = append(s.saves.after, func(err error) {
		switch {
		case s.shutdown != d:
		case err == nil:
			s.endOfLife()
		case d.force:
			s.log(event.Warning, "Error trying to save the DB. Exit anyway.")
			s.endOfLife()
		default:
			s.log(event.Warning, "Error trying to save the DB, can't exit.")
			s.log(event.Warning, "Errors trying to shut down the server. Check the logs for more information.")
			s.endShutdown()
		}
	})
	s.saves.asked = true
	if s.busyWriting() {
		s.saves.scheduled = true
		return
	}
	s.bgsave()
}

// logReplicas tells the log which replicas do not have everything (finishShutdown).
func (s *Server) logReplicas() {
	view := s.repl.View(s.now)
	ready := 0
	for _, r := range view.Replicas {
		if int64(r.Ack) == int64(s.repl.Offset()) {
			ready++
			continue
		}
		s.log(event.Warning, "Lagging replica %s reported offset %d behind master, lag=%d, state=%s.",
			r.Addr, int64(s.repl.Offset())-int64(r.Ack), r.Lag/time.Second, r.State)
	}
	if len(view.Replicas) > 0 {
		s.log(event.Notice, "%d of %d replicas are in sync when shutting down.", ready, len(view.Replicas))
	}
}

// endOfLife asks to end in good order, with the append only file on the disk.
func (s *Server) endOfLife() {
	if s.aof.Mode() != aof.Off && !s.shutdown.told {
		s.shutdown.told = true // once, though the cron may come here again
		s.log(event.Notice, "Calling fsync() on the AOF file.")
	}
	s.aof.Finish()
	s.exit(0, "SHUTDOWN")
}

// dropFile gives up a file that is being written.
func (s *Server) dropFile(f *rdbFile) {
	if snap := s.saves.running; snap != nil && snap.file == f {
		snap.file = nil
		if snap.replica == 0 {
			s.cancelSnapshot()
		}
	}
	f.asked = true
	s.abandonRDB(f)
}

// endShutdown calls a shutdown off and tells whoever asked for it.
func (s *Server) endShutdown() {
	d := s.shutdown
	s.shutdown = nil
	s.pause.byFailover = span{}
	for _, c := range append(d.others, d.client) {
		if c.parked != nil && c.parked.reason == waitsForShutdown {
			s.fail(c, errShutdown)
			s.unpark(c)
		}
	}
}

// exit asks the world to end this machine.
func (s *Server) exit(code int, reason string) {
	s.todo.Exit = &machine.Exit{Code: code, Reason: reason}
}

// Stop asks for the end of the machine as a signal does: parameter says what that signal wants,
// shutdown-on-sigterm or shutdown-on-sigint. The cron obeys. One that cannot save goes on.
func (s *Server) Stop(now time.Time, parameter string) {
	s.input(now, func() { s.signal = parameter })
	s.Interrupt(now)
}

// obeySignal begins the end that a signal asked for.
func (s *Server) obeySignal() {
	parameter := s.signal
	s.signal = ""
	if parameter == "" || s.shutdown != nil {
		return
	}
	c := &client{conn: &machine.Client{}}
	c.ctx.NoBlock = true
	want := &shutdown{client: c, save: len(s.saves.points) > 0}
	for _, word := range strings.Fields(s.settings.text(parameter)) {
		switch word {
		case "save":
			want.save = true
		case "nosave":
			want.save = false
		case "now":
			want.now = true
		case "force":
			want.force = true
		}
	}
	s.beginShutdown(want)
}
