package server

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestClientKillFilters(t *testing.T) {
	for _, row := range []struct {
		name, command, want string
		closed              []string
	}{
		{"old style", "CLIENT KILL 127.0.0.1:50002", "+OK|", []string{"a"}},
		{"by id", "CLIENT KILL ID 2", ":1|", []string{"a"}},
		{"by type, me spared", "CLIENT KILL TYPE normal", ":1|", []string{"a"}},
		{"me too", "CLIENT KILL TYPE normal SKIPME no", ":2|", []string{"a", "x"}},
		{"pubsub", "CLIENT KILL TYPE pubsub", ":1|", []string{"p"}},
		{"replicas", "CLIENT KILL TYPE slave", ":1|", []string{"r"}},
		{"both must fit", "CLIENT KILL ID 2 TYPE pubsub", ":0|", nil},
		{"by own address", "CLIENT KILL LADDR 127.0.0.1:7000 USER default", ":3|", []string{"a", "p", "r"}},
		{"master without one", "CLIENT KILL TYPE master", ":0|", nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := newDriver(t)
			d.client("x")
			d.do("a", "BLPOP l 0")
			d.do("p", "SUBSCRIBE c")
			d.do("r", "PSYNC ? -1")
			require.Equal(t, row.want, d.do("x", row.command))
			var closed []string
			for _, name := range []string{"a", "p", "r", "x"} {
				if d.client(name).Closing {
					closed = append(closed, name)
				}
			}
			require.Equal(t, row.closed, closed)
		})
	}
}

func TestKilledMasterLinkIsDialledAgain(t *testing.T) {
	l, _, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(2 * time.Second)
	dialled := len(replica.dialled)
	require.Equal(t, ":1|", l.do(replica, "CLIENT KILL TYPE master"))
	l.pass(2 * time.Second)
	require.Greater(t, len(replica.dialled), dialled)
	require.Contains(t, l.do(replica, "ROLE"), "connected")
}

func TestConfigRewriteWritesWhatDiffers(t *testing.T) {
	d := bornDriver(t, Config{Port: 7000, ConfigFile: "redis.conf"})
	d.do("a", "CONFIG SET maxmemory 1mb requirepass 'a b' slave-priority 7")
	d.do("a", "REPLICAOF 127.0.0.1 7001")
	require.Equal(t, "+OK|", d.do("a", "CONFIG REWRITE"))
	text := string(d.files["redis.conf"])
	for _, line := range []string{"maxmemory 1048576", `requirepass "a b"`, "replica-priority 7", "port 7000", `save ""`, "replicaof 127.0.0.1 7001"} {
		require.Contains(t, strings.Split(text, "\n"), line)
	}
	require.NotContains(t, text, "cluster-node-timeout")
}

func TestPasswordTakenAwayLetsEverybodyIn(t *testing.T) {
	d := newDriver(t, "requirepass", "x")
	d.do("a", "AUTH x")
	require.Contains(t, d.do("b", "PING"), "-NOAUTH")
	require.True(t, d.client("b").Stranger)
	d.do("a", "CONFIG SET requirepass ''")
	require.Equal(t, "+PONG|", d.do("b", "PING"))
	require.False(t, d.client("b").Stranger)
}

func TestIdleClientIsClosedAfterTimeout(t *testing.T) {
	d := newDriver(t, "timeout", "2")
	d.do("a", "PING")
	d.do("s", "SUBSCRIBE c")
	d.do("w", "BLPOP l 0")
	d.pass(2500 * time.Millisecond)
	require.True(t, d.client("a").Closing)
	require.False(t, d.client("s").Closing)
	require.False(t, d.client("w").Closing)
}

