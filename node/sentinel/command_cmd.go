package sentinel

import (
	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// commandAll: COMMAND
func (s *Sentinel) commandAll(c *client, _ [][]byte) { table.WriteAll(&c.Writer) }

// commandCount: COMMAND COUNT
func (s *Sentinel) commandCount(c *client, _ [][]byte) { c.Int(int64(len(table.Commands()))) }

// commandInfo: COMMAND INFO [command-name ...]
func (s *Sentinel) commandInfo(c *client, args [][]byte) {
	if len(args) == 2 {
		table.WriteAll(&c.Writer)
		return
	}
	table.WriteInfo(&c.Writer, args[2:])
}

// commandDocs: COMMAND DOCS [command-name ...]
func (s *Sentinel) commandDocs(c *client, args [][]byte) { table.WriteDocs(&c.Writer, args[2:]) }

// commandList: COMMAND LIST [FILTERBY MODULE module-name | ACLCAT category | PATTERN pattern]
func (s *Sentinel) commandList(c *client, args [][]byte) {
	wanted, ok := command.ReadListFilter(args[2:])
	if !ok {
		c.Error(resp.ErrSyntax)
		return
	}
	names := table.Names(wanted)
	c.Array(len(names))
	for _, name := range names {
		c.BulkString(name)
	}
}

// commandGetKeys: COMMAND GETKEYS command [arg ...]. No command of a Sentinel has keys.
func (s *Sentinel) commandGetKeys(c *client, args [][]byte) {
	if cmd, _ := table.Resolve(args[2:]); cmd == nil {
		c.Error("ERR Invalid command specified")
		return
	}
	c.Error("ERR The command has no key arguments")
}
