package server

import (
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/keyspace"
)

// panicExit is the exit code of a process that serverPanic ends.
const panicExit = 134

// apply executes a command with the master's rights: no checks, no expiry, no reply. It returns the error
// that the command ended with.
func (s *Server) apply(number int, args [][]byte) (failed string) {
	cmd, parent := s.table.Resolve(args)
	if s.diskRefuses() != "" && !s.settings.yes("replica-ignore-disk-write-errors") && cmd != nil && cmd.Has(command.Write) {
		s.exit(panicExit, "Replica was unable to write command to disk.")
		return ""
	}
	m, db := s.master, s.space.DB(number)
	m.last = cmd
	if failed = wellFormed(cmd, parent, args); failed != "" {
		return failed
	}
	if db == nil || cmd.Run == nil {
		return "ERR DB index is out of range"
	}
	s.space.Expiry = keyspace.ShowExpired
	m.ctx.DB = db
	s.execute(m, cmd, args)
	if len(m.ctx.Buf) > 0 && m.ctx.Buf[0] == '-' {
		failed, _, _ = strings.Cut(string(m.ctx.Buf[1:]), "\r\n")
	}
	m.ctx.Buf = m.ctx.Buf[:0]
	if !s.unit.open {
		s.logUnit()
	}
	s.setExpiry()
	return failed
}

// peer is somebody whose commands should not end with an error.
type peer struct{ name, we string }

// Those peers, as the log calls them and us.
var (
	fromMaster  = peer{"master", "replica"}
	fromReplica = peer{"replica", "master"}
	fromLog     = peer{"AOF-loading-client", "server"}
)

// complain tells the log of an error where there should be none, and ends the server if it is to panic
// then (propagation-error-behavior, afterErrorReply).
func (s *Server) complain(to peer, failed string) {
	s.complainOf(to, s.master.last, failed)
	behaviour := s.settings.text("propagation-error-behavior")
	if to == fromMaster && s.settings.yes("replica-read-only") && behaviour != "ignore" || to == fromLog && behaviour == "panic" {
		s.exit(panicExit, "This "+to.we+" panicked sending an error to its "+to.name+" after processing the command '"+
			nameOf(s.master.last)+"'")
	}
}

func (s *Server) complainOf(to peer, cmd *command.Command, failed string) {
	s.stats.unexpected++
	s.log(event.Warning, "== CRITICAL == This %s is sending an error to its %s: '%s' after processing the command '%s'",
		to.we, to.name, strings.TrimPrefix(failed, "ERR "), nameOf(cmd))
}

// nameOf is a command's name in the log.
func nameOf(cmd *command.Command) string {
	if cmd == nil {
		return "<unknown>"
	}
	return cmd.Full
}

// refuseRogue hangs up on a replica whose command had a reply: that would stand in the middle of the stream.
// The reply stands behind mark.
func (s *Server) refuseRogue(c *client, mark int) {
	reply := c.ctx.Buf[mark:]
	s.log(event.Warning, "Replica generated a reply to command '%s', disconnecting it: %s", nameOf(c.last), s.describe(c))
	if reply[0] == '-' {
		line, _, _ := strings.Cut(string(reply[1:]), "\r\n")
		s.complainOf(fromReplica, c.last, line)
	}
	c.ctx.Buf = c.ctx.Buf[:mark]
	s.closeSoon(c)
}
