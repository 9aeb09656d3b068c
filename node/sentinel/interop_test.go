package sentinel

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
	"clusterplay/node/server"
)

// live is a Sentinel of ours on real sockets.
type live struct {
	*node.Node
	t      *testing.T
	mu     sync.Mutex
	events []string // names
}

// startLive starts one that watches mymaster at a port. more is added to its file.
func startLive(t *testing.T, master, quorum int, more string) *live {
	o := &live{t: t}
	conf := fmt.Sprintf("sentinel monitor mymaster 127.0.0.1 %d %d\n%s", master, quorum, more)
	n, err := node.New(node.Config{
		Name: "ours", Addr: netip.MustParseAddrPort("127.0.0.1:" + freePort()),
		New: func(b node.Birth) (machine.Machine, error) {
			text, err := b.ReadFile("sentinel.conf")
			if err != nil {
				text = []byte(conf)
			}
			s, err := New(Config{Port: int(b.Addr.Port()), Conf: text}, rand.New(rand.NewPCG(uint64(b.Addr.Port()), 1)))
			if err == nil {
				s.periods.Info, s.periods.Publish = time.Second, 500*time.Millisecond // so that nothing takes long
				s.periods.Tilt = time.Second                                          // a busy computer may stop us
			}
			return s, err
		},
		OnEvent: func(e node.Stamped) {
			o.mu.Lock()
			defer o.mu.Unlock()
			o.events = append(o.events, e.Event.Name())
		},
	})
	require.NoError(t, err)
	o.Node = n
	require.NoError(t, n.Start())
	t.Cleanup(n.Kill)
	return o
}

func (o *live) has(event string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Contains(o.events, event)
}

// look reads its state.
func (o *live) look(f func(m *master) bool) (is bool) {
	_ = o.Look(func(m machine.Machine) { is = f(m.(*Sentinel).find("mymaster")) })
	return is
}

// knows reports whether it knows so many replicas and Sentinels.
func (o *live) knows(replicas, sentinels int) bool {
	return o.look(func(m *master) bool {
		for i := range m.all() {
			if !i.link.whole() || i.kind != kindSentinel && i.info.at.IsZero() {
				return false
			}
		}
		return len(m.replicas) == replicas && len(m.sentinels) == sentinels
	})
}

// names reports whether it tells clients that the master is at a port.
func (o *live) names(port int) bool {
	return o.look(func(m *master) bool { return m.current().port == port })
}

// eventually waits for something that must happen soon.
func eventually(t testing.TB, f func() bool, what string) {
	t.Helper()
	require.Eventually(t, f, patience, 20*time.Millisecond, what)
}

// instanceOf is a Redis server, Redis' own or ours.
type instanceOf interface {
	port() int
	do(words ...string) resp.Value
	kill()
	restart()
}

// startNodes starts a master and two replicas.
type startNodes func(t *testing.T) []instanceOf

// ourNode is a server of ours on real sockets.
type ourNode struct {
	*node.Node
	t *testing.T
}

func startOurNodes(t *testing.T) []instanceOf {
	var all []instanceOf
	for range 3 {
		port, _ := strconv.Atoi(freePort())
		settings := map[string]string{"repl-diskless-sync-delay": "0"}
		if len(all) > 0 {
			settings["replicaof"] = fmt.Sprintf("127.0.0.1 %d", all[0].port())
		}
		n, err := node.New(node.Config{
			Name: "node", Addr: netip.MustParseAddrPort(fmt.Sprintf("127.0.0.1:%d", port)),
			New: func(b node.Birth) (machine.Machine, error) {
				cfg := server.Config{Port: port, Settings: settings, Files: map[string][]byte{}}
				return server.New(cfg, rand.New(rand.NewPCG(uint64(port), uint64(b.Now.UnixNano()))))
			},
		})
		require.NoError(t, err)
		require.NoError(t, n.Start())
		t.Cleanup(n.Kill)
		all = append(all, ourNode{n, t})
	}
	return all
}

func (n ourNode) port() int { return int(n.Addr().Port()) }
func (n ourNode) kill()     { n.Kill() }
func (n ourNode) restart()  { require.NoError(n.t, n.Start()) }

func (n ourNode) do(words ...string) resp.Value {
	ctx, cancel := context.WithTimeout(n.t.Context(), patience)
	defer cancel()
	v, err := n.Call(ctx, words...)
	require.NoError(n.t, err)
	return v
}

// realNode is redis-server.
type realNode struct {
	*realSentinel // the connection and the process
	args          []string
	at            int
}

