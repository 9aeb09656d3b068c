package sentinel

import (
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"

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

// wantsPassword reports whether clients must log in.
func (s *Sentinel) wantsPassword() bool { return s.server.WantsPassword() }

// auth: AUTH [username] password
func (s *Sentinel) auth(c *client, args [][]byte) {
	if len(args) > 3 {
		c.Error(resp.ErrSyntax)
		return
	}
	user := "default"
	if len(args) == 3 {
		user = string(args[1])
	} else if !s.wantsPassword() {
		c.Error(session.ErrNoPassword)
		return
	}
	if s.login(c, user, args[len(args)-1]) {
		c.OK()
	} else {
		c.Error(resp.ErrWrongPass)
	}
}

// login lets a client in; the default user is the only one there is.
func (s *Sentinel) login(c *client, user string, password []byte) bool {
	if user != "default" || s.wantsPassword() && !s.isPassword(password) {
		return false
	}
	c.authenticated = true
	return true
}

// isPassword compares in a time that tells nothing.
func (s *Sentinel) isPassword(given []byte) bool {
	if s.server.Password != "" {
		return subtle.ConstantTimeCompare([]byte(s.server.Password), given) == 1
	}
	sum := sha256.Sum256(given)
	return subtle.ConstantTimeCompare([]byte(s.server.PasswordSum), []byte(hex.EncodeToString(sum[:]))) == 1
}

// helloCommand: HELLO [protover [AUTH username password] [SETNAME clientname]]
func (s *Sentinel) helloCommand(c *client, args [][]byte) {
	login := func(user string, password []byte) bool { return s.login(c, user, password) }
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

// aclUsers: ACL USERS
func (s *Sentinel) aclUsers(c *client, _ [][]byte) {
	c.Array(1)
	c.BulkString("default")
}

// aclWhoAmI: ACL WHOAMI
func (s *Sentinel) aclWhoAmI(c *client, _ [][]byte) { c.BulkString("default") }

// aclList: ACL LIST
func (s *Sentinel) aclList(c *client, _ [][]byte) {
	c.Array(1)
	c.BulkString("user default on " + s.server.credential() + " ~* &* +@all")
}
