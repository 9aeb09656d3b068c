package alone

import (
	"bufio"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/resp"
)

// childArgs names the variable that makes this test binary a server: its arguments, a line each.
const childArgs = "PLAYGROUND_TEST_SERVER"

// TestMainOfAChild is the server, or the Sentinel, that other tests start; by itself it tests nothing.
func TestMainOfAChild(t *testing.T) {
	args, child := os.LookupEnv(childArgs)
	if !child {
		t.Skip("this is the server that other tests kill")
	}
	words := strings.Split(args, "\n")
	if slices.Contains(words, "--sentinel") {
		os.Exit(Sentinel(t.Context(), words, os.Stderr))
	}
	os.Exit(Server(Process{Args: words, In: strings.NewReader(""), Out: os.Stderr, Err: os.Stderr}))
}

// victim is a server in a process of its own.
type victim struct {
	t    *testing.T
	dir  string
	port string
	args []string
	cmd  *exec.Cmd
	log  *output
	left atomic.Int64 // how many transactions are acknowledged before the kill
}

// count counts one acknowledged transaction; after the last one nothing is acknowledged any more.
func (v *victim) count() {
	if v.left.Add(-1) == 0 {
		_ = v.cmd.Process.Kill()
	}
}

// raise starts the process and waits until it serves.
func (v *victim) raise() {
	v.t.Helper()
	args := append([]string{"--port", v.port, "--bind", "127.0.0.1", "--dir", v.dir, "--save", "", "--appendonly", "yes",
		"--enable-debug-command", "yes"}, v.args...)
	v.cmd = exec.Command(os.Args[0], "-test.run=^TestMainOfAChild$")
	v.cmd.Env = append(os.Environ(), childArgs+"="+strings.Join(args, "\n"))
	v.log = &output{}
	v.cmd.Stderr = v.log
	require.NoError(v.t, v.cmd.Start())
	require.Eventually(v.t, func() bool {
		return strings.Contains(v.log.String(), "Ready to accept connections") || strings.Contains(v.log.String(), "Fatal")
	}, patience, time.Millisecond)
	require.NotContains(v.t, v.log.String(), "Fatal")
}

// kill ends it as SIGKILL does.
func (v *victim) kill() {
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

// talk opens a connection.
func (v *victim) talk() (net.Conn, error) { return net.Dial("tcp", "127.0.0.1:"+v.port) }

// ask sends one command and returns the reply's lines behind the first.
func (v *victim) ask(words ...string) []string {
	v.t.Helper()
	conn, err := v.talk()
	require.NoError(v.t, err)
	defer conn.Close()
	_, err = conn.Write(resp.AppendWords(nil, words...))
	require.NoError(v.t, err)
	r := bufio.NewReader(conn)
	head, err := r.ReadString('\n')
	require.NoError(v.t, err)
	if head[0] != '*' {
		return []string{strings.TrimSpace(head)}
	}
	n, _ := strconv.Atoi(strings.TrimSpace(head[1:]))
	var lines []string
	for range n {
		_, err = r.ReadString('\n')
		require.NoError(v.t, err)
		line, err := r.ReadString('\n')
		require.NoError(v.t, err)
		lines = append(lines, strings.TrimSpace(line))
	}
	return lines
}

// writer writes ascending numbers into two lists, a transaction each, some of them in one go.
type writer struct {
	lists       [2]string
	sent, acked int
}

// write goes on until the connection ends.
func (w *writer) write(v *victim, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 1))
	conn, err := v.talk()
	if err != nil {
		return
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	for {
		n := 1 + rng.IntN(8)
		var b []byte
		for range n {
			number := strconv.Itoa(w.sent)
			w.sent++
			b = resp.AppendWords(b, "MULTI")
			b = resp.AppendWords(b, "RPUSH", w.lists[0], number)
			b = resp.AppendWords(b, "RPUSH", w.lists[1], number)
			b = resp.AppendWords(b, "EXEC")
		}
		if rng.IntN(20) == 0 {
			b = resp.AppendWords(b, "BGREWRITEAOF")
		}
		if _, err := conn.Write(b); err != nil {
			return
		}
		if w.read(v, r, n) != nil {
			return
		}
	}
}

// read reads the replies of n transactions.
func (w *writer) read(v *victim, r *bufio.Reader, n int) error {
	for n > 0 {
		line, err := r.ReadString('\n')
		if err != nil {
			return err
		}
		if !strings.HasPrefix(line, "*2") {
			continue
		}
		for range 2 {
			if line, err = r.ReadString('\n'); err != nil {
				return err
			}
			if line[0] != ':' {
				return io.ErrUnexpectedEOF
			}
		}
		n--
		w.acked++
		v.count()
	}
	return nil
}

// kills is how often the servers are killed; AOF_KILLS gives another number for a long run.
func kills() int {
	if n, err := strconv.Atoi(os.Getenv("AOF_KILLS")); err == nil {
		return n
	}
	return 34
}

// TestNothingAcknowledgedIsLostWhenTheProcessIsKilled kills a server while it writes and rewrites its
// log, at a moment that depends on chance, and holds the next life against what clients were told.
func TestNothingAcknowledgedIsLostWhenTheProcessIsKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("it starts many processes")
	}
	for i, policy := range []string{"always", "everysec", "no"} {
		t.Run(policy, func(t *testing.T) {
			rng := rand.New(rand.NewPCG(uint64(i), 5))
			v := &victim{t: t, dir: t.TempDir(), port: strconv.Itoa(berth.Ports(1)), args: []string{"--appendfsync", policy}}
			t.Cleanup(func() { v.kill() })
			writers := make([]writer, 4)
			for i := range writers {
				writers[i].lists = [2]string{fmt.Sprintf("left:%d", i), fmt.Sprintf("right:%d", i)}
			}
			for round := range kills() {
				v.raise()
				hold(t, v, writers)
				strike(v, writers, rng)
				if round%10 == 0 {
					checkLog(t, v)
				}
			}
			v.raise()
			hold(t, v, writers)
		})
	}
}

// strike lets everybody write and kills the server at some moment.
func strike(v *victim, writers []writer, rng *rand.Rand) {
	var all sync.WaitGroup
	v.left.Store(1 + rng.Int64N(400))
	for i := range writers {
		seed := rng.Uint64()
		all.Go(func() { writers[i].write(v, seed) })
	}
	all.Wait()
	_ = v.cmd.Wait()
}

// hold compares what the server has with what it has said.
func hold(t *testing.T, v *victim, writers []writer) {
	t.Helper()
	for i := range writers {
		w := &writers[i]
		left, right := v.ask("LRANGE", w.lists[0], "0", "-1"), v.ask("LRANGE", w.lists[1], "0", "-1")
		require.Equal(t, left, right, "a transaction is there as a whole")
		require.GreaterOrEqual(t, len(left), w.acked, "what was acknowledged is there")
		require.LessOrEqual(t, len(left), w.sent)
		for n, text := range left {
			require.Equal(t, strconv.Itoa(n), text, "in its order and once")
		}
		w.sent, w.acked = len(left), len(left)
	}
}

// checkLog has Redis' own tool look at what a kill has left. An end that is missing is no error of the
// log: the next life cuts it off, and so may the tool.
func checkLog(t *testing.T, v *victim) {
	t.Helper()
	tool, err := exec.LookPath("redis-check-aof")
	if err != nil {
		return
	}
	manifest := filepath.Join(v.dir, "appendonlydir", "appendonly.aof.manifest")
	cmd := exec.Command(tool, "--fix", manifest)
	cmd.Stdin = strings.NewReader("y\n")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
}
