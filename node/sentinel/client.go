package sentinel

import (
	"time"

	"clusterplay/node/machine"
)

// Open tells of a client connection's beginning.
func (s *Sentinel) Open(now time.Time, _ *machine.Client) { s.enter(now) }

// Shut tells of a client connection's end.
func (s *Sentinel) Shut(now time.Time, _ *machine.Client) { s.enter(now) }

// Call executes one command and appends the reply to c.Out.
func (s *Sentinel) Call(now time.Time, c *machine.Client, args [][]byte) {
	s.enter(now)
	if len(args) > 0 {
		c.Out = append(c.Out, "-ERR this Sentinel serves no clients yet\r\n"...)
	}
}

// publish tells the clients subscribed to a channel.
func (s *Sentinel) publish(_, _ string) {}
