package main_test

import (
	"context"
	"math/rand/v2"
	"net/netip"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/berth"
	"clusterplay/node/bus"
	"clusterplay/node/machine"
	"clusterplay/node/resp"
	"clusterplay/node/server"
	"clusterplay/playground"
	"clusterplay/playground/wire"
)

// The oracle tests put our nodes beside what other people wrote: redis-server and redis-cli
// 7.0.15 and three client libraries. What those cannot tell from Redis is Redis.

const (
	// oracleTimeout is the node timeout of tests in which a real process takes part, whose time
	// cannot be sped up: short, and long enough for a computer that does other things as well.
	oracleTimeout = 2 * time.Second
	// calmTimeout is the node timeout where nothing is meant to fail: a busy computer must not make
	// nodes suspect each other.
	calmTimeout = 8 * time.Second
	// patience bounds a wait for a condition that takes some node timeouts. It is no goal: whoever waits
	// so long waits in vain, on any computer.
	patience = 2 * time.Minute
	// lookEvery is how often a condition of a foreign process is looked at.
	lookEvery = 20 * time.Millisecond
	// commandLimit bounds one command to one server.
	commandLimit = time.Minute
	// busStep lies between a client port and its bus port.
	busStep = 10000
)

// port is a server on this computer, ours or a real one, known by its client port.
type port int

func (p port) String() string { return strconv.Itoa(int(p)) }

func (p port) addr() string { return "127.0.0.1:" + p.String() }

// try sends one command on a connection of its own.
func (p port) try(words ...string) (resp.Value, error) {
	ctx, cancel := context.WithTimeout(context.Background(), commandLimit)
	defer cancel()
	conn, err := wire.Dial(ctx, p.addr())
	if err != nil {
		return resp.Value{}, err
	}
	defer conn.Close()
	return conn.Do(ctx, words...)
}

// text is the text of a reply, or what went wrong.
func (p port) text(words ...string) string {
	v, err := p.try(words...)
	if err != nil {
		return err.Error()
	}
	return v.String()
}

// do sends a command that must not fail.
func (p port) do(t *testing.T, words ...string) resp.Value {
	t.Helper()
	v, err := p.try(words...)
	require.NoError(t, err, "%v: %q", p, words)
	require.False(t, v.IsError(), "%v: %q: %s", p, words, v.Text)
	return v
}

// field is a line of INFO or CLUSTER INFO.
func (p port) field(name string, words ...string) string {
	for line := range strings.Lines(p.text(words...)) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), name+":"); ok {
			return value
		}
	}
	return ""
}

func (p port) id(t *testing.T) string {
	t.Helper()
	return p.do(t, "CLUSTER", "MYID").Text
}

// eventually looks at a condition until it holds.
func eventually(t *testing.T, what string, met func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !met(); {
		require.True(t, time.Now().Before(end), "after %v still not: %s", patience, what)
		time.Sleep(lookEvery) // a foreign process announces nothing
	}
}

// foreign is a process that is called as redis-server is: a real one, or ours.
type foreign struct {
	port
	t    *testing.T
	path string
	args []string
	cmd  *exec.Cmd
}

// startForeign starts a redis-server that answers, and ends it with the test.
func startForeign(t *testing.T, options ...string) *foreign {
	t.Helper()
	needTool(t, "redis-server")
	return startProcess(t, "redis-server", options...)
}

// startProcess is startForeign for a program that takes redis-server's options.
func startProcess(t *testing.T, path string, options ...string) *foreign {
	t.Helper()
	f := &foreign{port: port(berth.Ports(1)), t: t, path: path}
	f.args = append([]string{
		"--port", f.String(), "--bind", "127.0.0.1", "--dir", t.TempDir(), "--save", "",
		"--enable-debug-command", "local", "--repl-diskless-sync-delay", "0",
	}, options...)
	t.Cleanup(f.kill)
	f.start()
	return f
}

