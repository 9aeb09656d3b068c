package server

import (
	"strings"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// commandCommand: COMMAND
func (s *Server) commandCommand(c *client) {
	all := s.table.Commands()
	c.ctx.Array(len(all))
	for _, cmd := range all {
		writeCommand(&c.ctx.Writer, cmd)
	}
}

// commandCount: COMMAND COUNT
func (s *Server) commandCount(c *client) { c.ctx.Int(int64(len(s.table.Commands()))) }

// commandInfo: COMMAND INFO [command-name ...]
func (s *Server) commandInfo(c *client) {
	names := c.ctx.Args[2:]
	if len(names) == 0 {
		s.commandCommand(c)
		return
	}
	c.ctx.Array(len(names))
	for _, name := range names {
		if cmd := s.table.Find(name); cmd != nil {
			writeCommand(&c.ctx.Writer, cmd)
		} else {
			c.ctx.Null()
		}
	}
}

// writeCommand answers one element of COMMAND and COMMAND INFO (addReplyCommandInfo).
func writeCommand(w *resp.Writer, cmd *command.Command) {
	first, last, step := cmd.LegacyRange()
	w.Array(10)
	w.BulkString(cmd.Full)
	w.Int(int64(cmd.Arity))
	writeStatusSet(w, cmd.Flags.Names())
	w.Int(int64(first))
	w.Int(int64(last))
	w.Int(int64(step))
	writeStatusSet(w, cmd.AllCategories().Names())
	w.Set(len(cmd.Tips))
	for _, tip := range cmd.Tips {
		w.BulkString(tip)
	}
	w.Set(len(cmd.Keys))
	for i := range cmd.Keys {
		writeKeySpec(w, &cmd.Keys[i])
	}
	if len(cmd.Subcommands) == 0 {
		w.Set(0)
		return
	}
	w.Array(len(cmd.Subcommands))
	for _, sub := range cmd.Subcommands {
		writeCommand(w, sub)
	}
}

func writeStatusSet(w *resp.Writer, names []string) {
	w.Set(len(names))
	for _, name := range names {
		w.Status(name)
	}
}

// writeKeySpec answers one key specification.
func writeKeySpec(w *resp.Writer, k *command.KeySpec) {
	w.Map(3)
	w.BulkString("flags")
	writeStatusSet(w, k.Flags.Names())
	w.BulkString("begin_search")
	writeBeginSearch(w, k)
	w.BulkString("find_keys")
	writeFindKeys(w, k)
}

func writeBeginSearch(w *resp.Writer, k *command.KeySpec) {
	kind, fields := "index", []any{"index", k.Begin}
	switch {
	case k.Unknown && k.Keyword == "" && k.Begin == 0:
		kind, fields = "unknown", nil
	case k.Keyword != "":
		kind, fields = "keyword", []any{"keyword", k.Keyword, "startfrom", k.From}
	}
	writeSearch(w, kind, fields)
}

func writeFindKeys(w *resp.Writer, k *command.KeySpec) {
	switch {
	case k.Unknown:
		writeSearch(w, "unknown", nil)
	case k.Counted:
		writeSearch(w, "keynum", []any{"keynumidx", 0, "firstkey", 1, "keystep", k.Step})
	default:
		writeSearch(w, "range", []any{"lastkey", k.Last, "keystep", k.Step, "limit", k.Limit})
	}
}

// writeSearch answers {type, spec}; fields are names and values in turn.
func writeSearch(w *resp.Writer, kind string, fields []any) {
	w.Map(2)
	w.BulkString("type")
	w.BulkString(kind)
	w.BulkString("spec")
	w.Map(len(fields) / 2)
	for _, field := range fields {
		switch v := field.(type) {
		case string:
			w.BulkString(v)
		case int:
			w.Int(int64(v))
		}
	}
}

// commandList: COMMAND LIST [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]
func (s *Server) commandList(c *client) {
	args := c.ctx.Args[2:]
	wanted := func(*command.Command) bool { return true }
	switch {
	case len(args) == 0:
	case len(args) == 3 && strings.EqualFold(string(args[0]), "filterby"):
		wanted = commandFilter(strings.ToLower(string(args[1])), args[2])
	default:
		wanted = nil
	}
	if wanted == nil {
		c.ctx.Error(resp.ErrSyntax)
		return
	}
	var names []string
	for id := range s.table.Size() {
		if cmd := s.table.ByID(id); wanted(cmd) {
			names = append(names, cmd.Full)
		}
	}
	writeStrings(&c.ctx.Writer, names)
}

// commandFilter returns the test a FILTERBY asks for, nil when there is no such filter.
func commandFilter(kind string, value []byte) func(*command.Command) bool {
	switch kind {
	case "module":
		return func(*command.Command) bool { return false }
	case "aclcat":
		category := "@" + strings.ToLower(string(value))
		return func(cmd *command.Command) bool {
			for _, name := range cmd.AllCategories().Names() {
				if name == category {
					return true
				}
			}
			return false
		}
	case "pattern":
		glob := command.ReadGlob(value, true)
		return func(cmd *command.Command) bool { return command.Match(glob, cmd.Full) }
	}
	return nil
}

// commandGetKeys: COMMAND GETKEYS command [arg ...]
func (s *Server) commandGetKeys(c *client) {
	args, refs := s.keysOf(c)
	if refs == nil {
		return
	}
	c.ctx.Array(len(refs))
	for _, ref := range refs {
		c.ctx.Bulk(args[ref.Pos])
	}
}

// commandGetKeysAndFlags: COMMAND GETKEYSANDFLAGS command [arg ...]
func (s *Server) commandGetKeysAndFlags(c *client) {
	args, refs := s.keysOf(c)
	if refs == nil {
		return
	}
	c.ctx.Array(len(refs))
	for _, ref := range refs {
		c.ctx.Array(2)
		c.ctx.Bulk(args[ref.Pos])
		writeStatusSet(&c.ctx.Writer, ref.Flags.Names())
	}
}

// hasKeys tells commands with keys from those without any, or with channels only.
func hasKeys(cmd *command.Command) bool {
	for i := range cmd.Keys {
		if cmd.Keys[i].Flags&command.NotKey == 0 {
			return true
		}
	}
	return false
}

// keysOf finds the keys of the command inside the arguments; nil means that the error is written.
func (s *Server) keysOf(c *client) ([][]byte, []command.KeyRef) {
	args := c.ctx.Args[2:]
	cmd, _ := s.table.Resolve(args)
	switch {
	case cmd == nil:
		c.ctx.Error("ERR Invalid command specified")
	case !hasKeys(cmd):
		c.ctx.Error("ERR The command has no key arguments")
	case !cmd.Accepts(len(args)):
		c.ctx.Error("ERR Invalid number of arguments specified for command")
	default:
		if refs := cmd.FindKeys(args, nil); len(refs) > 0 {
			return args, refs
		}
		if cmd.Has(command.NoMandatoryKeys) {
			c.ctx.Array(0)
		} else {
			c.ctx.Error("ERR Invalid arguments specified for command")
		}
	}
	return nil, nil
}
