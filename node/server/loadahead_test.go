package server

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAnEmptyReplicaReadsAheadAndShowsNothingOfItBeforeTheEnd(t *testing.T) {
	l, master, replica := slowSync(t, "disabled")
	fill(l, master)
	slowly(l, master)
	l.do(replica, "CONFIG SET replica-read-only no")
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(1500 * time.Millisecond)
	loads(l, replica, 0, 0)
	require.NotZero(t, replica.s.ahead.loaded, "it reads what has come")
	info := l.do(replica, "INFO")
	require.Contains(t, info, "|master_sync_in_progress:1|")
	require.Contains(t, info, "|rdb_last_load_keys_loaded:0|")
	require.Equal(t, ":0|", l.do(replica, "DBSIZE"))
	l.do(replica, "SET own 1")
	require.Equal(t, ":1|", l.do(replica, "DBSIZE"))
	replica.call("watcher", "WATCH", "own")
	replica.call("watcher", "MULTI")
	require.Equal(t, "+Background saving started|", l.do(replica, "BGSAVE"))
	l.do(master, "CONFIG SET rdb-key-save-delay 0")
	l.pass(time.Second)
	require.Nil(t, replica.s.ahead)
	require.Contains(t, l.do(replica, "INFO replication"), "master_link_status:up")
	require.Equal(t, "$-1|", l.do(replica, "GET own"), "what was written meanwhile is gone")
	require.Equal(t, "*-1|", replica.call("watcher", "EXEC"))
	require.Equal(t, master.s.Digest(), replica.s.Digest())
	require.Equal(t, master.s.space.Keys(), replica.s.space.Keys())
}

func TestAReplicaThatReadsAheadHasWhatItHadWhenTheMasterHangsUp(t *testing.T) {
	l, master, replica := slowSync(t, "disabled")
	slowly(l, master)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(1500 * time.Millisecond)
	require.NotNil(t, replica.s.ahead)
	l.do(replica, "REPLICAOF NO ONE")
	require.Nil(t, replica.s.ahead)
	require.Equal(t, ":0|", l.do(replica, "DBSIZE"))
	l.do(replica, "SET own 1")
	require.Equal(t, "$1|1|", l.do(replica, "GET own"))
}

func TestAReplicaWithDataOrToldToLoadSlowlyDoesNotReadAhead(t *testing.T) {
	for _, command := range []string{"SET own 1", "CONFIG SET key-load-delay 1"} {
		l, master, replica := slowSync(t, "disabled")
		slowly(l, master)
		l.do(replica, command)
		l.do(replica, "REPLICAOF 127.0.0.1 7000")
		l.pass(1500 * time.Millisecond)
		require.Contains(t, l.do(replica, "INFO replication"), "|master_sync_in_progress:1|", command)
		require.Nil(t, replica.s.ahead, command)
	}
}

func TestWhatIsWrongWithASnapshotThatIsReadAheadIsToldAtItsEnd(t *testing.T) {
	d := newDriver(t)
	host := replicationHost{d.s}
	require.True(t, host.LoadAhead(d.now))
	host.LoadMore(d.now, []byte("REDIS0010\xfe\x00\x00\x01k\x01v\x00\x01k\x01v"), false)
	d.rest()
	require.ErrorContains(t, d.s.ahead.failed, `key "k" is there twice`)
	host.LoadMore(d.now, []byte("\xff00000000"), true)
	host.BeginLoad(d.now, nil)
	require.NotNil(t, d.s.loading)
	d.rest()
	require.Nil(t, d.s.loading)
	require.Equal(t, ":0|", d.do("a", "DBSIZE"), "a snapshot is taken whole or not at all")
}
