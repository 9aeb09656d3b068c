package sentinel

import (
	"time"

	"clusterplay/node/machine"
)

// peeks are the commands that Peek answers: they read about the Sentinel and change nothing.
var peeks = map[string]bool{"info": true, "client|list": true, "sentinel|ckquorum": true, "sentinel|master": true}

// Peek answers one of a few commands that only read about the Sentinel, as a client that speaks RESP3
// would be answered, and counts neither the client nor the command: whoever watches must not be seen
// among the watched. It returns nil for any other command. It may be called between doors.
func (s *Sentinel) Peek(now time.Time, args ...string) []byte {
	words := make([][]byte, len(args))
	for i, arg := range args {
		words[i] = []byte(arg)
	}
	cmd, _ := table.Resolve(words)
	if cmd == nil || !peeks[cmd.Full] || !cmd.Accepts(len(words)) {
		return nil
	}
	c := &client{conn: new(machine.Client), born: now, seen: now, authenticated: true, touched: true}
	c.Proto = 3
	was := s.now
	s.now = now
	handlers[cmd.ID](s, c, words)
	s.now = was
	return c.Buf
}
