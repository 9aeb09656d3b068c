package command

import (
	"cmp"
	"maps"
	"slices"
)

// longestName is the longest name of a command that Lookup has room for; "zremrangebyscore" and
// "punsubscribe" are well below.
const longestName = 32

// Table finds commands by name. It is built once and then only read, by all servers.
type Table struct {
	commands []*Command // sorted by name
	byName   map[string]*Command
	short    *shortNames // of byName
	byID     []*Command
}

// binding attaches a handler to a row by the row's Full name. Each family file has a list.
type binding struct {
	name string
	run  func(*Context)
}

// families are the handlers of this package.
var families = [][]binding{
	stringCommands, setStringCommands, expireCommands, keyCommands, scanCommands,
	objectCommands, lcsCommands, dumpCommands, sortCommands, bitmapCommands, hllCommands, geoCommands,
	listCommands, setCommands, hashCommands, zsetCommands, zrangeCommands, zalgebraCommands,
	streamCommands,
}

// NewTable builds the table with all commands of this package; the server binds its own with
// Bind before first use.
func NewTable() *Table {
	t := tableOf(slices.Concat(
		stringRows, bitmapRows, hllRows, geoRows, listRows, setRows, hashRows, zsetRows, streamRows, keyRows, pubsubRows,
		clusterRows, clientRows, serverRows, moduleRows, replicationRows, scriptRows, []Command{aclRow},
	))
	for _, family := range families {
		for _, b := range family {
			t.Bind(b.name, b.run)
		}
	}
	for name, find := range movableKeys {
		t.byName[name].movable = find
	}
	return t
}

// tableOf builds a table without handlers.
func tableOf(rows []Command) *Table {
	t := &Table{byName: make(map[string]*Command)}
	for _, row := range rows {
		t.add(&row)
	}
	slices.SortFunc(t.commands, func(a, b *Command) int { return cmp.Compare(a.Name, b.Name) })
	for _, c := range t.commands {
		t.number(c, nil)
	}
	t.short = newShortNames(t.byName)
	return t
}

func (t *Table) add(c *Command) {
	if len(c.Name) > longestName || t.byName[c.Name] != nil {
		panic("command: bad name " + c.Name)
	}
	t.byName[c.Name] = c
	t.commands = append(t.commands, c)
}

func (t *Table) number(c, parent *Command) {
	c.Full, c.Parent, c.ID = c.Name, parent, len(t.byID)
	if parent != nil {
		c.Full = parent.Name + "|" + c.Name
	}
	t.byID = append(t.byID, c)
	c.Subcommands = slices.Clone(c.Subcommands)
	for i, row := range c.Subcommands {
		sub := *row
		c.Subcommands[i] = &sub
		t.number(&sub, c)
	}
}

// Bind makes run the handler of the command or subcommand with that full name ("config|get"). It
// panics when there is none or it has a handler: the table and the code have to agree.
func (t *Table) Bind(name string, run func(*Context)) {
	for _, c := range t.byID {
		if c.Full == name {
			if c.Run != nil {
				panic("command: " + name + " is bound twice")
			}
			c.Run = run
			return
		}
	}
	panic("command: no row for " + name)
}

// Renamed returns a table in which the command called old is called name instead, or is not there at
// all without a name (rename-command). It says false when there is no such command, or name is taken.
func (t *Table) Renamed(old, name string) (*Table, bool) {
	c := t.byName[old]
	if c == nil || name != "" && t.byName[name] != nil || len(name) > longestName {
		return t, false
	}
	renamed := &Table{byName: maps.Clone(t.byName), byID: t.byID, commands: t.commands}
	delete(renamed.byName, old)
	if name != "" {
		renamed.byName[name] = c
	} else {
		renamed.commands = slices.DeleteFunc(slices.Clone(t.commands), func(o *Command) bool { return o == c })
	}
	renamed.short = newShortNames(renamed.byName)
	return renamed, true
}

// Lookup returns the command called name, or nil; case does not matter. It does not allocate.
func (t *Table) Lookup(name []byte) *Command {
	if len(name) <= longestShort {
		return t.short.find(name)
	}
	var buf [longestName]byte
	if len(name) > len(buf) {
		return nil
	}
	for i, c := range name {
		buf[i] = lower(c)
	}
	return t.byName[string(buf[:len(name)])]
}

// Resolve returns the command that args calls and goes down to its subcommand. When the command
// is known and the subcommand is not, cmd is nil and parent the command. A command with
// subcommands called without one is itself the result.
func (t *Table) Resolve(args [][]byte) (cmd, parent *Command) {
	cmd = t.Lookup(args[0])
	if cmd == nil || len(cmd.Subcommands) == 0 || len(args) < 2 {
		return cmd, nil
	}
	return cmd.Sub(args[1]), cmd
}

// Commands returns all commands sorted by name; the slice is the table's own.
func (t *Table) Commands() []*Command { return t.commands }

// Find returns the command or subcommand with that full name ("config|get"), or nil.
func (t *Table) Find(full []byte) *Command {
	for _, c := range t.byID {
		if equalFold(full, c.Full) {
			return c
		}
	}
	return nil
}

// ByID returns the command or subcommand with that ID.
func (t *Table) ByID(id int) *Command { return t.byID[id] }

// Size returns the number of IDs: commands and subcommands.
func (t *Table) Size() int { return len(t.byID) }
