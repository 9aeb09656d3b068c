package acl

import (
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// ErrNoFile refuses ACL LOAD and ACL SAVE without an aclfile.
const ErrNoFile = "ERR This Redis instance is not configured to use an ACL file. You may want to specify users via the " +
	"ACL SETUSER command and then issue a CONFIG REWRITE (assuming you have a Redis configuration file set) in order " +
	"to store users in the Redis configuration."

// SetUser answers ACL SETUSER username [rule [rule ...]].
func (u *Users) SetUser(w *resp.Writer, args [][]byte) {
	name := string(args[0])
	if hasSpace(name) {
		w.Error("ERR Usernames can't contain spaces or null characters")
		return
	}
	rules := make([]string, len(args)-1)
	for i, arg := range args[1:] {
		rules[i] = string(arg)
	}
	if refusal := u.Set(name, rules); refusal != "" {
		w.Error("ERR " + refusal)
		return
	}
	w.OK()
}

// DelUser answers ACL DELUSER username [username ...].
func (u *Users) DelUser(w *resp.Writer, names [][]byte) {
	for _, name := range names {
		if text(string(name)) == DefaultName {
			w.Error("ERR The 'default' user cannot be removed")
			return
		}
	}
	deleted := 0
	for _, name := range names {
		if u.remove(string(name)) {
			deleted++
		}
	}
	w.Int(int64(deleted))
}

// GetUser answers ACL GETUSER username.
func (u *Users) GetUser(w *resp.Writer, name []byte) {
	user := u.byName[string(name)]
	if user == nil {
		w.Null()
		return
	}
	w.Map(6)
	w.BulkString("flags")
	flags := user.flags()
	w.Set(len(flags))
	for _, flag := range flags {
		w.BulkString(flag)
	}
	w.BulkString("passwords")
	w.Array(len(user.passwords))
	for _, sum := range user.passwords {
		w.BulkString(sum)
	}
	u.writeSelector(w, user.root())
	w.BulkString("selectors")
	w.Array(len(user.selectors) - 1)
	for i := range user.selectors[1:] {
		w.Map(3)
		u.writeSelector(w, &user.selectors[1+i])
	}
}

func (u *Users) writeSelector(w *resp.Writer, s *selector) {
	w.BulkString("commands")
	w.BulkString(strings.Join(u.commandRules(s), " "))
	w.BulkString("keys")
	w.BulkString(strings.Join(s.keyRules(), " "))
	w.BulkString("channels")
	w.BulkString(strings.Join(s.channelRules(), " "))
}

// List answers ACL LIST.
func (u *Users) List(w *resp.Writer) {
	w.Array(len(u.byName))
	for _, user := range u.sorted() {
		w.BulkString(u.line(user))
	}
}

// Names answers ACL USERS.
func (u *Users) Names(w *resp.Writer) {
	w.Array(len(u.byName))
	for _, user := range u.sorted() {
		w.BulkString(user.name)
	}
}

// tooLong answers a subcommand that has more than one argument where there may be one: sub is the word that
// chose it.
func tooLong(w *resp.Writer, sub []byte, args [][]byte) bool {
	if len(args) <= 1 {
		return false
	}
	name := text(string(sub))
	w.Error("ERR unknown subcommand or wrong number of arguments for '" + name[:min(len(name), 128)] + "'. Try ACL HELP.")
	return true
}

// Cat answers ACL CAT [category]; sub is the word CAT as it was spelled.
func (u *Users) Cat(w *resp.Writer, sub []byte, args [][]byte) {
	if tooLong(w, sub, args) {
		return
	}
	if len(args) == 0 {
		all := command.AllCategories()
		w.Array(len(all))
		for _, c := range all {
			w.BulkString(c.Name())
		}
		return
	}
	name := text(string(args[0]))
	in := command.CategoryOf(name)
	if in == 0 {
		w.Error("ERR Unknown category '" + name[:min(len(name), 128)] + "'")
		return
	}
	names := u.table.Names(func(cmd *command.Command) bool { return cmd.AllCategories()&in != 0 })
	w.Array(len(names))
	for _, name := range names {
		w.BulkString(name)
	}
}

// DryRun answers ACL DRYRUN username command [arg [arg ...]].
func (u *Users) DryRun(w *resp.Writer, args [][]byte) {
	user := u.byName[string(args[0])]
	if user == nil {
		w.Error("ERR User '" + text(string(args[0])) + "' not found")
		return
	}
	args = args[1:]
	cmd, _ := u.table.Resolve(args)
	switch {
	case cmd == nil:
		w.Error("ERR Command '" + text(string(args[0])) + "' not found")
		return
	case !cmd.Accepts(len(args)):
		w.Error(resp.WrongArgs(cmd.Full))
		return
	}
	v, at := u.Check(user, cmd, args)
	switch v {
	case DeniedCommand:
		w.BulkString("This user has no permissions to run the '" + cmd.Full + "' command")
	case DeniedKey:
		w.BulkString("This user has no permissions to access the '" + text(string(args[at])) + "' key")
	case DeniedChannel:
		w.BulkString("This user has no permissions to access the '" + text(string(args[at])) + "' channel")
	default:
		w.OK()
	}
}

// WhoAmI answers ACL WHOAMI.
func WhoAmI(w *resp.Writer, me *User) {
	if me == nil {
		w.Null()
		return
	}
	w.BulkString(me.name)
}
