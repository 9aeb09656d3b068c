package server

import (
	"fmt"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func masterAndReplica(t *testing.T, settings ...string) (*lab, *driver, *driver) {
	l := newLab(t)
	master := l.add(Config{Port: 7000, Settings: pairs(settings)})
	replica := l.add(Config{Port: 7001, Settings: pairs(settings)})
	return l, master, replica
}

func fill(l *lab, d *driver) {
	for _, line := range []string{
		"SET s text", "SET n 12345", "SET e soon PX 1000000", "RPUSH l a b c", "SADD set x y z", "SADD ints 1 2 3",
		"ZADD z 1 one 2.5 two inf three", "HSET h f v g w", "SELECT 3", "SET third db", "SELECT 0",
	} {
		require.NotContains(l.t, l.do(d, line), "-", line)
	}
}

func TestReplicaGetsTheDataAndThenTheStream(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	fill(l, master)
	require.Equal(t, "+OK|", l.do(replica, "REPLICAOF 127.0.0.1 7000"))
	l.pass(3 * time.Second)
	require.Contains(t, l.do(replica, "ROLE"), "connected")
	require.Equal(t, master.s.Digest(), replica.s.Digest())
	require.Equal(t, "+OK|", l.do(master, "SET later 1"))
	require.Equal(t, "$1|1|", l.do(replica, "GET later"))
	require.Equal(t, "-READONLY You can't write against a read only replica.|", l.do(replica, "SET a b"))
	require.Equal(t, master.s.View(master.now).Replication.Offset, replica.s.View(replica.now).Replication.Offset)
}

func TestEverythingThatChangesDataReachesTheReplica(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	fill(l, master)
	for _, line := range []string{
		"INCR n", "SPOP set", "SPOP ints 2", "EXPIRE s 100", "INCRBYFLOAT f 1.5", "LPOP l", "ZINCRBY z 3 one", "COPY l l2",
		"RENAME h h2", "SETEX x 10 y", "GETDEL x", "MULTI", "SET m1 1", "SET m2 2", "EXEC", "SWAPDB 3 4", "HINCRBYFLOAT h2 n 2",
	} {
		l.do(master, line)
	}
	require.Equal(t, master.s.Digest(), replica.s.Digest())
	l.do(master, "FLUSHALL")
	require.Equal(t, ":0|", l.do(replica, "DBSIZE"))
}

func TestSlicedSnapshotIsTheStateOfItsFirstMoment(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	for i := range 3000 {
		master.call("w", "SET", "key:"+strings.Repeat("x", i%7)+string(rune('a'+i%26))+time.Duration(i).String(), "v")
		master.heard("w")
	}
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	for i := range 50 {
		l.pass(20 * time.Millisecond)
		master.call("w", "SET", "extra:"+time.Duration(i).String(), "v")
		master.heard("w")
	}
	l.pass(3 * time.Second)
	require.Equal(t, master.s.Digest(), replica.s.Digest())
}

func TestWaitAnswersWhenTheReplicaHasIt(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	l.do(master, "SET k v")
	require.Equal(t, ":1|", l.do(master, "WAIT 1 1000"))
	master.call("console", "WAIT", "2", "500")
	l.pass(400 * time.Millisecond)
	require.Empty(t, master.heard("console"))
	l.pass(200 * time.Millisecond)
	require.Equal(t, ":1|", master.heard("console"))
	require.Contains(t, l.do(replica, "WAIT 1 1"), "-ERR WAIT cannot be used with replica instances.")
}

func TestExpiryIsTheMastersDecision(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	l.do(master, "DEBUG SET-ACTIVE-EXPIRE 0")
	l.do(master, "SET k v PX 100")
	l.pass(time.Second)
	require.Equal(t, "$-1|", l.do(replica, "GET k"))
	require.Equal(t, ":1|", l.do(replica, "DBSIZE"), "hidden, not deleted")
	require.Equal(t, "$-1|", l.do(master, "GET k"))
	require.Equal(t, ":0|", l.do(replica, "DBSIZE"))
}

func TestPromotedReplicaIsFollowedByItsOldMasterWithoutAFullSync(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	l.do(master, "SET k 1")
	l.do(replica, "REPLICAOF NO ONE")
	l.do(replica, "SET k 2")
	l.do(master, "REPLICAOF 127.0.0.1 7001")
	l.pass(3 * time.Second)
	require.Equal(t, "$1|2|", l.do(master, "GET k"))
	require.Contains(t, l.do(replica, "INFO stats"), "sync_full:0|")
	require.Contains(t, l.do(replica, "INFO stats"), "sync_partial_ok:1|")
}

func TestMinReplicasRefusesWrites(t *testing.T) {
	l, master, _ := masterAndReplica(t)
	l.do(master, "CONFIG SET min-replicas-to-write 1")
	l.pass(2 * time.Second)
	require.Equal(t, "-NOREPLICAS Not enough good replicas to write.|", l.do(master, "SET a b"))
	l.do(master, "MULTI")
	require.Equal(t, "-NOREPLICAS Not enough good replicas to write.|", l.do(master, "SET a b"))
	require.Equal(t, "-EXECABORT Transaction discarded because of previous errors.|", l.do(master, "EXEC"))
}

func TestMinReplicasAskedForAtRunTimeCountsAtOnce(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	require.Equal(t, "+OK|", l.do(master, "CONFIG SET min-replicas-to-write 1"))
	require.Equal(t, "+OK|", l.do(master, "SET a b"), "its replica is good, and need not be seen so a second later")
	require.Equal(t, "+OK|", l.do(master, "CONFIG SET min-replicas-to-write 2"))
	require.Contains(t, l.do(master, "SET a b"), "-NOREPLICAS")
}

func TestStaleReplicaAnswersOnlyWhatItMay(t *testing.T) {
	l, _, replica := masterAndReplica(t)
	l.do(replica, "CONFIG SET replica-serve-stale-data no")
	l.do(replica, "REPLICAOF 127.0.0.1 7999")
	l.pass(time.Second)
	const down = "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.|"
	require.Equal(t, down, l.do(replica, "PING"))
	require.Equal(t, down, l.do(replica, "GET a"))
	require.Equal(t, "-READONLY You can't write against a read only replica.|", l.do(replica, "SET a b"))
	require.Contains(t, l.do(replica, "INFO replication"), "master_link_status:down")
	require.Equal(t, "+OK|", l.do(replica, "REPLICAOF NO ONE"))
}

func TestMigrateMovesKeysToAnotherServer(t *testing.T) {
	l, source, target := masterAndReplica(t)
	fill(l, source)
	before := source.do("x", "HGETALL h")
	require.Equal(t, "+NOKEY|", l.do(source, "MIGRATE 127.0.0.1 7001 nothing 0 1000"))
	require.Equal(t, "+OK|", l.do(source, "MIGRATE 127.0.0.1 7001 '' 0 1000 KEYS h z l e"))
	require.Equal(t, ":0|", l.do(source, "EXISTS h z l e"))
	require.Equal(t, before, l.do(target, "HGETALL h"))
	require.Equal(t, ":1000000|", l.do(target, "PTTL e"))
	l.do(target, "SET s other")
	require.Equal(t, "-ERR Target instance replied with error: BUSYKEY Target key name already exists.|",
		l.do(source, "MIGRATE 127.0.0.1 7001 s 0 1000"))
	require.Equal(t, "+OK|", l.do(source, "MIGRATE 127.0.0.1 7001 s 0 1000 COPY REPLACE"))
	require.Equal(t, ":1|", l.do(source, "EXISTS s"))
	require.Equal(t, "$4|text|", l.do(target, "GET s"))
	require.Equal(t, "+OK|", l.do(source, "MIGRATE 127.0.0.1 7001 n 5 1000"))
	require.Equal(t, "-ERR Target instance replied with error: ERR DB index is out of range|",
		l.do(source, "MIGRATE 127.0.0.1 7001 s 99 1000"))
	l.pass(11 * time.Second)
	require.Contains(t, l.do(source, "INFO stats"), "migrate_cached_sockets:0|")
}

func TestMigrateToNobodyFails(t *testing.T) {
	l, source, _ := masterAndReplica(t)
	l.do(source, "SET k v")
	require.Equal(t, "-IOERR error or timeout writing to target instance|", l.do(source, "MIGRATE 127.0.0.1 7999 k 0 1000"))
	require.Equal(t, "$1|v|", l.do(source, "GET k"))
}

func TestCommandsOnKeysUnderwayWait(t *testing.T) {
	l, source, _ := masterAndReplica(t)
	source.onDial = nil // nobody answers
	l.do(source, "SET k v")
	l.do(source, "MIGRATE 127.0.0.1 7001 k 0 1000")
	require.Empty(t, source.do("a", "SET k new"))
	require.Equal(t, "+OK|", source.do("b", "SET other v"))
	require.Empty(t, source.do("c", "FLUSHALL"))
	l.pass(1100 * time.Millisecond)
	require.Equal(t, "-IOERR error or timeout connecting to the client|", source.heard("console"))
	require.Equal(t, "+OK|", source.heard("a"))
	require.Equal(t, "+OK|", source.heard("c"))
}

func TestKeyThatIsNotTheOneSentStays(t *testing.T) {
	d := newDriver(t)
	db := d.s.space.DB(0)
	d.do("a", "SET k v")
	sent := &migration{db: db, moved: []int{0}}
	sent.keys = []migrating{{key: []byte("k"), version: db.Peek(d.s.nowMs, []byte("k")).Version()}}
	d.do("a", "SET k other")
	require.Empty(t, d.s.deleteMoved(sent))
	require.Equal(t, "$5|other|", d.do("a", "GET k"))
}

func TestKeyThatExpiresBeforeItCanBeSentIsNotMoved(t *testing.T) {
	d := followed(t)
	d.do("a", "DEBUG SET-ACTIVE-EXPIRE 0")
	d.do("a", "SET k v PX 50")
	require.Empty(t, d.do("a", "MIGRATE 127.0.0.1 7001 k 0 1000"))
	d.pass(100 * time.Millisecond)
	d.heard("r")
	link := d.dialled[len(d.dialled)-1].Link
	d.s.Connected(d.now, link, netip.AddrPort{}, netip.AddrPort{})
	d.rest()
	require.Equal(t, "+OK|", d.heard("a"))
	require.Empty(t, d.sent[link])
	require.Equal(t, []string{"DEL k"}, commands(d.heard("r")))
}

func TestFailoverHoldsWritesBackAndAnswersThemReadonly(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	require.Equal(t, "+OK|", l.do(master, "SET gone 1 PX 100"))
	require.Equal(t, "+OK|", l.do(master, "SET k 1"))
	require.Equal(t, "+OK|", l.do(master, "FAILOVER TO 127.0.0.1 7001 TIMEOUT 10000"))
	require.Empty(t, master.call("writer", "SET", "k", "2"), "it waits")
	require.Equal(t, "$1|1|", l.do(master, "GET k"))
	l.pass(3 * time.Second)
	require.Equal(t, "-READONLY You can't write against a read only replica.|", master.heard("writer"))
	require.Contains(t, l.do(master, "ROLE"), "slave")
	require.Contains(t, l.do(replica, "ROLE"), "master")
	require.Contains(t, l.do(master, "INFO replication"), "master_failover_state:no-failover")
	require.Equal(t, "+OK|", l.do(replica, "SET k 3"))
	l.pass(time.Second)
	require.Equal(t, "$1|3|", l.do(master, "GET k"))
	require.Equal(t, int64(0), master.s.repl.Stats().SyncFull-1, "nobody needed everything again")
}

func TestFailoverIsNotForClusters(t *testing.T) {
	d := newClusterDriver(t)
	require.Equal(t, "-ERR FAILOVER not allowed in cluster mode.|", d.do("a", "FAILOVER"))
}

func TestAWritableReplicaEndsItsOwnKeys(t *testing.T) {
	d := newDriver(t, "replica-read-only", "no", "replicaof", "127.0.0.1 1")
	require.Equal(t, "+OK|", d.do("a", "SET own v PX 100"))
	require.Equal(t, "+OK|", d.do("a", "SET kept v"))
	d.pass(time.Second)
	require.Equal(t, ":1|", d.do("a", "DBSIZE"))
	require.Empty(t, d.s.ownKeys)
}

func TestAReplicaUnderClientPauseStandsStill(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	offset := func(d *driver) int64 { return int64(d.s.View(d.now).Replication.Offset) }
	before := offset(replica)
	l.do(replica, "CLIENT PAUSE 5000 WRITE")
	l.do(master, "SET k v")
	require.Equal(t, before, offset(replica))
	require.Contains(t, l.do(replica, "INFO replication"), fmt.Sprintf("slave_read_repl_offset:%d|", offset(master)))
	require.Equal(t, "$-1|", l.do(replica, "GET k"))
	l.do(replica, "CLIENT UNPAUSE")
	require.Equal(t, "$1|v|", l.do(replica, "GET k"))
	l.do(replica, "CLIENT PAUSE 5000 ALL")
	l.do(master, "SET k w")
	l.pass(6 * time.Second)
	require.Equal(t, "$1|w|", l.do(replica, "GET k"))
	require.Equal(t, offset(master), offset(replica))
}

func TestNothingExpiresUnderClientPause(t *testing.T) {
	d := newDriver(t)
	d.do("a", "SET k v PX 10")
	d.do("a", "CLIENT PAUSE 1000 WRITE")
	d.pass(500 * time.Millisecond)
	require.Equal(t, "$-1|", d.do("a", "GET k"), "it is not shown")
	require.Contains(t, d.do("a", "INFO stats"), "expired_keys:0|")
	d.pass(time.Second)
	require.Contains(t, d.do("a", "INFO stats"), "expired_keys:1|")
}

func TestAKeyThatPfcountChangedOnAReplicaIsStillTheMasters(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(2 * time.Second)
	l.do(master, "DEBUG SET-ACTIVE-EXPIRE 0")
	l.do(master, "PFADD key a b c")
	require.Equal(t, ":3|", l.do(replica, "PFCOUNT key"))
	l.do(master, "PEXPIRE key 10")
	l.pass(time.Second)
	require.Equal(t, ":0|", l.do(replica, "EXISTS key"))
	require.Equal(t, ":1|", l.do(replica, "DBSIZE"), "only the master deletes it")
}
