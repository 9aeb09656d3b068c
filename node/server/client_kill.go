package server

import (
	"errors"
	"slices"
	"strconv"

	"clusterplay/node/machine"
	"clusterplay/node/session"
)

// clientKill: CLIENT KILL addr | CLIENT KILL option value [option value ...]
func (s *Server) clientKill(c *client) {
	args := c.ctx.Args
	if len(args) == 3 {
		s.killOldStyle(c, string(args[2]))
		return
	}
	filter, refusal := session.ReadFilter(args[2:], func(name string) bool { return s.users.Named(name) != nil })
	if refusal != "" {
		c.ctx.Error(refusal)
		return
	}
	killed := 0
	for _, o := range slices.Clone(s.clients.All) {
		if filter.Fits(o.conn.ID, o.conn.Addr, o.conn.LocalAddr, o.kind(), o.user.Name(), o == c) {
			s.kill(o, c)
			killed++
		}
	}
	if filter.Kind == "master" && s.killMasterLink() {
		killed++
	}
	c.ctx.Int(int64(killed))
}

func (s *Server) killOldStyle(c *client, addr string) {
	for _, o := range s.clients.All {
		if o.conn.Addr == addr {
			s.kill(o, c)
			c.ctx.OK()
			return
		}
	}
	if addr == s.masterAddr() && s.killMasterLink() {
		c.ctx.OK()
		return
	}
	c.ctx.Error("ERR No such client")
}

// masterAddr is the far end of the connection to our master; "" without one.
func (s *Server) masterAddr() string {
	master := s.repl.View(s.now).Master
	if master == nil {
		return ""
	}
	return master.Host + ":" + strconv.Itoa(master.Port)
}

// kill ends a connection: the caller's own after the reply, any other at once.
func (s *Server) kill(o, me *client) {
	if o == me {
		s.closeSoon(o)
	} else {
		s.cut(o)
	}
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
