package server

import (
	"crypto/subtle"
	"strconv"
	"strings"

	"clusterplay/node/resp"
)

// version is the Redis release whose behaviour this server has.
const version = "7.0.15"

const errNoPassword = "ERR AUTH <password> called without any password configured for the default user. " +
	"Are you sure your configuration is correct?"

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
		c.ctx.Error(errNoPassword)
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
	for _, c := range s.clients.list {
		c.authenticated = true
	}
}

const errHelloNoAuth = "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> " +
	"AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time"

// hello: HELLO [protover [AUTH username password] [SETNAME clientname]]
func (s *Server) hello(c *client) {
	args := c.ctx.Args
	proto := c.ctx.Proto
	if len(args) > 1 {
		n, err := strconv.ParseInt(string(args[1]), 10, 64)
		if err != nil {
			c.ctx.Error("ERR Protocol version is not an integer or out of range")
			return
		}
		if n < 2 || n > 3 {
			c.ctx.Error(resp.ErrNoProto)
			return
		}
		proto = int(n)
	}
	name, named, ok := s.helloOptions(c, args)
	if !ok {
		return
	}
	if !c.authenticated {
		c.ctx.Error(errHelloNoAuth)
		return
	}
	if named {
		c.name = name
	}
	c.ctx.Proto = proto
	s.writeHello(c)
}

// helloOptions reads what follows the version; not ok means that the error is written.
func (s *Server) helloOptions(c *client, args [][]byte) (name string, named, ok bool) {
	for i := 2; i < len(args); i++ {
		left := len(args) - 1 - i
		switch {
		case strings.EqualFold(string(args[i]), "AUTH") && left >= 2:
			if !s.login(c, string(args[i+1]), args[i+2]) {
				c.ctx.Error(resp.ErrWrongPass)
				return "", false, false
			}
			i += 2
		case strings.EqualFold(string(args[i]), "SETNAME") && left >= 1:
			if !validName(args[i+1]) {
				c.ctx.Error(errClientName)
				return "", false, false
			}
			name, named = string(args[i+1]), true
			i++
		default:
			c.ctx.Error("ERR Syntax error in HELLO option '" + string(args[i]) + "'")
			return "", false, false
		}
	}
	return name, named, true
}

func (s *Server) writeHello(c *client) {
	w := &c.ctx.Writer
	w.Map(7)
	w.BulkString("server")
	w.BulkString("redis")
	w.BulkString("version")
	w.BulkString(version)
	w.BulkString("proto")
	w.Int(int64(w.Proto))
	w.BulkString("id")
	w.Int(int64(c.conn.ID))
	w.BulkString("mode")
	w.BulkString(s.mode())
	w.BulkString("role")
	if s.isReplica() {
		w.BulkString("replica")
	} else {
		w.BulkString("master")
	}
	w.BulkString("modules")
	w.Array(0)
}

// mode is what HELLO and INFO call this kind of server.
func (s *Server) mode() string {
	if s.cluster != nil {
		return "cluster"
	}
	return "standalone"
}
