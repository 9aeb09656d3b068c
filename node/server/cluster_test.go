package server

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"clusterplay/node/slot"

	"github.com/stretchr/testify/require"
)

// clusterLab starts masters that share all slots, and one replica of the first.
func clusterLab(t *testing.T, masters int, settings ...string) (*lab, []*driver) {
	l := newLab(t)
	all := append([]string{"cluster-node-timeout", "2000", "repl-diskless-sync-delay", "0"}, settings...)
	var nodes []*driver
	for i := range masters + 1 {
		nodes = append(nodes, l.add(Config{Port: 7000 + i, AnnounceIP: "127.0.0.1", ClusterEnabled: true, Settings: pairs(all)}))
	}
	for i, d := range nodes {
		if i < masters {
			first, last := slot.Count*i/masters, slot.Count*(i+1)/masters-1
			l.do(d, fmt.Sprintf("CLUSTER ADDSLOTSRANGE %d %d", first, last))
			l.do(d, fmt.Sprintf("CLUSTER SET-CONFIG-EPOCH %d", i+1))
		}
		if i > 0 {
			l.do(d, "CLUSTER MEET 127.0.0.1 7000")
		}
	}
	l.pass(4 * time.Second)
	require.Equal(t, "+OK|", l.do(nodes[masters], "CLUSTER REPLICATE "+l.id(nodes[0])))
	l.pass(4 * time.Second)
	for _, d := range nodes {
		require.Contains(t, l.do(d, "CLUSTER INFO"), "cluster_state:ok")
	}
	return l, nodes
}

func (l *lab) id(d *driver) string { return strings.Split(l.do(d, "CLUSTER MYID"), "|")[1] }

func TestClusterFormsAndRedirects(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	// "a" is in slot 15495, "b" in 3300.
	require.Equal(t, "-MOVED 15495 127.0.0.1:7002|", l.do(nodes[0], "SET a 1"))
	require.Equal(t, "+OK|", l.do(nodes[2], "SET a 1"))
	require.Equal(t, "+OK|", l.do(nodes[0], "SET b 1"))
	require.Equal(t, "-CROSSSLOT Keys in request don't hash to the same slot|", l.do(nodes[0], "MSET b 1 a 1"))
	replica := nodes[3]
	require.Equal(t, "-MOVED 3300 127.0.0.1:7000|", l.do(replica, "GET b"))
	require.Equal(t, "+OK|", l.do(replica, "READONLY"))
	require.Equal(t, "$1|1|", l.do(replica, "GET b"))
	require.Equal(t, "-MOVED 3300 127.0.0.1:7000|", l.do(replica, "SET b 2"))
	require.Equal(t, ":1|", l.do(replica, "CLUSTER COUNTKEYSINSLOT 3300"))
}

func TestTransactionIsRedirectedAsAWhole(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	l.do(nodes[0], "MULTI")
	require.Equal(t, "-MOVED 15495 127.0.0.1:7002|", l.do(nodes[0], "SET a 1"))
	require.Equal(t, "-EXECABORT Transaction discarded because of previous errors.|", l.do(nodes[0], "EXEC"))
}

func TestExecTellsOfItsCrossedSlotsEvenWhenItWouldBeAborted(t *testing.T) {
	l, nodes := clusterLab(t, 1)
	l.do(nodes[0], "MULTI")
	l.do(nodes[0], "SET a 1")
	l.do(nodes[0], "SET b 1")
	require.Equal(t, "-CROSSSLOT Keys in request don't hash to the same slot|", l.do(nodes[0], "MSET a 1 b 1"))
	require.Equal(t, "-CROSSSLOT Keys in request don't hash to the same slot|", l.do(nodes[0], "EXEC"))
	require.Equal(t, "-ERR EXEC without MULTI|", l.do(nodes[0], "EXEC"))
}

func TestMasterThatDiesIsReplacedByItsReplica(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	l.do(nodes[0], "SET b survives")
	l.pass(200 * time.Millisecond)
	l.kill(nodes[0])
	l.pass(8 * time.Second)
	require.Equal(t, "$8|survives|", l.do(nodes[3], "GET b"))
	require.Contains(t, l.do(nodes[3], "INFO replication"), "role:master")
	require.Equal(t, "-MOVED 3300 127.0.0.1:7003|", l.do(nodes[1], "GET b"))
}

func (l *lab) kill(dead *driver) {
	for end := range l.wires {
		if end.port == dead.s.config.Port || l.wires[end].to == dead {
			l.wires[end].cut = true
		}
	}
	delete(l.nodes, dead.s.config.Port)
	for i, d := range l.order {
		if d == dead {
			l.order = append(l.order[:i:i], l.order[i+1:]...)
		}
	}
}

