package main_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/slot"
)

// cliCluster is a cluster of ours that redis-cli has made of empty nodes.
type cliCluster struct {
	nodes   []port // six that --cluster create was given, two that are added
	created []port
	spare   port
	helper  port
}

func TestRedisCLIMakesAndMendsAClusterOfOurs(t *testing.T) {
	t.Parallel()
	needTool(t, "redis-cli")
	first := berth.Ports(8)
	c := &cliCluster{}
	for i := range 8 {
		c.nodes = append(c.nodes, startOwn(t, first+i, map[string]string{
			"cluster-enabled": "yes", "repl-diskless-sync-delay": "0",
			"cluster-node-timeout": strconv.Itoa(int(calmTimeout.Milliseconds())),
		}))
	}
	c.created, c.spare, c.helper = c.nodes[:6], c.nodes[6], c.nodes[7]
	for _, step := range []struct {
		name string
		do   func(*cliCluster, *testing.T)
	}{
		{"create", (*cliCluster).create},
		{"redirects", (*cliCluster).redirects},
		{"check and info", (*cliCluster).checkAndInfo},
		{"call", (*cliCluster).call},
		{"reshard", (*cliCluster).reshard},
		{"add-node as master", (*cliCluster).addMaster},
		{"rebalance with an empty master", (*cliCluster).rebalance},
		{"add-node as replica", (*cliCluster).addReplica},
		{"fix a slot left open with keys on both sides", (*cliCluster).fix},
		{"fix a slot that nobody owns", (*cliCluster).fixUnowned},
		{"del-node", (*cliCluster).delNode},
		{"import from a standalone redis-server", (*cliCluster).importAll},
	} {
		if !t.Run(step.name, func(t *testing.T) { step.do(c, t) }) {
			return
		}
	}
}

// cluster runs redis-cli --cluster, which must be content.
func (c *cliCluster) cluster(t *testing.T, words ...string) string {
	t.Helper()
	out, err := redisCLI(t, "", append([]string{"--cluster"}, words...)...)
	require.NoError(t, err, "%q\n%s", words, out)
	require.NotContains(t, out, "[ERR]", "%q", words)
	return out
}

// settled waits until every node agrees with every other, as --cluster check wants it.
func (c *cliCluster) settled(t *testing.T) {
	t.Helper()
	eventually(t, "redis-cli --cluster check is content", func() bool {
		out, err := redisCLI(t, "", "--cluster", "check", c.nodes[0].addr())
		return err == nil && !strings.Contains(out, "[ERR]") && !strings.Contains(out, "[WARNING]")
	})
}

// slotsOf is how many slots a node owns in its own eyes.
func slotsOf(p port) int {
	n := 0
	for line := range strings.Lines(p.text("CLUSTER", "NODES")) {
		if !strings.Contains(line, "myself") {
			continue
		}
		for _, word := range strings.Fields(line)[8:] {
			if r, err := slot.ParseRange(word); err == nil {
				n += int(r.Last-r.First) + 1
			}
		}
	}
	return n
}

func (c *cliCluster) create(t *testing.T) {
	words := []string{"create"}
	for _, p := range c.created {
		words = append(words, p.addr())
	}
	out := c.cluster(t, append(words, "--cluster-replicas", "1", "--cluster-yes")...)
	require.Contains(t, out, "[OK] All nodes agree about slots configuration.")
	require.Contains(t, out, "[OK] All 16384 slots covered.")
	require.Equal(t, []int{5461, 5462, 5461}, []int{slotsOf(c.nodes[0]), slotsOf(c.nodes[1]), slotsOf(c.nodes[2])})
	eventually(t, "every replica follows", func() bool {
		for _, p := range c.created[3:] {
			if p.field("master_link_status", "INFO", "replication") != "up" {
				return false
			}
		}
		return true
	})
	eventually(t, "everybody knows of three replicas", func() bool {
		for _, p := range c.created {
			if strings.Count(p.text("CLUSTER", "NODES"), "slave ") != 3 {
				return false
			}
		}
		return true
	})
	c.settled(t)
}

