package server

import (
	"clusterplay/node/command"
	"clusterplay/node/keyspace"
	"clusterplay/node/replication"
)

// effect is one command to propagate, in the database it ran in.
type effect = replication.Command

// unit is everything one top-level command, one EXEC, one served client or one expiry changed.
// Its effects travel together.
type unit struct {
	open    bool
	effects []effect
}

// begin opens a unit.
func (s *Server) begin() { s.unit.open, s.unit.effects = true, s.unit.effects[:0] }

// commit propagates the unit. A replica propagates nothing of its own: what its master sends is
// forwarded by package replication byte for byte.
func (s *Server) commit(c *client) {
	s.unit.open = false
	if len(s.unit.effects) > 0 {
		if len(s.unit.effects) == 1 {
			s.repl.FeedOne(s.unit.effects[0].DB, s.unit.effects[0].Args)
		} else {
			s.repl.Feed(s.unit.effects...)
		}
		s.unit.effects = s.unit.effects[:0]
	}
	if c != nil {
		c.offset = s.repl.Offset()
	}
}

// collect takes what the command of c changed into the unit.
func (s *Server) collect(c *client, db int) {
	e := &c.ctx.Effects
	s.saves.dirty += int64(e.Dirty)
	if c.ctx.Master || e.Silent || e.Dirty == 0 && e.Instead == nil && !s.forced {
		s.forced = false
		return
	}
	s.forced = false
	switch {
	case e.Instead != nil:
		for _, args := range e.Instead {
			s.unit.effects = append(s.unit.effects, effect{DB: db, Args: args})
		}
	case e.Rewritten != nil:
		s.unit.effects = append(s.unit.effects, effect{DB: db, Args: e.Rewritten})
	default:
		s.unit.effects = append(s.unit.effects, effect{DB: db, Args: c.ctx.Args})
	}
}

// force propagates the running command although it changes no data (PUBLISH).
func (s *Server) force(*client) { s.forced = true }

// The commands that delete an expired key.
var (
	delWord    = []byte("DEL")
	unlinkWord = []byte("UNLINK")
)

// onExpired hears of each key that was deleted because its time had run out.
func (s *Server) onExpired(db *keyspace.DB, key string, active bool) {
	name := []byte(key)
	s.Modified(db, name, "expired")
	if s.isReplica() {
		return
	}
	word := delWord
	if s.settings.yes("lazyfree-lazy-expire") {
		word = unlinkWord
	}
	s.saves.dirty++
	del := effect{DB: db.Number, Args: [][]byte{word, name}}
	if active || !s.unit.open || s.alone() {
		s.repl.FeedOne(del.DB, del.Args)
		return
	}
	s.unit.effects = append(s.unit.effects, del)
}

// alone tells the commands whose expiries are not wrapped with anything: SCAN and RANDOMKEY.
func (s *Server) alone() bool {
	if s.current == nil || s.current.ctx.Cmd == nil {
		return false
	}
	switch s.current.ctx.Cmd.Full {
	case "scan", "randomkey":
		return true
	}
	return false
}

var _ command.Host = (*Server)(nil)
