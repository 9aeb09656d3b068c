package server

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

var everyKind = []string{
	"SET s text", "SET n 12345", "SET e soon PXAT 99999999999999", "RPUSH l a b c", "SADD set x y z", "SADD ints 1 2 3",
	"ZADD z 1 one 2.5 two inf three", "HSET h f v g w",
}

func TestSavedFileHoldsEverythingAndIsReadAtBirth(t *testing.T) {
	d := newDriver(t)
	for _, line := range everyKind {
		d.do("a", line)
	}
	for i := range 2000 {
		d.do("a", fmt.Sprintf("SET key:%d %d", i, i))
	}
	require.Equal(t, "+OK|", d.do("a", "SAVE"))
	require.Contains(t, d.do("a", "INFO persistence"), "rdb_changes_since_last_save:0|")
	require.Len(t, d.files, 1, "no temporary file stays")
	again := bornDriver(t, Config{Port: 7000, Files: d.files})
	require.Equal(t, d.s.Digest(), again.s.Digest())
}

func TestRealServerReadsOurFileAndWeReadIts(t *testing.T) {
	ours := newDriver(t)
	for _, line := range everyKind {
		ours.do("a", line)
	}
	ours.do("a", "SAVE")
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "dump.rdb"), ours.files["dump.rdb"], 0o600))
	redis := startReal(t, "--dir", dir)
	require.Equal(t, "+"+ours.s.Digest()+"|", redis.call("DEBUG", "DIGEST"))
	require.Equal(t, "+OK|", redis.call("SAVE"))
	theirs, err := os.ReadFile(filepath.Join(dir, "dump.rdb"))
	require.NoError(t, err)
	back := bornDriver(t, Config{Port: 7001, Files: map[string][]byte{"dump.rdb": theirs}})
	require.Equal(t, ours.s.Digest(), back.s.Digest())
}

func TestServerDoesNotStartEmptyInPlaceOfAnUnreadableFile(t *testing.T) {
	d := newDriver(t)
	d.do("a", "SET k v")
	d.do("a", "SAVE")
	whole := d.files["dump.rdb"]
	for _, row := range []struct {
		name string
		file []byte
	}{
		{"cut", whole[:len(whole)-9]}, {"empty", nil}, {"wrong magic", []byte("RADIS0010")},
		{"flipped", append(append([]byte{}, whole[:len(whole)-1]...), whole[len(whole)-1]^1)},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := New(Config{Port: 7000, Files: map[string][]byte{"dump.rdb": row.file}}, rand.New(rand.NewPCG(1, 1)))
			require.ErrorContains(t, err, "load dump.rdb: rdb: byte ")
		})
	}
}

func TestNodesConfThatCannotBeReadIsNamed(t *testing.T) {
	_, err := New(Config{Port: 7000, ClusterEnabled: true, Files: map[string][]byte{"nodes.conf": []byte("garbage\n")}},
		rand.New(rand.NewPCG(1, 1)))
	require.ErrorContains(t, err, "load nodes.conf")
}

func TestSettingsThatCannotBeAreNamed(t *testing.T) {
	for _, row := range []struct{ name, setting, value, want string }{
		{"unknown", "nope", "1", `setting "nope": no such parameter`},
		{"wrong value", "hz", "fast", `setting hz "fast": argument couldn't be parsed into an integer`},
		{"absent feature", "activedefrag", "yes", `setting activedefrag "yes": this node has nothing that this parameter governs`},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := New(Config{Port: 7000, Settings: map[string]string{row.setting: row.value}}, rand.New(rand.NewPCG(1, 1)))
			require.ErrorContains(t, err, row.want)
		})
	}
}

func TestFailedSaveStopsWritesUntilOneSucceeds(t *testing.T) {
	d := newDriver(t, "save", "3600 1000000")
	d.do("a", "SET k v")
	d.noDisk = errors.New("no space left on device")
	require.Equal(t, "-ERR no space left on device|", d.do("a", "SAVE"))
	require.Equal(t, "+OK|", d.do("a", "SET k w"), "that is for whoever asked for it to mend")
	d.do("a", "BGSAVE")
	require.True(t, strings.HasPrefix(d.do("a", "SET k w"), "-MISCONF "))
	require.Contains(t, d.do("a", "INFO persistence"), "rdb_last_bgsave_status:err|")
	d.do("a", "BGSAVE")
	require.Equal(t, []event.Event{event.DiskTrouble{File: "dump.rdb", Why: "No space left on device"}}, d.events, "told once")
	d.noDisk = nil
	require.Equal(t, "+OK|", d.do("a", "SAVE"))
	require.Equal(t, "+OK|", d.do("a", "SET k w"))
	require.Equal(t, event.DiskWell{File: "dump.rdb"}, d.events[len(d.events)-1])
}

