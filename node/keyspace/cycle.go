package keyspace

// ExpireCycle deletes up to most keys whose time has run out, the longest dead first, and tells
// how many. It does so only where expired keys are deleted. The databases take turns, so that a
// busy one does not keep the others waiting.
func (s *Space) ExpireCycle(now int64, most int) int {
	if s.Expiry != DeleteExpired {
		return 0
	}
	deleted := 0
	for range s.dbs {
		db := s.dbs[s.cursor]
		for deleted < most {
			next := db.data.volatile.first()
			if next.it == nil || now <= next.at {
				break
			}
			db.expire(next.it, true)
			deleted++
		}
		if deleted == most {
			return deleted
		}
		s.cursor = (s.cursor + 1) % len(s.dbs)
	}
	return deleted
}

// NextExpiry returns when the next key dies in any database, in ms since 1970; 0 is never.
func (s *Space) NextExpiry() int64 {
	next := int64(0)
	for _, db := range s.dbs {
		if first := db.data.volatile.first(); first.it != nil && (next == 0 || first.at < next) {
			next = first.at
		}
	}
	return next
}
