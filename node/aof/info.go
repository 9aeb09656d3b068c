package aof

import "time"

// Info is what INFO says about a log.
type Info struct {
	Mode      Mode
	Rewriting bool
	Began     time.Time // of the rewrite under way
	Scheduled bool
	Counts    Counts
	Trouble   bool // the last write was refused

	Size, Base int64
	Buffer     int
	Syncing    bool
}

// Info returns what INFO says.
func (s *State) Info() Info {
	i := Info{
		Mode: s.mode, Rewriting: s.rewrite != nil, Scheduled: s.scheduled, Counts: s.counts,
		Trouble: s.trouble.why != "", Size: s.size, Base: s.base, Buffer: len(s.buf), Syncing: s.sync.token != 0,
	}
	if s.rewrite != nil {
		i.Began = s.rewrite.began
	}
	return i
}

// Manifest is the manifest in use.
func (s *State) Manifest() *Manifest { return &s.manifest }
