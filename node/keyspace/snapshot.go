package keyspace

import "errors"

// ErrSnapshotRunning says that a snapshot has to end before the next can begin.
var ErrSnapshotRunning = errors.New("keyspace: a snapshot is already being taken")

// Sink receives the keys of a snapshot one by one, in no useful order of databases, with the moment at which
// they die (0: never). The entry is to be read during the call and not kept: right afterwards it may change.
type Sink func(db int, key string, e *Entry, expires int64)

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
	group  []*item // which Step is about to hand over
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

// Step hands over about n of the entries that are still missing and tells whether that was all.
func (p *Snapshot) Step(n int) (done bool) {
	for p.at < len(p.tables) && n > 0 {
		t := p.tables[p.at]
		p.group = p.group[:0]
		p.space.warmth += t.keys.warmScan(p.cursor)
		p.cursor = t.keys.Scan(p.cursor, min(n, warmGroup), func(it *item) { p.group = append(p.group, it) })
		n -= len(p.group) + 1 // empty buckets are work too
		p.space.warmth += warmItems(p.group)
		for _, it := range p.group {
			if it.Value.written != p.space.epoch {
				p.take(t, it)
			}
		}
		if p.cursor == 0 {
			p.tables[p.at] = nil
			p.at++
		}
	}
	if p.at == len(p.tables) {
		p.Cancel()
	}
	return p.at == len(p.tables)
}

// Cancel ends the snapshot before it is complete.
func (p *Snapshot) Cancel() {
	p.group = nil
	if p.space.snapshot == p {
		p.space.snapshot = nil
	}
}

func (p *Snapshot) take(t *table, it *item) {
	it.Value.written = p.space.epoch
	p.sink(t.number, it.Key(), &it.Value, t.volatile.of(&it.Value))
}

// preserve hands it to the running snapshot before it changes.
func (s *Space) preserve(t *table, it *item) {
	if s.snapshot == nil {
		it.Value.written = s.epoch
		return
	}
	s.snapshot.take(t, it)
}
