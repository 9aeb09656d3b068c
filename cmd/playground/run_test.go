package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

func TestRunSaysInOneLineThatItIsReady(t *testing.T) {
	t.Parallel()
	p := start(t, "--seed", "42")
	t.Logf("ready after %v, %d ms by its own account", p.started.Round(time.Millisecond), p.ready.ReadyMS)
	require.Len(t, p.ready.Nodes, 6)
	require.EqualValues(t, 42, p.ready.Seed)
	require.Equal(t, "tcp", p.ready.Links)
	require.Equal(t, p.cmd.Process.Pid, p.ready.PID)
	require.True(t, strings.HasPrefix(p.ready.Link, p.ready.Console+"#code="), p.ready.Link)
	for _, addr := range p.ready.Nodes {
		conn, err := net.Dial("tcp", addr)
		require.NoError(t, err)
		require.NoError(t, conn.Close())
	}
	resp, err := http.Get(p.ready.Console)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)

	p.signal(syscall.SIGTERM)
	rest, err := io.ReadAll(p.stdout)
	require.NoError(t, err)
	require.Empty(t, rest, "one line, and nothing after it")
}

// endsSooner tries until a program has once ended in less time than it took to start: a computer that is busy
// with other things makes some ends late, a program that waits for somebody all of them.
func endsSooner(t *testing.T, try func() (p *program, took time.Duration)) {
	t.Helper()
	const tries = 5
	var said []string
	for range tries {
		p, took := try()
		said = append(said, fmt.Sprintf("started in %v, ended in %v", p.started.Round(time.Millisecond), took.Round(time.Millisecond)))
		if took < p.started {
			t.Log(said)
			return
		}
	}
	require.Fail(t, "never in time", "%v", said)
}

func TestAnInterruptEndsEverything(t *testing.T) {
	for _, s := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		t.Run(s.String(), func(t *testing.T) {
			var p *program
			endsSooner(t, func() (*program, time.Duration) {
				p = start(t, "--replicas", "0")
				require.Zero(t, p.ctl("status").code)
				began := time.Now()
				p.signal(s)
				require.Zero(t, p.end(patience), p.stderr)
				return p, time.Since(began)
			})
			for _, addr := range append(p.ready.Nodes, strings.Trim(strings.TrimPrefix(p.ready.Console, "http://"), "/")) {
				_, err := net.Dial("tcp", addr)
				require.ErrorIs(t, err, syscall.ECONNREFUSED, "%s still listens", addr)
			}
			files, err := filepath.Glob(filepath.Join(p.home, "clusterplay", "consoles", "*"))
			require.NoError(t, err)
			require.Empty(t, files, "nothing is left behind")
		})
	}
}

func TestASecondInterruptEndsAtOnce(t *testing.T) {
	var p *program
	endsSooner(t, func() (*program, time.Duration) {
		p = start(t, "--replicas", "0")
		// A frozen node and a request that waits make an orderly end as slow as it can be.
		require.Zero(t, p.ctl("freeze", p.node(0)).code)
		p.signal(syscall.SIGINT)
		time.Sleep(10 * time.Millisecond) // two signals at the same moment may be one
		began := time.Now()
		_ = p.cmd.Process.Signal(syscall.SIGINT)
		p.end(patience)
		return p, time.Since(began)
	})
	again := p.ctl("status")
	require.Equal(t, 1, again.code)
	require.Contains(t, again.stderr, "no playground is running", "a file that was left behind misleads nobody")
}

// portOf is the port in an address such as http://127.0.0.1:7070/.
func portOf(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	return u.Port()
}

// It is not parallel: the ports that are tried next are those of every lab that was not told where.
func TestATakenPortMeansTheNextOne(t *testing.T) {
	p := start(t, "--replicas", "0")
	taken := strings.Trim(strings.TrimPrefix(p.ready.Console, "http://"), "/")
	q := start(t, "--replicas", "0", "--addr", taken)
	require.NotEqual(t, p.ready.Console, q.ready.Console)
	require.Contains(t, q.stderr.String(), "is taken: the console listens on "+portOf(t, q.ready.Console))
	first := strings.TrimPrefix(p.ready.Nodes[0], "127.0.0.1:")
	r := start(t, "--replicas", "0", "--port", first)
	require.Contains(t, r.stderr.String(), "one of the ports from "+first+" on is taken: the nodes use those from ")
}

