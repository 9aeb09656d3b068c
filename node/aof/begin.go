package aof

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// Adopt makes m the manifest of a log that was found on the disk. sizes are those of its files, in
// the order of Files; none when the log is not kept now.
func (s *State) Adopt(m Manifest, sizes []int64) {
	s.manifest = m
	for i, n := range sizes {
		s.size += n
		if i == 0 && m.Base.Name != "" {
			s.base = n
		}
	}
	if len(m.Incr) > 0 && len(sizes) > 0 {
		s.incr = sizes[len(sizes)-1]
	}
}

// Upgrade makes the single file of a Redis before 7 the base of a new log.
func (s *State) Upgrade() Manifest {
	m := Manifest{Base: File{s.cfg.Name, 1}, baseSeq: 1}
	s.save(s.manifestSave(&m))
	s.save(machine.Save{Op: machine.Rename, Name: s.cfg.Name, To: s.path(s.cfg.Name), Sync: true})
	return m
}

// Upgrades reports whether a file of the old kind is to become the base of the log m
// (loadAppendOnlyFiles). moved says that it lies in the log's directory already.
func (s *State) Upgrades(m Manifest, moved bool) bool {
	return m.Empty() || len(m.Incr) == 0 && m.Base.Name == s.cfg.Name && !moved
}

// Open begins to log at the start of the server. A log without data gets a base, which base encodes.
// Whatever fails here ends the node, as it ends Redis.
func (s *State) Open(now time.Time, base func() []byte) {
	s.mode = On
	fresh := len(s.manifest.Incr) == 0
	if s.manifest.Empty() {
		s.manifest.newBase(s.cfg.Name, baseSuffix(s.cfg.Preamble))
		s.save(machine.Save{Op: machine.Replace, Name: s.path(s.manifest.Base.Name), Data: base(), Sync: true})
	}
	if fresh {
		s.manifest.newIncr(s.cfg.Name)
	}
	size := s.incr
	s.file = ""
	s.use(now, s.path(last(s.manifest.Incr).Name), size)
	s.save(machine.Save{Op: machine.Append, Name: s.file, Sync: true})
	if fresh {
		s.save(s.manifestSave(&s.manifest))
	}
	s.forgetHistory()
}

// baseSuffix is how the name of a base ends.
func baseSuffix(preamble bool) string {
	if preamble {
		return "rdb"
	}
	return "aof"
}

// Start begins a log while the server runs: it is kept from the moment of the first base on. Trouble
// with an earlier log is forgotten. busy says that something else is being written, or that a
// transaction is under way: the base waits for its end then.
func (s *State) Start(now time.Time, busy bool) Progress {
	s.mode = Waiting
	s.trouble, s.sync = trouble{}, syncing{last: now}
	s.Abort(now)
	if busy || s.rewrite != nil {
		s.scheduled = true
		return Nothing
	}
	return s.Rewrite(now)
}

// Cut shortens the last file of the log to what could be read of it.
func (s *State) Cut(name string, size int64) {
	s.save(machine.Save{Op: machine.Truncate, Name: s.path(name), Size: size, Sync: true})
}

// limit holds rewrites back that have failed again and again.
type limit struct {
	delay time.Duration
	until time.Time
}

const (
	// limitFrom is how many failures in a row it takes (AOF_REWRITE_LIMITE_THRESHOLD).
	limitFrom = 3
	// limitMost is the longest pause between two attempts.
	limitMost = time.Hour
)

// limited reports whether a rewrite must wait because of those that failed (aofRewriteLimited).
func (s *State) limited(now time.Time) bool {
	switch {
	case s.counts.Failures < limitFrom:
		s.limit = limit{}
		return false
	case now.Before(s.limit.until):
		return true
	case !s.limit.until.IsZero():
		s.limit.until = time.Time{}
		return false
	}
	s.limit.delay = min(max(time.Minute, 2*s.limit.delay), limitMost)
	s.limit.until = now.Add(s.limit.delay)
	s.emit(event.LogRewriteLimited{Pause: s.limit.delay})
	return true
}

// Due reports whether a rewrite is to begin: because it was asked for, or because the log has grown
// by percentage since the last one and is larger than least. The caller knows that nothing else is
// being written.
func (s *State) Due(now time.Time, percentage, least int64) bool {
	if s.rewrite != nil {
		return false
	}
	if s.scheduled {
		return !s.limited(now)
	}
	if s.mode != On || percentage == 0 || s.size <= least {
		return false
	}
	return s.Growth() >= percentage && !s.limited(now)
}

// Growth is by how many percent the log has grown since its last rewrite.
func (s *State) Growth() int64 { return s.size*100/max(1, s.base) - 100 }

// Forgive lets the next rewrite begin although earlier ones failed: somebody asked for it.
func (s *State) Forgive() { s.counts.Failures = 0 }
