package acl

import (
	"slices"

	"clusterplay/node/command"
)

// Verdict says whether a user may run a command or, if not, what stands against it. Of several
// selectors' verdicts the largest is told.
type Verdict uint8

// The verdicts, in the order of their weight (ACL_DENIED_CMD and its kin).
const (
	Allowed Verdict = iota
	DeniedCommand
	DeniedKey
	DeniedAuth // a wrong password: never Check's, only the log's
	DeniedChannel
)

// Check decides whether a user may run a well-formed command; nil may do everything. at is the
// position of the key or channel that is forbidden (ACLCheckAllUserCommandPerm).
func (u *Users) Check(user *User, cmd *command.Command, args [][]byte) (v Verdict, at int) {
	if user.Free() {
		return Allowed, 0
	}
	v, here := DeniedCommand, 0
	keys := keysOnce{u: u, cmd: cmd, args: args}
	for i := range user.selectors {
		found := u.judge(&user.selectors[i], &keys, &here)
		if found == Allowed {
			return Allowed, 0
		}
		if found > v || found == v && here > at {
			v, at = found, here
		}
	}
	return v, at
}

// keysOnce finds the keys of a command when the first selector asks for them.
type keysOnce struct {
	u     *Users
	cmd   *command.Command
	args  [][]byte
	found []command.KeyRef
	known bool
}

func (k *keysOnce) get() []command.KeyRef {
	if !k.known {
		k.known = true
		k.u.scratch = k.cmd.FindKeys(k.args, k.u.scratch[:0])
		k.found = k.u.scratch
	}
	return k.found
}

// judge is the verdict of one selector; at is set to the position of what it forbids
// (ACLSelectorCheckCmd).
func (u *Users) judge(s *selector, keys *keysOnce, at *int) Verdict {
	if !s.mayRun(keys.cmd, keys.args) {
		return DeniedCommand
	}
	if !s.allKeys {
		for _, ref := range keys.get() {
			if ref.Flags&command.NotKey == 0 && !s.mayTouch(keys.args[ref.Pos], ref.Flags) {
				*at = ref.Pos
				return DeniedKey
			}
		}
	}
	if s.allChannels {
		return Allowed
	}
	use := u.uses[keys.cmd.ID]
	for i := 1; use.any && i < len(keys.args) && (i == 1 || !use.one); i++ {
		if !s.mayHear(keys.args[i], use.pattern) {
			*at = i
			return DeniedChannel
		}
	}
	return Allowed
}

// mayRun tells whether a selector allows the command itself.
func (s *selector) mayRun(cmd *command.Command, args [][]byte) bool {
	if s.allCommands || cmd.Has(command.NoAuth) || s.has(cmd.ID) {
		return true
	}
	at := 1
	if cmd.Parent != nil {
		at = 2
	}
	return len(args) > at && slices.ContainsFunc(s.first[cmd.ID], func(arg string) bool { return same(arg, string(args[at])) })
}

// mayTouch tells whether a selector allows a key to be used as flags say (ACLSelectorCheckKey).
func (s *selector) mayTouch(key []byte, flags command.KeyFlags) bool {
	if s.allKeys {
		return true
	}
	wanted := accessOf(flags)
	for i := range s.keys {
		if p := &s.keys[i]; p.access&wanted == wanted && command.Match(p.glob, key) {
			return true
		}
	}
	return false
}

// accessOf is what a use of a key asks for. Only what becomes of the user's data counts: EXISTS
// reads a key and needs nothing but its name to match.
func accessOf(flags command.KeyFlags) access {
	wanted := access(0)
	if flags&command.Access != 0 {
		wanted |= read
	}
	if flags&(command.Insert|command.Delete|command.Update) != 0 {
		wanted |= write
	}
	return wanted
}

// mayHear tells whether a selector allows a channel. A pattern is allowed by a rule with that very
// pattern only.
func (s *selector) mayHear(channel []byte, pattern bool) bool {
	if s.allChannels {
		return true
	}
	for i := range s.channels {
		p := &s.channels[i]
		if pattern && text(p.text) == text(string(channel)) || !pattern && command.Match(p.glob, channel) {
			return true
		}
	}
	return false
}

// channelUse is what a command does with channels; those begin behind its name.
type channelUse struct{ any, one, pattern bool }

// channelUses are the commands that name channels. To stop listening is never forbidden.
var channelUses = map[string]channelUse{
	"subscribe": {any: true}, "ssubscribe": {any: true}, "psubscribe": {any: true, pattern: true},
	"publish": {any: true, one: true}, "spublish": {any: true, one: true},
}

// ReadsAnyKey tells whether one selector of a user allows the command as well as reading all keys,
// which SORT asks for before it follows a pattern (ACLUserCheckCmdWithUnrestrictedKeyAccess).
func (u *Users) ReadsAnyKey(user *User, cmd *command.Command, args [][]byte) bool {
	if user.Free() {
		return true
	}
	keys, at := keysOnce{u: u, cmd: cmd, args: args}, 0
	return slices.ContainsFunc(user.selectors, func(s selector) bool {
		return s.readsAll() && u.judge(&s, &keys, &at) == Allowed
	})
}

func (s *selector) readsAll() bool {
	return s.allKeys || slices.ContainsFunc(s.keys, func(p keyPattern) bool { return text(p.text) == "*" && p.access&read != 0 })
}

// MayListen tells whether a user may listen to a channel or, with pattern, to a pattern.
func (user *User) MayListen(channel string, pattern bool) bool {
	return user == nil || slices.ContainsFunc(user.selectors, func(s selector) bool { return s.mayHear([]byte(channel), pattern) })
}

// Refusal is the error a client reads that may not run a command; name is the command's full name.
func (v Verdict) Refusal(name string) string {
	switch v {
	case DeniedCommand:
		return "NOPERM this user has no permissions to run the '" + name + "' command"
	case DeniedKey:
		return "NOPERM this user has no permissions to access one of the keys used as arguments"
	case DeniedChannel:
		return "NOPERM this user has no permissions to access one of the channels used as arguments"
	}
	return ""
}

// Late is the error in the place of a command's reply that was queued while it was still allowed.
func (v Verdict) Late() string {
	const begin = "NOPERM ACLs rules changed between the moment the transaction was accumulated and the EXEC call. " +
		"This command is no longer allowed for the following reason: "
	switch v {
	case DeniedCommand:
		return begin + "no permission to execute the command or subcommand"
	case DeniedKey:
		return begin + "no permission to touch the specified keys"
	case DeniedChannel:
		return begin + "no permission to access one of the channels used as arguments"
	}
	return begin + "no permission"
}

// Script is the error a script reads whose caller may not run a command.
func (v Verdict) Script() string {
	switch v {
	case DeniedKey:
		return "can't access at least one of the keys mentioned in the command arguments"
	case DeniedChannel:
		return "can't publish to the channel mentioned in the command"
	case DeniedCommand:
		return "can't run this command or subcommand"
	}
	return "lacking the permissions for the command"
}
