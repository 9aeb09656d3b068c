package stream

// Pass notes that the group has been given the entry with that ID.
func (g *Group) Pass(s *Stream, id ID) {
	if g.Read != Unknown && !s.holesFrom(id) {
		g.Read++
	} else if s.added != 0 {
		g.Read = s.ReadUpTo(id)
	}
	g.Last = id
}

// Lag is how many entries the group has still to be given; ok is false when nobody can tell.
func (g *Group) Lag(s *Stream) (n int64, ok bool) {
	switch {
	case s.added == 0:
		return 0, true
	case g.Read != Unknown && !s.holesFrom(g.Last):
		return s.added - g.Read, true
	}
	read := s.ReadUpTo(g.Last)
	return s.added - read, read != Unknown
}

// holesFrom tells whether XDEL may have deleted an entry from id on (streamRangeHasTombstones).
func (s *Stream) holesFrom(id ID) bool {
	if s.length == 0 || s.deleted.IsZero() || s.first.Compare(s.deleted) > 0 {
		return false
	}
	return id.Compare(s.deleted) <= 0
}

// ReadUpTo is how many entries were ever added up to id; Unknown when the stream cannot tell
// (streamEstimateDistanceFromFirstEverEntry).
func (s *Stream) ReadUpTo(id ID) int64 {
	last := id.Compare(s.last)
	switch {
	case s.added == 0:
		return 0
	case s.length == 0 && last <= 0, last == 0:
		return s.added
	case last > 0:
		return Unknown
	case !s.deleted.IsZero() && s.deleted.Compare(s.first) >= 0:
		return Unknown
	}
	switch id.Compare(s.first) {
	case -1:
		return s.added - int64(s.length)
	case 0:
		return s.added - int64(s.length) + 1
	}
	return Unknown
}
