package server

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// killFilter says which connections CLIENT KILL ends; a zero field does not filter.
type killFilter struct {
	addr, laddr, kind string
	id                uint64
	skipMe            bool
}

func (f killFilter) fits(o, me *client) bool {
	switch {
	case f.addr != "" && o.conn.Addr != f.addr,
		f.laddr != "" && o.conn.LocalAddr != f.laddr,
		f.kind != "" && o.kind() != f.kind,
		f.id != 0 && o.conn.ID != f.id,
		f.skipMe && o == me:
		return false
	}
	return true
}

// clientKill: CLIENT KILL addr | CLIENT KILL option value [option value ...]
func (s *Server) clientKill(c *client) {
	args := c.ctx.Args
	if len(args) == 3 {
		s.killOldStyle(c, string(args[2]))
		return
	}
	filter, ok := killOptions(c, args[2:])
	if !ok {
		return
	}
	killed := 0
	for _, o := range slices.Clone(s.clients.list) {
		if filter.fits(o, c) {
			s.kill(o, c)
			killed++
		}
	}
	if filter.kind == "master" && s.killMasterLink() {
		killed++
	}
	c.ctx.Int(int64(killed))
}

func (s *Server) killOldStyle(c *client, addr string) {
	for _, o := range s.clients.list {
		if o.conn.Addr == addr {
			s.kill(o, c)
			c.ctx.OK()
			return
		}
	}
	c.ctx.Error("ERR No such client")
}

// kill ends a connection: the caller's own after the reply, any other at once.
func (s *Server) kill(o, me *client) {
	if o == me {
		s.closeSoon(o)
		return
	}
	s.unpark(o)
	s.closeSoon(o)
}

// killOptions reads the pairs; not ok means that the error is written.
func killOptions(c *client, pairs [][]byte) (f killFilter, ok bool) {
	f.skipMe = true
	if len(pairs)%2 != 0 {
		c.ctx.Error(resp.ErrSyntax)
		return f, false
	}
	for i := 0; i < len(pairs); i += 2 {
		if refusal := f.option(strings.ToLower(string(pairs[i])), pairs[i+1]); refusal != "" {
			c.ctx.Error(refusal)
			return f, false
		}
	}
	return f, true
}

// option takes one pair and returns why it cannot.
func (f *killFilter) option(name string, value []byte) (refusal string) {
	switch name {
	case "id":
		id, err := strconv.ParseInt(string(value), 10, 64)
		if err != nil || id < 1 {
			return "ERR client-id should be greater than 0"
		}
		f.id = uint64(id)
	case "type":
		kind, ok := clientKind(value)
		if !ok {
			return "ERR Unknown client type '" + string(value) + "'"
		}
		f.kind = kind
	case "addr":
		f.addr = string(value)
	case "laddr":
		f.laddr = string(value)
	case "user":
		if string(value) != "default" {
			return "ERR No such user '" + string(value) + "'"
		}
	case "skipme":
		return f.setSkipMe(value)
	default:
		return resp.ErrSyntax
	}
	return ""
}

func (f *killFilter) setSkipMe(value []byte) (refusal string) {
	switch strings.ToLower(string(value)) {
	case "yes":
		f.skipMe = true
	case "no":
		f.skipMe = false
	default:
		return resp.ErrSyntax
	}
	return ""
}

// killMasterLink cuts the connection to our master and reports whether there was one.
func (s *Server) killMasterLink() bool {
	for link, kind := range s.links.kinds {
		if kind == machine.Replication && s.repl.OwnsLink(link) {
			s.todo.Close = append(s.todo.Close, link)
			s.repl.Hangup(s.now, link, errKilled)
			return true
		}
	}
	return false
}

// errKilled is what replication hears when an operator cuts its link.
var errKilled = errors.New("killed by a client")
