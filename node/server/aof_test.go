package server

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"

	"github.com/stretchr/testify/require"
)

const (
	manifestName = "appendonlydir/appendonly.aof.manifest"
	firstIncr    = "appendonlydir/appendonly.aof.1.incr.aof"
)

// reborn starts another life with the files that d has left.
func reborn(t *testing.T, d *driver, settings ...string) *driver {
	t.Helper()
	return bornDriver(t, Config{Port: 7000, Settings: pairs(append([]string{"appendonly", "yes"}, settings...)), Files: d.files})
}

// refusal is why no server can be born with some files.
func refusal(files map[string][]byte, settings ...string) error {
	all := pairs(append([]string{"appendonly", "yes", "save", ""}, settings...))
	_, err := New(Config{Port: 7000, Settings: all, Files: files}, rand.New(rand.NewPCG(1, 1)))
	return err
}

// everyChange touches every kind of value, databases, expiry and transactions.
var everyChange = []string{
	"SET s text", "SET n 12345", "INCR n", "SET e soon PXAT 99999999999999", "RPUSH l a b c", "LPOP l", "SADD set x y z",
	"SPOP set", "SADD ints 1 2 3", "ZADD z 1 one 2.5 two inf three", "HSET h f v g w", "HINCRBYFLOAT h n 1.5", "SELECT 3",
	"SET other v", "MULTI", "SET a 1", "SET b 2", "EXEC", "SELECT 0", "PEXPIREAT s 99999999999999", "RENAME l m", "COPY m m2 DB 5",
	"XADD x 1-1 f v g w", "XADD x 2-1 f v2 g w2", "XADD x 3-1 other 7", "XDEL x 2-1", "XGROUP CREATE x grp 0",
	"XREADGROUP GROUP grp bob COUNT 1 STREAMS x >", "XGROUP CREATECONSUMER x grp idle", "XADD y 5-1 a b", "XDEL y 5-1",
	"DEL ints", "APPEND s more", "SETRANGE s 2 XX", "GETDEL n",
}

func TestLogHoldsEverythingAndIsReadAtBirth(t *testing.T) {
	for _, policy := range []string{"always", "everysec", "no"} {
		for _, preamble := range []string{"yes", "no"} {
			t.Run(policy+" preamble "+preamble, func(t *testing.T) {
				settings := []string{"appendonly", "yes", "appendfsync", policy, "aof-use-rdb-preamble", preamble, "aof-timestamp-enabled", "yes"}
				d := newDriver(t, settings...)
				for _, line := range everyChange {
					d.do("a", line)
					require.Equal(t, d.s.Digest(), reborn(t, d, settings...).s.Digest(), "after %s", line)
				}
				require.Equal(t, "+Background append only file rewriting started|", d.do("a", "BGREWRITEAOF"))
				d.do("a", "SET later v")
				d.pass(time.Second)
				require.Contains(t, d.do("a", "INFO persistence"), "aof_last_bgrewrite_status:ok|")
				again := reborn(t, d, settings...)
				require.Equal(t, d.s.Digest(), again.s.Digest())
				require.Len(t, d.files, 3, "history is gone: %v", keysOf(d.files))
			})
		}
	}
}

func TestDebugLoadaofReadsTheLogAgain(t *testing.T) {
	d := newDriver(t, "appendonly", "yes")
	for _, line := range everyChange {
		d.do("a", line)
	}
	before, size := d.s.Digest(), len(d.files[firstIncr])
	require.Equal(t, "+OK|", d.do("a", "DEBUG LOADAOF"))
	require.Equal(t, before, d.s.Digest())
	require.Len(t, d.files[firstIncr], size, "what is read is not logged again")
	d.do("a", "SET k v")
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
	require.Equal(t, "-ERR Error trying to load the AOF files, check server logs.|", newDriver(t).do("a", "DEBUG LOADAOF"))
}

func keysOf(files map[string][]byte) (names []string) {
	for name := range files {
		names = append(names, name)
	}
	return names
}

func TestLogHasTheBytesOfRedis(t *testing.T) {
	dir := t.TempDir()
	redis := startReal(t, "--dir", dir, "--appendonly", "yes")
	ours := newDriver(t, "appendonly", "yes")
	for _, line := range everyChange {
		if strings.HasPrefix(line, "SPOP") || strings.HasPrefix(line, "XREADGROUP") {
			continue // chance and the time are in it
		}
		require.Equal(t, redis.call(split(line)...), ours.do("a", line), line)
	}
	theirs, err := os.ReadFile(filepath.Join(dir, firstIncr))
	require.NoError(t, err)
	require.Equal(t, string(theirs), string(ours.files[firstIncr]))
	manifest, err := os.ReadFile(filepath.Join(dir, manifestName))
	require.NoError(t, err)
	require.Equal(t, string(manifest), string(ours.files[manifestName]))
}