func TestWhatCannotBeRunIsSaidInOneLine(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	topology := func(text string) string {
		path := filepath.Join(dir, strings.Map(letters, text)+".yaml")
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	tests := []struct {
		name string
		args []string
		says string
	}{
		{"all interfaces", []string{"run", "--addr", "0.0.0.0:7070"}, "this computer only"},
		{"IPv6, all interfaces", []string{"run", "--addr", "[::]:7070"}, "this computer only"},
		{"another computer's address", []string{"run", "--addr", "192.0.2.1:7070"}, "this computer only"},
		{"a name", []string{"run", "--addr", "evil.com:7070"}, "this computer only"},
		{"no port", []string{"run", "--addr", "127.0.0.1"}, "HOST:PORT"},
		{"no such port", []string{"run", "--addr", "127.0.0.1:70700"}, "not a port"},
		{"no masters", []string{"run", "--masters", "0"}, "--masters"},
		{"fewer than no masters", []string{"run", "--masters", "-1"}, "masters -1"},
		{"fewer than no replicas", []string{"run", "--replicas", "-1"}, "replicas -1"},
		{"too many nodes", []string{"run", "--masters", "900", "--replicas", "2"}, "1000"},
		{"a privileged port", []string{"run", "--port", "80"}, "port 80"},
		{"a bus port beyond all ports", []string{"run", "--port", "60000"}, "65535"},
		{"no time", []string{"run", "--node-timeout", "1ms"}, "cluster-node-timeout"},
		{"no such file", []string{"run", "--topology", filepath.Join(dir, "none.yaml")}, "no such file"},
		{"no such kind", []string{"run", "--topology", "ring"}, `"ring" is no kind of lab, and there is no such file (cluster, replication, chain, sentinel, or`},
		{"no such kind beside", []string{"run", "--port", programPort(), "--addr", "127.0.0.1:0", "--lab", "ring"}, `"ring" is no kind of lab`},
		{"a number that is none", []string{"run", "--masters", "many"}, `--masters "many": write a whole number`},
		{"a time without a unit", []string{"run", "--node-timeout", "5"}, `--node-timeout "5": write a time, such as 15s`},
		{"an unknown field", []string{"run", "--topology", topology("nodes: 3")}, `"nodes"`},
		{"the wrong kind", []string{"run", "--topology", topology("masters: many")}, "masters"},
		{"a bad value", []string{"run", "--topology", topology("masters: 3\nlinks: string")}, "links"},
		{"not YAML", []string{"run", "--topology", topology("{[")}, "playground:"},
		{"masters of a chain", []string{"run", "--topology", "chain", "--masters", "2"}, "masters 2 has no meaning with chain"},
		{"a node timeout without a bus", []string{"run", "--topology", "replication", "--node-timeout", "5s"}, "cluster-node-timeout has no meaning"},
		{"a word too many", []string{"run", "away"}, "away"},
		{"an unknown flag", []string{"run", "--fast"}, "--fast (playground run --help lists the flags)"},
		{"an unknown command", []string{"fly"}, "fly"},
		{"a data folder that is a file", []string{"run", "--data", topology("a file")}, "data directory"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := runProgram(t, dir, tt.args...)
			want := 2
			if strings.Contains(tt.name, "folder") {
				want = 1
			}
			require.Equal(t, want, a.code, "%s%s", a.stdout, a.stderr)
			require.Contains(t, a.stderr, tt.says)
			require.True(t, strings.HasPrefix(a.stderr, "playground: "), a.stderr)
			require.Empty(t, a.stdout)
			require.NotContains(t, a.stderr, "goroutine")
		})
	}
}

// letters keeps what a file's name may have.
func letters(r rune) rune {
	if r >= 'a' && r <= 'z' {
		return r
	}
	return -1
}

func TestATopologyFileIsReadAndFlagsWin(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "t.yaml")
	require.NoError(t, os.WriteFile(path, []byte("masters: 4\nreplicas: 0\nseed: 7\ncluster-node-timeout: 3000\n"), 0o600))
	p := start(t, "--topology", path, "--masters", "3")
	require.Len(t, p.ready.Nodes, 3)
	require.EqualValues(t, 7, p.ready.Seed)
}

func TestAnotherKindOfLabRunsAndTellsHowItStands(t *testing.T) {
	t.Parallel()
	p := start(t, "--topology", "chain", "--replicas", "2")
	require.Equal(t, "chain", p.ready.Topology)
	status := p.ctl("status").stdout
	require.Contains(t, status, "chain:ok")
	require.Contains(t, status, "replica of "+p.node(1)+" (connected")
	require.Contains(t, status, "the clients use "+p.node(0))
	require.Contains(t, p.ctl("failover", p.node(2)).stderr, "a replica itself")
	require.Contains(t, p.ctl("failover", p.node(1)).stdout, "hands its place over")
	require.Contains(t, p.ctl("setup").stdout, "a chain of 3 nodes")
}

