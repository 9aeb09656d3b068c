package server

import "fmt"

// check panics when a promise of the server itself is broken; each protocol has a check of its
// own. It is cheap: it runs after every input.
func (s *Server) check() {
	switch {
	case s.parking.count < 0:
		s.broken("%d clients are blocked", s.parking.count)
	case len(s.touched) != 0:
		s.broken("%d reply buffers are open between doors", len(s.touched))
	case len(s.unit.effects) != 0:
		s.broken("%d effects were not propagated: %q", len(s.unit.effects), s.unit.effects[0].Args)
	case len(s.parking.ready) != 0 && !s.asleep() && !s.script.busy:
		s.broken("clients wait for key %q, which is ready", s.parking.ready[0].key)
	}
}

func (s *Server) broken(format string, args ...any) {
	panic(fmt.Sprintf("server %s at %s: ", s.runID[:8], s.now) + fmt.Sprintf(format, args...))
}
