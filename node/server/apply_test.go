package server

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// said reports whether a server has told its log something.
func said(d *driver, line string) bool { return slices.Contains(d.log, line) }

func TestAReplicaTellsOfTheMastersCommandsThatFail(t *testing.T) {
	for _, test := range []struct {
		behaviour, readOnly string
		ends                bool
	}{
		{"ignore", "yes", false}, {"panic", "yes", true}, {"panic-on-replicas", "yes", true}, {"panic-on-replicas", "no", false},
	} {
		l, master, replica := masterAndReplica(t)
		l.do(replica, "CONFIG SET propagation-error-behavior "+test.behaviour)
		l.do(replica, "CONFIG SET replica-read-only "+test.readOnly)
		l.do(replica, "REPLICAOF 127.0.0.1 7000")
		l.pass(2 * time.Second)
		l.do(master, "DEBUG REPLICATE no-such-command a")
		require.True(t, said(replica, "== CRITICAL == This replica is sending an error to its master: "+
			"'unknown command 'no-such-command', with args beginning with: 'a' ' after processing the command '<unknown>'"))
		l.do(master, "DEBUG REPLICATE lpush")
		require.True(t, said(replica, "== CRITICAL == This replica is sending an error to its master: "+
			"'wrong number of arguments for 'lpush' command' after processing the command 'lpush'"))
		require.Contains(t, l.do(replica, "INFO stats"), "unexpected_error_replies:2|")
		require.Equal(t, test.ends, replica.exit != nil, "%s, read only %s", test.behaviour, test.readOnly)
	}
}

func TestAReplicaWhoseCommandHasAReplyIsHungUp(t *testing.T) {
	d := newDriver(t)
	for _, line := range []string{"PING", "GET k", "XINFO HELP"} {
		d.do("r", "PSYNC ? -1")
		require.False(t, d.clients["r"].Closing)
		require.Empty(t, d.do("r", "REPLCONF ACK 0"))
		require.False(t, d.clients["r"].Closing)
		require.NotContains(t, d.do("r", line), "PONG")
		require.True(t, d.clients["r"].Closing, line)
		d.drop("r")
	}
	require.True(t, said(d, "== CRITICAL == This master is sending an error to its replica: "+
		"'Replica can't interact with the keyspace' after processing the command 'get'"))
}

func TestFlushallEndsASnapshotThatIsOnItsWay(t *testing.T) {
	l, master, replica := slowSync(t, "disabled")
	slowly(l, master)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(1500 * time.Millisecond)
	require.Positive(t, replica.s.View(replica.now).Replication.Master.Read)
	l.do(master, "FLUSHALL")
	l.pass(3 * time.Second)
	require.Contains(t, l.do(replica, "INFO replication"), "master_link_status:up")
	require.Equal(t, ":0|", l.do(replica, "DBSIZE"))
	require.Contains(t, l.do(master, "INFO stats"), "sync_full:2|")
}

func TestASnapshotForReplicasIsTheMastersFileWithoutDisklessSync(t *testing.T) {
	for _, test := range []struct {
		diskless, del string
		file          bool
	}{{"yes", "no", false}, {"no", "no", true}, {"no", "yes", false}} {
		l, master, replica := masterAndReplica(t, "repl-diskless-sync", test.diskless, "rdb-del-sync-files", test.del)
		l.do(master, "SET k v")
		l.do(replica, "REPLICAOF 127.0.0.1 7000")
		l.pass(2 * time.Second)
		require.Equal(t, "$1|v|", l.do(replica, "GET k"))
		require.Equal(t, test.file, master.files["dump.rdb"] != nil, fmt.Sprint(test))
	}
}

func TestAFileForReplicasIsGivenUpWithThemUnlessItIsWanted(t *testing.T) {
	for _, save := range []string{"", "900 1"} {
		l, master, replica := slowSync(t, "disabled")
		l.do(master, "CONFIG SET repl-diskless-sync no")
		l.do(master, "CONFIG SET save '"+save+"'")
		slowly(l, master)
		l.do(replica, "REPLICAOF 127.0.0.1 7000")
		l.pass(time.Second)
		require.Contains(t, l.do(master, "INFO persistence"), "rdb_bgsave_in_progress:1|")
		l.do(replica, "REPLICAOF NO ONE")
		l.pass(200 * time.Millisecond)
		require.Contains(t, l.do(master, "INFO persistence"), fmt.Sprintf("rdb_bgsave_in_progress:%d|", min(1, len(save))))
	}
}

func TestAShutdownDoesNotWaitForAReplicaThatLacksNothing(t *testing.T) {
	l, master, replica := slowSync(t, "disabled")
	slowly(l, master)
	l.pass(1500 * time.Millisecond) // behind the tick with the first PING
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(time.Second)
	require.Contains(t, l.do(master, "INFO replication"), "state=wait_bgsave,offset=0,")
	l.do(master, "SHUTDOWN NOSAVE")
	require.NotNil(t, master.exit)
}