// clusterOptions make a redis-server a cluster node.
func clusterOptions() []string {
	return []string{
		"--cluster-enabled", "yes", "--cluster-allow-replica-migration", "no",
		"--cluster-node-timeout", strconv.Itoa(int(oracleTimeout.Milliseconds())),
	}
}

// start starts the process, again if need be, with the files of its last life.
func (f *foreign) start() {
	f.t.Helper()
	f.cmd = exec.Command(f.path, f.args...)
	require.NoError(f.t, f.cmd.Start())
	eventually(f.t, f.path+" answers", func() bool { return answers(f.port) })
}

// answers reports whether a server answers, and be it that it wants a password.
func answers(p port) bool {
	said := p.text("PING")
	return said == "PONG" || strings.HasPrefix(said, "NOAUTH")
}

// kill is kill -9.
func (f *foreign) kill() {
	if f.cmd != nil {
		_ = f.cmd.Process.Kill()
		_ = f.cmd.Wait()
		f.cmd = nil
	}
}

func needTool(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err != nil {
		t.Skip(name + " is not installed")
	}
}

// redisCLI runs redis-cli and returns what it prints, and whether it was content.
func redisCLI(t *testing.T, input string, args ...string) (string, error) {
	t.Helper()
	needTool(t, "redis-cli")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "redis-cli", args...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// startOwn starts one node of ours that belongs to no lab: as redis-server would run.
func startOwn(t *testing.T, at int, settings map[string]string) port {
	t.Helper()
	if at == 0 {
		at = berth.Ports(1)
	}
	n, err := node.New(ownConfig(at, settings))
	require.NoError(t, err)
	require.NoError(t, n.Start())
	t.Cleanup(n.Kill)
	return port(at)
}

func ownConfig(at int, settings map[string]string) node.Config {
	loopback := netip.MustParseAddr("127.0.0.1")
	clustered := settings["cluster-enabled"] == "yes"
	cfg := node.Config{
		Name: strconv.Itoa(at), Addr: netip.AddrPortFrom(loopback, uint16(at)),
		New: func(b node.Birth) (machine.Machine, error) {
			return server.New(server.Config{
				Port: at, BusPort: at + busStep, AnnounceIP: "127.0.0.1", ClusterEnabled: clustered, Settings: settings,
			}, rand.New(rand.NewPCG(uint64(at), uint64(b.Now.UnixNano()))))
		},
	}
	if clustered {
		cfg.BusAddr, cfg.BusFrame = netip.AddrPortFrom(loopback, uint16(at+busStep)), bus.Need
	}
	return cfg
}

// launchLab starts a lab, and ends it with the test.
func launchLab(t *testing.T, topology playground.Topology) *playground.Lab {
	t.Helper()
	topology.Port = berth.Ports(topology.Nodes() + 2)
	l, err := playground.Launch(t.Context(), topology)
	require.NoError(t, err)
	t.Cleanup(l.Close)
	return l
}

// act carries out a command line of the lab.
func act(t *testing.T, l *playground.Lab, line string) playground.Result {
	t.Helper()
	words := strings.Fields(line)
	a, err := playground.Parse(words[0], words[1:])
	require.NoError(t, err)
	r, err := l.Do(t.Context(), a)
	require.NoError(t, err, line)
	return r
}

// until waits for a condition on the lab's snapshot, and shows the story when it does not come.
func until(t *testing.T, l *playground.Lab, what string, met func(playground.Snapshot) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := l.Until(ctx, what, met); err != nil {
		for _, line := range l.Snapshot().Story {
			t.Log(line.Node, line.Line)
		}
		require.NoError(t, err)
	}
}

// nodeOf is one node of a snapshot.
func nodeOf(s playground.Snapshot, p port) playground.Node {
	for _, n := range s.Nodes {
		if n.Port == int(p) {
			return n
		}
	}
	return playground.Node{}
}

// members are the lab's nodes in the order of their ports: masters first.
func members(l *playground.Lab) []port {
	var list []port
	for _, n := range l.Snapshot().Nodes {
		list = append(list, port(n.Port))
	}
	return list
}