// onDisk writes files into a directory.
func onDisk(t *testing.T, files map[string][]byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, data := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, data, 0o600))
	}
	return dir
}

// fromDisk reads all files of a directory.
func fromDisk(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err == nil {
			files[filepath.ToSlash(name)], err = os.ReadFile(path)
		}
		return err
	}))
	return files
}

func TestRealServerReadsOurLogAndWeReadIts(t *testing.T) {
	for _, preamble := range []string{"yes", "no"} {
		t.Run("preamble "+preamble, func(t *testing.T) {
			ours := newDriver(t, "appendonly", "yes", "aof-use-rdb-preamble", preamble)
			for i, line := range everyChange {
				ours.do("a", line)
				if i == len(everyChange)/2 {
					ours.do("a", "BGREWRITEAOF")
					ours.pass(time.Second)
				}
			}
			for i := range 200 {
				ours.do("a", fmt.Sprintf("ZADD many %d.25 m%d", i, i))
				ours.do("a", fmt.Sprintf("HSET wide f%d v%d", i, i))
				ours.do("a", fmt.Sprintf("RPUSH long e%d", i))
			}
			ours.do("a", "BGREWRITEAOF")
			ours.do("a", "SET later v")
			ours.pass(time.Second)
			dir := onDisk(t, ours.files)
			if check, err := exec.LookPath("redis-check-aof"); err == nil {
				out, err := exec.Command(check, filepath.Join(dir, manifestName)).CombinedOutput()
				require.NoError(t, err, "%s", out)
			}
			redis := startReal(t, "--dir", dir, "--appendonly", "yes", "--aof-use-rdb-preamble", preamble)
			require.Equal(t, "+"+ours.s.Digest()+"|", redis.call("DEBUG", "DIGEST"))
			require.Equal(t, "+OK|", redis.call("SET", "theirs", "1"))
			redis.call("BGREWRITEAOF")
			require.Eventually(t, func() bool {
				return strings.Contains(redis.call("INFO", "persistence"), "aof_rewrite_in_progress:0|")
			}, 10*time.Second, 10*time.Millisecond)
			redis.call("SET", "theirs", "2")
			digest := redis.call("DEBUG", "DIGEST")
			back := bornDriver(t, Config{Port: 7001, Settings: pairs([]string{"appendonly", "yes"}), Files: fromDisk(t, dir)})
			require.Equal(t, digest, "+"+back.s.Digest()+"|")
		})
	}
}

func TestEndOfTheLogThatIsMissingIsCutOff(t *testing.T) {
	d := newDriver(t, "appendonly", "yes")
	d.do("a", "SET k v")
	before := d.s.Digest()
	start := len(d.files[firstIncr])
	for _, line := range []string{"MULTI", "SET k w", "SET x y", "EXEC"} {
		d.do("a", line)
	}
	whole := d.files[firstIncr]
	for cut := start; cut < len(whole); cut++ {
		d.files[firstIncr] = whole[:cut:cut]
		again := reborn(t, d)
		require.Equal(t, before, again.s.Digest(), "cut at %d", cut)
		again.do("a", "SET after cut")
		require.Equal(t, again.s.Digest(), reborn(t, again).s.Digest(), "what follows the cut is read, cut at %d", cut)
		if cut > start {
			loaded, ok := again.events[0].(event.LogLoaded)
			require.True(t, ok)
			require.Equal(t, int64(start), loaded.At)
			require.ErrorContains(t, refusal(d.files, "aof-load-truncated", "no"), "Unexpected end of file reading the append only file")
		}
	}
}

func TestLogThatCannotBeReadKeepsTheServerFromStarting(t *testing.T) {
	d := newDriver(t, "appendonly", "yes")
	d.do("a", "SET k v")
	d.do("a", "BGREWRITEAOF")
	d.pass(time.Second)
	d.do("a", "SET k w")
	base, incr := "appendonlydir/appendonly.aof.2.base.rdb", "appendonlydir/appendonly.aof.2.incr.aof"
	manifest := string(d.files[manifestName])
	for _, row := range []struct{ name, file, data, want string }{
		{"damage in the middle", incr, "*1\r\n$4\r\nPING\r\n!" + string(d.files[incr]), "at byte 14"},
		{"unknown command", incr, "*1\r\n$3\r\nbla\r\n" + string(d.files[incr]), "Unknown command 'bla' reading the append only file"},
		{"base cut", base, string(d.files[base][:30]), "Error reading the RDB base file"},
		{"manifest empty", manifestName, "", "Found an empty AOF manifest"},
		{"missing file", manifestName, manifest + "file none seq 3 type i\n", "can't open the append log file none for reading: No such file or directory"},
		{"cut that is not last", manifestName, "file a seq 1 type i\n" + strings.Split(manifest, "\n")[1] + "\n", "Fatal error: the truncated file is not the last file"},
	} {
		t.Run(row.name, func(t *testing.T) {
			files := maps.Clone(d.files)
			files["appendonlydir/a"] = []byte("*2\r\n$3\r\nDEL\r\n$1\r\n")
			files[row.file] = []byte(row.data)
			require.ErrorContains(t, refusal(files), row.want)
		})
	}
}

