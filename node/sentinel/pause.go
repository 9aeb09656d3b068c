package sentinel

import (
	"slices"
	"strconv"
	"time"

	"clusterplay/node/command"
	"clusterplay/node/resp"
)

// pause is CLIENT PAUSE: until then the clients' commands wait. The Sentinel's own work goes on.
type pause struct {
	until   time.Time
	all     bool // every command, not only those that change something
	waiting []*client
}

// holds reports whether a command must wait. The only one here that replicas would see is PUBLISH.
func (p *pause) holds(now time.Time, cmd *command.Command) bool {
	return now.Before(p.until) && (p.all || cmd.Has(command.MayReplicate))
}

// postpone keeps a command for later; the connection stands still meanwhile.
func (p *pause) postpone(c *client, args [][]byte) {
	c.postpone(args)
	p.waiting = append(p.waiting, c)
}

// postpone keeps a command for later; whoever does so sees to it that it is answered.
func (c *client) postpone(args [][]byte) {
	c.conn.Blocked = true
	c.postponed = make([][]byte, len(args))
	for i, arg := range args {
		c.postponed[i] = slices.Clone(arg)
	}
}

// forget drops what a client that is gone had asked.
func (p *pause) forget(c *client) {
	p.waiting = slices.DeleteFunc(p.waiting, func(o *client) bool { return o == c })
}

// resume runs the commands that waited when the pause is over, in their order of arrival.
func (s *Sentinel) resume() {
	if len(s.pause.waiting) == 0 || s.now.Before(s.pause.until) {
		return
	}
	waiting := s.pause.waiting
	s.pause.waiting = nil
	for _, c := range waiting {
		args := c.postponed
		c.postponed, c.conn.Blocked = nil, false
		s.answer(c, args)
	}
}

// clientPause: CLIENT PAUSE timeout [WRITE|ALL]
func (s *Sentinel) clientPause(c *client, args [][]byte) {
	all := true
	if len(args) == 4 {
		switch word(args[3]) {
		case "write":
			all = false
		case "all":
		default:
			c.Error("ERR CLIENT PAUSE mode must be WRITE or ALL")
			return
		}
	}
	ms, err := strconv.ParseInt(string(args[2]), 10, 64)
	switch {
	case err != nil || ms > maxMillis:
		c.Error(resp.ErrTimeoutInteger)
		return
	case ms < 0:
		c.Error(resp.ErrTimeoutNegative)
		return
	}
	until := s.now.Add(time.Duration(ms) * time.Millisecond)
	if s.now.Before(s.pause.until) {
		all = all || s.pause.all
		if s.pause.until.After(until) {
			until = s.pause.until
		}
	}
	s.pause.until, s.pause.all = until, all
	c.OK()
}

// maxMillis is what a time.Duration can say, 292 years, in milliseconds.
const maxMillis = int64(1<<63-1) / int64(time.Millisecond)

// clientUnpause: CLIENT UNPAUSE
func (s *Sentinel) clientUnpause(c *client, _ [][]byte) {
	s.pause.until = time.Time{}
	c.OK()
}