func startRealNodes(t *testing.T) []instanceOf {
	var all []instanceOf
	for range 3 {
		port, _ := strconv.Atoi(freePort())
		n := &realNode{realSentinel: &realSentinel{t: t, addr: fmt.Sprintf("127.0.0.1:%d", port)}, at: port}
		n.args = []string{"--port", strconv.Itoa(port), "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir(), "--repl-diskless-sync-delay", "0"}
		if len(all) > 0 {
			n.args = append(n.args, "--replicaof", "127.0.0.1", strconv.Itoa(all[0].port()))
		}
		n.restart()
		all = append(all, n)
	}
	return all
}

func (n *realNode) port() int { return n.at }

// do sends one command on a connection of its own: a failover cuts off a node's clients.
func (n *realNode) do(words ...string) (v resp.Value) {
	var fresh realSentinel
	eventually(n.t, func() bool {
		fresh = realSentinel{t: n.t, addr: n.addr}
		if !fresh.connect() {
			return false
		}
		defer fresh.conn.Close()
		var err error
		v, err = fresh.try(words...)
		return err == nil
	}, "a reply")
	return v
}

func (n *realNode) kill() {
	_ = n.cmd.Process.Kill()
	_ = n.cmd.Wait()
}

func (n *realNode) restart() {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		n.t.Skip("redis-server is not installed")
	}
	cmd := exec.Command(program, n.args...)
	require.NoError(n.t, cmd.Start())
	n.cmd = cmd
	n.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	eventually(n.t, func() bool { return n.connect() }, "redis-server answers")
}

// follows reports whether a node is a replica in step with a master.
func follows(n instanceOf, port int) bool {
	role := n.do("ROLE")
	return len(role.List) == 5 && role.List[2].Int == int64(port) && role.List[3].Text == "connected"
}

// isMaster reports whether a node calls itself a master.
func isMaster(n instanceOf) bool { return n.do("ROLE").List[0].Text == "master" }

// promotedOf is the node that is a master besides the first.
func promotedOf(nodes []instanceOf) (promoted, other instanceOf) {
	if isMaster(nodes[1]) {
		return nodes[1], nodes[2]
	}
	return nodes[2], nodes[1]
}

// eachKindOfNode runs a test over real servers and over ours.
func eachKindOfNode(t *testing.T, test func(t *testing.T, nodes []instanceOf)) {
	if testing.Short() {
		t.Skip("it takes real time")
	}
	for _, row := range []struct {
		name  string
		start startNodes
	}{{"real nodes", startRealNodes}, {"our nodes", startOurNodes}} {
		t.Run(row.name, func(t *testing.T) {
			nodes := row.start(t)
			eventually(t, func() bool { return follows(nodes[1], nodes[0].port()) && follows(nodes[2], nodes[0].port()) }, "the replicas follow")
			test(t, nodes)
		})
	}
}

const quick = "sentinel down-after-milliseconds mymaster 1000\nsentinel failover-timeout mymaster 5000\n"

func TestOneOfOursReplacesAMasterOnRealSockets(t *testing.T) {
	eachKindOfNode(t, func(t *testing.T, nodes []instanceOf) {
		o := startLive(t, nodes[0].port(), 1, quick)
		eventually(t, func() bool { return o.knows(2, 0) }, "the replicas are known")
		require.Equal(t, "OK", nodes[0].do("SET", "k", "v").Text)
		eventually(t, func() bool { return nodes[1].do("GET", "k").Text == "v" && nodes[2].do("GET", "k").Text == "v" }, "the write arrives")
		nodes[0].kill()
		eventually(t, func() bool { return o.has("+switch-master") }, "the failover ends")
		promoted, other := promotedOf(nodes)
		require.True(t, isMaster(promoted))
		require.True(t, o.names(promoted.port()))
		eventually(t, func() bool { return follows(other, promoted.port()) }, "the other replica follows")
		require.Equal(t, "v", promoted.do("GET", "k").Text)
		nodes[0].restart()
		eventually(t, func() bool { return follows(nodes[0], promoted.port()) }, "the old master is converted")
		require.True(t, o.has("+convert-to-slave"))
	})
}

// startUntilted starts one that a busy computer does not put out of action for half a minute.
func startUntilted(t *testing.T, conf string) *realSentinel {
	r := startReal(t, conf)
	require.Equal(t, "OK", r.do("SENTINEL", "DEBUG", "tilt-period", "1000").Text)
	return r
}

// startRealSentinels starts two of Redis' own that watch mymaster.
func startRealSentinels(t *testing.T, master, quorum int, more string) []*realSentinel {
	conf := fmt.Sprintf("sentinel monitor mymaster 127.0.0.1 %d %d\nsentinel failover-timeout mymaster 5000\n%s", master, quorum, more)
	return []*realSentinel{startUntilted(t, conf), startUntilted(t, conf)}
}

