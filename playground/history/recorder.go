package history

import (
	"database/sql"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// queueLength is how much may wait for the disk: several seconds of a busy lab.
	queueLength = 8192
	// batchLength bounds one transaction, so that a reader never waits long.
	batchLength = 2048
	// burstLength is how many records are written before the writer rests for restTime, unless much waits:
	// without a rest it would keep a processor for as long as the scheduler lets it, 10 ms, while clients wait.
	burstLength, restTime = 32, 50 * time.Microsecond
	// flushEvery is how long much may wait to be joined by more, and patience how many times as long less
	// than enough may: a calm lab has a few records a second, and a transaction costs more than they do.
	flushEvery, patience, enough = 100 * time.Millisecond, 5, 64
	// DefaultCap is how large the file may grow before its oldest part is deleted.
	DefaultCap = 200 << 20
	// checkEvery is after how many transactions the size is looked at.
	checkEvery = 64
)

// Event is one line of the record.
type Event struct {
	Seq     uint64
	T       time.Time // the lab's time
	Wall    time.Time
	Node    string
	Name    string
	Line    string
	Caption string
	Level   string
	Data    []byte // the event as JSON
	Say     []byte // what to say of it in any language, as JSON
}

// Picture is the whole lab at a moment, or what has changed since the picture before. Its form is
// the writer's affair.
type Picture struct {
	T     time.Time
	Whole bool
	Data  []byte
}

// Sample is numbers of a kind at a moment, or how they differ from the sample before. Its form is the
// writer's affair.
type Sample struct {
	Kind  string
	T     time.Time
	Whole bool
	Data  []byte
}

// Frames is a chunk of the trace of frames, in whatever form the writer chose.
type Frames struct {
	T    time.Time
	Data []byte
}

// Config is how a Recorder is set up. The zero Config is a good one.
type Config struct {
	Cap int64 // bytes; 0 means DefaultCap
}

// Recorder writes a history file and answers questions about it.
type Recorder struct {
	db      *sql.DB
	passing bool // the file has no name and ends with the process
	limit   int64
	queue   chan any // Event, Picture, Sample or Frames; owned by run
	barrier chan chan struct{}
	done    chan struct{}
	once    sync.Once
	dropped atomic.Uint64
	failed  atomic.Pointer[error]
	writes  int // owned by run
}

// Open opens or makes a history file and starts its writer. Without a path the record is kept
// until the process ends and leaves nothing behind.
func Open(path string, cfg Config) (*Recorder, error) {
	db, err := open(path)
	if err != nil {
		return nil, err
	}
	if cfg.Cap <= 0 {
		cfg.Cap = DefaultCap
	}
	r := &Recorder{
		db: db, passing: path == "", limit: cfg.Cap,
		queue: make(chan any, queueLength), barrier: make(chan chan struct{}), done: make(chan struct{}),
	}
	go r.run()
	return r, nil
}

// Event records an event; it never waits.
func (r *Recorder) Event(e Event) { r.offer(e) }

// Picture records a picture and reports whether there was room for it; it never waits. Data is the
// recorder's from here on.
func (r *Recorder) Picture(p Picture) bool { return r.offer(p) }

// Sample records a sample and reports whether there was room for it; it never waits. Data is the
// recorder's from here on.
func (r *Recorder) Sample(s Sample) bool { return r.offer(s) }

// Frames records a chunk of frames; it never waits. Data is the recorder's from here on.
func (r *Recorder) Frames(f Frames) { r.offer(f) }

// Passing tells whether the record ends with the process.
func (r *Recorder) Passing() bool { return r.passing }

// Cap is how many bytes the record may have before its oldest part is deleted.
func (r *Recorder) Cap() int64 { return r.limit }

// Dropped is how many records were lost because the disk did not keep up or failed.
func (r *Recorder) Dropped() uint64 { return r.dropped.Load() }

// Err says why nothing is recorded at present; nil when all is well.
func (r *Recorder) Err() error {
	if err := r.failed.Load(); err != nil {
		return *err
	}
	return nil
}

