package keyspace

import "errors"

// ErrSnapshotRunning says that a snapshot has to end before the next can begin.
var ErrSnapshotRunning = errors.New("keyspace: a snapshot is already being taken")

// Sink receives the keys of a snapshot one by one, in no useful order of databases, with the moment at which
// they die (0: never). The entry is to be read during the call and not kept: right afterwards it may change.
// A large one a Sink may read later, and in parts, by what it returns. Others follow meanwhile if they change.
type Sink func(db int, key string, e *Entry, expires int64) Rest

// Rest is a large entry that is read a part at a time.
type Rest interface {
	// More reads on and reports whether that was all.
	More() (done bool)
	// Keep says that the entry is about to change. What was not read yet is read as it is now.
	Keep()
	// Drop says that nobody reads on.
	Drop()
}

// Snapshot is the state of a Space at one moment, handed out bit by bit while the Space goes on
// changing. Each entry remembers the last snapshot that has it; before an entry that the running
// snapshot does not have yet is changed or deleted, it is handed over as it is.
type Snapshot struct {
	space  *Space
	sink   Sink
	tables []*table // the content of each database at the beginning
	at     int      // the table being walked
	cursor uint64
	sizes  []Size
	table  *table  // where group is from
	group  []*item // which Step is about to hand over
	next   int     // in it
	rest   Rest    // is being read
	half   *item   // whose that is; nil once it has changed
	kept   []Rest  // are read after it: of entries that have changed
	enough bool    // for this step
}

// Size is the number of keys of one database.
type Size struct{ DB, Keys, Volatile int }

// Begin starts a snapshot of the present state.
func (s *Space) Begin(sink Sink) (*Snapshot, error) {
	if s.snapshot != nil {
		return nil, ErrSnapshotRunning
	}
	s.epoch++
	snap := &Snapshot{space: s, sink: sink}
	for _, db := range s.dbs {
		db.data.number = db.Number
		if db.Len() == 0 {
			continue
		}
		snap.tables = append(snap.tables, db.data)
		snap.sizes = append(snap.sizes, Size{db.Number, db.Len(), db.Volatile()})
	}
	s.snapshot = snap
	return snap, nil
}

// BeingTaken reports whether a snapshot is being taken.
func (s *Space) BeingTaken() bool { return s.snapshot != nil }

// Sizes returns what each database that was not empty held at the beginning.
func (p *Snapshot) Sizes() []Size { return p.sizes }

// Step hands over about n of the entries that are still missing, or a part of a large one, and tells whether
// that was all.
func (p *Snapshot) Step(n int) (done bool) {
	p.enough = false
	for p.readOn() {
		p.handOver()
		if p.rest != nil || p.enough || n <= 0 {
			return false
		}
		if p.at == len(p.tables) {
			p.Cancel()
			return true
		}
		n -= p.collect(n)
	}
	return false
}

// Enough ends the step under way behind the entry that is being handed over.
func (p *Snapshot) Enough() { p.enough = true }

// readOn goes on with a large entry and reports whether there is none left.
func (p *Snapshot) readOn() bool {
	if p.rest != nil && p.rest.More() {
		if p.half != nil {
			p.half.Value.written = p.space.epoch
		}
		p.half, p.rest = nil, nil
	}
	if p.rest == nil && len(p.kept) > 0 {
		p.rest, p.kept = p.kept[0], p.kept[1:]
	}
	return p.rest == nil
}

// collect finds the next entries, at most n, and returns how much work that was.
func (p *Snapshot) collect(n int) int {
	p.table, p.group, p.next = p.tables[p.at], p.group[:0], 0
	p.space.warmth += p.table.keys.warmScan(p.cursor)
	p.cursor = p.table.keys.Scan(p.cursor, min(n, warmGroup), func(it *item) { p.group = append(p.group, it) })
	p.space.warmth += warmItems(p.group)
	if p.cursor == 0 {
		p.tables[p.at] = nil
		p.at++
	}
	return len(p.group) + 1 // empty buckets are work too
}

// handOver hands over what was found. What has changed since then is not missing any more.
func (p *Snapshot) handOver() {
	for p.next < len(p.group) && p.rest == nil && !p.enough {
		it := p.group[p.next]
		p.next++
		if it.Value.written == p.space.epoch {
			continue
		}
		if rest := p.give(p.table, it); rest != nil {
			p.half, p.rest = it, rest
		} else {
			it.Value.written = p.space.epoch
		}
	}
}

// Cancel ends the snapshot before it is complete.
func (p *Snapshot) Cancel() {
	if p.rest != nil {
		p.rest.Drop()
	}
	for _, rest := range p.kept {
		rest.Drop()
	}
	p.table, p.group, p.next, p.half, p.rest, p.kept = nil, nil, 0, nil, nil, nil
	if p.space.snapshot == p {
		p.space.snapshot = nil
	}
}

func (p *Snapshot) give(t *table, it *item) Rest {
	return p.sink(t.number, it.Key(), &it.Value, t.volatile.of(&it.Value))
}

// preserve hands it to the running snapshot before it changes.
func (s *Space) preserve(t *table, it *item) {
	p := s.snapshot
	it.Value.written = s.epoch
	if p == nil {
		return
	}
	if p.half == it {
		p.half = nil
		p.rest.Keep()
		return
	}
	if rest := p.give(t, it); rest != nil {
		rest.Keep()
		p.kept = append(p.kept, rest)
	}
}
