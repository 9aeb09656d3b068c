package server

import (
	"strings"

	"clusterplay/node/resp"
	"clusterplay/node/session"
)

// describe is a client's line in CLIENT LIST.
func (s *Server) describe(c *client) string {
	tx := &c.tx
	if c.running != nil {
		tx = c.running
	}
	line := session.Line{
		ID: c.conn.ID, Addr: c.conn.Addr, LocalAddr: c.conn.LocalAddr, Name: c.name,
		Age: s.now.Sub(c.born), Idle: s.now.Sub(c.seen), Flags: c.flags(), DB: c.ctx.DB.Number,
		Channels: c.listener.Channels(), Patterns: c.listener.Patterns(), ShardChannels: c.listener.ShardChannels(),
		Multi: -1, MultiBytes: tx.bytes, Unwritten: len(c.conn.Out), Proto: c.ctx.Proto, User: "(superuser)", Notes: c.notes(), Redirect: c.tracker.Redirect(),
	}
	if c.conn.Gauge != nil {
		held := c.conn.Gauge()
		line.Parsed, line.Unread, line.Announced, line.Unwritten = held.Parsed, held.Unread, held.Announced, line.Unwritten+held.Unwritten
		line.Kept = held.Kept
	}
	if tx.open {
		line.Multi = len(tx.queue)
	}
	if c.user != nil {
		line.User = c.user.Name()
	}
	if c.last != nil {
		line.Command = c.last.Full
	}
	return line.String()
}

// flags is the client's letters in CLIENT LIST.
func (c *client) flags() string {
	return session.Letters("SOPxbtRBdcre", c.replica && !c.monitor, c.monitor, c.inPubsub(), c.tx.open || c.running != nil, c.parked != nil,
		c.tracker.On(), c.tracker.Broken(), c.tracker.Broadcasts(),
		c.tx.stale, c.conn.Closing, c.readonly, c.noEvict)
}

// kind is what CLIENT LIST TYPE and CLIENT KILL TYPE call a client (getClientType).
func (c *client) kind() string {
	switch {
	case c.replica && !c.monitor:
		return "replica"
	case c.inPubsub():
		return "pubsub"
	}
	return "normal"
}

// clientListCommand: CLIENT LIST [TYPE type] [ID id [id ...]]
func (s *Server) clientListCommand(c *client) {
	args := c.ctx.Args[2:]
	wanted := func(*client) bool { return true }
	switch {
	case len(args) == 0:
	case len(args) == 2 && strings.EqualFold(string(args[0]), "type"):
		kind, ok := session.Kind(args[1])
		if !ok {
			c.ctx.Error(session.ErrNoKind(args[1]))
			return
		}
		wanted = func(o *client) bool { return o.kind() == kind }
	case len(args) >= 2 && strings.EqualFold(string(args[0]), "id"):
		s.listByID(c, args[1:])
		return
	default:
		c.ctx.Error(resp.ErrSyntax)
		return
	}
	var b strings.Builder
	for _, o := range s.clients.All {
		if wanted(o) && (o == c || !s.leaving(o)) {
			b.WriteString(s.describe(o))
			b.WriteByte('\n')
		}
	}
	c.ctx.Verbatim("txt", b.String())
}

func (s *Server) listByID(c *client, ids [][]byte) {
	var b strings.Builder
	for _, text := range ids {
		id, ok := session.ReadID(text)
		if !ok {
			c.ctx.Error("ERR Invalid client ID")
			return
		}
		if o, there := s.clients.ByID(id); there && (o == c || !s.leaving(o)) {
			b.WriteString(s.describe(o))
			b.WriteByte('\n')
		}
	}
	c.ctx.Verbatim("txt", b.String())
}
