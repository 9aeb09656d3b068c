package sentinel

import (
	"fmt"
	"slices"

	"clusterplay/node/acl"
)

// makeUsers makes the users that a file declares. A user line says all there is to say about a user; only
// where it leaves the default user without a password, which every rewrite of a file does that had none,
// requirepass holds all the same.
func (s *ConfServer) makeUsers(host acl.Host) (*acl.Users, error) {
	users := acl.New(table, host)
	users.OpenChannels(s.OpenChannels)
	if s.Password != "" {
		users.SetPassword(s.Password)
	}
	err := users.Configure(s.Users)
	if s.Password != "" && users.Default().NoPassword() {
		users.SetPassword(s.Password)
	}
	return users, err
}

// WantsPassword reports whether a new connection must log in.
func (s *ConfServer) WantsPassword() bool {
	users, err := s.makeUsers(nil)
	return err != nil || !users.Default().Open()
}

// readUser: user <name> [rule ...]
func (s *ConfServer) readUser(words []string) (refusal string) {
	if len(words) == 0 {
		return errConfDirective
	}
	if err := acl.CheckLine(table, s.Users, words); err != nil {
		return err.Error()
	}
	s.Users = append(s.Users, words)
	return ""
}

// userLines are the users as a file holds them.
func (s *ConfServer) userLines() [][]string {
	users, err := s.makeUsers(nil)
	if err != nil {
		panic(fmt.Sprintf("sentinel: users that cannot be made: %v", err)) // readUser has made them before
	}
	return users.Lines()
}

// userHost is the Sentinel as its users see it.
type userHost struct{ s *Sentinel }

// UserGone ends every connection of a user that is no more.
func (h userHost) UserGone(user *acl.User) {
	for _, c := range slices.Clone(h.s.clients.All) {
		if c.user == user {
			c.user, c.authenticated = h.s.users.Default(), false
			h.s.closeSoon(c)
		}
	}
}

// UserNarrowed ends the connections of a user that listen to what they may no longer hear.
func (h userHost) UserNarrowed(old, now *acl.User) {
	for _, c := range slices.Clone(h.s.clients.All) {
		if c.user == old && c.listener.Any() && !c.listener.All(now.MayListen) {
			h.s.closeSoon(c)
		}
	}
}

// stranger reports whether a client must log in first.
func (s *Sentinel) stranger(c *client) bool { return !c.authenticated && !s.users.Default().Open() }

// logDenial writes down what a user was denied.
func (s *Sentinel) logDenial(c *client, v acl.Verdict, object, user string) {
	s.users.Deny(acl.Denial{
		Why: v, Context: acl.TopLevel, Object: object, User: user, Client: s.describe(c), At: s.now.UnixMilli(),
	}, s.server.DenialsKept)
}

// aclFile: ACL LOAD, ACL SAVE. A Sentinel keeps its users in its own file.
func (s *Sentinel) aclFile(c *client, _ [][]byte) { c.Error(acl.ErrNoFile) }