func (c *cliCluster) redirects(t *testing.T) {
	at := c.nodes[0].String()
	var script strings.Builder
	for i := range 300 {
		fmt.Fprintf(&script, "SET key:%d value:%d\n", i, i)
	}
	for i := range 300 {
		fmt.Fprintf(&script, "GET key:%d\n", i)
	}
	out, err := redisCLI(t, script.String(), "-c", "-p", at)
	require.NoError(t, err)
	require.Equal(t, 300, strings.Count(out, "OK\n"), "%s", out)
	for i := range 300 {
		require.Contains(t, out, fmt.Sprintf("value:%d\n", i))
	}
	out, err = redisCLI(t, "", "-p", c.nodes[0].String(), "GET", "foo") // slot 12182
	require.NoError(t, err)
	require.Equal(t, "MOVED 12182 "+c.nodes[2].addr(), strings.TrimSpace(out))
}

func (c *cliCluster) checkAndInfo(t *testing.T) {
	out := c.cluster(t, "check", c.nodes[3].addr())
	require.Contains(t, out, "[OK] All 16384 slots covered.")
	require.Equal(t, 3, strings.Count(out, "1 additional replica(s)"))
	out = c.cluster(t, "info", c.nodes[1].addr())
	require.Contains(t, out, "[OK] 300 keys in 3 masters.")
}

func (c *cliCluster) call(t *testing.T) {
	out := c.cluster(t, "call", c.nodes[0].addr(), "DBSIZE")
	require.Equal(t, 6, strings.Count(out, "(integer) ")+strings.Count(out, ": "), out)
	out = c.cluster(t, "call", c.nodes[0].addr(), "CONFIG", "SET", "slowlog-max-len", "77", "--cluster-only-masters")
	require.Equal(t, 3, strings.Count(out, ": OK"), out)
}

func (c *cliCluster) reshard(t *testing.T) {
	c.cluster(t, "reshard", c.nodes[0].addr(), "--cluster-from", c.nodes[0].id(t), "--cluster-to", c.nodes[1].id(t),
		"--cluster-slots", "100", "--cluster-yes")
	require.Equal(t, []int{5361, 5562}, []int{slotsOf(c.nodes[0]), slotsOf(c.nodes[1])})
	c.settled(t)
	require.Contains(t, c.cluster(t, "info", c.nodes[1].addr()), "[OK] 300 keys in 3 masters.")
}

func (c *cliCluster) addMaster(t *testing.T) {
	out := c.cluster(t, "add-node", c.spare.addr(), c.nodes[0].addr())
	require.Contains(t, out, "[OK] New node added correctly.")
	eventually(t, "all seven know each other, and the new one has waited to be sure of the majority", func() bool {
		return c.known(7) && c.spare.field("cluster_state", "CLUSTER", "INFO") == "ok"
	})
}

// known tells whether so many nodes know each other past the handshake.
func (c *cliCluster) known(n int) bool {
	for _, p := range c.nodes[:n] {
		nodes := p.text("CLUSTER", "NODES")
		if strings.Count(nodes, "\n") != n || strings.Contains(nodes, "handshake") || strings.Contains(nodes, "disconnected") {
			return false
		}
	}
	return true
}

func (c *cliCluster) rebalance(t *testing.T) {
	c.settled(t)
	c.cluster(t, "rebalance", c.nodes[0].addr(), "--cluster-use-empty-masters", "--cluster-pipeline", "100")
	for _, p := range []port{c.nodes[0], c.nodes[1], c.nodes[2], c.spare} {
		require.Equal(t, 4096, slotsOf(p), "%v", p)
	}
	c.settled(t)
	require.Contains(t, c.cluster(t, "info", c.nodes[1].addr()), "[OK] 300 keys in 4 masters.")
}

func (c *cliCluster) addReplica(t *testing.T) {
	out := c.cluster(t, "add-node", c.helper.addr(), c.nodes[0].addr(), "--cluster-slave", "--cluster-master-id", c.spare.id(t))
	require.Contains(t, out, "[OK] New node added correctly.")
	eventually(t, "the new replica follows", func() bool {
		return c.known(8) && c.helper.field("master_link_status", "INFO", "replication") == "up"
	})
	require.Equal(t, c.spare.text("DBSIZE"), c.helper.text("DBSIZE"))
	c.settled(t)
}

