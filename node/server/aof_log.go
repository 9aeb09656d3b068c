package server

import "clusterplay/node/event"

// tellAOF says in Redis' log what happened to the append only file.
func (s *Server) tellAOF(events []event.Event) {
	if s.config.Log == nil {
		return
	}
	for _, e := range events {
		switch e := e.(type) {
		case event.DiskTrouble:
			s.log(event.Warning, "Error writing to the AOF file: %s", e.Why)
		case event.DiskWell:
			s.log(event.Warning, "AOF write error looks solved, Redis can write again.")
		case event.LogRewritten:
			s.log(event.Notice, "Background AOF rewrite terminated with success")
			s.log(event.Notice, "Successfully renamed the temporary AOF base file into %s", e.Base)
			s.log(event.Notice, "Background AOF rewrite finished successfully")
		case event.LogRewriteFailed:
			s.log(event.Warning, "Background AOF rewrite terminated with error: %s", e.Why)
		case event.LogRewriteLimited:
			s.log(event.Warning, "Background AOF rewrite has repeatedly failed and triggered the limit, will retry in %d minutes",
				int(e.Pause.Minutes()))
		}
	}
}

// tellLoaded says in Redis' log what was read at birth.
func (r *logReader) tellLoaded() {
	s := r.s
	if r.cut != "" {
		s.log(event.Warning, "!!! Warning: short read while loading the AOF file %s!!!", r.cut)
		s.log(event.Warning, "!!! Truncating the AOF %s at offset %d !!!", r.cut, r.cutAt)
		s.log(event.Warning, "AOF %s loaded anyway because aof-load-truncated is enabled", r.cut)
	}
	s.source = "append only file"
}

// tellOpened says in Redis' log which files are written from now on: those that were there at birth are
// opened, the others made.
func (s *Server) tellOpened(base string, incr int) {
	m := s.aof.Manifest()
	if base == "" {
		s.log(event.Notice, "Creating AOF base file %s on server start", m.Base.Name)
	}
	doing := "Creating"
	if len(m.Incr) == incr {
		doing = "Opening"
	}
	s.log(event.Notice, "%s AOF incr file %s on server start", doing, m.Incr[len(m.Incr)-1].Name)
}
