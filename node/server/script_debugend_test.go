package server

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// copyUnderway has a client begin to debug a copy of many keys, of which some are missing yet.
func copyUnderway(t *testing.T, d *driver, keys int) *debugging {
	t.Helper()
	d.call("a", "DEBUG", "POPULATE", fmt.Sprint(keys))
	d.call("b", "SCRIPT", "DEBUG", "YES")
	args := [][]byte{[]byte("EVAL"), []byte("return redis.call('dbsize')"), []byte("0")}
	d.s.Call(d.now, d.client("b"), args)
	d.perform(d.s.BeforeSleep(d.now))
	require.Len(t, d.s.debugs, 1)
	session := d.s.debugs[0]
	require.True(t, session.copying.going(), "it is being made")
	return session
}

func TestACopyBeginsAnewAfterAFullSynchronisation(t *testing.T) {
	const keys = 20 * sliceKeys
	d := newDriver(t)
	replica := d.client("replica")
	session := copyUnderway(t, d, keys)
	half := session.copying.server
	d.s.Call(d.now, replica, [][]byte{[]byte("PSYNC"), []byte("?"), []byte("-1")})
	d.perform(d.s.BeforeSleep(d.now))
	require.NotNil(t, d.s.saves.running, "the snapshot for the replica is taken")
	require.NotNil(t, session.copying, "and the copy")
	require.False(t, session.copying.going(), "waits for it")
	d.rest()
	require.Nil(t, session.copying)
	require.NotSame(t, half, session.s, "it is another copy")
	require.Contains(t, string(replica.Out), "+FULLRESYNC")
	require.Contains(t, string(replica.Out), fmt.Sprint("key:", keys-1))
	require.Contains(t, d.heard("b"), "Stopped at 1")
	require.Contains(t, d.types("b", "r", "dbsize"), fmt.Sprint("<reply> ", keys))
}

func TestACopyBeingMadeGoesWithItsClient(t *testing.T) {
	d := newDriver(t)
	copyUnderway(t, d, 20*sliceKeys)
	d.drop("b")
	require.Empty(t, d.s.debugs)
	require.Contains(t, d.call("a", "BGSAVE"), "started", "no snapshot is left over")
}

func TestACopyChangesNothingOfTheCluster(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	d := nodes[0]
	before := l.do(d, "CLUSTER NODES")
	const source = "local a = 1\nreturn a"
	changes := []string{
		"cluster meet 127.0.0.1 7009", "cluster addslots 1", "cluster delslots 1", "cluster addslotsrange 1 2", "cluster delslotsrange 1 2",
		"cluster flushslots", "cluster setslot 1 stable", "cluster setslot 1 migrating x", "cluster forget x", "cluster replicate x",
		"cluster failover", "cluster failover force", "cluster bumpepoch", "cluster saveconfig", "cluster set-config-epoch 9", "cluster reset hard",
	}
	debugClient(d, "b", "yes", source)
	d.heard("b")
	for _, change := range changes {
		told := d.types("b", append([]string{"r"}, strings.Fields(change)...)...)
		require.Equal(t, "*2|+<redis> "+change+"|+<error> This Redis command is not allowed from script|", told)
	}
	require.Contains(t, d.types("b", "r", "cluster", "keyslot", "a"), "<reply> 15495")
	require.Contains(t, d.types("b", "r", "cluster", "info"), "cluster_state:ok")
	require.Contains(t, d.types("b", "r", "cluster", "myid"), before[strings.LastIndex(before[:strings.Index(before, "myself")], "\n")+1:][:40])
	require.Equal(t, before, l.do(d, "CLUSTER NODES"))
	d.types("b", "a")
	require.Contains(t, l.do(d, "CLUSTER INFO"), "cluster_state:ok")
}

func TestASignalEndsTheWaitForWhoDebugsTheRealData(t *testing.T) {
	d := newDriver(t)
	debugClient(d, "copy", "yes", "local a = 1\nreturn a")
	debugClient(d, "b", "sync", "redis.call('set','k',1)\nredis.call('incr','k')\nreturn 1")
	d.heard("b")
	d.ask("a", "PING")
	d.s.Stop(d.now, "shutdown-on-sigterm")
	d.rest()
	require.Equal(t, "*1|+<endsession>|:1|", d.heard("b"))
	require.Equal(t, "+PONG|", d.heard("a"))
	require.Equal(t, "$1|2|", d.call("a", "GET", "k"))
	d.pass(100 * time.Millisecond)
	require.NotNil(t, d.exit)
	require.True(t, d.client("copy").Cut, "and with the server its copies")
	require.Empty(t, d.s.debugs)
	require.Equal(t, []string{
		"Redis forked for debugging eval",
		"Redis synchronous debugging eval session started",
		"Redis synchronous debugging eval session ended",
		"User requested shutdown...",
		fmt.Sprintf("Killing debugging session %d", d.client("copy").ID),
	}, d.log[len(d.log)-5:])
}

func TestASignalDoesNotStopAScriptThatRuns(t *testing.T) {
	d := newDriver(t, "busy-reply-threshold", "10")
	debugClient(d, "b", "sync", "while true do end")
	d.heard("b")
	d.s.Input(d.now, d.client("b"), spoken("c"))
	d.s.Stop(d.now, "shutdown-on-sigterm")
	d.turns(func() bool { return len(d.client("b").Out) > 0 })
	require.Contains(t, d.heard("b"), "timeout reached")
	require.Equal(t, "*1|+<endsession>|", d.types("b", "a")[:len("*1|+<endsession>|")])
	d.pass(100 * time.Millisecond)
	require.NotNil(t, d.exit)
}

func TestShutdownThatFailsHasEndedTheCopies(t *testing.T) {
	d := newDriver(t, "save", "900 1")
	debugClient(d, "b", "yes", "local a = 1\nreturn a")
	d.noDisk = exec.ErrNotFound
	d.ask("a", "SHUTDOWN")
	require.Equal(t, "-"+errShutdown+"|", d.heard("a"))
	require.Nil(t, d.exit)
	require.True(t, d.client("b").Cut)
	require.Empty(t, d.s.debugs)
	require.Equal(t, "+PONG|", d.call("a", "PING"))
}

func TestTheEndOfTheMachineEndsEverySession(t *testing.T) {
	d := newDriver(t)
	const source = "local co = coroutine.wrap(function() coroutine.yield(1) end)\nco()\nreturn 1"
	debugClient(d, "copy", "yes", source)
	d.types("copy", "s")
	d.types("copy", "s")
	debugClient(d, "b", "sync", source)
	d.types("b", "s")
	d.types("b", "s")
	sessions := append([]*debugging(nil), d.s.debugs...)
	require.Len(t, sessions, 2)
	d.s.End()
	for _, session := range sessions {
		_, alive := session.resume()
		require.False(t, alive)
	}
	require.Empty(t, d.s.debugs)
}

func TestScriptsAreDebuggedWhereTheDebugCommandIsNotAllowed(t *testing.T) {
	d := newDriver(t, "enable-debug-command", "no")
	require.Contains(t, d.call("a", "DEBUG", "JMAP"), "-ERR DEBUG command not allowed")
	require.Equal(t, "+OK|", d.call("a", "SCRIPT", "DEBUG", "YES"))
}
