package main_test

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/berth"
	"clusterplay/node/machine"
	"clusterplay/node/sentinel"
)

// guarded is a master with two replicas, all ours, and three Sentinels of ours that watch it.
type guarded struct {
	nodes     map[port]*node.Node // servers by their port
	sentinels []port
}

// startGuarded starts them and waits until every Sentinel knows everybody.
func startGuarded(t *testing.T) *guarded {
	t.Helper()
	first := berth.Ports(6)
	g := &guarded{nodes: map[port]*node.Node{}}
	for i := range 3 {
		settings := map[string]string{"repl-diskless-sync-delay": "0"}
		if i > 0 {
			settings["replicaof"] = "127.0.0.1 " + strconv.Itoa(first)
		}
		g.nodes[port(first+i)] = startNode(t, ownConfig(first+i, settings))
	}
	conf := fmt.Sprintf("sentinel monitor mymaster 127.0.0.1 %d 2\nsentinel down-after-milliseconds mymaster 1000\n"+
		"sentinel failover-timeout mymaster 5000\n", first)
	for i := range 3 {
		at := port(first + 3 + i)
		startNode(t, node.Config{
			Name: at.String(), Addr: netip.MustParseAddrPort(at.addr()),
			New: func(b node.Birth) (machine.Machine, error) {
				return sentinel.New(sentinel.Config{Port: int(at), Conf: []byte(conf)}, rand.New(rand.NewPCG(uint64(at), uint64(b.Now.UnixNano()))))
			},
		})
		at.do(t, "SENTINEL", "DEBUG", "info-period", "500", "publish-period", "500")
		g.sentinels = append(g.sentinels, at)
	}
	eventually(t, "all Sentinels to know all", func() bool {
		for _, s := range g.sentinels {
			m := s.do(t, "SENTINEL", "MASTER", "mymaster")
			replicas, _ := m.Get("num-slaves")
			others, _ := m.Get("num-other-sentinels")
			if replicas.Text != "2" || others.Text != "2" || !strings.HasPrefix(s.text("SENTINEL", "CKQUORUM", "mymaster"), "OK 3") {
				return false
			}
		}
		return true
	})
	return g
}

func startNode(t *testing.T, cfg node.Config) *node.Node {
	t.Helper()
	n, err := node.New(cfg)
	require.NoError(t, err)
	require.NoError(t, n.Start())
	t.Cleanup(n.Kill)
	return n
}

