package server

import (
	"strconv"
	"strings"

	"clusterplay/node/resp"
	"clusterplay/node/session"
)

// clientID: CLIENT ID
func (s *Server) clientID(c *client) { c.ctx.Int(int64(c.conn.ID)) }

// clientInfo: CLIENT INFO
func (s *Server) clientInfo(c *client) { c.ctx.Verbatim("txt", s.describe(c)+"\n") }

// clientSetName: CLIENT SETNAME connection-name
func (s *Server) clientSetName(c *client) {
	name := c.ctx.Args[2]
	if !session.ValidName(name) {
		c.ctx.Error(session.ErrName)
		return
	}
	c.name = string(name)
	c.ctx.OK()
}

// clientGetName: CLIENT GETNAME
func (s *Server) clientGetName(c *client) {
	if c.name == "" {
		c.ctx.Null()
		return
	}
	c.ctx.BulkString(c.name)
}

// clientReply: CLIENT REPLY ON|OFF|SKIP
func (s *Server) clientReply(c *client) {
	switch answer, ok := c.silence.Ask(c.ctx.Args[2]); {
	case !ok:
		c.ctx.Error(resp.ErrSyntax)
	case answer:
		c.ctx.OK()
	}
}

// clientNoEvict: CLIENT NO-EVICT ON|OFF
func (s *Server) clientNoEvict(c *client) {
	switch strings.ToLower(string(c.ctx.Args[2])) {
	case "on":
		c.noEvict = true
		c.ctx.OK()
	case "off":
		c.noEvict = false
		c.ctx.OK()
	default:
		c.ctx.Error(resp.ErrSyntax)
	}
}

// clientUnblock: CLIENT UNBLOCK client-id [TIMEOUT|ERROR]
func (s *Server) clientUnblock(c *client) {
	withError := false
	if len(c.ctx.Args) == 4 {
		switch strings.ToLower(string(c.ctx.Args[3])) {
		case "timeout":
		case "error":
			withError = true
		default:
			c.ctx.Error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
			return
		}
	}
	id, err := strconv.ParseInt(string(c.ctx.Args[2]), 10, 64)
	if err != nil {
		c.ctx.Error(resp.ErrNotInteger)
		return
	}
	target, there := s.clients.ByID(uint64(id))
	if !there || target.parked == nil || target.parked.timeout == nil {
		c.ctx.Int(0)
		return
	}
	if withError {
		target.parked.timeout = nil
		s.fail(target, resp.ErrUnblocked)
		s.stats.of(target.parked.cmd).failed++
	}
	s.giveUp(target.parked)
	c.ctx.Int(1)
}
