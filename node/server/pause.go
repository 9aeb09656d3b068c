package server

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// pause holds clients' commands back for a while. Several purposes may pause at once: the
// strictest rule and, per purpose, its own end hold.
type pause struct {
	byClient   span // CLIENT PAUSE
	byFailover span // CLUSTER FAILOVER, or SHUTDOWN waiting for replicas
	handover   bool // FAILOVER, which ends it itself
}

// span is one purpose's pause; zero until means none.
type span struct {
	until time.Time
	all   bool // every command, not only writes
}

func (p span) active(now time.Time) bool { return now.Before(p.until) }

// none tells quickly that nobody pauses, or has ended it.
func (p *pause) none() bool {
	return p.byClient.until.IsZero() && p.byFailover.until.IsZero() && !p.handover
}

// paused reports whether writes, or all commands, are held back now.
func (s *Server) paused() (writes, all bool) {
	if s.pause.none() {
		return false, false
	}
	return s.standsStill(), s.pause.byClient.active(s.now) && s.pause.byClient.all
}

// standsStill reports whether the offset must not move: somebody asked for it, or a failover, or the
// end, waits until replicas have everything. Nothing expires then, nor is evicted.
func (s *Server) standsStill() bool {
	return s.pause.byClient.active(s.now) || s.pause.byFailover.active(s.now) || s.pause.handover
}

// pausedFor reports whether the command of c must wait for the end of a pause. A replica's
// commands never do, nor do those of a transaction except the EXEC that would run it.
func (s *Server) pausedFor(c *client, cmd *command.Command, args [][]byte) bool {
	writes, all := s.paused()
	if !writes || c.replica {
		return false
	}
	flags := s.flagsOf(cmd, args)
	if isExec(cmd) {
		flags |= c.tx.flags
	}
	return all || flags&(command.Write|command.MayReplicate) != 0
}

// postpone keeps a command for later; the connection stands still meanwhile.
func (s *Server) postpone(c *client, args [][]byte, why parkReason) {
	s.park(&parked{client: c, reason: why, args: cloneArgs(args)})
	s.postponed = append(s.postponed, c)
}

// resume runs the commands postponed for a reason that is over, in their order of arrival.
func (s *Server) resume(why parkReason) {
	waiting := s.postponed
	s.postponed = nil
	for _, c := range waiting {
		p := c.parked
		switch {
		case p == nil || c.conn.Session == nil:
		case p.reason != why:
			s.postponed = append(s.postponed, c)
		default:
			s.unpark(c)
			s.to(c)
			s.answer(c, p.args)
		}
	}
}

// resumePaused lets the postponed go when no pause is left.
func (s *Server) resumePaused() {
	if writes, _ := s.paused(); !writes && len(s.postponed) > 0 && !s.asleep() {
		s.resume(waitsForPause)
	}
}

// pauseStream lets the master's stream wait while CLIENT PAUSE holds: a replica then stands still, and its
// offset with it.
func (s *Server) pauseStream() {
	if hold := s.pause.byClient.active(s.now); hold != s.streamHeld {
		s.streamHeld = hold
		s.repl.Hold(s.now, hold)
	}
}

// pauseEnd is when the present pause ends; zero when there is none.
func (s *Server) pauseEnd() time.Time {
	var end time.Time
	for _, p := range []span{s.pause.byClient, s.pause.byFailover} {
		if p.active(s.now) && p.until.After(end) {
			end = p.until
		}
	}
	return end
}

// clientPause: CLIENT PAUSE timeout [WRITE|ALL]
func (s *Server) clientPause(c *client) {
	all := true
	if len(c.ctx.Args) == 4 {
		switch strings.ToLower(string(c.ctx.Args[3])) {
		case "write":
			all = false
		case "all":
		default:
			c.ctx.Error("ERR CLIENT PAUSE mode must be WRITE or ALL")
			return
		}
	}
	ms, err := strconv.ParseInt(string(c.ctx.Args[2]), 10, 64)
	switch {
	case err != nil || ms > maxPause:
		c.ctx.Error(resp.ErrTimeoutInteger)
		return
	case ms < 0:
		c.ctx.Error(resp.ErrTimeoutNegative)
		return
	}
	until := s.now.Add(time.Duration(ms) * time.Millisecond)
	if old := s.pause.byClient; old.active(s.now) {
		all = all || old.all
		if old.until.After(until) {
			until = old.until
		}
	}
	s.pause.byClient = span{until, all}
	c.ctx.OK()
}

// maxPause keeps the end of a pause within what a time.Duration can say: 292 years.
const maxPause = int64(1<<63-1) / int64(time.Millisecond)

// clientUnpause: CLIENT UNPAUSE
func (s *Server) clientUnpause(c *client) {
	s.pause.byClient = span{}
	c.ctx.OK()
}

func (s *Server) dropPostponed(c *client) {
	if i := slices.Index(s.postponed, c); i >= 0 {
		s.postponed = slices.Delete(s.postponed, i, i+1)
	}
}
