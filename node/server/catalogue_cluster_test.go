package server

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// unserved are the rows C that are said to a node of a cluster without slots.
var unserved = []row{
	{"C2 slot of nobody", `
> GET a
-CLUSTERDOWN Hash slot not served|
> SET a 1
-CLUSTERDOWN Hash slot not served|`},
	{"C3 what a cluster has not", `
> SELECT 1
-ERR SELECT is not allowed in cluster mode|
> SWAPDB 0 1
-ERR SWAPDB is not allowed in cluster mode|
> REPLICAOF 127.0.0.1 7000
-ERR REPLICAOF not allowed in cluster mode.|
> REPLICAOF NO ONE
-ERR REPLICAOF not allowed in cluster mode.|`},
	{"C4 MEET", `
> CLUSTER MEET evil.example.com 7000
-ERR Invalid node address specified: evil.example.com:7000|
> CLUSTER MEET 127.0.0.1 99999
-ERR Invalid node address specified: 127.0.0.1:99999|
> CLUSTER MEET 127.0.0.1 60000
-ERR Invalid node address specified: 127.0.0.1:60000|
> CLUSTER MEET 127.0.0.1 0
-ERR Invalid node address specified: 127.0.0.1:0|
> CLUSTER MEET 127.0.0.1 x
-ERR Invalid TCP base port specified: x|`},
	{"C5 slots", `
> CLUSTER ADDSLOTS 0
+OK|
> CLUSTER ADDSLOTS 0
-ERR Slot 0 is already busy|
> CLUSTER ADDSLOTS 16384
-ERR Invalid or out of range slot|
> CLUSTER ADDSLOTS -1
-ERR Invalid or out of range slot|
> CLUSTER ADDSLOTS 1
+OK|
> CLUSTER DELSLOTS 1 1
-ERR Slot 1 specified multiple times|
> CLUSTER DELSLOTS 0 1
+OK|
> CLUSTER DELSLOTS 2
-ERR Slot 2 is already unassigned|`},
	{"C6 SETSLOT", `
> CLUSTER SETSLOT 0 NODE xxxx
-ERR Unknown node xxxx|
> CLUSTER SETSLOT 0 FOO
-ERR Invalid CLUSTER SETSLOT action or number of arguments. Try CLUSTER HELP|
> CLUSTER SETSLOT 0 MIGRATING xxxx
-ERR I'm not the owner of hash slot 0|
> CLUSTER SETSLOT 0 IMPORTING xxxx
-ERR I don't know about node xxxx|`},
	{"C7 unknown node", `
> CLUSTER REPLICATE xxxx
-ERR Unknown node xxxx|
> CLUSTER FORGET xxxx
-ERR Unknown node xxxx|
> CLUSTER REPLICAS xxxx
-ERR Unknown node xxxx|
> CLUSTER FORGET MYID
-ERR I tried hard but I can't forget myself...|
> CLUSTER REPLICATE MYID
-ERR Can't replicate myself|`},
	{"C8 FAILOVER", `
> CLUSTER FAILOVER
-ERR You should send CLUSTER FAILOVER to a replica|
> CLUSTER FAILOVER FOO
-ERR syntax error|
> CLUSTER FAILOVER FORCE TAKEOVER
-ERR unknown subcommand or wrong number of arguments for 'FAILOVER'. Try CLUSTER HELP.|`},
}

// serving are the rows C that are said to a node that serves every slot.
var serving = []row{
	{"C1 keys of several slots", `
> MSET a 1 b 2
-CROSSSLOT Keys in request don't hash to the same slot|
> MSET {a}1 1 {a}2 2
+OK|
> DEL {a}1 {a}2
:2|`},
	{"C3 keys by pattern", `
> RPUSH l a
:1|
> SORT l BY w*
-ERR BY option of SORT denied in Cluster mode.|
> SORT l GET w*
-ERR GET option of SORT denied in Cluster mode.|
> COPY l {l}2 DB 1
-ERR Copying to another database is not allowed in cluster mode|
> DEL l
:1|`},
	{"C9 keys and epochs", `
> SET a 1
+OK|
> CLUSTER RESET
-ERR CLUSTER RESET can't be called with master nodes containing keys|
> CLUSTER RESET HARD
-ERR CLUSTER RESET can't be called with master nodes containing keys|
> CLUSTER SET-CONFIG-EPOCH -1
-ERR Invalid config epoch specified: -1|
> CLUSTER SET-CONFIG-EPOCH x
-ERR value is not an integer or out of range|
> CLUSTER GETKEYSINSLOT 0 -1
-ERR Invalid slot or number of keys|
> CLUSTER GETKEYSINSLOT 99999 1
-ERR Invalid slot or number of keys|
> CLUSTER COUNTKEYSINSLOT 99999
-ERR Invalid slot|
> DEL a
:1|`},
	{"C10 MIGRATE", `
> MIGRATE 127.0.0.1 1 nope 0 100
+NOKEY|
> MIGRATE 127.0.0.1 1 nope 0 x
-ERR value is not an integer or out of range|`},
}