func TestCtlFindsTheConsoleAndActs(t *testing.T) {
	t.Parallel()
	p := start(t, "--node-timeout", "2s")
	tests := []struct {
		name           string
		words          []string
		code           int
		stdout, stderr string
	}{
		{"status", []string{"status"}, 0, "cluster_state:ok", ""},
		{"a link", []string{"link"}, 0, p.ready.Console + "#code=", ""},
		{"an action", []string{"mark", "before", "the", "kill"}, 0, "before the kill", ""},
		{"by its address", []string{"--addr", strings.Trim(strings.TrimPrefix(p.ready.Console, "http://"), "/"), "heal"}, 0, "", ""},
		{"as JSON, before the verb", []string{"--json", "pause"}, 0, `"command":"playground ctl pause"`, ""},
		{"as JSON, after the verb", []string{"resume", "--json"}, 0, `"ok":true`, ""},
		{"help", []string{"--help"}, 0, "move-slots", ""},
		{"nothing", nil, 2, "", "say what to do"},
		{"an unknown verb", []string{"explode"}, 2, "", `no verb is called "explode"`},
		{"a missing argument", []string{"kill"}, 2, "", "kill NODE"},
		{"an argument too many", []string{"heal", "all"}, 2, "", `does not take "all"`},
		{"a number that is none", []string{"speed", "fast"}, 2, "", "factor must be a number"},
		{"a refusal, with its hint", []string{"kill", "9"}, 1, "", "one of"},
		{"another address", []string{"--addr", "127.0.0.1:1", "heal"}, 1, "", "127.0.0.1:1"},
		{"no address", []string{"heal", "--addr"}, 2, "", "--addr needs a value"},
		{"status of something", []string{"status", "7000"}, 2, "", `does not take "7000"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := p.ctl(tt.words...)
			require.Equal(t, tt.code, a.code, "%s%s", a.stdout, a.stderr)
			require.Contains(t, a.stdout, tt.stdout)
			require.Contains(t, a.stderr, tt.stderr)
			require.Equal(t, tt.code != 0, strings.HasPrefix(a.stderr, "playground: "), a.stderr)
		})
	}
}

func TestCtlHelpNamesEveryVerb(t *testing.T) {
	t.Parallel()
	a := runProgram(t, t.TempDir(), "ctl", "--help")
	for _, spec := range playground.Verbs() {
		require.Contains(t, a.stdout, "  "+spec.Verb+" ")
		require.Contains(t, a.stdout, spec.Example)
	}
}

func TestCtlAsksWhichOfTwo(t *testing.T) {
	t.Parallel()
	p := start(t, "--replicas", "0")
	q := command(t, p.home, "run", "--json", "--addr", "127.0.0.1:0", "--port", programPort(), "--replicas", "0")
	out, err := q.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, q.Start())
	t.Cleanup(func() {
		_ = q.Process.Kill()
		_ = q.Wait()
	})
	var other readyLine
	require.NoError(t, json.NewDecoder(out).Decode(&other))
	a := p.ctl("heal")
	require.Equal(t, 1, a.code)
	require.Contains(t, a.stderr, "--addr")
	addr := strings.Trim(strings.TrimPrefix(other.Console, "http://"), "/")
	require.Contains(t, a.stderr, addr)
	require.Zero(t, p.ctl("--addr", strings.Replace(addr, "127.0.0.1", "localhost", 1), "heal").code)
}

func TestCtlTrustsNoFolderOfOthers(t *testing.T) {
	t.Parallel()
	p := start(t, "--replicas", "0")
	dir := filepath.Join(p.home, "clusterplay", "consoles")
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	require.NoError(t, err)
	require.Len(t, files, 1)
	file, err := os.Stat(files[0])
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), file.Mode().Perm())
	require.NoError(t, os.Chmod(dir, 0o777))
	a := p.ctl("status")
	require.Equal(t, 1, a.code)
	require.Contains(t, a.stderr, "chmod 700")
}

func TestTheTokenIsSaidNowhere(t *testing.T) {
	t.Parallel()
	p := start(t, "--replicas", "0")
	files, err := filepath.Glob(filepath.Join(p.home, "clusterplay", "consoles", "*"))
	require.NoError(t, err)
	data, err := os.ReadFile(files[0])
	require.NoError(t, err)
	var kept struct{ Token string }
	require.NoError(t, json.Unmarshal(data, &kept))
	require.Len(t, kept.Token, 32)
	require.NotContains(t, p.ready.Link, kept.Token)
	a := p.ctl("--json", "status")
	require.NotContains(t, a.stdout, kept.Token)
	require.NotContains(t, p.stderr.String(), kept.Token)
}

func TestWritersAreAtWorkFromTheBeginning(t *testing.T) {
	t.Parallel()
	help := command(t, t.TempDir(), "run", "--help")
	text, err := help.CombinedOutput()
	require.NoError(t, err)
	require.Contains(t, string(text), "writes per second of the built-in clients; 0 is none (default 20)")
	p := start(t, "--load", "30")
	require.Eventually(t, func() bool {
		load := p.status().Load
		return load.Running && load.Rate == 30 && load.Acked > 0
	}, 20*time.Second, 50*time.Millisecond)
	require.False(t, start(t).status().Load.Running, "0 is none")
}
