package server

import (
	"clusterplay/node/acl"
	"clusterplay/node/resp"
	"clusterplay/node/session"
)

// version is the Redis release whose behaviour this server has.
const version = "7.0.15"

// authCommand: AUTH [username] password
func (s *Server) authCommand(c *client) {
	args := c.ctx.Args
	if len(args) > 3 {
		c.ctx.Error(resp.ErrSyntax)
		return
	}
	user, password := acl.DefaultName, args[len(args)-1]
	if len(args) == 3 {
		user = string(args[1])
	} else if s.users.Default().NoPassword() {
		c.ctx.Error(session.ErrNoPassword)
		return
	}
	if s.login(c, user, password) {
		c.ctx.OK()
	} else {
		c.ctx.Error(resp.ErrWrongPass)
	}
}

// login makes a client act for a user whose password it knows.
func (s *Server) login(c *client, name string, password []byte) bool {
	user := s.users.Login(name, password)
	if user == nil {
		s.logDenial(c, acl.DeniedAuth, c.aclContext(), string(c.ctx.Args[0]), name)
		return false
	}
	c.user, c.authenticated = user, true
	return true
}

// hello: HELLO [protover [AUTH username password] [SETNAME clientname]]
func (s *Server) hello(c *client) {
	login := func(user string, password []byte) bool { return s.login(c, user, password) }
	asked, refusal := session.ReadHello(c.ctx.Args, c.ctx.Proto, login)
	switch {
	case refusal != "":
		c.ctx.Error(refusal)
		return
	case !c.authenticated:
		c.ctx.Error(session.ErrHelloNoAuth)
		return
	}
	if asked.Named {
		c.name = asked.Name
	}
	c.ctx.Proto = asked.Proto
	role := "master"
	if s.isReplica() {
		role = "replica"
	}
	session.Greeting{Version: version, ID: c.conn.ID, Mode: s.mode(), Role: role}.Write(&c.ctx.Writer)
}

// mode is what HELLO and INFO call this kind of server.
func (s *Server) mode() string {
	if s.cluster != nil {
		return "cluster"
	}
	return "standalone"
}