func TestFramesWaitWhileTheNodeSleeps(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(2 * time.Second)
	replica.call("sleeper", "DEBUG", "SLEEP", "1")
	l.do(master, "SET k v")
	l.pass(500 * time.Millisecond)
	require.True(t, replica.s.View(replica.now).Asleep)
	require.Less(t, replica.s.View(replica.now).Keys, 1)
	l.pass(600 * time.Millisecond)
	require.Equal(t, "$1|v|", l.do(replica, "GET k"))
	require.Equal(t, "+OK|", replica.heard("sleeper"))
}

func TestCommandStatisticsCountCallsAndRefusals(t *testing.T) {
	d := newDriver(t)
	d.do("a", "SET k v")
	d.do("a", "SET k")
	d.do("a", "LPUSH k x")
	d.do("a", "NOPE")
	info := d.do("a", "INFO commandstats errorstats stats")
	require.Contains(t, info, "|cmdstat_set:calls=1,usec=0,usec_per_call=0.00,rejected_calls=1,failed_calls=0|")
	require.Contains(t, info, "|cmdstat_lpush:calls=1,usec=0,usec_per_call=0.00,rejected_calls=0,failed_calls=1|")
	require.Contains(t, info, "|errorstat_ERR:count=2|errorstat_WRONGTYPE:count=1|")
	require.Contains(t, info, "|total_error_replies:3|")
	d.do("a", "CONFIG RESETSTAT")
	require.NotContains(t, d.do("a", "INFO commandstats"), "cmdstat_set")
}

func TestFileThatCannotBeWrittenEndsTheSaveButNotTheSync(t *testing.T) {
	l, master, replica := masterAndReplica(t)
	for _, line := range everyKind {
		l.do(master, line)
	}
	master.noDisk = errors.New("no space left on device")
	require.Equal(t, "-ERR no space left on device|", l.do(master, "SAVE"))
	l.do(replica, "REPLICAOF 127.0.0.1 7000")
	l.pass(2 * time.Second)
	require.Equal(t, master.s.Digest(), replica.s.Digest())
}

func TestSynchronisationMakesAFileBeingWrittenStartOver(t *testing.T) {
	d := newDriver(t)
	for i := range 3000 {
		d.call("a", "SET", "key:"+time.Duration(i).String(), "v")
	}
	d.heard("a")
	// The replica comes when the file has one piece.
	require.Equal(t, "+OK|", d.do("b", "REPLCONF capa psync2"))
	d.s.Call(d.now, d.client("a"), asBytes([]string{"BGSAVE"}))
	for len(d.files) == 0 {
		d.perform(d.s.BeforeSleep(d.now))
	}
	require.True(t, d.s.saving())
	d.s.Call(d.now, d.client("b"), asBytes([]string{"PSYNC", "?", "-1"}))
	d.s.Call(d.now, d.client("a"), asBytes([]string{"SET", "late", "v"}))
	d.rest()
	d.pass(time.Second)
	require.Contains(t, d.heard("b"), "|REDIS0010")
	require.Len(t, d.files, 1)
	again := bornDriver(t, Config{Port: 7000, Files: d.files})
	require.Equal(t, ":3001|", again.do("a", "DBSIZE"))
}

func TestSubscribersOfAShardChannelAreToldWhenItsSlotMoves(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	nodes[0].do("s", "SSUBSCRIBE b")
	l.do(nodes[1], "CLUSTER SETSLOT 3300 IMPORTING "+l.id(nodes[0]))
	l.do(nodes[1], "CLUSTER SETSLOT 3300 NODE "+l.id(nodes[1]))
	l.pass(time.Second)
	require.Equal(t, "*3|$12|sunsubscribe|$1|b|:0|", nodes[0].heard("s"))
}

func TestKeysOfASlotTakenAwayAreDropped(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	l.do(nodes[0], "SET b v")
	l.do(nodes[1], "CLUSTER SETSLOT 3300 IMPORTING "+l.id(nodes[0]))
	l.do(nodes[1], "CLUSTER SETSLOT 3300 NODE "+l.id(nodes[1]))
	l.pass(time.Second)
	require.Equal(t, ":0|", l.do(nodes[0], "DBSIZE"))
}
