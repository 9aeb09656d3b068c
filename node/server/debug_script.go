package server

import (
	"strconv"

	"clusterplay/node/command"
)

// debugDenyScripts: DEBUG SET-DISABLE-DENY-SCRIPTS 0|1. With 1 scripts may call some of the commands they may
// not call: those that look at a connection or would wait.
func (s *Server) debugDenyScripts(c *client) {
	n, _ := strconv.Atoi(string(c.ctx.Args[2]))
	s.script.lenient = n != 0
	c.ctx.OK()
}

// deniedToScripts tells the commands with NoScript, but for what a test of scripts may have switched on.
func (s *Server) deniedToScripts(cmd *command.Command) bool {
	switch {
	case !cmd.Has(command.NoScript):
		return false
	case !s.script.lenient:
		return true
	case cmd.Full == "debug" || cmd.Full == "client|list":
		return false
	}
	return !cmd.Has(command.Blocking)
}
