package server

import (
	"errors"
	"fmt"
	"hash/maphash"
	"runtime"
	"strings"
	"testing"

	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

// lateDisk performs what is Beside only when it is told to, and sees to it that nothing is written meanwhile
// where it has yet to read.
type lateDisk struct {
	d      *driver
	seed   maphash.Seed
	ops    []lateOp
	most   int // appends that have waited at a time
	places map[*byte]bool
}

type lateOp struct {
	save machine.Save
	sum  uint64 // of what is to be written
}

func (d *driver) lateDisk() *lateDisk {
	d.late = &lateDisk{d: d, seed: maphash.MakeSeed(), places: map[*byte]bool{}}
	return d.late
}

func (l *lateDisk) take(save machine.Save) {
	l.ops = append(l.ops, lateOp{save, maphash.Bytes(l.seed, save.Data)})
	if save.Op == machine.Append {
		l.most = max(l.most, len(l.ops))
		l.places[&save.Data[0]] = true
	}
}

// one performs the oldest operation.
func (l *lateDisk) one() {
	l.d.t.Helper()
	op := l.ops[0]
	l.ops = l.ops[1:]
	require.Equal(l.d.t, op.sum, maphash.Bytes(l.seed, op.save.Data), "%s was written to before the disk has read it", op.save.Name)
	l.d.performSave(op.save)
	l.d.rest()
}

// all performs everything, and what follows from it; between has something else happen now and then.
func (l *lateDisk) all(between func(n int)) {
	l.d.t.Helper()
	for n := 0; len(l.ops) > 0; n++ {
		l.one()
		between(n)
	}
}

func nothing(int) {}

// savers are the ways to write everything to a file, and that file's name.
var savers = []struct{ name, command, kept, file string }{
	{"RDB file", "BGSAVE", "no", "dump.rdb"},
	{"base of the log", "BGREWRITEAOF", "yes", ".base.rdb"},
}

// savedLate is a driver with so many keys whose disk is late.
func savedLate(t *testing.T, keys int, settings ...string) (*driver, *lateDisk) {
	d := newDriver(t, settings...)
	d.do("a", fmt.Sprintf("DEBUG POPULATE %d key 100", keys))
	return d, d.lateDisk()
}

// TestASaveMakesNoGarbageForEachKey: the collection of garbage is paid by who makes it, in the middle of a save.
// Fifty thousand keys more cost a twentieth of their bytes at most: what it takes to hand a piece over.
func TestASaveMakesNoGarbageForEachKey(t *testing.T) {
	for _, row := range savers {
		t.Run(row.name, func(t *testing.T) {
			few, pieces := saveGarbage(t, row.command, row.kept, 30_000)
			many, more := saveGarbage(t, row.command, row.kept, 80_000)
			require.Greater(t, more, pieces+40, "and of many more pieces than may be on their way")
			t.Logf("%d pieces: %d bytes, %d pieces: %d bytes", pieces, few, more, many)
			require.Less(t, int64(many)-int64(few), int64(more-pieces)*pieceSize/20)
		})
	}
}

// saveGarbage is what one save allocates, and of how many pieces the file is. The disk keeps nothing.
func saveGarbage(t *testing.T, command, kept string, keys int) (bytes uint64, pieces int) {
	d, late := savedLate(t, keys, "appendonly", kept)
	save := func() {
		pieces = 0
		d.do("a", command)
		for len(late.ops) > 0 {
			op := late.ops[0].save
			late.ops = late.ops[:copy(late.ops, late.ops[1:])]
			if op.Op == machine.Append {
				pieces++
			}
			d.s.Saved(d.now, op.Token, nil)
			d.rest()
		}
	}
	save()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	save()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc, pieces
}

// TestNoPieceIsWrittenToBeforeTheDiskHasReadIt writes keys while they are saved to a disk that is behind, and
// reads what is on it then.
func TestNoPieceIsWrittenToBeforeTheDiskHasReadIt(t *testing.T) {
	for _, row := range savers {
		t.Run(row.name, func(t *testing.T) {
			d, late := savedLate(t, 50_000, "appendonly", row.kept)
			before := d.s.Digest()
			d.do("a", row.command)
			late.all(func(n int) { d.do("a", fmt.Sprintf("SET key:%d %d", n*313, n)) })
			require.GreaterOrEqual(t, late.most, mostPieces, "the disk was behind")
			require.Less(t, len(late.places), 2*mostPieces, "memory is used again")
			if row.kept == "no" {
				require.Equal(t, before, bornDriver(t, Config{Port: 7001, Files: d.files}).s.Digest())
			}
			late.all(nothing)
			again := bornDriver(t, Config{Port: 7001, Files: d.files, Settings: pairs([]string{"appendonly", row.kept})})
			if row.kept == "yes" {
				require.Equal(t, d.s.Digest(), again.s.Digest())
			}
			require.Contains(t, allNames(d.files), row.file)
		})
	}
}

// TestWhatASaveLeavesBehindIsNotUsedAgain ends saves in the middle, with pieces on their way to the disk, and
// begins the next at once.
func TestWhatASaveLeavesBehindIsNotUsedAgain(t *testing.T) {
	for _, end := range []struct {
		name string
		do   func(d *driver, late *lateDisk)
	}{
		{"the disk is full", func(d *driver, late *lateDisk) {
			d.noDisk = errors.New("no space left on device")
			late.one()
			d.noDisk = nil
		}},
		{"nobody wants it", func(d *driver, _ *lateDisk) { d.s.yieldRewrite(); d.s.dropSnapshots(); d.rest() }},
		{"a replica wants the same", func(d *driver, _ *lateDisk) { d.ask("r", "PSYNC", "?", "-1") }},
	} {
		for _, row := range savers {
			t.Run(row.name+", "+end.name, func(t *testing.T) {
				d, late := savedLate(t, 40_000, "appendonly", row.kept)
				d.do("a", row.command)
				for range 20 {
					late.one()
				}
				require.Greater(t, len(late.ops), mostPieces/2, "pieces are on their way")
				end.do(d, late)
				late.all(func(n int) {
					if n == 3 {
						d.do("a", row.command)
					}
				})
				if row.kept == "no" {
					d.do("a", "BGSAVE")
					late.all(nothing)
				}
				again := bornDriver(t, Config{Port: 7001, Files: d.files, Settings: pairs([]string{"appendonly", row.kept})})
				require.Equal(t, d.s.Digest(), again.s.Digest())
			})
		}
	}
}

func allNames(files map[string][]byte) string {
	var b strings.Builder
	for name := range files {
		b.WriteString(name + " ")
	}
	return b.String()
}

// TestASmallValueIsWrittenWithoutGarbage: a million hashes would otherwise leave more of it than their file is long.
func TestASmallValueIsWrittenWithoutGarbage(t *testing.T) {
	d := newDriver(t)
	for _, line := range everyKind {
		d.do("a", line)
	}
	d.do("a", "SADD words a b c")
	snap := d.s.newSnapshot()
	for key, e := range d.s.space.DB(0).All() {
		most := 0.0
		if e.Value.Encoding() == "intset" {
			most = 1 // its members as text
		}
		require.LessOrEqual(t, testing.AllocsPerRun(20, func() {
			snap.add(0, key, e, 0)
			snap.enc.Buf = snap.enc.Take()[:0]
		}), most, "%s: %s", key, e.Value.Encoding())
	}
}
