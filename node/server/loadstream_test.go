package server

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// slowSync is a master with so many keys that a snapshot of them takes two seconds, and a node that will
// read it as mode says. Their data differ.
func slowSync(t *testing.T, mode string) (l *lab, master, replica *driver) {
	l, master, replica = masterAndReplica(t)
	l.do(replica, "CONFIG SET repl-diskless-load "+mode)
	for i := range 2000 {
		master.call("filler", "SET", fmt.Sprintf("key:%d", i), "of the master")
		master.heard("filler")
	}
	return l, master, replica
}

// slowly has every key of the next snapshot take a millisecond.
func slowly(l *lab, master *driver) { l.do(master, "CONFIG SET rdb-key-save-delay 1000") }

// again has a replica that is in sync, and has a key and a function of its own, ask for everything anew
// from the same history.
func again(l *lab, master, replica *driver) {
	l.do(replica, "CONFIG SET replica-read-only no")
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(2 * time.Second)
	require.Contains(l.t, l.do(replica, "INFO replication"), "master_link_status:up")
	replica.call("console", "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 'old' end)")
	l.do(replica, "SET own 1")
	master.call("console", "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 'new' end)")
	slowly(l, master)
	l.do(master, "CONFIG SET repl-backlog-size 16384")
	l.do(master, "MULTI")
	l.do(master, "CLIENT KILL TYPE replica")
	for range 20 {
		master.call("console", "SET", "large", string(make([]byte, 10_000)))
	}
	l.do(master, "EXEC")
	l.pass(1500 * time.Millisecond)
}

func loads(l *lab, d *driver, loading, async int) {
	l.t.Helper()
	info := l.do(d, "INFO persistence")
	require.Contains(l.t, info, fmt.Sprintf("|loading:%d|async_loading:%d|", loading, async))
}

func TestAReplicaThatSwapsShowsItsOldDataUntilAllOfTheNewAreThere(t *testing.T) {
	l, master, replica := slowSync(t, "swapdb")
	again(l, master, replica)
	loads(l, replica, 0, 1)
	require.Equal(t, "$1|1|", l.do(replica, "GET own"))
	require.Equal(t, "$3|old|", l.do(replica, "FCALL f 0"))
	require.Equal(t, ":2001|", l.do(replica, "DBSIZE"))
	require.Contains(t, l.do(replica, "BGSAVE"), "-LOADING ")
	replica.call("watcher", "WATCH", "own")
	replica.call("watcher", "MULTI")
	l.do(master, "CONFIG SET rdb-key-save-delay 0")
	l.do(master, "SET later 1")
	l.pass(time.Second)
	loads(l, replica, 0, 0)
	require.Equal(t, "$-1|", l.do(replica, "GET own"))
	require.Equal(t, "$3|new|", l.do(replica, "FCALL f 0"))
	require.Equal(t, "$1|1|", l.do(replica, "GET later"))
	require.Equal(t, "*-1|", replica.call("watcher", "EXEC"))
	require.Equal(t, master.s.Digest(), replica.s.Digest())
}

func TestAReplicaThatSwapsKeepsItsOldDataWhenTheMasterHangsUp(t *testing.T) {
	l, master, replica := slowSync(t, "swapdb")
	again(l, master, replica)
	before := replica.s.View(replica.now).Replication
	l.do(master, "CONFIG SET repl-diskless-sync-delay 100")
	l.do(master, "CLIENT KILL TYPE replica")
	l.pass(100 * time.Millisecond)
	loads(l, replica, 0, 0)
	require.Equal(t, "$1|1|", l.do(replica, "GET own"))
	require.Equal(t, "$3|old|", l.do(replica, "FCALL f 0"))
	require.Equal(t, ":2001|", l.do(replica, "DBSIZE"))
	after := replica.s.View(replica.now).Replication
	require.Equal(t, before.ReplID, after.ReplID, "it still is of its old history")
	require.Equal(t, before.Offset, after.Offset)
}

func TestAReplicaOfAnotherHistoryHidesItsOldDataAndKeepsThem(t *testing.T) {
	l, master, replica := slowSync(t, "swapdb")
	slowly(l, master)
	l.do(replica, "SET own 1")
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(1500 * time.Millisecond)
	loads(l, replica, 1, 0)
	require.Contains(t, l.do(replica, "GET own"), "-LOADING ")
	l.do(master, "CONFIG SET repl-diskless-sync-delay 100")
	l.do(master, "CLIENT KILL TYPE replica")
	l.pass(100 * time.Millisecond)
	loads(l, replica, 0, 0)
	require.Equal(t, "$1|1|", l.do(replica, "GET own"))
	require.Equal(t, ":1|", l.do(replica, "DBSIZE"))
}

func TestAnEmptyReplicaReadsWhatComesAndIsEmptyWhenTheMasterHangsUp(t *testing.T) {
	l, master, replica := slowSync(t, "on-empty-db")
	slowly(l, master)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(1500 * time.Millisecond)
	loads(l, replica, 1, 0)
	require.Positive(t, replica.s.space.Keys())
	l.do(master, "CONFIG SET repl-diskless-sync-delay 100")
	l.do(master, "CLIENT KILL TYPE replica")
	l.pass(100 * time.Millisecond)
	require.Equal(t, ":0|", l.do(replica, "DBSIZE"))
	l.do(master, "CONFIG SET rdb-key-save-delay 0")
	l.do(master, "CONFIG SET repl-diskless-sync-delay 0")
	l.pass(2 * time.Second)
	require.Equal(t, master.s.Digest(), replica.s.Digest())
}

func TestASnapshotThatTakesLongIsSentWhileItIsMade(t *testing.T) {
	for _, diskless := range []string{"yes", "no"} {
		l, master, replica := slowSync(t, "disabled")
		l.do(master, "CONFIG SET repl-diskless-sync "+diskless)
		slowly(l, master)
		l.do(replica, "REPLICAOF 127.0.0.1 7000")
		l.pass(1500 * time.Millisecond)
		seen := replica.s.View(replica.now).Replication.Master
		require.Equal(t, diskless == "yes", seen.Read > 0, "repl-diskless-sync %s", diskless)
		require.Contains(t, l.do(master, "INFO replication"), "state=wait_bgsave")
		for i := range 20 {
			master.call("filler", "SET", fmt.Sprintf("key:%d", i), "changed meanwhile")
			master.heard("filler")
		}
		l.pass(3 * time.Second)
		require.Contains(t, l.do(master, "INFO replication"), "state=online")
		require.Equal(t, master.s.Digest(), replica.s.Digest())
	}
}

func TestKeysThatChangeDoNotHastenASlowSnapshot(t *testing.T) {
	l, master, replica := slowSync(t, "disabled")
	slowly(l, master)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(1100 * time.Millisecond)
	for i := range 2000 {
		master.call("filler", "SET", fmt.Sprintf("key:%d", i), "changed")
		master.heard("filler")
	}
	l.pass(500 * time.Millisecond)
	require.Contains(t, l.do(master, "INFO replication"), "state=wait_bgsave")
	l.pass(3 * time.Second)
	require.Equal(t, master.s.Digest(), replica.s.Digest())
}