// namesMaster reports whether a real Sentinel tells clients that the master is at a port.
func (r *realSentinel) namesMaster(port int) bool {
	v := r.do("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
	return len(v.List) == 2 && v.List[1].Text == strconv.Itoa(port)
}

func TestOneOfOursLeadsWithTheVotesOfRealSentinels(t *testing.T) {
	eachKindOfNode(t, func(t *testing.T, nodes []instanceOf) {
		real := startRealSentinels(t, nodes[0].port(), 1, "sentinel down-after-milliseconds mymaster 60000\n")
		o := startLive(t, nodes[0].port(), 1, quick)
		eventually(t, func() bool { return o.knows(2, 2) }, "everybody is known")
		nodes[0].kill()
		eventually(t, func() bool { return o.has("+switch-master") }, "the failover ends")
		promoted, other := promotedOf(nodes)
		require.True(t, isMaster(promoted))
		for _, r := range real {
			eventually(t, func() bool { return r.namesMaster(promoted.port()) }, "a real Sentinel takes the configuration over")
			require.Contains(t, r.conf(), "sentinel config-epoch mymaster 1")
			require.Contains(t, r.conf(), "sentinel leader-epoch mymaster 1")
		}
		eventually(t, func() bool { return follows(other, promoted.port()) }, "the other replica follows")
	})
}

// startQuickReal starts one Sentinel of Redis' own that watches mymaster.
func startQuickReal(t *testing.T, master, quorum int) *realSentinel {
	return startUntilted(t, fmt.Sprintf("sentinel monitor mymaster 127.0.0.1 %d %d\n%s", master, quorum, quick))
}

// peersWell reports whether a real Sentinel has so many others, and can reach each.
func (r *realSentinel) peersWell(n int) bool {
	others := r.do("SENTINEL", "SENTINELS", "mymaster").List
	for _, o := range others {
		if flags, _ := o.Get("flags"); flags.Text != "sentinel" {
			return false
		}
	}
	return len(others) == n
}

func TestThreeOfOursFailOverOnRealSockets(t *testing.T) {
	eachKindOfNode(t, func(t *testing.T, nodes []instanceOf) {
		var all []*live
		for range 3 {
			all = append(all, startLive(t, nodes[0].port(), 2, quick))
		}
		for _, o := range all {
			eventually(t, func() bool { return o.knows(2, 2) }, "everybody is known")
		}
		nodes[0].kill()
		for _, o := range all {
			eventually(t, func() bool { return o.has("+switch-master") }, "it hears of the new master")
		}
		promoted, other := promotedOf(nodes)
		for _, o := range all {
			require.True(t, o.names(promoted.port()))
		}
		eventually(t, func() bool { return follows(other, promoted.port()) }, "the other replica follows")
		nodes[0].restart()
		eventually(t, func() bool { return follows(nodes[0], promoted.port()) }, "the old master is converted")
		for _, o := range all {
			require.True(t, o.names(promoted.port()))
		}
	})
}

func TestARealSentinelLeadsWithTheVotesOfOurs(t *testing.T) {
	eachKindOfNode(t, func(t *testing.T, nodes []instanceOf) {
		patient := "sentinel down-after-milliseconds mymaster 60000\nsentinel failover-timeout mymaster 5000\n"
		one, two := startLive(t, nodes[0].port(), 1, patient), startLive(t, nodes[0].port(), 1, patient)
		real := startQuickReal(t, nodes[0].port(), 1)
		eventually(t, func() bool { return one.knows(2, 2) && two.knows(2, 2) && real.peersWell(2) }, "everybody is known")
		nodes[0].kill()
		for _, o := range []*live{one, two} {
			eventually(t, func() bool { return o.has("+switch-master") }, "ours take the configuration over")
			require.False(t, o.has("+try-failover"))
		}
		require.True(t, one.has("+vote-for-leader") || two.has("+vote-for-leader"))
		promoted, _ := promotedOf(nodes)
		require.True(t, one.names(promoted.port()) && two.names(promoted.port()))
		eventually(t, func() bool { return real.namesMaster(promoted.port()) && real.peersWell(2) }, "the real one agrees, and ours are well in its eyes")
	})
}

func TestAMixedGroupAgreesWhoeverLeads(t *testing.T) {
	eachKindOfNode(t, func(t *testing.T, nodes []instanceOf) {
		one, two := startLive(t, nodes[0].port(), 2, quick), startLive(t, nodes[0].port(), 2, quick)
		real := startQuickReal(t, nodes[0].port(), 2)
		eventually(t, func() bool { return one.knows(2, 2) && two.knows(2, 2) && real.peersWell(2) }, "everybody is known")
		nodes[0].kill()
		eventually(t, func() bool {
			return one.has("+switch-master") && two.has("+switch-master") && !real.namesMaster(nodes[0].port())
		}, "everybody hears of the new master")
		promoted, other := promotedOf(nodes)
		require.True(t, one.names(promoted.port()) && two.names(promoted.port()) && real.namesMaster(promoted.port()))
		eventually(t, func() bool { return follows(other, promoted.port()) }, "the other replica follows")
	})
}
