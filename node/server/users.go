package server

import (
	"errors"
	"fmt"
	"slices"

	"clusterplay/node/acl"
	"clusterplay/node/command"
)

// errTwoSources is why a server does not start whose users stand in two places.
var errTwoSources = errors.New("users are declared in redis.conf and in an ACL file: choose one of the two")

// newUsers makes the users that the settings, the user lines and the ACL file declare, in this order.
func (s *Server) newUsers() error {
	s.users = acl.New(s.table, userHost{s})
	s.users.OpenChannels(s.settings.text("acl-pubsub-default") == "allchannels")
	if password := s.settings.text("requirepass"); password != "" {
		s.users.SetPassword(password)
	}
	path := s.settings.text("aclfile")
	if path == "" {
		return s.users.Configure(s.config.Users)
	}
	if len(s.config.Users) > 0 {
		return errTwoSources
	}
	text, there, err := s.readFile(path)
	if err != nil {
		return fmt.Errorf("load the ACL file %q: %w", path, err)
	}
	if !there {
		return fmt.Errorf("load the ACL file %q: there is none", path)
	}
	s.aclFile = text
	if refusal := s.users.Load(path, text); refusal != "" {
		return errors.New("load the ACL file: " + refusal)
	}
	return nil
}

// userHost is the server as its users see it.
type userHost struct{ s *Server }

// UserGone ends every connection of a user that is no more (ACLFreeUserAndKillClients).
func (h userHost) UserGone(user *acl.User) {
	for _, c := range slices.Clone(h.s.clients.All) {
		if c.user == user {
			c.user, c.authenticated = h.s.users.Default(), false
			h.s.kill(c, h.s.current)
		}
	}
}

// UserNarrowed ends the connections of a user that listen to what they may no longer hear.
func (h userHost) UserNarrowed(old, now *acl.User) {
	for _, c := range slices.Clone(h.s.clients.All) {
		if c.user == old && c.kind() == "pubsub" && !c.listener.All(now.MayListen) {
			h.s.kill(c, h.s.current)
		}
	}
}

// be makes a connection act for a user until it says otherwise; nobody is asked for a password that is
// not wanted.
func (c *client) be(user *acl.User) { c.user, c.authenticated = user, user.Open() }

// stranger reports whether a client must log in first (authRequired).
func (s *Server) stranger(c *client) bool { return !c.authenticated && !s.users.Default().Open() }

// denied returns the verdict on a command that the client's user may not run, and writes it into the log.
func (s *Server) denied(c *client, cmd *command.Command, args [][]byte, where acl.Context) acl.Verdict {
	v, at := s.users.Check(c.user, cmd, args)
	if v == acl.Allowed {
		return v
	}
	object := cmd.Full
	if v != acl.DeniedCommand {
		object = string(args[at])
	}
	s.logDenial(c, v, where, object, c.user.Name())
	return v
}

func (s *Server) logDenial(c *client, v acl.Verdict, where acl.Context, object, user string) {
	s.users.Deny(acl.Denial{
		Why: v, Context: where, Object: object, User: user, Client: s.describe(c), At: s.nowMs,
	}, s.settings.number("acllog-max-len"))
}

// aclContext is where the running command stands.
func (c *client) aclContext() acl.Context {
	if c.tx.open || c.ctx.NoBlock {
		return acl.InMulti
	}
	return acl.TopLevel
}

// ReadsAnyKey tells whether the running command's user may read every key.
func (s *Server) ReadsAnyKey(c *command.Context) bool {
	return s.current == nil || s.users.ReadsAnyKey(s.current.user, c.Cmd, c.Args)
}
