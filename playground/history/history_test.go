package history

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// writeUntilKilled makes this test binary a process that writes until it is killed.
const writeUntilKilled = "PLAYGROUND_HISTORY_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(writeUntilKilled); path != "" {
		scribble(path)
		return
	}
	goleak.VerifyTestMain(m)
}

func scribble(path string) {
	r, err := Open(path, Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for seq := uint64(1); ; seq++ {
		r.Event(event(seq))
		if seq%100 == 0 {
			r.Picture(Picture{T: moment(seq), Whole: true, Data: make([]byte, 10000)})
			r.Sync()
			fmt.Println(seq)
		}
	}
}

func moment(seq uint64) time.Time { return time.UnixMicro(1_700_000_000_000_000 + int64(seq)*1000) }

func event(seq uint64) Event {
	return Event{Seq: seq, T: moment(seq), Wall: moment(seq), Node: "7000", Name: "+pfail",
		Line: "7001 is suspected", Caption: "7000 suspects 7001.", Level: "warn", Data: []byte(`{"a":1}`), Say: []byte(`{"id":"pfail"}`)}
}

func fresh(t *testing.T, cfg Config) *Recorder {
	t.Helper()
	r, err := Open(filepath.Join(t.TempDir(), "a lab?&#.db"), cfg)
	require.NoError(t, err)
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func TestAStretchOfTimeCanBeAskedFor(t *testing.T) {
	r := fresh(t, Config{})
	for seq := uint64(1); seq <= 100; seq++ {
		r.Event(event(seq))
	}
	r.Frames(Frames{T: moment(20), Data: []byte{1, 2}})
	r.Sync()
	events, err := r.Events(context.Background(), moment(20), moment(29))
	require.NoError(t, err)
	require.Len(t, events, 10)
	require.Equal(t, event(20), events[0])
	chunks, err := r.FramesBetween(context.Background(), moment(1), moment(100))
	require.NoError(t, err)
	require.Equal(t, []Frames{{T: moment(20), Data: []byte{1, 2}}}, chunks)
	last, at, err := r.Last(context.Background())
	require.NoError(t, err)
	require.EqualValues(t, 100, last)
	require.Equal(t, moment(100), at)
}

func TestTheFileIsItsOwnersOnly(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	r, err := Open(path, Config{})
	require.NoError(t, err)
	r.Event(event(1))
	r.Sync()
	for _, name := range []string{path, path + "-wal"} {
		info, err := os.Stat(name)
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o600), info.Mode().Perm(), name)
	}
	require.NoError(t, r.Close())
}

func TestTheFileStaysUnderItsCap(t *testing.T) {
	const limit = 1 << 20
	r := fresh(t, Config{Cap: limit})
	for seq := uint64(1); seq <= 400; seq++ {
		r.Picture(Picture{T: moment(seq), Whole: true, Data: make([]byte, 10000)})
		if seq%4 == 0 {
			r.Sync()
		}
	}
	r.Sync()
	size, err := r.Size()
	require.NoError(t, err)
	require.LessOrEqual(t, size, int64(limit)+checkEvery*4*10000, "one round of writes over the cap at most")
	from, to, err := r.Span(context.Background())
	require.NoError(t, err)
	require.Equal(t, moment(400), to)
	require.Greater(t, from, moment(10), "the oldest went first")
	require.Zero(t, r.Dropped())
}

func TestAFullQueueDropsAndCounts(t *testing.T) {
	r := &Recorder{queue: make(chan any, 2)} // nobody writes
	for seq := uint64(1); seq <= 5; seq++ {
		r.Event(event(seq))
	}
	require.EqualValues(t, 3, r.Dropped())
}

func TestAFailingDiskIsReportedAndDoesNotStopTheRecorder(t *testing.T) {
	r := fresh(t, Config{})
	_, err := r.db.Exec("ALTER TABLE events RENAME TO elsewhere")
	require.NoError(t, err)
	r.Event(event(1))
	r.Sync()
	require.ErrorContains(t, r.Err(), "write history")
	require.EqualValues(t, 1, r.Dropped())
	_, err = r.db.Exec("ALTER TABLE elsewhere RENAME TO events")
	require.NoError(t, err)
	r.Event(event(2))
	r.Sync()
	require.NoError(t, r.Err())
}

func TestANewerLayoutIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	r, err := Open(path, Config{})
	require.NoError(t, err)
	_, err = r.db.Exec("PRAGMA user_version = 99")
	require.NoError(t, err)
	require.NoError(t, r.Close())
	_, err = Open(path, Config{})
	require.ErrorContains(t, err, "newer than this program's")
}

// Row E30 of the catalogue of bad input.
func TestTheFileSurvivesTheKillingOfItsProcess(t *testing.T) {
	path := filepath.Join(t.TempDir(), "h.db")
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), writeUntilKilled+"="+path)
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewScanner(out)
	var last uint64
	for range 5 {
		require.True(t, lines.Scan())
		_, err := fmt.Sscan(strings.TrimSpace(lines.Text()), &last)
		require.NoError(t, err, lines.Text())
	}
	require.NoError(t, child.Process.Kill())
	_ = child.Wait()

	r, err := Open(path, Config{})
	require.NoError(t, err)
	defer func() { require.NoError(t, r.Close()) }()
	require.Equal(t, "ok", integrity(t, r.db))
	found, _, err := r.Last(context.Background())
	require.NoError(t, err)
	require.GreaterOrEqual(t, found, last, "what was synced is there")
}

func integrity(t *testing.T, db *sql.DB) string {
	t.Helper()
	var verdict string
	require.NoError(t, db.QueryRow("PRAGMA integrity_check").Scan(&verdict))
	return verdict
}