func TestAFailedSaveIsToldWhereWritesGoOn(t *testing.T) {
	d := newDriver(t)
	d.noDisk = errors.New("no space left on device")
	d.do("a", "BGSAVE")
	require.Equal(t, []event.Event{event.DiskTrouble{File: "dump.rdb", Why: "No space left on device", Serves: true}}, d.events)
	require.Equal(t, "+OK|", d.do("a", "SET k w"), "no save point: nobody counts on the file")
}

// TestASaveThatAFullSyncEndsIsNoFailure: a replica that was told to save has its data replaced meanwhile. In
// Redis the child gets SIGUSR1, and writes go on should the replica be promoted.
func TestASaveThatAFullSyncEndsIsNoFailure(t *testing.T) {
	d := newDriver(t, "save", "3600 1000000")
	d.do("a", "SET k v")
	d.s.bgsave()
	d.s.dropSnapshots()
	require.Contains(t, d.do("a", "INFO persistence"), "rdb_last_bgsave_status:ok|")
	require.Equal(t, "+OK|", d.do("a", "SET k w"))
	require.Empty(t, d.events)
}

func TestSavePointsSaveInTheBackground(t *testing.T) {
	d := newDriver(t, "save", "2 3")
	for i := range 3 {
		d.do("a", fmt.Sprintf("SET k%d v", i))
	}
	d.pass(1900 * time.Millisecond)
	require.Empty(t, d.files)
	d.pass(400 * time.Millisecond)
	require.Contains(t, d.files, "dump.rdb")
}

func TestShutdownSavesAndEnds(t *testing.T) {
	d := newDriver(t, "save", "3600 1")
	d.do("a", "SET k v")
	d.do("a", "SHUTDOWN")
	require.NotNil(t, d.exit)
	require.Zero(t, d.exit.Code)
	require.Contains(t, d.files, "dump.rdb")
}

func TestShutdownNosaveLeavesNothing(t *testing.T) {
	d := newDriver(t, "save", "3600 1")
	d.do("a", "SET k v")
	d.do("a", "SHUTDOWN NOSAVE")
	require.NotNil(t, d.exit)
	require.Empty(t, d.files)
}

func TestDebugSegfaultEndsTheNodeWithACrashCode(t *testing.T) {
	d := newDriver(t)
	d.do("a", "DEBUG SEGFAULT")
	require.Equal(t, 139, d.exit.Code)
}

func TestDebugReloadKeepsTheData(t *testing.T) {
	d := newDriver(t)
	for _, line := range everyKind {
		d.do("a", line)
	}
	before := d.s.Digest()
	require.Equal(t, "+OK|", d.do("a", "DEBUG RELOAD"))
	require.Equal(t, before, d.s.Digest())
}

func TestSaveDuringAFullSynchronisationWaitsItsTurn(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	for i := range 2000 {
		master.do("a", fmt.Sprintf("SET key:%d %d", i, i))
	}
	master.do("a", "BGSAVE")
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	require.Contains(t, master.files, "dump.rdb")
	require.Equal(t, master.s.Digest(), replica.s.Digest())
}

func TestPasswordGuardsEverythingButTheDoor(t *testing.T) {
	newDriver(t, "requirepass", "secret").play(`
a> GET k
a: -NOAUTH Authentication required.|
a> HELLO 3
a: -NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time|
a> AUTH wrong
a: -WRONGPASS invalid username-password pair or user is disabled.|
a> AUTH secret
a: +OK|
a> GET k
a: $-1|
b> HELLO 2 AUTH default secret SETNAME me
b: *14|$6|server|$5|redis|$7|version|$6|7.0.15|$5|proto|:2|$2|id|:2|$4|mode|$10|standalone|$4|role|$6|master|$7|modules|*0|
b> CLIENT GETNAME
b: $2|me|
`)
}

func TestMemoryLimitRefusesGrowth(t *testing.T) {
	d := newDriver(t)
	d.do("a", "CONFIG SET maxmemory 1")
	require.Equal(t, "-OOM command not allowed when used memory > 'maxmemory'.|", d.do("a", "SET k v"))
	require.Equal(t, ":0|", d.do("a", "DEL k"))
}

func TestSlotsOfKeysThatNobodyOwnsAreAdoptedAtBirth(t *testing.T) {
	d := servingNode(t)
	d.do("a", "SET b v")
	d.do("a", "SAVE")
	files := map[string][]byte{"dump.rdb": d.files["dump.rdb"]}
	again := bornDriver(t, Config{Port: 7000, AnnounceIP: "127.0.0.1", ClusterEnabled: true, Files: files})
	require.Contains(t, again.do("a", "CLUSTER SLOTS"), "*1|*3|:3300|:3300|")
}
