package sentinel

import (
	"strings"

	"clusterplay/node/acl"
	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// handler answers one command.
type handler func(s *Sentinel, c *client, args [][]byte)

// table is the fifteen commands, the same for all Sentinels of the process.
var table = command.NewSentinelTable()

// handlers are the commands by the id of their row.
var handlers = bind(table, map[string]handler{
	"acl|cat":     func(s *Sentinel, c *client, args [][]byte) { s.users.Cat(&c.Writer, args[1], args[2:]) },
	"acl|deluser": func(s *Sentinel, c *client, args [][]byte) { s.users.DelUser(&c.Writer, args[2:]) },
	"acl|dryrun":  func(s *Sentinel, c *client, args [][]byte) { s.users.DryRun(&c.Writer, args[2:]) },
	"acl|genpass": func(s *Sentinel, c *client, args [][]byte) {
		s.users.GenPass(&c.Writer, args[1], args[2:], s.randomHex)
	},
	"acl|getuser": func(s *Sentinel, c *client, args [][]byte) { s.users.GetUser(&c.Writer, args[2]) },
	"acl|list":    func(s *Sentinel, c *client, _ [][]byte) { s.users.List(&c.Writer) },
	"acl|load":    (*Sentinel).aclFile,
	"acl|log": func(s *Sentinel, c *client, args [][]byte) {
		s.users.Log(&c.Writer, args[1], args[2:], s.now.UnixMilli())
	},
	"acl|save":                         (*Sentinel).aclFile,
	"acl|setuser":                      func(s *Sentinel, c *client, args [][]byte) { s.users.SetUser(&c.Writer, args[2:]) },
	"acl|users":                        func(s *Sentinel, c *client, _ [][]byte) { s.users.Names(&c.Writer) },
	"acl|whoami":                       func(_ *Sentinel, c *client, _ [][]byte) { acl.WhoAmI(&c.Writer, c.user) },
	"auth":                             (*Sentinel).auth,
	"client|caching":                   (*Sentinel).clientCaching,
	"client|getname":                   (*Sentinel).clientGetName,
	"client|getredir":                  (*Sentinel).clientGetRedir,
	"client|id":                        (*Sentinel).clientID,
	"client|info":                      (*Sentinel).clientInfo,
	"client|kill":                      (*Sentinel).clientKill,
	"client|list":                      (*Sentinel).clientList,
	"client|no-evict":                  (*Sentinel).clientNoEvict,
	"client|pause":                     (*Sentinel).clientPause,
	"client|reply":                     (*Sentinel).clientReply,
	"client|setname":                   (*Sentinel).clientSetName,
	"client|tracking":                  (*Sentinel).clientTracking,
	"client|trackinginfo":              (*Sentinel).clientTrackingInfo,
	"client|unblock":                   (*Sentinel).clientUnblock,
	"client|unpause":                   (*Sentinel).clientUnpause,
	"command":                          (*Sentinel).commandAll,
	"command|count":                    (*Sentinel).commandCount,
	"command|docs":                     (*Sentinel).commandDocs,
	"command|getkeys":                  (*Sentinel).commandGetKeys,
	"command|getkeysandflags":          (*Sentinel).commandGetKeys,
	"command|info":                     (*Sentinel).commandInfo,
	"command|list":                     (*Sentinel).commandList,
	"hello":                            (*Sentinel).helloCommand,
	"info":                             (*Sentinel).infoCommand,
	"ping":                             (*Sentinel).ping,
	"psubscribe":                       (*Sentinel).psubscribe,
	"publish":                          (*Sentinel).publishCommand,
	"punsubscribe":                     (*Sentinel).punsubscribe,
	"role":                             (*Sentinel).role,
	"sentinel|ckquorum":                about((*Sentinel).ckquorum),
	"sentinel|config":                  (*Sentinel).configCommand,
	"sentinel|debug":                   (*Sentinel).debugCommand,
	"sentinel|failover":                about((*Sentinel).failoverCommand),
	"sentinel|flushconfig":             (*Sentinel).flushConfig,
	"sentinel|get-master-addr-by-name": (*Sentinel).getMasterAddr,
	"sentinel|info-cache":              (*Sentinel).infoCache,
	"sentinel|is-master-down-by-addr":  (*Sentinel).isMasterDownCommand,
	"sentinel|master":                  about((*Sentinel).masterCommand),
	"sentinel|masters":                 (*Sentinel).mastersCommand,
	"sentinel|monitor":                 (*Sentinel).monitorCommand,
	"sentinel|myid":                    (*Sentinel).myID,
	"sentinel|pending-scripts":         (*Sentinel).pendingScripts,
	"sentinel|remove":                  about((*Sentinel).removeCommand),
	"sentinel|replicas":                about((*Sentinel).replicasCommand),
	"sentinel|reset":                   (*Sentinel).resetCommand,
	"sentinel|sentinels":               about((*Sentinel).sentinelsCommand),
	"sentinel|set":                     about((*Sentinel).setCommand),
	"sentinel|simulate-failure":        (*Sentinel).simulateFailure,
	"sentinel|slaves":                  about((*Sentinel).replicasCommand),
	"shutdown":                         (*Sentinel).shutdownCommand,
	"subscribe":                        (*Sentinel).subscribe,
	"unsubscribe":                      (*Sentinel).unsubscribe,
})

// bind puts every handler at its row's id. A row without one and a handler without a row are mistakes.
func bind(t *command.Table, by map[string]handler) []handler {
	out := make([]handler, t.Size())
	bound := 0
	for id := range out {
		row := t.ByID(id)
		switch run := by[row.Full]; {
		case run != nil:
			out[id] = run
			bound++
		case row.Name == "help" && row.Parent != nil:
			out[id] = func(_ *Sentinel, c *client, _ [][]byte) { c.help(row.Parent) }
		case len(row.Subcommands) == 0:
			panic("sentinel: no handler for " + row.Full)
		}
	}
	if bound != len(by) {
		panic("sentinel: a handler without a row")
	}
	return out
}

// about makes a handler of one that answers about a master by name.
func about(run func(s *Sentinel, c *client, m *master, args [][]byte)) handler {
	return func(s *Sentinel, c *client, args [][]byte) {
		m := s.find(string(args[2]))
		if m == nil {
			c.Error("ERR No such master with that name")
			return
		}
		run(s, c, m, args)
	}
}

// dispatch checks one command of a client in Redis' order and refuses, postpones or runs it.
func (s *Sentinel) dispatch(c *client, args [][]byte) {
	cmd, parent := table.Resolve(args)
	if refusal := s.refusal(c, cmd, parent, args); refusal != "" {
		c.fail(s, refusal)
		return
	}
	c.last = cmd
	if s.pause.holds(s.now, cmd) {
		s.pause.postpone(c, args)
		return
	}
	s.stats.commands++
	mark := len(c.Buf)
	handlers[cmd.ID](s, c, args)
	if len(c.Buf) > mark && c.Buf[mark] == '-' {
		s.stats.errors++
	}
}

// refusal is why a command does not run.
func (s *Sentinel) refusal(c *client, cmd, parent *command.Command, args [][]byte) string {
	switch {
	case cmd == nil && parent != nil:
		return resp.UnknownSubcommand(parent.Name, string(args[1]))
	case cmd == nil:
		return resp.UnknownCommand(args)
	case !cmd.Accepts(len(args)), handlers[cmd.ID] == nil:
		return resp.WrongArgs(cmd.Full)
	case s.stranger(c) && !cmd.Has(command.NoAuth):
		return resp.ErrNoAuth
	}
	if v, at := s.users.Check(c.user, cmd, args); v != acl.Allowed {
		object := cmd.Full
		if v != acl.DeniedCommand {
			object = string(args[at])
		}
		s.logDenial(c, v, object, c.user.Name())
		return v.Refusal(cmd.Full)
	}
	switch {
	case c.listener.Any() && c.Proto == 2 && !allowedInPubsub(cmd):
		return "ERR Can't execute '" + cmd.Full + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET " +
			"are allowed in this context"
	}
	return ""
}

func allowedInPubsub(cmd *command.Command) bool {
	switch cmd.Name {
	case "ping", "subscribe", "psubscribe", "unsubscribe", "punsubscribe":
		return true
	}
	return false
}

// fail writes an error and counts it.
func (c *client) fail(s *Sentinel, text string) {
	s.stats.errors++
	c.Error(text)
}

// help answers HELP of a command with subcommands.
func (c *client) help(parent *command.Command) {
	lines := parent.HelpLines()
	c.Array(len(lines))
	for _, line := range lines {
		c.Status(line)
	}
}

// word is an argument in lower case, as options are compared.
func word(arg []byte) string { return strings.ToLower(string(arg)) }
