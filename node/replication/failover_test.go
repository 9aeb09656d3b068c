package replication

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
)

// failoverOf is what INFO says of a FAILOVER.
func failoverOf(n *peerNode) string {
	_, rest, _ := strings.Cut(string(n.AppendInfo(nil, n.lab.now)), "master_failover_state:")
	word, _, _ := strings.Cut(rest, "\r")
	return word
}

// trio is a master with two replicas that have everything.
func trio(t *testing.T) (l *lab, a, b, c *peerNode, v *visitor) {
	l = newLab(t, 3)
	a, b, c = l.nodes[0], l.nodes[1], l.nodes[2]
	l.follow(b, a)
	l.follow(c, a)
	a.set("k", "1")
	l.run(time.Second)
	l.agree(a, b, c)
	return l, a, b, c, l.visit(a)
}

func TestFailoverHandsThePlaceToTheChosenReplica(t *testing.T) {
	l, a, b, c, v := trio(t)
	before := a.id
	require.Equal(t, "+OK\r\n", v.do("FAILOVER", "TO", "127.0.0.1", "7001"))
	l.run(time.Second)
	require.True(t, b.IsMaster())
	require.Equal(t, Connected, a.LinkState())
	require.Equal(t, "no-failover", failoverOf(a))
	require.False(t, a.handover)
	require.Equal(t, before, b.id2)
	b.set("k", "2")
	l.run(2 * time.Second)
	l.agree(b, a, c)
	require.Equal(t, int64(2), a.stats.SyncFull, "the two first ones")
	require.Zero(t, b.stats.SyncFull)
}

func TestFailoverWithoutATargetTakesWhoeverHasEverything(t *testing.T) {
	l, a, b, c, v := trio(t)
	l.last(b).frozen, l.last(c).frozen = true, true
	a.set("k", "2")
	require.Equal(t, "+OK\r\n", v.do("FAILOVER"))
	require.Equal(t, "waiting-for-sync", failoverOf(a))
	require.True(t, a.handover)
	l.run(3 * time.Second)
	require.Equal(t, "waiting-for-sync", failoverOf(a))
	l.thaw(l.last(c))
	l.run(2 * time.Second)
	require.Equal(t, "no-failover", failoverOf(a))
	require.True(t, c.IsMaster())
	require.False(t, a.IsMaster())
}

func TestFailoverIsCalledOffWhenItsTimeIsUp(t *testing.T) {
	l, a, b, _, v := trio(t)
	l.last(b).frozen = true
	a.set("k", "2")
	require.Equal(t, "+OK\r\n", v.do("FAILOVER", "TIMEOUT", "1500", "TO", "127.0.0.1", "7001"))
	l.run(1400 * time.Millisecond)
	require.Equal(t, "waiting-for-sync", failoverOf(a))
	offset := a.offset
	l.run(200 * time.Millisecond)
	require.Equal(t, "no-failover", failoverOf(a))
	require.True(t, a.IsMaster())
	require.False(t, a.handover)
	require.Equal(t, offset, a.offset, "no PING meanwhile")
	require.Contains(t, a.names(), "-failover")
}

func TestFailoverWithForceDoesNotWaitForEver(t *testing.T) {
	l, a, b, _, v := trio(t)
	l.last(b).frozen = true
	a.set("k", "lost")
	require.Equal(t, "+OK\r\n", v.do("FAILOVER", "TO", "127.0.0.1", "7001", "FORCE", "TIMEOUT", "1000"))
	l.run(2 * time.Second)
	require.True(t, b.IsMaster())
	require.Equal(t, "no-failover", failoverOf(a))
	require.Equal(t, "0:k=1;", a.dump(), "a full synchronisation takes back what the replica never had")
	l.agree(b, a)
}

