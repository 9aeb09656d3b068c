package server

import (
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
	wait  *parked // who is asleep; nil in EXEC, whose client may already wait with its next command
}

// asleep reports whether the node is in a DEBUG SLEEP.
func (s *Server) asleep() bool { return s.now.Before(s.sleep.until) }

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
	if c.ctx.NoBlock { // in EXEC: the whole of it is answered, and then nothing else is
		c.ctx.OK()
		return
	}
	s.sleep.wait = &parked{
		client: c, reason: waitsForWaking, cmd: c.ctx.Cmd, args: s.sleep.args,
		deadline: s.sleep.until.UnixMilli(), timeout: func(w *resp.Writer) { w.OK() },
	}
	s.park(s.sleep.wait)
}

// maxSleep is the longest DEBUG SLEEP: a day. A lesson that needs more freezes the node.
const maxSleep = 24 * time.Hour

// wakeUp ends a DEBUG SLEEP that is over: the sleeper is answered, then everything that was kept
// happens in its order, commands last.
func (s *Server) wakeUp() {
	nap := s.sleep
	s.sleep = sleep{}
	if nap.who.conn.Session != nil {
		micros := s.now.Sub(nap.began).Microseconds()
		s.recordDuration(nap.who, nap.cmd, nap.args, micros)
		if limit := s.settings.number("latency-monitor-threshold"); limit > 0 && micros/1000 >= limit {
			s.latency.sample(s.now, "command", micros/1000)
		}
		if nap.wait != nil && nap.who.parked == nap.wait {
			s.giveUp(nap.wait)
		}
	}
	for _, input := range nap.held {
		input()
	}
	s.resume(waitsForWaking)
}