// toNobody is what MIGRATE says when nobody listens.
const toNobody = "-IOERR error or timeout writing to target instance|"

// withID puts the node's own id where a row says MYID.
func withID(call func(words ...string) string) func(words ...string) string {
	id := strings.Split(call("CLUSTER", "MYID"), "|")[1]
	return func(words ...string) string {
		for i, w := range words {
			if w == "MYID" {
				words[i] = id
			}
		}
		return call(words...)
	}
}

func TestBadClusterCallsAreAnsweredInRedisWords(t *testing.T) {
	d := newClusterDriver(t)
	call := withID(func(words ...string) string { return d.call("a", words...) })
	playClusterRows(t, call, func() { d.pass(3 * time.Second) })
}

func TestRealRedisAnswersBadClusterCallsTheSame(t *testing.T) {
	redis := startReal(t, "--cluster-enabled", "yes")
	playClusterRows(t, withID(redis.call), func() {
		require.Eventually(t, func() bool { return strings.Contains(redis.call("CLUSTER", "INFO"), "cluster_state:ok") }, patience, 10*time.Millisecond)
	})
	require.Equal(t, "+OK|", redis.call("SET", "a", "1"))
	require.Equal(t, toNobody, redis.call("MIGRATE", "127.0.0.1", "1", "a", "0", "100"))
}

func playClusterRows(t *testing.T, call func(words ...string) string, untilServing func()) {
	for _, r := range unserved {
		t.Run(r.name, func(t *testing.T) { speak(t, r, call) })
	}
	require.Equal(t, "+OK|", call("CLUSTER", "ADDSLOTSRANGE", "0", "16383"))
	untilServing()
	for _, r := range serving {
		t.Run(r.name, func(t *testing.T) { speak(t, r, call) })
	}
}

func TestBadCallsBetweenNodesOfACluster(t *testing.T) {
	l, nodes := clusterLab(t, 2)
	first, second, replica := nodes[0], nodes[1], nodes[2]
	t.Run("C7 kinship", func(t *testing.T) {
		require.Equal(t, "-ERR Can't forget my master!|", l.do(replica, "CLUSTER FORGET "+l.id(first)))
		require.Equal(t, "-ERR I can only replicate a master, not a replica.|", l.do(second, "CLUSTER REPLICATE "+l.id(replica)))
		require.Equal(t, "-ERR To set a master the node must be empty and without assigned slots.|", l.do(second, "CLUSTER REPLICATE "+l.id(first)))
		require.Equal(t, "-ERR The specified node is not a master|", l.do(second, "CLUSTER REPLICAS "+l.id(replica)))
	})
	t.Run("C10 MIGRATE to a closed port", func(t *testing.T) {
		require.Equal(t, "+OK|", l.do(first, "SET b v"))
		require.Equal(t, toNobody, l.do(first, "MIGRATE 127.0.0.1 7999 b 0 100"))
	})
	t.Run("C11 other people's slots", func(t *testing.T) {
		require.Equal(t, "+OK|", l.do(first, "SET {b}1 v"))
		require.Equal(t, "+OK|", l.do(first, "SET {b}2 v"))
		require.Equal(t, "-MOVED 3300 127.0.0.1:7000|", l.do(replica, "SET {b}1 w"), "a write to a replica")
		require.Equal(t, "-MOVED 3300 127.0.0.1:7000|", l.do(replica, "GET {b}1"), "a read without READONLY")
		require.Equal(t, "+OK|", l.do(second, "CLUSTER SETSLOT 3300 IMPORTING "+l.id(first)))
		require.Equal(t, "+OK|", l.do(first, "CLUSTER SETSLOT 3300 MIGRATING "+l.id(second)))
		require.Equal(t, "+OK|", l.do(first, "MIGRATE 127.0.0.1 7001 {b}1 0 1000"))
		require.Equal(t, "-ASK 3300 127.0.0.1:7001|", l.do(first, "GET {b}1"))
		require.Equal(t, "-MOVED 3300 127.0.0.1:7000|", l.do(second, "GET {b}1"), "without ASKING")
		require.Equal(t, "-TRYAGAIN Multiple keys request during rehashing of slot|", l.do(first, "MGET {b}1 {b}2"))
		require.Equal(t, "+OK|", l.do(second, "ASKING"))
		require.Equal(t, "-TRYAGAIN Multiple keys request during rehashing of slot|", l.do(second, "MGET {b}1 {b}2"))
	})
}
