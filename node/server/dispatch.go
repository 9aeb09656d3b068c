package server

import (
	"strings"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// Call executes one command and appends the reply to conn.Out.
func (s *Server) Call(now time.Time, conn *machine.Client, args [][]byte) {
	s.enter(now)
	c, known := conn.Session.(*client)
	if !known || conn.Closing {
		return
	}
	c.seen = now
	s.to(c)
	switch {
	case len(args) == 0:
		s.emptyLine(c)
	case s.asleep():
		s.postpone(c, args, waitsForWaking)
	default:
		s.answer(c, args)
	}
	s.settle()
	s.leave(c)
}

// answer dispatches a command and takes back a reply the client did not want (CLIENT REPLY).
func (s *Server) answer(c *client, args [][]byte) {
	before, mark, rogue := c.silence, len(c.ctx.Buf), c.replica
	s.dispatch(c, args)
	if rogue && len(c.ctx.Buf) > mark {
		s.refuseRogue(c, mark)
	}
	if c.tracker.On() && !c.tx.open && (c.last == nil || c.last.Parent == nil || c.last.Parent.Name != "client") {
		c.tracker.NextCommand()
	}
	if c.silence.After(before) && !(pushes(c.last) && len(c.ctx.Buf) > mark && c.ctx.Buf[mark] != '-') {
		c.ctx.Buf = c.ctx.Buf[:mark]
	}
	if s.sleep.who == c {
		s.holdAnswer(c, mark)
	}
}

// pushes tells the commands whose answers are not replies but confirmations, which come in any case.
func pushes(cmd *command.Command) bool {
	return cmd != nil && strings.HasSuffix(cmd.Name, "subscribe")
}

// emptyLine keeps a replica alive that is busy loading.
func (s *Server) emptyLine(c *client) {
	if c.replica {
		s.repl.Alive(s.now, c.conn)
	}
}

// dispatch checks one command of a client in Redis' order and refuses, queues, postpones or runs
// it (processCommand).
func (s *Server) dispatch(c *client, args [][]byte) {
	if !s.stays(c) {
		return
	}
	cmd, parent := s.table.Resolve(args)
	if refusal := wellFormed(cmd, parent, args); refusal != "" {
		s.reject(c, cmd, refusal)
		return
	}
	c.last = cmd
	if refusal := s.admit(c, cmd, args); refusal != "" {
		s.reject(c, cmd, refusal)
		return
	}
	s.limitTracking()
	switch {
	case s.pausedFor(c, cmd, args):
		s.postpone(c, args, waitsForPause)
	case c.tx.open && queues(cmd):
		s.enqueue(c, cmd, args)
	case s.heldByMigration(c, cmd, args):
		s.postpone(c, args, waitsForKeysMoved)
	default:
		s.begin()
		s.execute(c, cmd, args)
		s.commit(c)
		s.tellMonitors(c, cmd, args)
	}
}

// wellFormed refuses what no command of the table accepts.
func wellFormed(cmd, parent *command.Command, args [][]byte) (refusal string) {
	switch {
	case cmd == nil && parent != nil:
		return resp.UnknownSubcommand(parent.Name, string(args[1]))
	case cmd == nil:
		return resp.UnknownCommand(args)
	case !cmd.Accepts(len(args)):
		return resp.WrongArgs(cmd.Full)
	}
	return ""
}

// queues tells the commands that MULTI queues from those that run at once inside it.
func queues(cmd *command.Command) bool {
	switch cmd.Name {
	case "exec", "discard", "multi", "watch", "quit", "reset":
		return cmd.Parent != nil
	}
	return true
}

// isExec tells EXEC, whose refusals end the transaction.
func isExec(cmd *command.Command) bool { return cmd != nil && cmd.Full == "exec" }

// reject answers a command that does not run. Inside MULTI that spoils the transaction; a refused
// EXEC ends it (rejectCommand).
func (s *Server) reject(c *client, cmd *command.Command, refusal string) {
	if cmd != nil {
		s.stats.of(cmd).rejected++
	}
	c.asking = c.asking && c.tx.open
	if !isExec(cmd) {
		c.tx.failed = c.tx.open
		s.fail(c, refusal)
		return
	}
	s.discard(c)
	if !isRedirect(refusal) {
		refusal = "EXECABORT Transaction discarded because of: " + strings.TrimPrefix(refusal, "ERR ")
	}
	s.fail(c, refusal)
}

// fail writes an error to a client and counts it.
func (s *Server) fail(c *client, text string) {
	s.stats.countError(text)
	s.to(c).Error(text)
}

// execute runs one command that was admitted and takes note of what it changed.
func (s *Server) execute(c *client, cmd *command.Command, args [][]byte) {
	ctx := &c.ctx
	ctx.Now, ctx.Args, ctx.Cmd = s.nowMs, args, cmd
	ctx.Effects.Dirty, ctx.Effects.Silent = 0, false
	ctx.Effects.Rewritten, ctx.Effects.Instead = nil, nil
	s.current = c
	mark := len(ctx.Buf)
	db := ctx.DB.Number
	if share := s.timed(cmd); share == 0 {
		cmd.Run(ctx)
	} else {
		began := s.elapsed()
		cmd.Run(ctx)
		if c.parked == nil || len(ctx.Buf) > mark {
			s.recordDuration(c, cmd, args, s.elapsed()-began, share)
		}
	}
	s.finish(c, cmd, mark, db)
}

// finish counts a command that ran and collects its effects.
func (s *Server) finish(c *client, cmd *command.Command, mark, db int) {
	ctx := &c.ctx
	counts := s.stats.of(cmd)
	if !ctx.Woken { // a command that has waited was counted when it came (updateStatsOnUnblock)
		counts.calls++
		s.stats.commands++
	}
	if len(ctx.Buf) > mark && ctx.Buf[mark] == '-' {
		counts.failed++
		if !s.script.counted {
			s.stats.countError(errorText(ctx.Buf[mark:]))
		}
	}
	s.script.counted = false
	s.collect(c, db)
	if c.tracker.Reads() {
		s.rememberKeys(c, cmd, ctx.Args)
	}
	if !cmd.Has(command.Asking) && cmd.Full != "asking" && !c.tx.open {
		c.asking = false
	}
	ctx.Args = nil
}

// errorText is the error that begins a reply.
func errorText(reply []byte) string {
	for i, b := range reply {
		if b == '\r' {
			return string(reply[1:i])
		}
	}
	return string(reply[1:])
}

// runAs runs a command for a client whose turn comes outside its own Call: a blocked command
// tried again. It is a unit of its own.
func (s *Server) runAs(c *client, cmd *command.Command, args [][]byte, db *keyspace.DB, prepare func(*command.Context)) {
	s.to(c)
	selected := c.ctx.DB
	c.ctx.DB = db
	prepare(&c.ctx)
	s.begin()
	s.execute(c, cmd, args)
	s.commit(c)
	c.ctx.Woken = false
	c.ctx.DB = selected
}