func TestFailoverIsAbortedByHand(t *testing.T) {
	l, a, b, _, v := trio(t)
	l.last(b).frozen = true
	a.set("k", "2")
	v.do("FAILOVER", "TO", "127.0.0.1", "7001")
	require.Equal(t, "+OK\r\n", v.do("FAILOVER", "abort"))
	require.False(t, a.handover)
	require.Equal(t, "no-failover", failoverOf(a))

	// The chosen one dies when it was about to take over: only ABORT ends that, as in Redis.
	l.thaw(l.last(b))
	l.run(time.Second)
	b.down = true
	require.Equal(t, "+OK\r\n", v.do("FAILOVER", "TO", "127.0.0.1", "7001"))
	l.run(time.Second)
	require.Equal(t, "failover-in-progress", failoverOf(a))
	require.False(t, a.IsMaster())
	require.Equal(t, "-"+errFailingOver+"\r\n", l.visit(a).do("PSYNC", "?", "-1"))
	require.Equal(t, "-"+errReplicaOfNow+"\r\n", v.do("REPLICAOF", "NO", "ONE"))
	require.Equal(t, "+OK\r\n", v.do("FAILOVER", "ABORT"))
	require.True(t, a.IsMaster())
	require.Equal(t, "no-failover", failoverOf(a))
}

func TestFailoverRefusedByTheReplicaMakesUsMasterAgain(t *testing.T) {
	l, a, b, _, v := trio(t)
	b.ChangeID() // as if it had changed sides without telling
	require.Equal(t, "+OK\r\n", v.do("FAILOVER", "TO", "127.0.0.1", "7001"))
	l.run(time.Second)
	require.True(t, a.IsMaster())
	require.False(t, a.handover)
	require.Equal(t, "no-failover", failoverOf(a))
	require.Contains(t, a.names(), "-failover")
}

func TestFailoverKeepsTheOffsetStillWhileWaitersAskForAcks(t *testing.T) {
	l, a, b, _, v := trio(t)
	l.last(b).frozen = true
	a.set("k", "2")
	v.do("FAILOVER", "TO", "127.0.0.1", "7001", "TIMEOUT", "60000")
	offset := a.offset
	a.RequestAcks()
	l.run(2 * time.Second)
	require.Equal(t, offset, a.offset)
	v.do("FAILOVER", "ABORT")
	l.settle()
	require.Equal(t, offset+Offset(len(streamGetAck)), a.offset, "asked once it may move again")
}

func TestFailoverRefusals(t *testing.T) {
	_, a, b, _, v := trio(t)
	for _, row := range []struct {
		name, line, want string
	}{
		{"nothing to abort", "ABORT", errNoFailover},
		{"unknown word", "FOO", "ERR syntax error"},
		{"abort with more", "ABORT ABORT", "ERR syntax error"},
		{"half a target", "TO a", "ERR syntax error"},
		{"two targets", "TO a 1 TO b 2", "ERR syntax error"},
		{"two timeouts", "TIMEOUT 1 TIMEOUT 2", "ERR syntax error"},
		{"port in words", "TO a b", "ERR value is not an integer or out of range"},
		{"timeout in words", "TIMEOUT x", "ERR value is not an integer or out of range"},
		{"no timeout", "TIMEOUT 0", errFailoverTimeout},
		{"force alone", "FORCE", errFailoverForce},
		{"force without timeout", "TO 127.0.0.1 7001 FORCE", errFailoverForce},
		{"force without target", "TIMEOUT 10 FORCE", errFailoverForce},
		{"a stranger", "TO 127.0.0.1 7009", errFailoverNobody},
	} {
		t.Run(row.name, func(t *testing.T) {
			require.Equal(t, "-"+row.want+"\r\n", v.do(append([]string{"FAILOVER"}, strings.Fields(row.line)...)...))
			require.Equal(t, "no-failover", failoverOf(a))
		})
	}
	require.Equal(t, "-"+errFailoverReplica+"\r\n", v.l.visit(b).do("FAILOVER"))
	v.l.last(b).frozen = true
	a.set("k", "2")
	require.Equal(t, "+OK\r\n", v.do("FAILOVER", "TO", "127.0.0.1", "7001"))
	require.Equal(t, "-"+errFailoverTwice+"\r\n", v.do("FAILOVER"))
}

