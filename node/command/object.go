package command

import (
	"strings"

	"clusterplay/node/keyspace"
	"clusterplay/node/resp"
)

var objectCommands = []binding{
	{"object|help", help}, {"object|encoding", objectEncoding}, {"object|refcount", objectRefcount},
	{"object|idletime", objectIdletime}, {"object|freq", objectFreq},
	{"memory|usage", memoryUsage}, {"memory|help", help},
}

// help answers the HELP of any command with subcommands, from the table.
func help(c *Context) { WriteHelp(&c.Writer, c.Cmd.Parent) }

// WriteHelp answers HELP for a command: its subcommands, their arguments and what they do.
func WriteHelp(w *resp.Writer, parent *Command) {
	w.Array(1 + 2*len(parent.Subcommands))
	w.Status(strings.ToUpper(parent.Name) + " <subcommand> [<arg> ...]. Subcommands:")
	for _, sub := range parent.Subcommands {
		line := strings.ToUpper(sub.Name)
		for _, a := range sub.Arguments() {
			line += " " + a.Usage()
		}
		w.Status(line)
		w.Status("    " + sub.Summary)
	}
}

// Usage returns the argument as a person would write it in a usage line.
func (a *Argument) Usage() string {
	text := a.usage()
	if a.HasToken && a.Type != TokenArgument {
		text = a.Token + " " + text
	}
	if a.Multiple {
		text += " [" + text + " ...]"
	}
	if a.Optional {
		return "[" + text + "]"
	}
	return text
}

func (a *Argument) usage() string {
	if a.Type == TokenArgument {
		return a.Token
	}
	if len(a.Arguments) == 0 {
		return "<" + a.Name + ">"
	}
	parts := make([]string, len(a.Arguments))
	for i := range a.Arguments {
		parts[i] = a.Arguments[i].Usage()
	}
	if a.Type == OneOf {
		return strings.Join(parts, "|")
	}
	return strings.Join(parts, " ")
}

// objectOf returns the entry OBJECT is about; when there is none it answers null.
func (c *Context) objectOf() *keyspace.Entry {
	e := c.DB.Peek(c.Now, c.Args[2])
	if e == nil {
		c.Null()
	}
	return e
}

// objectEncoding is OBJECT ENCODING key.
func objectEncoding(c *Context) {
	if e := c.objectOf(); e != nil {
		c.BulkString(e.Value.Encoding())
	}
}

// sharedIntegers is the number of small numbers that all keys of a Redis share
// (OBJ_SHARED_INTEGERS), and sharedCount the count of references it shows for them.
const (
	sharedIntegers = 10000
	sharedCount    = 1<<31 - 1
)

// objectRefcount is OBJECT REFCOUNT key.
func objectRefcount(c *Context) {
	e := c.objectOf()
	if e == nil {
		return
	}
	if s, ok := e.Value.(*keyspace.StringValue); ok {
		if n, ok := s.Int(); ok && n >= 0 && n < sharedIntegers && !c.agesMatter() {
			c.Int(sharedCount)
			return
		}
	}
	c.Int(1)
}

// agesMatter tells whether the age of each key counts, so that keys do not share numbers
// (MAXMEMORY_FLAG_NO_SHARED_INTEGERS).
func (c *Context) agesMatter() bool {
	policy := c.Host.Setting("maxmemory-policy")
	return c.Host.SettingInt("maxmemory") > 0 && (strings.HasSuffix(policy, "-lru") || strings.HasSuffix(policy, "-lfu"))
}

// countsUse tells whether the server counts how often keys are used instead of when.
func (c *Context) countsUse() bool {
	return strings.HasSuffix(c.Host.Setting("maxmemory-policy"), "-lfu")
}

// objectIdletime is OBJECT IDLETIME key.
func objectIdletime(c *Context) {
	e := c.objectOf()
	switch {
	case e == nil:
	case c.countsUse():
		c.Error("ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.")
	default:
		c.Int(e.Idle(c.Now))
	}
}

// objectFreq is OBJECT FREQ key.
func objectFreq(c *Context) {
	e := c.objectOf()
	switch {
	case e == nil:
	case c.countsUse():
		c.Int(int64(c.Space.Frequency(e, c.Now)))
	default:
		c.Error("ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust.")
	}
}

// memoryUsage is MEMORY USAGE key [SAMPLES count]. The number of samples is checked and not
// needed: values know their size.
func memoryUsage(c *Context) {
	words := c.Args[3:]
	for ; len(words) >= 2 && equalFold(words[0], "samples"); words = words[2:] {
		n, ok := c.Integer(words[1])
		if !ok {
			return
		}
		if n < 0 {
			c.Error(resp.ErrSyntax)
			return
		}
	}
	if len(words) > 0 {
		c.Error(resp.ErrSyntax)
		return
	}
	if size := c.DB.Footprint(c.Args[2]); size > 0 {
		c.Int(int64(size))
		return
	}
	c.Null()
}
