package server

import (
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// room fills a server that may use 100 kB more than it does with n keys of 100 bytes.
func room(d *driver, policy string, n int, set string) (refused int) {
	d.do("a", fmt.Sprint("CONFIG SET maxmemory-policy ", policy, " maxmemory ", d.s.usedMemory()+100_000))
	for i := range n {
		reply := d.do("a", strings.ReplaceAll(set, "#", fmt.Sprint(i))+" "+strings.Repeat("x", 100))
		if strings.HasPrefix(reply, "-OOM") {
			refused++
		}
	}
	return refused
}

func TestMaxmemoryIsKeptByEveryPolicyThatMayDelete(t *testing.T) {
	for _, policy := range []string{"allkeys-lru", "allkeys-lfu", "allkeys-random"} {
		d := newDriver(t)
		require.Zero(t, room(d, policy, 2000, "SET k#"), policy)
		require.LessOrEqual(t, int64(d.s.usedMemory()), d.s.memory.bytes+1000, policy)
		require.NotZero(t, d.s.space.Stats.Evicted)
		require.Contains(t, d.do("a", "INFO stats"), fmt.Sprint("evicted_keys:", d.s.space.Stats.Evicted))
	}
	for _, policy := range []string{"volatile-lru", "volatile-lfu", "volatile-random", "volatile-ttl"} {
		d := newDriver(t)
		require.NotZero(t, room(d, policy, 2000, "SET k#"), policy+" may not delete these")
		require.Zero(t, d.s.space.Stats.Evicted)
		d.do("a", "FLUSHALL")
		require.Zero(t, room(d, policy, 2000, "SETEX k# 100"), policy)
		require.NotZero(t, d.s.space.Stats.Evicted)
	}
}

func TestWithoutEvictionWritesAreRefused(t *testing.T) {
	d := newDriver(t)
	require.NotZero(t, room(d, "noeviction", 2000, "SET k#"))
	for _, step := range []struct{ line, want string }{
		{"SET a b", "-OOM command not allowed when used memory > 'maxmemory'."},
		{"GET k0", "$100"},
		{"DEL k0 k1 k2 k3 k4 k5 k6 k7 k8 k9", ":10"},
		{"SET a b", "+OK"},
	} {
		require.True(t, strings.HasPrefix(d.do("a", step.line), step.want), step.line)
	}
}

func TestMultiRefusesToQueueWithoutRoom(t *testing.T) {
	d := newDriver(t)
	room(d, "noeviction", 2000, "SET k#")
	d.do("a", "CONFIG SET maxmemory 1")
	require.Equal(t, "+OK|", d.do("a", "MULTI"))
	require.Contains(t, d.do("a", "PING"), "-OOM")
	require.Contains(t, d.do("a", "EXEC"), "-EXECABORT")
}

func TestALoweredLimitIsReachedInRounds(t *testing.T) {
	d := newDriver(t, "maxmemory-policy", "allkeys-random")
	for i := range 3000 {
		d.do("a", fmt.Sprint("SET k", i, " ", strings.Repeat("x", 100)))
	}
	full := d.s.usedMemory()
	d.do("a", fmt.Sprint("CONFIG SET maxmemory ", full-200_000))
	d.pass(100 * time.Millisecond)
	require.Less(t, d.s.usedMemory(), full-200_000)
}

func TestEvictedKeysAreDeletedOnReplicasToo(t *testing.T) {
	l, master, replica := masterAndReplica(t, "repl-backlog-size", "16384") // which counts as memory
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(3 * time.Second)
	room(master, "allkeys-lru", 2000, "SET k#")
	l.do(master, "SET last v")
	l.pass(time.Second)
	require.NotZero(t, replica.s.space.Keys())
	require.NotZero(t, master.s.space.Stats.Evicted)
	require.Equal(t, master.s.space.Keys(), replica.s.space.Keys())
}

func TestAReplicaLeavesTheLimitToItsMaster(t *testing.T) {
	d := newDriver(t, "replicaof", "127.0.0.1 7001", "maxmemory", "1", "maxmemory-policy", "allkeys-lru")
	require.True(t, d.s.makeRoom())
	d.do("a", "CONFIG SET replica-ignore-maxmemory no")
	require.False(t, d.s.makeRoom())
}

func TestEvictedAndNewAndMissedKeysAreTold(t *testing.T) {
	d := newDriver(t, "notify-keyspace-events", "Eenm")
	d.do("b", "PSUBSCRIBE *")
	d.do("a", "GET none")
	d.do("a", "SET k v")
	d.do("a", "SET k v")
	d.do("a", "CONFIG SET maxmemory-policy allkeys-lru maxmemory 1")
	d.do("a", "PING")
	heard := d.heard("b")
	for _, event := range []string{"keymiss", "new", "evicted"} {
		require.Equal(t, 1, strings.Count(heard, "__keyevent@0__:"+event), "%s in %s", event, heard)
	}
}

func TestFrequencyAndIdleTimeAreToldByThePolicyThatCountsThem(t *testing.T) {
	d := newDriver(t, "lfu-log-factor", "0")
	d.do("a", "SET k v")
	require.Equal(t, ":0|", d.do("a", "OBJECT IDLETIME k"))
	require.Contains(t, d.do("a", "OBJECT FREQ k"), "-ERR An LFU")
	d.do("a", "CONFIG SET maxmemory-policy allkeys-lfu")
	d.do("a", "SET other v")
	require.Equal(t, ":5|", d.do("a", "OBJECT FREQ other"))
	d.do("a", "GET other")
	require.Equal(t, ":6|", d.do("a", "OBJECT FREQ other"))
	require.Contains(t, d.do("a", "OBJECT IDLETIME k"), "-ERR An LFU")
}

func TestSlowlogOfZeroKeepsEveryCommandButItsSecrets(t *testing.T) {
	d := newDriver(t, "slowlog-log-slower-than", "0")
	for _, line := range []string{"CLIENT SETNAME me", "SLOWLOG RESET", "SET k v", "CONFIG SET masterauth secret", "MULTI", "GET k", "EXEC",
		"ACL SETUSER bob >secret"} {
		d.do("a", line)
	}
	log := d.do("a", "SLOWLOG GET -1")
	require.NotContains(t, log, "secret")
	require.Contains(t, log, "(redacted)")
	require.NotContains(t, strings.ToLower(log), "exec")
	require.Equal(t, 7, len(d.s.slow.entries), "with that SLOWLOG GET: RESET SET CONFIG MULTI GET ACL SLOWLOG")
	require.Equal(t, "me", d.s.slow.entries[0].name)
}

func TestATableThatHasNoRoomToGrowEvictsNobody(t *testing.T) {
	d := newDriver(t, "maxmemory-policy", "allkeys-random")
	d.do("x", "DEBUG POPULATE 4096 k 1")
	d.do("x", "CONFIG SET maxmemory "+strconv.Itoa(d.s.usedMemory()+10*1024))
	d.do("x", "SET k1 v1")
	d.do("x", "SET k2 v2")
	require.Equal(t, ":4098|", d.do("x", "DBSIZE"))
}

func TestWhatWaitsForReplicasAloneIsBeyondTheBacklog(t *testing.T) {
	require.EqualValues(t, 2<<20, beyondBacklog(3<<20, 1<<20))
	require.EqualValues(t, 0, beyondBacklog(1000, 1<<20))
	require.EqualValues(t, 3<<20-leastBacklog, beyondBacklog(3<<20, 1), "a backlog is never smaller")
}
