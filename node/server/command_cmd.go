package server

import (
	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// commandCommand: COMMAND
func (s *Server) commandCommand(c *client) {
	s.table.WriteAll(&c.ctx.Writer)
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
	s.table.WriteInfo(&c.ctx.Writer, names)
}

// commandDocs: COMMAND DOCS [command-name ...]
func (s *Server) commandDocs(c *client) { s.table.WriteDocs(&c.ctx.Writer, c.ctx.Args[2:]) }

// help answers HELP of any command with subcommands.
func (s *Server) help(c *client) {
	lines := c.ctx.Cmd.Parent.HelpLines()
	c.ctx.Array(len(lines))
	for _, line := range lines {
		c.ctx.Status(line)
	}
}

// commandList: COMMAND LIST [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]
func (s *Server) commandList(c *client) {
	wanted, ok := command.ReadListFilter(c.ctx.Args[2:])
	if !ok {
		c.ctx.Error(resp.ErrSyntax)
		return
	}
	writeStrings(&c.ctx.Writer, s.table.Names(wanted))
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
		command.WriteStatusSet(&c.ctx.Writer, ref.Flags.Names())
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
