package server

import (
	"fmt"
	"slices"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// monitorCommand: MONITOR
func (s *Server) monitorCommand(c *client) {
	if c.replica {
		return
	}
	if !c.monitor {
		c.monitor = true
		s.monitors = append(s.monitors, c)
	}
	c.ctx.OK()
}

// tellMonitors shows a command to every MONITOR client once it has run (call).
func (s *Server) tellMonitors(c *client, cmd *command.Command, args [][]byte) {
	if len(s.monitors) == 0 || cmd.Flags&(command.SkipMonitor|command.Admin) != 0 {
		return
	}
	s.showCommand(c, redacted(cmd, args))
}

// showCommand shows a command to every MONITOR client.
func (s *Server) showCommand(c *client, args [][]byte) {
	line := monitorLine(s.now.UnixMicro(), c.ctx.DB.Number, c.conn.Addr, args)
	for _, m := range slices.Clone(s.monitors) {
		s.to(m).Status(line)
	}
}

// monitorLine is the one line MONITOR prints for a command.
func monitorLine(micros int64, db int, addr string, args [][]byte) string {
	line := fmt.Appendf(nil, "%d.%06d [%d %s]", micros/1e6, micros%1e6, db, addr)
	for _, arg := range args {
		line = append(line, ' ')
		line = resp.AppendQuoted(line, arg)
	}
	return string(line)
}

func (s *Server) dropMonitor(c *client) {
	if i := slices.Index(s.monitors, c); i >= 0 {
		s.monitors = slices.Delete(s.monitors, i, i+1)
	}
	c.monitor = false
}
