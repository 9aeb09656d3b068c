package server

import (
	"math"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

// ping: PING [message]
func (s *Server) ping(c *client) {
	args := c.ctx.Args
	if len(args) > 2 {
		c.ctx.Error(resp.WrongArgs("ping"))
		return
	}
	if c.inPubsub() && c.ctx.Proto == 2 {
		c.ctx.Array(2)
		c.ctx.BulkString("pong")
		if len(args) == 2 {
			c.ctx.Bulk(args[1])
		} else {
			c.ctx.BulkString("")
		}
		return
	}
	if len(args) == 2 {
		c.ctx.Bulk(args[1])
	} else {
		c.ctx.Status("PONG")
	}
}

// echo: ECHO message
func (s *Server) echo(c *client) { c.ctx.Bulk(c.ctx.Args[1]) }

// quit: QUIT
func (s *Server) quit(c *client) {
	c.ctx.OK()
	s.closeSoon(c)
}

// selectCommand: SELECT index
func (s *Server) selectCommand(c *client) {
	n, ok := c.ctx.IntegerIn(c.ctx.Args[1], math.MinInt32, math.MaxInt32, resp.ErrNotInt32)
	switch {
	case !ok:
	case s.cluster != nil && n != 0:
		c.ctx.Error(resp.ErrSelectInCluster)
	case s.space.DB(int(n)) == nil:
		c.ctx.Error(resp.ErrDBIndex)
	default:
		c.ctx.DB = s.space.DB(int(n))
		c.ctx.OK()
	}
}

// swapdb: SWAPDB index1 index2
func (s *Server) swapdb(c *client) {
	if s.cluster != nil {
		c.ctx.Error("ERR SWAPDB is not allowed in cluster mode")
		return
	}
	a, okA := keyspace.ParseInt(c.ctx.Args[1])
	b, okB := keyspace.ParseInt(c.ctx.Args[2])
	switch {
	case !okA || a != int64(int32(a)):
		c.ctx.Error("ERR invalid first DB index")
		return
	case !okB || b != int64(int32(b)):
		c.ctx.Error("ERR invalid second DB index")
		return
	}
	first, second := s.space.DB(int(a)), s.space.DB(int(b))
	if first == nil || second == nil {
		c.ctx.Error(resp.ErrDBIndex)
		return
	}
	if first != second {
		s.touchWatchedDB(first, second)
		s.touchWatchedDB(second, first)
		s.space.Swap(first, second)
		s.readyAfterSwap(first)
		s.readyAfterSwap(second)
	}
	c.ctx.Changed(1)
	c.ctx.OK()
}

// readyAfterSwap lets clients that wait for keys of db look again (scanDatabaseForReadyKeys). A key whose
// time is over is one of them: it goes when it is looked at.
func (s *Server) readyAfterSwap(db *keyspace.DB) {
	for _, c := range s.clients.All {
		if c.parked == nil {
			continue
		}
		for _, k := range c.parked.keys {
			key := []byte(k.key)
			if s.space.DB(k.db) == db && (c.parked.mourns || db.Has(s.nowMs, key) || s.expiredYetThere(db, key)) {
				s.Ready(db, key)
			}
		}
	}
}

// timeCommand: TIME
func (s *Server) timeCommand(c *client) {
	micros := s.now.UnixMicro()
	c.ctx.Array(2)
	c.ctx.BulkInt(micros / 1e6)
	c.ctx.BulkInt(micros % 1e6)
}

// reset: RESET
func (s *Server) reset(c *client) {
	s.discard(c)
	s.dropMonitor(c)
	s.pubsub.Forget(c)
	s.tracking.Forget(c)
	c.name = ""
	c.readonly, c.asking, c.noEvict = false, false, false
	c.silence = 0
	c.ctx.Proto = 2
	c.ctx.DB = s.space.DB(0)
	c.be(s.users.Default())
	c.ctx.Status("RESET")
}

// readonlyCommand: READONLY
func (s *Server) readonlyCommand(c *client) { s.clusterFlag(c, &c.readonly, true) }

// readwriteCommand: READWRITE
func (s *Server) readwriteCommand(c *client) { s.clusterFlag(c, &c.readonly, false) }

// askingCommand: ASKING
func (s *Server) askingCommand(c *client) { s.clusterFlag(c, &c.asking, true) }

func (s *Server) clusterFlag(c *client, flag *bool, value bool) {
	if s.cluster == nil {
		c.ctx.Error(resp.ErrClusterDisabled)
		return
	}
	*flag = value
	c.ctx.OK()
}
