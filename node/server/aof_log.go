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
		case event.LogRewriteFailed:
			s.log(event.Warning, "Background AOF rewrite terminated with error: %s", e.Why)
		case event.LogRewriteLimited:
			s.log(event.Warning, "Background AOF rewrite has repeatedly failed and triggered the limit, will retry in %d minutes",
				int(e.Pause.Minutes()))
		}
	}
}

// tellBase says in Redis' log that a file begins with an RDB file.
func (s *Server) tellBase(name string) {
	if name == s.settings.text("appendfilename") { // as before Redis 7
		s.log(event.Notice, "Reading RDB preamble from AOF file...")
		return
	}
	s.log(event.Notice, "Reading RDB base file on AOF loading...")
}

// tellCut says in Redis' log that a file ended within a command.
func (r *logReader) tellCut(f *logFile) {
	s := r.s
	if f.open {
		s.log(event.Warning, "Revert incomplete MULTI/EXEC transaction in AOF file %s", f.name)
	}
	s.log(event.Warning, "!!! Warning: short read while loading the AOF file %s!!!", r.cut)
	s.log(event.Warning, "!!! Truncating the AOF %s at offset %d !!!", r.cut, r.cutAt)
	s.log(event.Warning, "AOF %s loaded anyway because aof-load-truncated is enabled", r.cut)
}

// tellRead says in Redis' log that a file has been read. It keeps quiet about an empty one.
func (r *logReader) tellRead(f *logFile) {
	kind := "incr"
	if f.base {
		kind = "base"
	}
	if len(f.data) > 0 {
		r.s.log(event.Notice, "DB loaded from %s file %s: %.3f seconds", kind, f.name, r.s.now.Sub(f.began).Seconds())
	}
}

// tellLoaded says in Redis' log that everything has been read.
func (r *logReader) tellLoaded() {
	r.s.log(event.Notice, "DB loaded from append only file: %.3f seconds", r.s.now.Sub(r.began).Seconds())
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
