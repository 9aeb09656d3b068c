package server

import (
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// describe is a client's line in CLIENT LIST (catClientInfoString). Buffers belong to the driver,
// so their figures are those of an idle connection.
func (s *Server) describe(c *client) string {
	var b strings.Builder
	field := func(name string, value any) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(name)
		b.WriteByte('=')
		switch v := value.(type) {
		case string:
			b.WriteString(v)
		case int:
			b.WriteString(strconv.Itoa(v))
		case int64:
			b.WriteString(strconv.FormatInt(v, 10))
		}
	}
	field("id", int64(c.conn.ID))
	field("addr", c.conn.Addr)
	field("laddr", c.conn.LocalAddr)
	field("fd", int64(c.conn.ID)+firstDescriptor)
	field("name", c.name)
	field("age", int64(s.now.Sub(c.born).Seconds()))
	field("idle", int64(s.now.Sub(c.seen).Seconds()))
	field("flags", c.flags())
	field("db", c.ctx.DB.Number)
	field("sub", c.listener.Channels())
	field("psub", c.listener.Patterns())
	field("ssub", c.listener.ShardChannels())
	multi := -1
	if c.tx.open {
		multi = len(c.tx.queue)
	}
	field("multi", multi)
	field("qbuf", 0)
	field("qbuf-free", 0)
	field("argv-mem", 0)
	field("multi-mem", c.tx.bytes)
	field("rbs", clientBuffer)
	field("rbp", 0)
	field("obl", len(c.conn.Out))
	field("oll", 0)
	field("omem", 0)
	field("tot-mem", clientBuffer+c.tx.bytes+len(c.conn.Out))
	field("events", "r")
	field("cmd", c.lastCommand())
	field("user", "default")
	field("redir", -1)
	field("resp", c.ctx.Proto)
	return b.String()
}

// What CLIENT LIST invents: machines have no descriptors, and the reply buffer is the driver's.
const (
	firstDescriptor = 8
	clientBuffer    = 1024
)

// flags is the client's letters in CLIENT LIST.
func (c *client) flags() string {
	var b []byte
	add := func(is bool, letter byte) {
		if is {
			b = append(b, letter)
		}
	}
	add(c.replica && !c.monitor, 'S')
	add(c.monitor, 'O')
	add(c.inPubsub(), 'P')
	add(c.tx.open, 'x')
	add(c.parked != nil, 'b')
	add(c.tx.stale, 'd')
	add(c.conn.Closing, 'c')
	add(c.readonly, 'r')
	add(c.noEvict, 'e')
	if len(b) == 0 {
		return "N"
	}
	return string(b)
}

func (c *client) lastCommand() string {
	if c.last == nil {
		return "NULL"
	}
	return c.last.Name
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

// clientKind reads a type word; false means that there is no such type.
func clientKind(word []byte) (string, bool) {
	switch w := strings.ToLower(string(word)); w {
	case "slave", "replica":
		return "replica", true
	case "normal", "pubsub", "master":
		return w, true
	}
	return "", false
}

// clientListCommand: CLIENT LIST [TYPE type] [ID id [id ...]]
func (s *Server) clientListCommand(c *client) {
	args := c.ctx.Args[2:]
	wanted := func(*client) bool { return true }
	switch {
	case len(args) == 0:
	case len(args) == 2 && strings.EqualFold(string(args[0]), "type"):
		kind, ok := clientKind(args[1])
		if !ok {
			c.ctx.Error("ERR Unknown client type '" + string(args[1]) + "'")
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
	for _, o := range s.clients.list {
		if wanted(o) {
			b.WriteString(s.describe(o))
			b.WriteByte('\n')
		}
	}
	c.ctx.Verbatim("txt", b.String())
}

func (s *Server) listByID(c *client, ids [][]byte) {
	var b strings.Builder
	for _, text := range ids {
		id, err := strconv.ParseInt(string(text), 10, 64)
		if err != nil || id < 1 {
			c.ctx.Error("ERR Invalid client ID")
			return
		}
		if o := s.clients.byID(uint64(id)); o != nil {
			b.WriteString(s.describe(o))
			b.WriteByte('\n')
		}
	}
	c.ctx.Verbatim("txt", b.String())
}
