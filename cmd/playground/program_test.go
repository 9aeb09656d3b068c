package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/playground"
)

// scratch holds the built program and the consoles' files of this run.
var scratch string

func TestMain(m *testing.M) {
	flag.Parse()
	if most := flag.Lookup("test.parallel"); most.Value.String() == most.DefValue {
		// Most tests wait for what a lab and a page do meanwhile.
		_ = flag.Set("test.parallel", strconv.Itoa(runtime.GOMAXPROCS(0)+1))
	}
	code := func() int {
		dir, err := os.MkdirTemp("", "playground-test-")
		if err != nil {
			panic(err)
		}
		defer os.RemoveAll(dir)
		scratch = dir
		defer theChromium.end()
		return m.Run()
	}()
	os.Exit(code)
}

// build makes the program once, when the first test needs it. A benchmark is given one.
var build = sync.OnceValues(func() (string, error) {
	if given := os.Getenv("BENCH_PROGRAM"); given != "" {
		return given, nil
	}
	path := filepath.Join(scratch, "playground")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", errors.New(string(out))
	}
	return path, nil
})

// command prepares a run of the program whose console files lie in home.
func command(t *testing.T, home string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := build()
	require.NoError(t, err)
	cmd := exec.Command(path, args...)
	cmd.Env = append(os.Environ(), "XDG_CACHE_HOME="+home, "HOME="+home)
	return cmd
}

// answer is what one finished run of the program said.
type answer struct {
	stdout, stderr string
	code           int
}

// runProgram runs the program to its end.
func runProgram(t *testing.T, home string, args ...string) answer {
	t.Helper()
	cmd := command(t, home, args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		require.NoError(t, err)
	}
	return answer{stdout.String(), stderr.String(), cmd.ProcessState.ExitCode()}
}

// readyLine is what `run --json` prints.
type readyLine struct {
	Topology      string
	Console, Link string
	Nodes         []string
	Seed          uint64
	Links         string
	ReadyMS       int64
	PID           int
}

// program is a playground that runs in a process of its own.
type program struct {
	t     *testing.T
	home  string
	cmd   *exec.Cmd
	ready readyLine

	started time.Duration // what that took
	stdout  *bufio.Reader
	stderr  saidFile
	ended   chan struct{}
}

// saidFile is the file into which a process writes what it says. It has no reader in between that could be
// late: whatever the process said before anything else that a test saw of it is there.
type saidFile struct{ path string }

func (s saidFile) String() string {
	text, err := os.ReadFile(s.path)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// programPorts is how many ports a program of these tests may need: its nodes, and some that join.
const programPorts = 20

// programPort is a first port for a program.
func programPort() string { return strconv.Itoa(berth.Ports(programPorts)) }

// labPorts is a first port for a program with labs beside its main one: each begins at a hundred of its own.
func labPorts() string { return strconv.Itoa(berth.Piers(6)) }

// start runs `playground run --json` with more flags and waits for its line.
func start(t *testing.T, flags ...string) *program {
	t.Helper()
	return startWithin(t, 0, flags...)
}

// startWithin is start for a lab that may never form: it is ended after so long, if that is not 0.
func startWithin(t *testing.T, limit time.Duration, flags ...string) *program {
	t.Helper()
	flags = append([]string{"run", "--json", "--addr", "127.0.0.1:0", "--port", programPort(), "--load", "0"}, flags...)
	began := time.Now()
	p := launch(t, flags...)
	if limit > 0 {
		defer time.AfterFunc(limit, p.kill).Stop()
	}
	line, err := p.stdout.ReadBytes('\n')
	require.NoError(t, err, p.stderr)
	require.NoError(t, json.Unmarshal(line, &p.ready), string(line))
	p.started = time.Since(began)
	return p
}

// launch runs the program in a home of its own until the test ends.
func launch(t *testing.T, args ...string) *program {
	t.Helper()
	p := &program{t: t, home: t.TempDir(), stderr: saidFile{filepath.Join(t.TempDir(), "stderr")}, ended: make(chan struct{})}
	p.cmd = command(t, p.home, args...)
	stderr, err := os.Create(p.stderr.path)
	require.NoError(t, err)
	defer stderr.Close()
	// A pipe of our own: that of StdoutPipe is closed by Wait, whatever is still to be read.
	out, in, err := os.Pipe()
	require.NoError(t, err)
	t.Cleanup(func() { _ = out.Close() })
	defer in.Close()
	p.stdout = bufio.NewReader(out)
	p.cmd.Stdout, p.cmd.Stderr = in, stderr
	require.NoError(t, p.cmd.Start())
	go func() {
		_ = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(p.kill)
	return p
}

// kill ends the program if it has not ended.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// signal sends a signal.
func (p *program) signal(s syscall.Signal) { require.NoError(p.t, p.cmd.Process.Signal(s)) }

// end waits for the end and tells the exit code.
func (p *program) end(within time.Duration) int {
	p.t.Helper()
	select {
	case <-p.ended:
	case <-time.After(within):
		require.Fail(p.t, "the program has not ended", "within %v; it said: %s", within, p.stderr)
	}
	return p.cmd.ProcessState.ExitCode()
}

// ctl runs `playground ctl` against this program.
func (p *program) ctl(words ...string) answer {
	p.t.Helper()
	return runProgram(p.t, p.home, append([]string{"ctl"}, words...)...)
}

// status asks the console for everything.
func (p *program) status() playground.Snapshot {
	p.t.Helper()
	a := p.ctl("--json", "status")
	require.Zero(p.t, a.code, a.stderr)
	var s playground.Snapshot
	require.NoError(p.t, json.Unmarshal([]byte(a.stdout), &s))
	return s
}

// node is the i-th node's name.
func (p *program) node(i int) string {
	_, port, _ := strings.Cut(p.ready.Nodes[i], ":")
	return port
}

// syncBuffer is a buffer that a process writes while a test reads.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}