func TestFileOfAnOlderRedisBecomesTheBase(t *testing.T) {
	old := []byte("*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$1\r\nv\r\n")
	d := bornDriver(t, Config{Port: 7000, Settings: pairs([]string{"appendonly", "yes"}), Files: map[string][]byte{"appendonly.aof": old}})
	require.Equal(t, "$1|v|", d.do("a", "GET k"))
	require.Equal(t, "file appendonly.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n", string(d.files[manifestName]))
	require.NotContains(t, d.files, "appendonly.aof")
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
}

func TestLogIsTurnedOnAndOffWhileTheServerRuns(t *testing.T) {
	d := newDriver(t)
	d.do("a", "SET k v")
	require.Equal(t, "+OK|", d.do("a", "CONFIG SET appendonly yes"))
	d.pass(time.Second)
	require.Contains(t, d.do("a", "INFO persistence"), "aof_enabled:1|")
	d.do("a", "SET l w")
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
	require.Equal(t, "+OK|", d.do("a", "CONFIG SET appendonly no"))
	before := string(d.files[firstIncr])
	d.do("a", "SET m x")
	require.Equal(t, before, string(d.files[firstIncr]))
	d.do("a", "CONFIG SET appendonly yes")
	d.pass(time.Second)
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
	require.Len(t, d.files, 3, "%v", keysOf(d.files))
}

func TestLogGrowsUntilItIsRewritten(t *testing.T) {
	d := newDriver(t, "appendonly", "yes", "auto-aof-rewrite-min-size", "10kb")
	for i := range 400 {
		d.do("a", fmt.Sprintf("SET k %d", i))
	}
	require.Contains(t, d.do("a", "INFO persistence"), "aof_rewrites:0|")
	d.pass(time.Second)
	info := d.do("a", "INFO persistence")
	require.Contains(t, info, "aof_rewrites:1|")
	require.NotContains(t, d.files, firstIncr)
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
}

func TestDiskThatRefusesTheLogStopsWritesUntilItTakesIt(t *testing.T) {
	d := newDriver(t, "appendonly", "yes")
	d.do("a", "SET k v")
	d.noDisk = errors.New("no space left on device")
	require.Equal(t, "+OK|", d.do("a", "SET k w"), "the reply was on its way, as in Redis")
	for _, line := range []string{"SET k x", "PING"} {
		require.Equal(t, "-MISCONF Errors writing to the AOF file: No space left on device|", d.do("a", line))
	}
	require.Contains(t, d.do("a", "INFO persistence"), "aof_last_write_status:err|")
	require.Contains(t, d.events, event.DiskTrouble{File: firstIncr, Why: "No space left on device"})
	d.pass(3 * time.Second)
	require.Equal(t, "$1|w|", d.do("a", "GET k"))
	d.noDisk = nil
	d.pass(1100 * time.Millisecond)
	require.Equal(t, "+OK|", d.do("a", "SET l y"))
	require.Contains(t, d.events, event.DiskWell{File: firstIncr})
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest(), "nothing was lost and nothing written twice")
}

// TestAPartThatReachedTheLogIsNotWrittenTwice has the disk take some bytes of a write, which nobody can take back,
// and refuse the rest.
func TestAPartThatReachedTheLogIsNotWrittenTwice(t *testing.T) {
	for _, part := range []int{1, 20, 100} {
		t.Run(strconv.Itoa(part), func(t *testing.T) {
			d := newDriver(t, "appendonly", "yes")
			d.do("a", "SET k v")
			d.noDisk = &machine.ShortWrite{Written: part, Err: syscall.ENOSPC}
			d.do("a", "SET k "+strings.Repeat("w", 100))
			require.Equal(t, "-MISCONF Errors writing to the AOF file: No space left on device|", d.do("a", "SET k x"))
			d.noDisk = nil
			d.pass(1100 * time.Millisecond)
			require.Equal(t, "+OK|", d.do("a", "SET l y"))
			require.Contains(t, d.do("a", "INFO persistence"), fmt.Sprintf("aof_current_size:%d|", len(d.files[firstIncr])))
			require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
		})
	}
}

