package server

import (
	"time"

	"clusterplay/node/command"
	"clusterplay/node/machine"
)

// peeks are the commands that Peek answers: they read about the server and change nothing.
var peeks = map[string]bool{
	"info": true, "cluster|info": true, "cluster|nodes": true, "cluster|shards": true, "cluster|links": true,
	"config|get": true, "client|list": true, "slowlog|get": true,
}

// Peek answers one of a few commands that only read about the server, as a client that speaks
// RESP3 would be answered, and counts neither the client nor the command: whoever watches must not
// be seen among the watched. It returns nil for any other command. It may be called between doors.
func (s *Server) Peek(now time.Time, args ...string) []byte {
	words := make([][]byte, len(args))
	for i, arg := range args {
		words[i] = []byte(arg)
	}
	cmd, _ := s.table.Resolve(words)
	if cmd == nil || !peeks[cmd.Full] || !cmd.Accepts(len(words)) {
		return nil
	}
	c := &client{conn: new(machine.Client), born: now, seen: now, authenticated: true, touched: true}
	c.ctx = command.Context{Space: s.space, DB: s.space.DB(0), Host: s, Now: s.nowMs, Args: words, Cmd: cmd}
	c.ctx.Proto = 3
	before := s.current
	s.current = c
	cmd.Run(&c.ctx)
	s.current = before
	return c.ctx.Buf
}
