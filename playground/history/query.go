package history

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// MaxRows bounds one answer; ask again from the last row's time for more.
const MaxRows = 10000

// eventColumns are what eventOf reads.
const eventColumns = "SELECT seq, t, wall, node, name, line, caption, level, data, say FROM events "

// Events lists the events of a stretch of time, both ends included, oldest first.
func (r *Recorder) Events(ctx context.Context, from, to time.Time) ([]Event, error) {
	return collect(ctx, r, eventOf, eventColumns+"WHERE t BETWEEN ? AND ? ORDER BY t, seq LIMIT ?",
		from.UnixMicro(), to.UnixMicro(), MaxRows)
}

// EventsBefore lists the last n events at or before a moment that are not of a level, oldest first.
func (r *Recorder) EventsBefore(ctx context.Context, t time.Time, not string, n int) ([]Event, error) {
	return collect(ctx, r, eventOf, "SELECT * FROM ("+eventColumns+
		"WHERE t <= ? AND level <> ? ORDER BY t DESC, seq DESC LIMIT ?) ORDER BY t, seq", t.UnixMicro(), not, n)
}

// EventsNamed lists the last n events with one of the names, oldest first.
func (r *Recorder) EventsNamed(ctx context.Context, names []string, n int) ([]Event, error) {
	args := make([]any, 0, len(names)+1)
	for _, name := range names {
		args = append(args, name)
	}
	marks := strings.TrimSuffix(strings.Repeat("?,", len(names)), ",")
	return collect(ctx, r, eventOf, "SELECT * FROM ("+eventColumns+
		"WHERE name IN ("+marks+") ORDER BY t DESC, seq DESC LIMIT ?) ORDER BY t, seq", append(args, n)...)
}

// Pictures lists what tells the lab's state from one moment to another: the last whole picture at
// or before from, or the first there is, and every picture after it up to and with to.
func (r *Recorder) Pictures(ctx context.Context, from, to time.Time) ([]Picture, error) {
	return collect(ctx, r, pictureOf, `WITH start AS (
			SELECT coalesce(
				(SELECT id FROM pictures WHERE whole = 1 AND t <= ? ORDER BY t DESC, id DESC LIMIT 1),
				(SELECT id FROM pictures WHERE whole = 1 ORDER BY t, id LIMIT 1)) AS id)
		SELECT t, whole, data FROM pictures
		WHERE id = (SELECT id FROM start) OR id > (SELECT id FROM start) AND t <= ? ORDER BY id LIMIT ?`,
		from.UnixMicro(), to.UnixMicro(), MaxRows)
}

// Samples lists what tells the numbers of a kind from one moment to another: the last whole sample at
// or before from, or the first there is, and every sample after it up to and with to.
func (r *Recorder) Samples(ctx context.Context, kind string, from, to time.Time) ([]Sample, error) {
	return collect(ctx, r, sampleOf, `WITH start AS (
			SELECT coalesce(
				(SELECT id FROM samples WHERE kind = ?1 AND whole = 1 AND t <= ?2 ORDER BY t DESC, id DESC LIMIT 1),
				(SELECT id FROM samples WHERE kind = ?1 AND whole = 1 ORDER BY t, id LIMIT 1)) AS id)
		SELECT kind, t, whole, data FROM samples
		WHERE kind = ?1 AND id >= (SELECT id FROM start) AND t <= ?3 ORDER BY id LIMIT ?4`,
		kind, from.UnixMicro(), to.UnixMicro(), MaxRows)
}

// FramesBetween lists the chunks of frames of a stretch of time, oldest first.
func (r *Recorder) FramesBetween(ctx context.Context, from, to time.Time) ([]Frames, error) {
	return collect(ctx, r, framesOf, "SELECT t, data FROM frames WHERE t BETWEEN ? AND ? ORDER BY t, seq LIMIT ?",
		from.UnixMicro(), to.UnixMicro(), MaxRows)
}

// collect reads all rows of a query. A nameless file does not outlive a query that is broken off, so
// there the query is seen through; every query is bounded.
func collect[T any](ctx context.Context, r *Recorder, read func(*sql.Rows) (T, error), query string, args ...any) ([]T, error) {
	if r.passing {
		ctx = context.WithoutCancel(ctx)
	}
	rows, err := r.db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := read(rows)
		if err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		all = append(all, one)
	}
	return all, rows.Err()
}

func eventOf(rows *sql.Rows) (e Event, err error) {
	var seq, t, wall int64
	err = rows.Scan(&seq, &t, &wall, &e.Node, &e.Name, &e.Line, &e.Caption, &e.Level, &e.Data, &e.Say)
	e.Seq, e.T, e.Wall = uint64(seq), time.UnixMicro(t), time.UnixMicro(wall)
	return e, err
}

func pictureOf(rows *sql.Rows) (p Picture, err error) {
	var t int64
	err = rows.Scan(&t, &p.Whole, &p.Data)
	p.T = time.UnixMicro(t)
	return p, err
}

func sampleOf(rows *sql.Rows) (s Sample, err error) {
	var t int64
	err = rows.Scan(&s.Kind, &t, &s.Whole, &s.Data)
	s.T = time.UnixMicro(t)
	return s, err
}

func framesOf(rows *sql.Rows) (f Frames, err error) {
	var t int64
	err = rows.Scan(&t, &f.Data)
	f.T = time.UnixMicro(t)
	return f, err
}

// Span is the first and the last moment of which there is a picture; both are zero without one.
func (r *Recorder) Span(context.Context) (from, to time.Time, err error) {
	var first, last int64
	err = r.db.QueryRow("SELECT coalesce(min(t), 0), coalesce(max(t), 0) FROM pictures").Scan(&first, &last)
	if err != nil || last == 0 {
		return time.Time{}, time.Time{}, err
	}
	return time.UnixMicro(first), time.UnixMicro(last), nil
}

// Last is the greatest event number and the latest moment in the file; a lab that opens it again
// goes on from there.
func (r *Recorder) Last(ctx context.Context) (seq uint64, t time.Time, err error) {
	var number, at int64
	err = r.db.QueryRowContext(ctx, `SELECT coalesce(max(seq), 0),
		max(coalesce(max(t), 0), (SELECT coalesce(max(t), 0) FROM pictures)) FROM events`).Scan(&number, &at)
	return uint64(number), time.UnixMicro(at), err
}

// Size is how many bytes the file's pages in use occupy.
func (r *Recorder) Size() (int64, error) {
	var pages, free, size int64
	err := r.db.QueryRow("SELECT page_count, freelist_count, page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size").
		Scan(&pages, &free, &size)
	return (pages - free) * size, err
}
