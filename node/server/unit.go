package server

import (
	"clusterplay/node/aof"
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
	effects []effect      // for replicas
	logged  []aof.Command // for the append only file
	room    command.Room  // the words of effects and logged that are not the client's
}

// begin opens a unit.
func (s *Server) begin() {
	s.unit.open, s.unit.effects, s.unit.logged = true, s.unit.effects[:0], s.unit.logged[:0]
}

// commit propagates the unit. A replica propagates nothing of its own: what its master sends is
// forwarded by package replication byte for byte.
func (s *Server) commit(c *client) {
	s.unit.open = false
	if len(s.unit.effects) > 0 {
		s.feed(s.unit.effects)
		s.unit.effects = s.unit.effects[:0]
	}
	s.logUnit()
	if c != nil {
		s.tracking.Settle(c)
		c.offset = s.repl.Offset()
	}
}

// collect takes what the command of c changed into the unit.
func (s *Server) collect(c *client, db int) {
	e := &c.ctx.Effects
	s.saves.dirty += int64(e.Dirty)
	forced := s.forced
	s.forced = false
	changed := e.Dirty > 0 || e.Instead != nil
	if e.Silent || !changed && !forced {
		return
	}
	to := audience{replicas: !c.ctx.Master, file: changed && s.aof.Logging()}
	switch {
	case e.Instead != nil:
		for _, args := range e.Instead {
			s.propagate(to, db, args)
		}
	case e.Rewritten != nil:
		s.propagate(to, db, e.Rewritten)
	default:
		s.propagate(to, db, c.ctx.Args)
	}
}

// audience is who hears of an effect. What a master sent is forwarded by package replication; a
// message to listeners is no change of the data and is not logged.
type audience struct{ replicas, file bool }

// propagate adds an effect to the unit.
func (s *Server) propagate(to audience, db int, args [][]byte) {
	if to.replicas {
		s.unit.effects = append(s.unit.effects, effect{DB: db, Args: args})
	}
	if to.file {
		if !to.replicas && s.unit.open {
			args = cloneArgs(args) // a master's command is valid only until its next one
		}
		s.unit.logged = append(s.unit.logged, aof.Command{DB: db, Args: args})
	}
}

// deleted propagates a deletion that belongs to no command's unit: of a key that expired, was evicted, or
// has gone to another node.
func (s *Server) deleted(db int, args [][]byte) {
	if s.forked {
		return
	}
	s.repl.FeedOne(db, args)
	s.aof.FeedOne(s.now, db, args)
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
		s.deleted(del.DB, del.Args)
		return
	}
	s.propagate(audience{replicas: true, file: s.aof.Logging()}, del.DB, del.Args)
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
