package keyspace

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// state lists what databases hold, as "db key" → "value expiry".
type state map[string]string

func (s state) put(db int, key string, e *Entry, expires int64) {
	s[fmt.Sprint(db, " ", key)] = fmt.Sprint(text(e), " ", expires)
}

func stateOf(space *Space) state {
	s := state{}
	for i := range space.Len() {
		for key, e := range space.DB(i).All() {
			s.put(i, key, e, space.DB(i).Expires(e))
		}
	}
	return s
}

// change does one thing to the space that a command could do.
func change(t *rapid.T, space *Space) {
	db := space.DB(rapid.IntRange(0, space.Len()-1).Draw(t, "db"))
	key := fmt.Append(nil, "k", rapid.IntRange(0, 40).Draw(t, "key"))
	now := rapid.Int64Range(0, 20).Draw(t, "now")
	switch rapid.IntRange(0, 11).Draw(t, "op") {
	case 0:
		db.Flush()
	case 1:
		space.Swap(db, space.DB(0))
	case 2:
		db.Delete(now, key)
	case 3:
		db.Expire(key, now)
	case 4:
		db.Persist(key)
	case 5:
		space.ExpireCycle(now, 3)
	case 6:
		if e := db.ForWrite(now, key); e != nil {
			e.Value.(*StringValue).Append([]byte("+"))
		}
	case 7:
		name := fmt.Append(nil, "k", rapid.IntRange(0, 40).Draw(t, "name"))
		if string(name) != string(key) {
			db.Move(now, key, space.DB(0), name)
		}
	case 8:
		db.Read(now, key)
	default:
		db.SetString(now, key, fmt.Append(nil, "v", rapid.IntRange(0, 1000).Draw(t, "value")))
	}
}

// readLater now and then reads an entry in parts, during which it must stay what it is until it is told to keep that.
func readLater(t *rapid.T, e *Entry) Rest {
	parts := rapid.IntRange(-2, 3).Draw(t, "parts")
	if parts <= 0 {
		return nil
	}
	return &later{t: t, e: e, value: e.Value, was: text(e), parts: parts}
}

type later struct {
	t     *rapid.T
	e     *Entry
	value Value
	was   string
	parts int
	kept  bool
}

func (l *later) More() (done bool) {
	l.same()
	l.parts--
	return l.parts == 0
}

func (l *later) Keep() {
	l.same()
	require.False(l.t, l.kept, "it is told twice")
	l.kept = true
}

func (l *later) Drop() {}

func (l *later) same() {
	if !l.kept {
		require.Same(l.t, l.value, l.e.Value)
		require.Equal(l.t, l.was, text(l.e))
	}
}

func TestSnapshotIsTheStateAtItsBeginning(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		space := NewSpace(Config{Databases: 2, Seed: NewSeed(rapid.Uint64().Draw(t, "seed"))})
		for range rapid.IntRange(1, 3).Draw(t, "snapshots") {
			for range rapid.IntRange(0, 60).Draw(t, "before") {
				change(t, space)
			}
			want, got := stateOf(space), state{}
			snap, err := space.Begin(func(db int, key string, e *Entry, expires int64) Rest {
				name := fmt.Sprint(db, " ", key)
				require.NotContains(t, got, name, "handed over twice")
				got.put(db, key, e, expires)
				return readLater(t, e)
			})
			require.NoError(t, err)
			total := 0
			for _, size := range snap.Sizes() {
				total += size.Keys
			}
			require.Equal(t, len(want), total)
			for !snap.Step(rapid.IntRange(1, 5).Draw(t, "step")) {
				for range rapid.IntRange(0, 10).Draw(t, "during") {
					change(t, space)
				}
			}
			require.Equal(t, want, got)
		}
	})
}

func TestSecondSnapshotWaitsForTheFirst(t *testing.T) {
	space := NewSpace(Config{})
	space.DB(0).SetString(0, []byte("k"), nil)
	count := 0
	sink := func(int, string, *Entry, int64) Rest { count++; return nil }
	first, err := space.Begin(sink)
	require.NoError(t, err)
	_, err = space.Begin(sink)
	require.ErrorIs(t, err, ErrSnapshotRunning)
	first.Cancel()
	space.DB(0).SetString(0, []byte("k"), nil)
	require.Zero(t, count, "a cancelled snapshot gets nothing more")
	second, err := space.Begin(sink)
	require.NoError(t, err)
	require.True(t, second.Step(100))
	require.Equal(t, 1, count)
}
