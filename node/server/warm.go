package server

import "clusterplay/node/machine"

// Warm reads the memory that the next commands of a pipeline are going to need. That the second
// word is a key is a guess that holds for almost all of them, and a wrong one costs nothing.
func (s *Server) Warm(conn *machine.Client, commands [][][]byte) {
	c, known := conn.Session.(*client)
	if !known {
		return
	}
	keys := s.warming[:0]
	for _, args := range commands {
		if len(args) > 1 {
			keys = append(keys, args[1])
		}
	}
	c.ctx.DB.Warm(keys, 1)
	c.ctx.DB.WarmElements(commands)
	clear(keys)
	s.warming = keys
}