func TestDiskThatRefusesUnderAlwaysEndsTheServer(t *testing.T) {
	d := newDriver(t, "appendonly", "yes", "appendfsync", "always")
	d.noDisk = errors.New("input/output error")
	d.do("a", "SET k w")
	require.NotNil(t, d.exit)
	require.Equal(t, 1, d.exit.Code)
}

func TestRewriteThatFailsLeavesTheLogAsItWas(t *testing.T) {
	d := newDriver(t, "appendonly", "yes")
	d.do("a", "SET k v")
	d.noDisk = errors.New("no space left on device")
	d.do("a", "BGREWRITEAOF")
	d.pass(500 * time.Millisecond)
	require.Contains(t, d.do("a", "INFO persistence"), "aof_last_bgrewrite_status:err|")
	require.Contains(t, d.events, event.LogRewriteFailed{Why: "No space left on device"})
	d.noDisk = nil
	d.do("a", "SET l w")
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
	d.do("a", "BGREWRITEAOF")
	d.pass(500 * time.Millisecond)
	require.Contains(t, d.do("a", "INFO persistence"), "aof_last_bgrewrite_status:ok|")
	require.Equal(t, d.s.Digest(), reborn(t, d).s.Digest())
}

func TestReplicaLogsWhatItsMasterSends(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	replica.do("a", "CONFIG SET appendonly yes")
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	for _, line := range everyChange {
		l.do(master, line)
	}
	l.pass(time.Second)
	require.Equal(t, master.s.Digest(), replica.s.Digest())
	files := maps.Clone(replica.files)
	again := bornDriver(t, Config{Port: 7001, Settings: pairs([]string{"appendonly", "yes"}), Files: files})
	require.Equal(t, master.s.Digest(), again.s.Digest())
	require.Contains(t, allFiles(files), "MULTI\r\n", "what belongs together stays together")
}

func TestFlushallGivesUpTheFileBeingWritten(t *testing.T) {
	d := newDriver(t, "rdb-key-save-delay", "1000")
	for i := range 2000 {
		d.do("a", fmt.Sprintf("SET key:%d %d", i, i))
	}
	require.Equal(t, "+Background saving started|", d.do("a", "BGSAVE"))
	d.do("a", "FLUSHALL")
	require.Contains(t, d.do("a", "INFO persistence"), "rdb_changes_since_last_save:4000|rdb_bgsave_in_progress:0|")
	require.NotContains(t, d.files, "dump.rdb")
	require.Equal(t, "+OK|", d.do("a", "SET x xx"))
}

// allFiles is the text of all files.
func allFiles(files map[string][]byte) string {
	var b strings.Builder
	for _, data := range files {
		b.Write(data)
	}
	return b.String()
}

func TestSynchronisationTakesTheRewritesPlace(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	master.do("a", "CONFIG SET appendonly yes")
	l.pass(time.Second)
	for i := range 3000 {
		master.do("a", fmt.Sprintf("SET key:%d %d", i, i))
	}
	master.do("a", "BGREWRITEAOF")
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	require.Equal(t, master.s.Digest(), replica.s.Digest())
	require.Contains(t, master.do("a", "INFO persistence"), "aof_rewrite_in_progress:0|aof_rewrite_scheduled:0|")
	require.Equal(t, master.s.Digest(), reborn(t, master).s.Digest())
}

func TestBackgroundWorkWaitsForItsTurn(t *testing.T) {
	d := newDriver(t, "appendonly", "yes")
	d.play(`
a> BGREWRITEAOF
a: +Background append only file rewriting started|
`)
	for i := range 5000 {
		d.do("a", fmt.Sprintf("SET key:%d %d", i, i))
	}
	d.client("b")
	c := d.client("a")
	d.s.Call(d.now, c, [][]byte{[]byte("BGREWRITEAOF")})
	d.s.Call(d.now, c, [][]byte{[]byte("BGREWRITEAOF")})
	d.s.Call(d.now, c, [][]byte{[]byte("BGSAVE")})
	require.Equal(t, "+Background append only file rewriting started|-ERR Background append only file rewriting already in progress|"+
		"-ERR Another child process is active (AOF?): can't BGSAVE right now. Use BGSAVE SCHEDULE in order to schedule a BGSAVE whenever possible.|",
		d.heard("a"))
	d.rest()
	d.s.Call(d.now, c, [][]byte{[]byte("BGSAVE")})
	d.s.Call(d.now, c, [][]byte{[]byte("BGREWRITEAOF")})
	require.Equal(t, "+Background saving started|+Background append only file rewriting scheduled|", d.heard("a"))
	d.pass(time.Second)
	require.Contains(t, d.do("a", "INFO persistence"), "aof_rewrite_scheduled:0|")
}
