package history

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// film records pictures at the moments of a list; those that are multiples of 10 are whole.
func film(r *Recorder, moments ...uint64) {
	for _, m := range moments {
		r.Picture(Picture{T: moment(m), Whole: m%10 == 0, Data: []byte{byte(m)}})
	}
	r.Sync()
}

// shown are the moments of the pictures that tell a stretch of time.
func shown(t *testing.T, r *Recorder, from, to uint64) []byte {
	t.Helper()
	pictures, err := r.Pictures(context.Background(), moment(from), moment(to))
	require.NoError(t, err)
	var all []byte
	for _, p := range pictures {
		all = append(all, p.Data...)
	}
	return all
}

func TestAMomentIsTheWholePictureBeforeAndTheChangesSince(t *testing.T) {
	r := fresh(t, Config{})
	film(r, 10, 12, 15, 20, 21, 25)
	require.Equal(t, []byte{10, 12}, shown(t, r, 13, 13))
	require.Equal(t, []byte{20}, shown(t, r, 20, 20), "the whole picture of that very moment")
	require.Equal(t, []byte{20, 21, 25}, shown(t, r, 99, 99), "after the end it is as it was at the end")
	require.Equal(t, []byte{10}, shown(t, r, 1, 1), "before the beginning it is as it was at the beginning")
	require.Equal(t, []byte{10, 12, 15, 20, 21}, shown(t, r, 11, 22), "a stretch goes on over whole pictures")
}

func TestPicturesOfOneMomentStayInTheirOrder(t *testing.T) {
	r := fresh(t, Config{}) // a paused lab's time stands still while people act
	for i := range byte(5) {
		r.Picture(Picture{T: moment(7), Whole: i == 0, Data: []byte{i}})
	}
	r.Sync()
	require.Equal(t, []byte{0, 1, 2, 3, 4}, shown(t, r, 7, 7))
}

func TestARecordWithoutPicturesHasNoSpan(t *testing.T) {
	r := fresh(t, Config{})
	r.Event(event(1))
	r.Sync()
	from, to, err := r.Span(context.Background())
	require.NoError(t, err)
	require.True(t, from.IsZero() && to.IsZero())
	require.Empty(t, shown(t, r, 1, 2))
}

func TestEventsCanBeAskedForByNameAndByTheirEnd(t *testing.T) {
	r := fresh(t, Config{})
	for seq := uint64(1); seq <= 20; seq++ {
		e := event(seq)
		switch {
		case seq%2 == 0:
			e.Name = "+fail"
		case seq%3 == 0:
			e.Level = "debug"
		}
		r.Event(e)
	}
	r.Sync()
	seqs := func(events []Event, err error) (all []uint64) {
		require.NoError(t, err)
		for _, e := range events {
			all = append(all, e.Seq)
		}
		return all
	}
	require.Equal(t, []uint64{16, 18, 20}, seqs(r.EventsNamed(context.Background(), []string{"+fail", "+vote"}, 3)))
	require.Equal(t, []uint64{7, 8, 10}, seqs(r.EventsBefore(context.Background(), moment(10), "debug", 3)))
}

func TestARecordWithoutAFileIsWholeWhileItLasts(t *testing.T) {
	r, err := Open("", Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	require.True(t, r.Passing())
	for seq := uint64(1); seq <= 5000; seq++ {
		r.Event(event(seq))
		if seq%100 == 0 {
			r.Picture(Picture{T: moment(seq), Whole: true, Data: make([]byte, 20000)}) // more than SQLite keeps in memory
			r.Sync()
		}
	}
	gone, cancel := context.WithCancel(context.Background())
	cancel() // a browser that left
	events, err := r.Events(gone, moment(1), moment(5000))
	require.NoError(t, err)
	require.Len(t, events, 5000)
	from, to, err := r.Span(context.Background())
	require.NoError(t, err)
	require.Equal(t, []time.Time{moment(100), moment(5000)}, []time.Time{from, to})
	require.NoError(t, r.Err())
}

func TestAFileOfTheFirstLayoutIsReadOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	r, err := Open(path, Config{})
	require.NoError(t, err)
	_, err = r.db.Exec(`DROP TABLE pictures; DROP TABLE events;
		CREATE TABLE events (seq INTEGER PRIMARY KEY, t INTEGER NOT NULL, wall INTEGER NOT NULL, node TEXT NOT NULL,
			name TEXT NOT NULL, line TEXT NOT NULL, caption TEXT NOT NULL, level TEXT NOT NULL, data BLOB) STRICT;
		CREATE TABLE snapshots (seq INTEGER PRIMARY KEY, t INTEGER NOT NULL, data BLOB NOT NULL) STRICT;
		INSERT INTO events VALUES (7, 1, 1, '7000', '+fail', 'a line', '', 'bad', NULL);
		PRAGMA user_version = 1`)
	require.NoError(t, err)
	require.NoError(t, r.Close())
	r, err = Open(path, Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	film(r, 10)
	events, err := r.EventsNamed(context.Background(), []string{"+fail"}, 9)
	require.NoError(t, err)
	require.Len(t, events, 1)
	require.Equal(t, []byte{10}, shown(t, r, 10, 10))
	require.NoError(t, r.Err())
}
