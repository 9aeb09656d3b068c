package server

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestASaveCanBeSlowedDownByTheKey(t *testing.T) {
	d := newDriver(t, "save", "", "rdb-key-save-delay", "100000")
	require.Equal(t, "+OK|", d.do("a", "DEBUG POPULATE 20"))
	require.Equal(t, "+Background saving started|", d.do("a", "BGSAVE"))
	d.pass(1500 * time.Millisecond)
	require.Contains(t, d.do("a", "INFO persistence"), "rdb_bgsave_in_progress:1|")
	d.pass(time.Second)
	require.Contains(t, d.do("a", "INFO persistence"), "rdb_bgsave_in_progress:0|")
	require.Equal(t, "*2|$18|rdb-key-save-delay|$6|100000|", d.do("a", "CONFIG GET rdb-key-save-delay"))
	require.Equal(t, "*0|", d.do("a", "CONFIG GET rdb-key-*"), "only its very name finds it")
}

func TestPaceIsAKeyPerDelay(t *testing.T) {
	p, now := pace{}, time.Unix(1, 0)
	require.Equal(t, 512, p.keys(now, 0, 512))
	require.Equal(t, 1, p.keys(now, 1000, 512))
	p.did(1, 1000)
	require.Zero(t, p.keys(now, 1000, 512))
	require.Equal(t, 3, p.keys(now.Add(3*time.Millisecond), 1000, 512))
	p = pace{}
	require.Equal(t, 1, p.keys(now, -100, 512))
	p.did(1, -100)
	require.Equal(t, 100, p.keys(now.Add(time.Microsecond), -100, 512), "a hundred keys a microsecond")
}

func TestASignalWaitsForTheCronAndCanBeCalledOff(t *testing.T) {
	d := newDriver(t, "save", "")
	require.Equal(t, "+OK|", d.do("a", "DEBUG PAUSE-CRON 1"))
	d.s.Stop(d.now, "shutdown-on-sigterm")
	d.pass(time.Second)
	require.Equal(t, "+OK|", d.do("a", "SHUTDOWN ABORT"))
	require.Equal(t, "-ERR No shutdown in progress.|", d.do("a", "SHUTDOWN ABORT"))
	require.Equal(t, "+OK|", d.do("a", "DEBUG PAUSE-CRON 0"))
	d.pass(time.Second)
	require.Equal(t, "+PONG|", d.do("a", "PING"))
}

func TestRepliesThatWereSilencedComeBack(t *testing.T) {
	d := newDriver(t)
	require.Empty(t, d.do("a", "CLIENT REPLY SKIP"))
	require.Equal(t, "+OK|", d.do("a", "CLIENT REPLY ON"))
	require.Empty(t, d.do("a", "CLIENT REPLY SKIP"))
	require.Empty(t, d.do("a", "PING"))
	require.Equal(t, "+PONG|", d.do("a", "PING"))
	require.Empty(t, d.do("a", "CLIENT REPLY OFF"))
	require.Equal(t, "*3|$9|subscribe|$2|ch|:1|", d.do("a", "SUBSCRIBE ch"), "a confirmation is no reply")
	require.Empty(t, d.do("a", "SUBSCRIBE"))
}

func TestClientsHearLoadingWhileALoadIsSlowedDown(t *testing.T) {
	d := newDriver(t)
	require.Equal(t, "+OK|", d.do("a", "DEBUG POPULATE 100"))
	require.Equal(t, "+OK|", d.do("a", "SAVE"))
	d = bornDriver(t, Config{Port: 7000, Files: d.files, Settings: map[string]string{"key-load-delay": "10000"}})
	require.Contains(t, d.do("a", "GET key:1"), "-LOADING ")
	require.Contains(t, d.do("a", "CONFIG SET dir x"), "-LOADING ")
	require.Contains(t, d.do("a", "INFO persistence"), "loading:1|")
	d.pass(1200 * time.Millisecond)
	require.Equal(t, ":100|", d.do("a", "DBSIZE"))
}

func TestReloadWithoutASaveReadsTheFileThatAReloadWithOneWrites(t *testing.T) {
	d := newDriver(t)
	d.do("a", "SET k saved")
	require.Equal(t, "+OK|", d.do("a", "DEBUG RELOAD"))
	d.do("a", "SET k changed")
	require.Equal(t, "+OK|", d.do("a", "DEBUG RELOAD NOSAVE"))
	require.Equal(t, "$5|saved|", d.do("a", "GET k"))
	delete(d.files, "dump.rdb")
	require.Equal(t, "-ERR Error trying to load the RDB dump, check server logs.|", d.do("a", "DEBUG RELOAD NOSAVE"))
}

func TestAPayloadIsTakenWithoutItsChecksumWhenDebugSaysSo(t *testing.T) {
	redis, ours := startReal(t), newDriver(t)
	both := func(words ...string) {
		t.Helper()
		require.Equal(t, redis.call(words...), ours.call("a", words...), "%q", words)
	}
	sealed := "\x00\x01v\x0a\x00wrongsum"
	for _, skip := range []string{"0", "1", "0"} {
		both("DEBUG", "SET-SKIP-CHECKSUM-VALIDATION", skip)
		both("RESTORE", "k", "0", sealed, "REPLACE")
		both("GET", "k")
		both("RESTORE", "k", "0", "\x00\x3fv\x0a\x00wrongsum", "REPLACE") // a string that is longer than the payload
		both("RESTORE", "k", "0", "\x00\x01v\xff\x00wrongsum", "REPLACE") // from a version to come
	}
}

func TestPopulateMakesLittleMoreThanItsKeys(t *testing.T) {
	d := newDriver(t)
	const keys, size = 10_000, 1000
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	require.Equal(t, "+OK|", d.do("a", "DEBUG POPULATE 10000 key 1000"))
	runtime.ReadMemStats(&after)
	require.Less(t, (after.TotalAlloc-before.TotalAlloc)/keys, uint64(1.4*size), "no garbage lies between the keys")
	require.Equal(t, ":1000|", d.do("a", "STRLEN key:9999"))
	require.Equal(t, "$7|value:1|", d.do("a", "GETRANGE key:12 0 6"))
	require.Equal(t, "+OK|", d.do("a", "DEBUG POPULATE 20 short 3"))
	require.Equal(t, "$3|val|", d.do("a", "GET short:19"))
	require.Equal(t, "+OK|", d.do("a", "DEBUG POPULATE 20 bare"))
	require.Equal(t, "$8|value:19|", d.do("a", "GET bare:19"))
}