// servedBy is a hash tag whose slot a node serves.
func servedBy(t *testing.T, p port) string {
	t.Helper()
	for i := range 1000 {
		tag := "tag" + strconv.Itoa(i)
		if v, err := p.try("GET", tag); err == nil && !v.IsError() {
			return tag
		}
	}
	t.Fatalf("%v serves nothing", p)
	return ""
}

// fix: a tool that moved a slot was interrupted when half of its keys had gone.
func (c *cliCluster) fix(t *testing.T) {
	from, to := c.nodes[2], c.nodes[1]
	tag := servedBy(t, from)
	s := strconv.Itoa(int(slot.OfString(tag)))
	for i := range 10 {
		from.do(t, "SET", fmt.Sprintf("{%s}%d", tag, i), strconv.Itoa(i))
	}
	to.do(t, "CLUSTER", "SETSLOT", s, "IMPORTING", from.id(t))
	from.do(t, "CLUSTER", "SETSLOT", s, "MIGRATING", to.id(t))
	for i := range 5 {
		from.do(t, "MIGRATE", "127.0.0.1", to.String(), fmt.Sprintf("{%s}%d", tag, i), "0", "5000")
	}
	out, _ := redisCLI(t, "", "--cluster", "check", from.addr())
	require.Contains(t, out, "[WARNING] The following slots are open: "+s)
	c.cluster(t, "fix", from.addr())
	c.settled(t)
	out, err := redisCLI(t, "", "-c", "-p", c.nodes[0].String(), "MGET",
		"{"+tag+"}0", "{"+tag+"}4", "{"+tag+"}5", "{"+tag+"}9")
	require.NoError(t, err)
	require.Equal(t, "0\n4\n5\n9\n", out)
}

func (c *cliCluster) fixUnowned(t *testing.T) {
	for _, p := range c.nodes {
		if p.field("role", "INFO", "replication") == "master" {
			p.do(t, "CLUSTER", "DELSLOTS", "0")
		}
	}
	out, _ := redisCLI(t, "", "--cluster", "check", c.nodes[0].addr())
	require.Contains(t, out, "[ERR] Not all 16384 slots are covered by nodes.")
	out, err := redisCLI(t, "yes\n", "--cluster", "fix", c.nodes[0].addr())
	require.NoError(t, err, out)
	c.settled(t)
}

func (c *cliCluster) delNode(t *testing.T) {
	id := c.helper.id(t)
	c.cluster(t, "del-node", c.nodes[0].addr(), id)
	for _, p := range c.nodes[:7] {
		require.NotContains(t, p.text("CLUSTER", "NODES"), id)
	}
	require.Equal(t, 1, strings.Count(c.helper.text("CLUSTER", "NODES"), "\n"), "it was reset")
}

func (c *cliCluster) importAll(t *testing.T) {
	source := startForeign(t)
	for i := range 200 {
		source.do(t, "SET", fmt.Sprintf("imported:%d", i), strconv.Itoa(i))
	}
	source.do(t, "ZADD", "imported:zset", "1", "a", "2", "b")
	source.do(t, "EXPIRE", "imported:7", "1000")
	c.cluster(t, "import", c.nodes[0].addr(), "--cluster-from", source.addr(), "--cluster-copy")
	require.Equal(t, "201", source.text("DBSIZE"), "copied, not taken")
	var script strings.Builder
	for i := range 200 {
		fmt.Fprintf(&script, "GET imported:%d\n", i)
	}
	out, err := redisCLI(t, script.String()+"ZRANGE imported:zset 0 -1 WITHSCORES\n", "-c", "-p", c.nodes[4].String())
	require.NoError(t, err)
	var want strings.Builder
	for i := range 200 {
		fmt.Fprintln(&want, i)
	}
	require.Equal(t, want.String()+"a\n1\nb\n2\n", withoutRedirects(out))
	out, err = redisCLI(t, "", "-c", "-p", c.nodes[1].String(), "TTL", "imported:7")
	require.NoError(t, err)
	ttl, err := strconv.Atoi(strings.TrimSpace(out))
	require.NoError(t, err)
	require.InDelta(t, 1000, ttl, 30)
	c.settled(t)
}