// info is what the node says in INFO replication under a name.
func (w *wire) info(name string) string {
	for line := range strings.Lines(string(w.AppendInfo(nil, time.Now()))) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func TestFailoverBetweenUsAndARealServerBothWays(t *testing.T) {
	r := startRedis(t)
	w := newWire(t)
	ourPort, theirPort := itoa(int64(w.port)), itoa(int64(r.port))
	w.set("k", "1")
	r.do("REPLICAOF", "127.0.0.1", ourPort)
	w.until("synchronisation", func() bool { return r.caughtUp(w) && w.Replicas() == 1 })

	out := resp.Writer{}
	w.Failover(time.Now(), words("FAILOVER", "TO", "127.0.0.1", theirPort, "TIMEOUT", "10000"), &out)
	require.Equal(t, "+OK\r\n", string(out.Buf))
	w.until("the real server to be the master", func() bool {
		return w.info("master_link_status") == "up" && w.info("master_failover_state") == "no-failover" &&
			r.info("role") == "master" && r.info("master_replid") == w.id
	})
	require.False(t, w.handover)
	require.Equal(t, int64(1), w.stats.SyncFull, "only the first synchronisation")
	require.Equal(t, "0", r.info("sync_full"))
	require.Equal(t, "+OK", r.do("SET", "k", "2"))
	w.until("its stream", func() bool { return w.data["0:k"] == "2" })

	for _, line := range []string{"FAILOVER", "FAILOVER TO 127.0.0.1 " + theirPort} {
		out = resp.Writer{}
		w.Failover(time.Now(), words(strings.Fields(line)...), &out)
		require.Equal(t, "-"+errFailoverReplica+"\r\n", string(out.Buf))
	}
	require.Equal(t, "-"+errFailoverNobody, r.do("FAILOVER", "TO", "127.0.0.1", "1"))
	require.Equal(t, "+OK", r.do("FAILOVER", "TO", "127.0.0.1", ourPort, "TIMEOUT", "10000"))
	w.until("us to be the master again", func() bool {
		return w.IsMaster() && w.Replicas() == 1 && r.caughtUp(w) && r.info("master_failover_state") == "no-failover"
	})
	require.Equal(t, int64(1), w.stats.SyncFull)
	require.Equal(t, "0", r.info("sync_full"))
	w.set("k", "3")
	w.until("our stream", func() bool { return r.do("GET", "k") == "3" })

	// A replica that is stopped cannot catch up: we stay the master.
	require.NoError(t, r.process.Signal(syscall.SIGSTOP))
	w.set("k", "4")
	out = resp.Writer{}
	w.Failover(time.Now(), words("FAILOVER", "TO", "127.0.0.1", theirPort, "TIMEOUT", "300"), &out)
	require.Equal(t, "+OK\r\n", string(out.Buf))
	require.True(t, w.handover)
	w.until("the timeout", func() bool { return w.info("master_failover_state") == "no-failover" })
	require.True(t, w.IsMaster())
	require.False(t, w.handover)
	require.NoError(t, r.process.Signal(syscall.SIGCONT))
	w.until("its return", func() bool { return r.caughtUp(w) })
}

// A CLUSTER FAILOVER waits for the offset as well, and clients that WAIT go on doing so meanwhile.
func TestAClusterFailoverKeepsTheOffsetStillWhileWaitersAskForAcks(t *testing.T) {
	l, a, _, _, _ := trio(t)
	a.paused = true
	stands := a.offset
	a.RequestAcks()
	l.run(2 * time.Second)
	require.Equal(t, stands, a.offset)
	a.paused = false
	l.run(100 * time.Millisecond)
	require.Greater(t, a.offset, stands, "they are asked afterwards")
}
