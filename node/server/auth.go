package server

import (
	"crypto/subtle"

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
	user, password := "default", args[len(args)-1]
	if len(args) == 3 {
		user = string(args[1])
	} else if s.settings.text("requirepass") == "" {
		c.ctx.Error(session.ErrNoPassword)
		return
	}
	if s.login(c, user, password) {
		c.ctx.OK()
	} else {
		c.ctx.Error(resp.ErrWrongPass)
	}
}

// login lets a client in; the default user is the only one there is.
func (s *Server) login(c *client, user string, password []byte) bool {
	want := s.settings.text("requirepass")
	if user != "default" || want != "" && subtle.ConstantTimeCompare([]byte(want), password) == 0 {
		return false
	}
	c.authenticated = true
	return true
}

// passwordChanged lets everybody in when the password is taken away; those who are in stay.
func (s *Server) passwordChanged() {
	if s.settings.text("requirepass") != "" {
		return
	}
	for _, c := range s.clients.All {
		c.authenticated = true
	}
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
