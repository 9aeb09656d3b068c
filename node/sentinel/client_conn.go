package sentinel

import (
	"clusterplay/node/acl"
	"clusterplay/node/resp"
	"clusterplay/node/session"
)

// version is the Redis release whose behaviour this Sentinel has.
const version = "7.0.15"

// ping: PING [message]
func (s *Sentinel) ping(c *client, args [][]byte) {
	switch {
	case len(args) > 2:
		c.Error(resp.WrongArgs("ping"))
	case c.listener.Any() && c.Proto == 2:
		c.Array(2)
		c.BulkString("pong")
		if len(args) == 2 {
			c.Bulk(args[1])
		} else {
			c.BulkString("")
		}
	case len(args) == 2:
		c.Bulk(args[1])
	default:
		c.Status("PONG")
	}
}

// auth: AUTH [username] password
func (s *Sentinel) auth(c *client, args [][]byte) {
	if len(args) > 3 {
		c.Error(resp.ErrSyntax)
		return
	}
	user := acl.DefaultName
	if len(args) == 3 {
		user = string(args[1])
	} else if s.users.Default().NoPassword() {
		c.Error(session.ErrNoPassword)
		return
	}
	if s.login(c, args[0], user, args[len(args)-1]) {
		c.OK()
	} else {
		c.Error(resp.ErrWrongPass)
	}
}

// login makes a client act for a user whose password it knows.
func (s *Sentinel) login(c *client, command []byte, name string, password []byte) bool {
	user := s.users.Login(name, password)
	if user == nil {
		s.logDenial(c, acl.DeniedAuth, string(command), name)
		return false
	}
	c.user, c.authenticated = user, true
	return true
}

// helloCommand: HELLO [protover [AUTH username password] [SETNAME clientname]]
func (s *Sentinel) helloCommand(c *client, args [][]byte) {
	login := func(user string, password []byte) bool { return s.login(c, args[0], user, password) }
	asked, refusal := session.ReadHello(args, c.Proto, login)
	switch {
	case refusal != "":
		c.Error(refusal)
		return
	case !c.authenticated:
		c.Error(session.ErrHelloNoAuth)
		return
	}
	if asked.Named {
		c.name = asked.Name
	}
	c.Proto = asked.Proto
	session.Greeting{Version: version, ID: c.conn.ID, Mode: "sentinel"}.Write(&c.Writer)
}

// subscribe: SUBSCRIBE channel [channel ...]
func (s *Sentinel) subscribe(c *client, args [][]byte) { s.hub.Subscribe(c, args[1:]) }

// unsubscribe: UNSUBSCRIBE [channel ...]
func (s *Sentinel) unsubscribe(c *client, args [][]byte) { s.hub.Unsubscribe(c, args[1:]) }

// psubscribe: PSUBSCRIBE pattern [pattern ...]
func (s *Sentinel) psubscribe(c *client, args [][]byte) { s.hub.PSubscribe(c, args[1:]) }

// punsubscribe: PUNSUBSCRIBE [pattern ...]
func (s *Sentinel) punsubscribe(c *client, args [][]byte) { s.hub.PUnsubscribe(c, args[1:]) }

// publishCommand: PUBLISH __sentinel__:hello payload. Other Sentinels introduce themselves so;
// subscribers hear only of events.
func (s *Sentinel) publishCommand(c *client, args [][]byte) {
	if string(args[1]) != helloChannel {
		c.Error("ERR Only HELLO messages are accepted by Sentinel instances.")
		return
	}
	s.receiveHello(string(args[2]))
	c.Int(1)
}

// role: ROLE
func (s *Sentinel) role(c *client, _ [][]byte) {
	c.Array(2)
	c.BulkString("sentinel")
	c.Array(len(s.masters))
	for _, m := range s.masters {
		c.BulkString(m.name)
	}
}

// shutdownCommand: SHUTDOWN [NOSAVE|SAVE] [NOW] [FORCE] [ABORT]. There is nothing to save: the file
// is always up to date.
func (s *Sentinel) shutdownCommand(c *client, args [][]byte) {
	save, nosave, abort := false, false, false
	for _, arg := range args[1:] {
		switch word(arg) {
		case "save":
			save = true
		case "nosave":
			nosave = true
		case "abort":
			abort = true
		case "now", "force":
		default:
			c.Error(resp.ErrSyntax)
			return
		}
	}
	switch {
	case save && nosave || abort && len(args) > 2:
		c.Error(resp.ErrSyntax)
	case abort:
		c.Error("ERR No shutdown in progress.")
	default:
		s.exit(0, "SHUTDOWN")
	}
}