func TestManualFailoverPausesWritesAndLosesNone(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	require.Equal(t, "+OK|", nodes[3].call("console", "CLUSTER", "FAILOVER"))
	for !nodes[0].s.View(nodes[0].now).Paused {
		require.NotEmpty(t, l.queue, "the master never paused")
		first := l.queue[0]
		l.queue = l.queue[1:]
		first()
	}
	require.Empty(t, nodes[0].call("writer", "SET", "b", "late"))
	l.pass(2 * time.Second)
	require.Contains(t, l.do(nodes[3], "ROLE"), "master")
	require.Contains(t, l.do(nodes[0], "ROLE"), "slave")
	require.Equal(t, "-MOVED 3300 127.0.0.1:7003|", nodes[0].heard("writer"))
	require.Contains(t, l.do(nodes[3], "INFO stats"), "sync_full:0|")
}

func TestSlotMovesWhileItIsServed(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	source, target := nodes[0], nodes[1]
	for i := range 5 {
		require.Equal(t, "+OK|", l.do(source, fmt.Sprintf("SET {b}%d v%d", i, i)))
	}
	require.Equal(t, "+OK|", l.do(target, "CLUSTER SETSLOT 3300 IMPORTING "+l.id(source)))
	require.Equal(t, "+OK|", l.do(source, "CLUSTER SETSLOT 3300 MIGRATING "+l.id(target)))
	require.Equal(t, "+OK|", l.do(source, "MIGRATE 127.0.0.1 7001 '' 0 1000 KEYS {b}0 {b}1"))
	require.Equal(t, "-ASK 3300 127.0.0.1:7001|", l.do(source, "GET {b}0"))
	require.Equal(t, "-MOVED 3300 127.0.0.1:7000|", l.do(target, "GET {b}0"))
	require.Equal(t, "+OK|", l.do(target, "ASKING"))
	require.Equal(t, "$2|v0|", l.do(target, "GET {b}0"))
	require.Equal(t, "$2|v2|", l.do(source, "GET {b}2"))
	require.Equal(t, "-TRYAGAIN Multiple keys request during rehashing of slot|", l.do(source, "MGET {b}0 {b}2"))
	require.Equal(t, "+OK|", l.do(source, "MIGRATE 127.0.0.1 7001 '' 0 1000 KEYS {b}2 {b}3 {b}4"))
	for _, d := range []*driver{target, source} {
		require.Equal(t, "+OK|", l.do(d, "CLUSTER SETSLOT 3300 NODE "+l.id(target)))
	}
	l.pass(time.Second)
	require.Equal(t, "-MOVED 3300 127.0.0.1:7001|", l.do(source, "GET {b}0"))
	require.Equal(t, ":5|", l.do(target, "EXISTS {b}0 {b}1 {b}2 {b}3 {b}4"))
	require.Equal(t, ":0|", l.do(nodes[3], "CLUSTER COUNTKEYSINSLOT 3300"), "the replica of the source forgot them too")
}

func TestBlockedClientIsSentAfterItsSlot(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	nodes[0].call("waiter", "BLPOP", "b", "0")
	l.do(nodes[1], "CLUSTER SETSLOT 3300 IMPORTING "+l.id(nodes[0]))
	l.do(nodes[1], "CLUSTER SETSLOT 3300 NODE "+l.id(nodes[1]))
	l.pass(time.Second)
	require.Equal(t, "-MOVED 3300 127.0.0.1:7001|", nodes[0].heard("waiter"))
}

func TestShardMessagesStayInTheirShard(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	require.Equal(t, "*3|$10|ssubscribe|$1|b|:1|", nodes[3].do("s", "SSUBSCRIBE b"))
	require.Equal(t, "-MOVED 3300 127.0.0.1:7000|", nodes[1].do("s", "SSUBSCRIBE b"))
	nodes[1].do("n", "SUBSCRIBE b")
	require.Equal(t, ":0|", l.do(nodes[0], "SPUBLISH b shard"))
	require.Equal(t, "*3|$8|smessage|$1|b|$5|shard|", nodes[3].heard("s"))
	require.Equal(t, ":0|", l.do(nodes[2], "PUBLISH b all"))
	require.Equal(t, "*3|$7|message|$1|b|$3|all|", nodes[1].heard("n"))
}

func TestNodeComesBackAsItWas(t *testing.T) {
	l, nodes := clusterLab(t, 3)
	l.do(nodes[0], "SET b kept")
	require.Equal(t, "+OK|", l.do(nodes[0], "SAVE"))
	l.pass(time.Second)
	files := nodes[0].files
	id := l.id(nodes[0])
	l.kill(nodes[0])
	back := l.add(Config{Port: 7000, AnnounceIP: "127.0.0.1", ClusterEnabled: true, Files: files,
		Settings: pairs([]string{"cluster-node-timeout", "2000"})})
	back.now = nodes[1].now
	l.pass(4 * time.Second)
	require.Equal(t, id, l.id(back))
	require.Equal(t, "$4|kept|", l.do(back, "GET b"))
	require.Contains(t, l.do(back, "CLUSTER INFO"), "cluster_state:ok")
}
