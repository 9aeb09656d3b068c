package history

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// MaxRows bounds one answer; ask again from the last row's time for more.
const MaxRows = 10000

// Events lists the events of a stretch of time, both ends included, oldest first.
func (r *Recorder) Events(ctx context.Context, from, to time.Time) ([]Event, error) {
	rows, err := r.db.QueryContext(ctx, `SELECT seq, t, wall, node, name, line, caption, level, data
		FROM events WHERE t BETWEEN ? AND ? ORDER BY t, seq LIMIT ?`, from.UnixMicro(), to.UnixMicro(), MaxRows)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var events []Event
	for rows.Next() {
		var e Event
		var seq, t, wall int64
		if err := rows.Scan(&seq, &t, &wall, &e.Node, &e.Name, &e.Line, &e.Caption, &e.Level, &e.Data); err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		e.Seq, e.T, e.Wall = uint64(seq), time.UnixMicro(t), time.UnixMicro(wall)
		events = append(events, e)
	}
	return events, rows.Err()
}

// SnapshotBefore is the last snapshot taken at or before t; false when there is none.
func (r *Recorder) SnapshotBefore(ctx context.Context, t time.Time) (Snapshot, bool, error) {
	var s Snapshot
	var seq, at int64
	err := r.db.QueryRowContext(ctx, "SELECT seq, t, data FROM snapshots WHERE t <= ? ORDER BY t DESC, seq DESC LIMIT 1",
		t.UnixMicro()).Scan(&seq, &at, &s.Data)
	if errors.Is(err, sql.ErrNoRows) {
		return Snapshot{}, false, nil
	}
	if err != nil {
		return Snapshot{}, false, fmt.Errorf("read history: %w", err)
	}
	s.Seq, s.T = uint64(seq), time.UnixMicro(at)
	return s, true, nil
}

// FramesBetween lists the chunks of frames of a stretch of time, oldest first.
func (r *Recorder) FramesBetween(ctx context.Context, from, to time.Time) ([]Frames, error) {
	rows, err := r.db.QueryContext(ctx, "SELECT t, data FROM frames WHERE t BETWEEN ? AND ? ORDER BY t, seq LIMIT ?",
		from.UnixMicro(), to.UnixMicro(), MaxRows)
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var chunks []Frames
	for rows.Next() {
		var f Frames
		var t int64
		if err := rows.Scan(&t, &f.Data); err != nil {
			return nil, fmt.Errorf("read history: %w", err)
		}
		f.T = time.UnixMicro(t)
		chunks = append(chunks, f)
	}
	return chunks, rows.Err()
}

// LastSeq is the greatest event number in the file; a lab that opens it again goes on from there.
func (r *Recorder) LastSeq(ctx context.Context) (uint64, error) {
	var seq int64
	err := r.db.QueryRowContext(ctx, "SELECT coalesce(max(seq), 0) FROM events").Scan(&seq)
	return uint64(seq), err
}

// Size is how many bytes the file's pages in use occupy.
func (r *Recorder) Size() (int64, error) {
	var pages, free, size int64
	err := r.db.QueryRow("SELECT page_count, freelist_count, page_size FROM pragma_page_count, pragma_freelist_count, pragma_page_size").
		Scan(&pages, &free, &size)
	return (pages - free) * size, err
}
