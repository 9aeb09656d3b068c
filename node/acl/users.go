package acl

import (
	"maps"
	"slices"

	"clusterplay/node/command"
)

// Host is the server around the users: what it does to connections when a user changes.
type Host interface {
	// UserGone tells that a user is no more: who acts for them becomes the default user, logged out,
	// and is disconnected.
	UserGone(user *User)
	// UserNarrowed tells that a user may listen to fewer channels than before: who acts for old and
	// listens to what now does not allow is disconnected.
	UserNarrowed(old, now *User)
}

// Users are all users of one server, and the log of what they were denied.
type Users struct {
	table   *command.Table
	host    Host
	byName  map[string]*User
	first   *User // the default user, always there
	open    bool  // acl-pubsub-default allchannels: new users may use every channel
	uses    []channelUse
	scratch []command.KeyRef // of Check
	log     log
}

// New makes the default user, who may do everything without a password.
func New(table *command.Table, host Host) *Users {
	u := &Users{table: table, host: host, byName: map[string]*User{}, uses: make([]channelUse, table.Size())}
	for id := range u.uses {
		u.uses[id] = channelUses[table.ByID(id).Full]
	}
	u.first = u.newDefault()
	u.byName[DefaultName] = u.first
	return u
}

func (u *Users) newDefault() *User {
	user := u.newUser(DefaultName)
	user.on, user.noPass = true, true
	s := user.root()
	s.all(true)
	s.allKeys, s.allChannels = true, true
	user.settle()
	return user
}

// OpenChannels says whether users made from now on may use every channel (acl-pubsub-default).
func (u *Users) OpenChannels(open bool) { u.open = open }

// Default is the user that a new connection acts for. The pointer never changes.
func (u *Users) Default() *User { return u.first }

// Named finds a user, nil when there is none.
func (u *Users) Named(name string) *User { return u.byName[name] }

// Login returns the user with that name if the password is theirs and they are enabled, else nil.
func (u *Users) Login(name string, password []byte) *User {
	if user := u.byName[name]; user != nil && user.accepts(password) {
		return user
	}
	return nil
}

// SetPassword makes a password the default user's only one, as requirepass does; "" takes it away.
func (u *Users) SetPassword(password string) {
	u.first.passwords, u.first.noPass = nil, password == ""
	if password != "" {
		u.first.addPassword(sum(password))
	}
}

// Set changes a user by rules, or makes a new one; when one of the rules makes no sense nothing changes and
// the reason is returned (ACLStringSetUser).
func (u *Users) Set(name string, rules []string) (refusal string) {
	merged, unmatched := merge(rules)
	if unmatched >= 0 {
		return "Unmatched parenthesis in acl selector starting at '" + text(rules[unmatched]) + "'."
	}
	old := u.byName[name]
	var now *User
	if old != nil {
		now = old.clone()
	} else {
		now = u.newUser(name)
	}
	for _, rule := range merged {
		if refusal := u.apply(now, rule); refusal != "" {
			return "Error in ACL SETUSER modifier '" + text(rule) + "': " + refusal
		}
	}
	if old == nil {
		now.settle()
		u.byName[name] = now
		return ""
	}
	if narrowed(old, now) {
		u.host.UserNarrowed(old, now)
	}
	old.become(now)
	return ""
}

// narrowed tells whether a user may have lost a channel: no selector allows all, and some pattern is
// gone (the first half of ACLKillPubsubClientsIfNeeded).
func narrowed(old, now *User) bool {
	var kept []string
	for i := range now.selectors {
		if now.selectors[i].allChannels {
			return false
		}
		for _, p := range now.selectors[i].channels {
			kept = append(kept, p.text)
		}
	}
	for i := range old.selectors {
		lost := func(p channelPattern) bool { return !slices.Contains(kept, p.text) }
		if old.selectors[i].allChannels || slices.ContainsFunc(old.selectors[i].channels, lost) {
			return true
		}
	}
	return false
}

// remove deletes a user who is not the default one and reports whether there was one.
func (u *Users) remove(name string) bool {
	user := u.byName[name]
	if user == nil {
		return false
	}
	delete(u.byName, name)
	u.host.UserGone(user)
	return true
}

// sorted are the users by name.
func (u *Users) sorted() []*User {
	list := make([]*User, 0, len(u.byName))
	for _, name := range slices.Sorted(maps.Keys(u.byName)) {
		list = append(list, u.byName[name])
	}
	return list
}

// merge joins the rules of a selector that was written in several words; unmatched is where a
// parenthesis was opened for ever, or negative (ACLMergeSelectorArguments).
func merge(rules []string) (merged []string, unmatched int) {
	selector := ""
	unmatched = -1
	for i, rule := range rules {
		ends := rule != "" && rule[len(rule)-1] == ')'
		switch {
		case rule != "" && rule[0] == '(' && !ends:
			selector, unmatched = rule, i
		case unmatched >= 0:
			if selector += " " + text(rule); ends {
				merged, unmatched = append(merged, selector), -1
			}
		default:
			merged = append(merged, rule)
		}
	}
	return merged, unmatched
}
