package server

import (
	"errors"
	"fmt"
	"slices"

	"clusterplay/node/acl"
	"clusterplay/node/command"
)

// errTwoSources is why a server does not start whose users stand in two places.
//
//lint:ignore ST1005 Redis' words
var errTwoSources = errors.New("Configuring Redis with users defined in redis.conf and at the same setting an ACL file " +
	"path is invalid. This setup is very likely to lead to configuration errors and security holes, please define either " +
	"an ACL file or declare users directly in your redis.conf, but not both.")

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
	s.aclFile = s.config.Files[path]
	if refusal := s.loadUsers(path); refusal != "" {
		return errors.New("Aborting Redis startup because of ACL errors: " + refusal)
	}
	return nil
}

// loadUsers reads the ACL file as it is now. Where no disk can be asked, that is as it was at birth or as
// ACL SAVE has left it.
func (s *Server) loadUsers(path string) (refusal string) {
	text, there, err := s.aclFile, s.aclFile != nil, error(nil)
	if s.config.ReadFile != nil {
		text, there, err = s.config.ReadFile(path)
	}
	switch {
	case err != nil:
		return fmt.Sprintf("Error loading ACLs, opening file '%s': %v", path, err)
	case !there:
		return fmt.Sprintf("Error loading ACLs, opening file '%s': No such file or directory", path)
	}
	return s.users.Load(path, text)
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
	if c.tx.open || c.running != nil {
		return acl.InMulti
	}
	return acl.TopLevel
}

// ReadsAnyKey tells whether the running command's user may read every key.
func (s *Server) ReadsAnyKey(c *command.Context) bool {
	return s.current == nil || s.users.ReadsAnyKey(s.current.user, c.Cmd, c.Args)
}