// withoutRedirects leaves out what redis-cli -c says about its way.
func withoutRedirects(out string) string {
	var kept strings.Builder
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "-> Redirected") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

func TestRedisCLIPrintsTheSameForANodeOfOurs(t *testing.T) {
	t.Parallel()
	ours, real := startOwn(t, 0, nil), startForeign(t)
	for _, row := range []struct {
		name, input string
		args        []string
		want        string // at least this
	}{
		{"set", "", []string{"SET", "greeting", "hello \"world\""}, "OK\n"},
		{"get", "", []string{"--no-raw", "GET", "greeting"}, "\"hello \\\"world\\\"\"\n"},
		{"raw", "", []string{"--raw", "GET", "greeting"}, "hello \"world\"\n"},
		{"null", "", []string{"--no-raw", "GET", "nothing"}, "(nil)\n"},
		{"integer", "", []string{"--no-raw", "INCR", "n"}, "(integer) 1\n"},
		{"error", "", []string{"--no-raw", "LPUSH", "greeting", "x"}, "(error) WRONGTYPE"},
		{"a map in RESP3", "HSET h a 1\nHGETALL h\n", []string{"-3", "--no-raw"}, "1# \"a\" => \"1\"\n"},
		{"a set in RESP3", "SADD s a\nSMEMBERS s\n", []string{"-3", "--no-raw"}, "1~ \"a\"\n"},
		{"a double in RESP3", "ZADD z 1.5 a\nZSCORE z a\n", []string{"-3", "--no-raw"}, "(double) 1.5\n"},
		{"json", "", []string{"--json", "MGET", "greeting", "nothing"}, ",null]"},
		{"csv", "", []string{"--csv", "MGET", "greeting", "n"}, ",\"1\"\n"},
		{"transaction", "MULTI\nINCR n\nINCR n\nEXEC\n", []string{"--no-raw"}, "QUEUED\n1) (integer) 2\n"},
		{"another database", "", []string{"-n", "3", "DBSIZE"}, "0\n"},
		{"scan", "", []string{"--scan", "--pattern", "greet*"}, "greeting\n"},
		{"a number with a mistake", "", []string{"--no-raw", "INCRBY", "greeting", "x"}, "(error) ERR"},
		{"an unknown command", "", []string{"--no-raw", "NOSUCH", "a", "b"}, "(error) ERR unknown command"},
		{"keys of a command", "", []string{"COMMAND", "GETKEYS", "MSET", "a", "1", "b", "2"}, "a\nb\n"},
		{"repeated", "", []string{"-r", "3", "INCR", "r"}, "1\n2\n3\n"},
	} {
		t.Run(row.name, func(t *testing.T) {
			want, _ := redisCLI(t, row.input, append([]string{"-p", real.String()}, row.args...)...)
			got, _ := redisCLI(t, row.input, append([]string{"-p", ours.String()}, row.args...)...)
			require.Equal(t, want, got)
			require.Contains(t, got, row.want)
		})
	}
}

func TestRedisCLIPipesManyCommandsIntoOneNodeOfOurs(t *testing.T) {
	t.Parallel()
	p := startOwn(t, 0, nil)
	const many = 20000
	var script strings.Builder
	for i := range many {
		fmt.Fprintf(&script, "*3\r\n$3\r\nSET\r\n$9\r\nkey%06d\r\n$5\r\nvalue\r\n", i)
	}
	out, err := redisCLI(t, script.String(), "-p", p.String(), "--pipe")
	require.NoError(t, err, out)
	require.Contains(t, out, "errors: 0, replies: 20000")
	require.Equal(t, strconv.Itoa(many), p.text("DBSIZE"))
}