// master is where a Sentinel says that the master is.
func (g *guarded) master(t *testing.T, s port) port {
	t.Helper()
	v := s.do(t, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
	n, err := strconv.Atoi(v.List[1].Text)
	require.NoError(t, err)
	return port(n)
}

// agree waits until all Sentinels name one master other than before, whose failover is over.
func (g *guarded) agree(t *testing.T, before port) (now port) {
	t.Helper()
	eventually(t, "the Sentinels to name another master", func() bool {
		now = g.master(t, g.sentinels[0])
		for _, s := range g.sentinels {
			m := s.do(t, "SENTINEL", "MASTER", "mymaster")
			flags, _ := m.Get("flags")
			if g.master(t, s) != now || now == before || flags.Text != "master" {
				return false
			}
		}
		return true
	})
	return now
}

// sentinelRiders are the libraries' Sentinel clients, each with both versions of the protocol.
func sentinelRiders(t *testing.T, sentinels []port) (riders []rider) {
	t.Helper()
	var addrs, ports []string
	for _, s := range sentinels {
		addrs, ports = append(addrs, s.addr()), append(ports, s.String())
	}
	for _, protocol := range []int{2, 3} {
		riders = append(riders,
			rideWith(t, fmt.Sprint("go-redis RESP", protocol), redis.NewFailoverClient(&redis.FailoverOptions{
				MasterName: "mymaster", SentinelAddrs: addrs, Protocol: protocol,
			})), newSentinelRueidisRider(t, addrs, protocol))
	}
	home, why := installClients(t)
	if why != "" {
		t.Log("without ioredis and node-redis: " + why)
		return riders
	}
	for _, library := range []string{"ioredis", "node-redis"} {
		for _, protocol := range []string{"2", "3"} {
			riders = append(riders, startNodeRider(t, home, library+" RESP"+protocol, library+"-sentinel", append([]string{protocol}, ports...)...))
		}
	}
	return riders
}

// TestClientLibrariesFollowTheSentinelsToANewMaster has all libraries write through a failover that nobody asked
// for, and through one by hand. What both replicas had before the first one lasts.
func TestClientLibrariesFollowTheSentinelsToANewMaster(t *testing.T) {
	t.Parallel()
	g := startGuarded(t)
	riders := sentinelRiders(t, g.sentinels)
	for _, r := range riders {
		require.True(t, r.ask(t, "write a b c").Writing, r.name())
	}
	progress(t, riders)
	old := g.master(t, g.sentinels[0])
	var replicas []port
	for p := range g.nodes {
		if p != old {
			replicas = append(replicas, p)
		}
	}
	marked(t, riders, old, replicas...)
	g.nodes[old].Kill()
	heir := g.agree(t, old)
	for _, r := range riders {
		got := r.ask(t, "insist insist:"+r.name())
		require.True(t, got.Survived, "%s after %v became master: %s", r.name(), heir, got.Last)
	}
	progress(t, riders)
	require.NoError(t, g.nodes[old].Start())
	eventually(t, "the old master to be made a replica", func() bool { return old.field("role", "INFO", "replication") == "slave" })
	eventually(t, "it to be in step", func() bool { return old.field("master_link_status", "INFO", "replication") == "up" })
	eventually(t, "a failover by hand", func() bool { return g.sentinels[1].text("SENTINEL", "FAILOVER", "mymaster") == "OK" })
	third := g.agree(t, heir)
	for _, r := range riders {
		got := r.ask(t, "insist again:"+r.name())
		require.True(t, got.Survived, "%s after %v became master: %s", r.name(), third, got.Last)
	}
	progress(t, riders)
	for _, r := range riders {
		got := r.ask(t, "stop")
		t.Logf("%s: %d acknowledged writes, %d lost, %d errors, last %s", r.name(), got.Acked, got.Lost, got.Errors, got.Last)
		require.Greater(t, got.Acked, 3*enough, r.name())
		require.Zero(t, got.Broken, "%s lost writes that both replicas had before the kill", r.name())
	}
}

// TestRedisCLISpeaksToASentinel asks with redis-cli what people ask.
func TestRedisCLISpeaksToASentinel(t *testing.T) {
	t.Parallel()
	g := startGuarded(t)
	at, master := g.sentinels[0].String(), g.master(t, g.sentinels[0]).String()
	for line, want := range map[string]string{
		"sentinel get-master-addr-by-name mymaster":           "127.0.0.1\n" + master + "\n",
		"-3 --json sentinel get-master-addr-by-name mymaster": `["127.0.0.1","` + master + `"]` + "\n",
		"-3 --json role":             `["sentinel",["mymaster"]]` + "\n",
		"sentinel ckquorum mymaster": "OK 3 usable Sentinels. Quorum and failover authorization can be reached\n",
		"get k":                      "ERR unknown command 'get', with args beginning with: 'k' \n\n",
		"ping":                       "PONG\n",
	} {
		out, err := redisCLI(t, "", append([]string{"-p", at}, strings.Fields(line)...)...)
		require.NoError(t, err, line)
		require.Equal(t, want, out, line)
	}
	out, err := redisCLI(t, "sentinel replicas mymaster\ninfo sentinel\ncommand docs sentinel\nclient list\n", "-p", at)
	require.NoError(t, err)
	require.Contains(t, out, "role-reported")
	require.Contains(t, out, "status=ok,address=127.0.0.1:"+master+",slaves=2,sentinels=3")
	require.Contains(t, out, "cmd=client|list")
}