// Sync returns when everything offered before has been written or given up.
func (r *Recorder) Sync() {
	written := make(chan struct{})
	select {
	case r.barrier <- written:
		<-written
	case <-r.done:
	}
}

// Close writes what waits and closes the file.
func (r *Recorder) Close() error {
	r.once.Do(func() {
		r.Sync()
		close(r.barrier)
	})
	<-r.done
	return r.db.Close()
}

func (r *Recorder) offer(record any) bool {
	select {
	case r.queue <- record:
		return true
	default:
		r.dropped.Add(1)
		return false
	}
}

// run gathers records into transactions until the recorder is closed.
func (r *Recorder) run() {
	defer close(r.done)
	tick := time.NewTicker(flushEvery)
	defer tick.Stop()
	batch, waited := make([]any, 0, batchLength), 0
	for {
		select {
		case record := <-r.queue:
			if batch = append(batch, record); len(batch) == batchLength {
				batch = r.write(batch)
			}
		case <-tick.C:
			if waited++; waited >= patience || len(batch) >= enough {
				batch, waited = r.write(batch), 0
			}
		case written, open := <-r.barrier:
			if !open {
				return
			}
			r.drain(batch)
			batch = batch[:0]
			close(written)
		}
	}
}

// drain writes batch and everything that is in the queue.
func (r *Recorder) drain(batch []any) {
	for {
		select {
		case record := <-r.queue:
			if batch = append(batch, record); len(batch) == batchLength {
				batch = r.write(batch)
			}
		default:
			r.write(batch)
			return
		}
	}
}

// write stores a batch in one transaction and returns it empty. A failure costs the batch and is
// remembered until a later one succeeds.
func (r *Recorder) write(batch []any) []any {
	if len(batch) == 0 {
		return batch
	}
	if err := r.transact(batch); err != nil {
		err = fmt.Errorf("write history: %w", err)
		r.failed.Store(&err)
		r.dropped.Add(uint64(len(batch)))
	} else {
		r.failed.Store(nil)
	}
	if r.writes++; r.writes%checkEvery == 0 {
		r.prune()
	}
	clear(batch)
	return batch[:0]
}

func (r *Recorder) transact(batch []any) error {
	tx, err := r.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	w := writer{tx: tx}
	for i, record := range batch {
		if err := w.insert(record); err != nil {
			return err
		}
		if i%burstLength == burstLength-1 && len(r.queue) < queueLength/2 {
			time.Sleep(restTime)
		}
	}
	return tx.Commit()
}

// writer fills one transaction.
type writer struct {
	tx                       *sql.Tx
	events, pictures, frames *sql.Stmt // those of which there may be many; they end with the transaction
}

func (w *writer) insert(record any) (err error) {
	switch v := record.(type) {
	case Event:
		err = w.event(v)
	case Picture:
		err = w.put(&w.pictures, "INSERT INTO pictures (t, whole, data) VALUES (?, ?, ?)", v.T.UnixMicro(), v.Whole, v.Data)
	case Sample:
		_, err = w.tx.Exec("INSERT INTO samples (kind, t, whole, data) VALUES (?, ?, ?, ?)", v.Kind, v.T.UnixMicro(), v.Whole, v.Data)
	case Frames:
		err = w.put(&w.frames, "INSERT INTO frames (t, data) VALUES (?, ?)", v.T.UnixMicro(), v.Data)
	}
	return err
}

func (w *writer) event(e Event) error {
	return w.put(&w.events, "INSERT OR REPLACE INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		int64(e.Seq), e.T.UnixMicro(), e.Wall.UnixMicro(), e.Node, e.Name, e.Line, e.Caption, e.Level, e.Data, e.Say)
}

// put executes a statement, which is prepared once in a transaction.
func (w *writer) put(prepared **sql.Stmt, text string, values ...any) (err error) {
	if *prepared == nil {
		if *prepared, err = w.tx.Prepare(text); err != nil {
			return err
		}
	}
	_, err = (*prepared).Exec(values...)
	return err
}
