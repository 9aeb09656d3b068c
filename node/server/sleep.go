package server

import (
	"bytes"
	"math"
	"strconv"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// sleep is DEBUG SLEEP: until a moment the machine does nothing at all. Commands wait with their
// clients blocked; frames and other inputs are kept in order, as the sockets' buffers would.
type sleep struct {
	until time.Time
	held  []func()
	who   *client
	cmd   *command.Command
	args  [][]byte
	began time.Time
	wait  *parked    // how who waits for the end
	debug *debugging // until the end of a script that is stepped through on the real data
}

// asleep reports whether the node is in a DEBUG SLEEP, or stands still for a script that is stepped through.
func (s *Server) asleep() bool { return s.sleep.debug != nil || s.now.Before(s.sleep.until) }

// StandsIn names Redis' function in which the server stands still, with the reason; nothing when it does not.
func (s *Server) StandsIn() string {
	switch {
	case s.sleep.debug != nil:
		return "ldbRepl (a script is stepped through)"
	case s.asleep():
		return "debugCommand (DEBUG SLEEP)"
	case s.script.busy:
		return "luaCallFunction (a script runs)"
	}
	return ""
}

// debugSleep: DEBUG SLEEP seconds
func (s *Server) debugSleep(c *client) {
	seconds, _ := strconv.ParseFloat(string(c.ctx.Args[2]), 64)
	if !(seconds > 0) {
		c.ctx.OK()
		return
	}
	nanos := min(seconds*float64(time.Second), float64(maxSleep))
	s.sleep.began = s.now
	s.sleep.until = s.now.Add(time.Duration(math.Round(nanos)))
	s.sleep.who, s.sleep.cmd, s.sleep.args = c, c.ctx.Cmd, cloneArgs(c.ctx.Args)
	if c.ctx.NoBlock { // in EXEC, whose answer holdAnswer keeps
		c.ctx.OK()
		return
	}
	s.nod(c, func(w *resp.Writer) { w.OK() })
}

// nod lets the one who sent the node to sleep wait with it.
func (s *Server) nod(c *client, answer func(w *resp.Writer)) {
	s.sleep.wait = &parked{
		client: c, reason: waitsForWaking, cmd: s.sleep.cmd, args: s.sleep.args,
		deadline: s.sleep.until.UnixMilli(), timeout: answer,
	}
	s.park(s.sleep.wait)
}

// holdAnswer keeps the answer to a transaction in which the node fell asleep until it wakes: what was
// written behind mark.
func (s *Server) holdAnswer(c *client, mark int) {
	if c.parked != nil || !s.asleep() {
		return
	}
	answer := bytes.Clone(c.ctx.Buf[mark:])
	c.ctx.Buf = c.ctx.Buf[:mark]
	s.nod(c, func(w *resp.Writer) { w.Buf = append(w.Buf, answer...) })
}

// maxSleep is the longest DEBUG SLEEP: a day. A lesson that needs more freezes the node.
const maxSleep = 24 * time.Hour

// wakeUp ends a sleep that is over: the sleeper is answered, then everything that was kept
// happens in its order, commands last.
func (s *Server) wakeUp() {
	nap := s.sleep
	s.sleep = sleep{}
	if nap.who != nil && nap.who.conn.Session != nil {
		s.recordDuration(nap.who, nap.cmd, nap.args, s.now.Sub(nap.began), 1)
		if nap.wait != nil && nap.who.parked == nap.wait {
			s.giveUp(nap.wait)
		}
	}
	for _, input := range nap.held {
		input()
	}
	s.resume(waitsForWaking)
}
