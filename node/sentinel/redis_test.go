package sentinel

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/resp"
)

// realSentinel is a Sentinel of Redis itself, of our own, with one connection to it.
type realSentinel struct {
	t    testing.TB
	addr string
	file string // its sentinel.conf
	conn net.Conn
	in   resp.Replies
	cmd  *exec.Cmd
}

const patience = time.Minute

// startReal starts a Sentinel of Redis for the duration of the test. PORT and DIR in conf become its
// own port and directory. Without redis-server installed the test is skipped.
func startReal(t testing.TB, conf string) *realSentinel {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("redis-server is not installed")
	}
	port, dir := freePort(), t.TempDir()
	r := &realSentinel{t: t, addr: "127.0.0.1:" + port, file: filepath.Join(dir, "sentinel.conf")}
	conf = strings.NewReplacer("PORT", port, "DIR", dir).Replace(conf)
	require.NoError(t, os.WriteFile(r.file, []byte(conf), 0o600))
	r.cmd = exec.Command(program, r.file, "--sentinel", "--port", port, "--dir", dir)
	require.NoError(t, r.cmd.Start())
	t.Cleanup(func() {
		_ = r.cmd.Process.Kill()
		_ = r.cmd.Wait()
	})
	require.Eventually(t, r.connect, patience, 10*time.Millisecond)
	return r
}

// connect opens the connection, anew after a restart.
func (r *realSentinel) connect() bool {
	conn, err := net.Dial("tcp", r.addr)
	if err != nil {
		return false
	}
	r.conn, r.in = conn, resp.Replies{}
	r.t.Cleanup(func() { _ = conn.Close() })
	return true
}

func freePort() string { return strconv.Itoa(berth.Ports(1)) }

// do sends one command and returns its reply.
func (r *realSentinel) do(words ...string) resp.Value {
	v, err := r.try(words...)
	require.NoError(r.t, err, words)
	return v
}

// try is do for a connection that may have ended.
func (r *realSentinel) try(words ...string) (resp.Value, error) {
	if err := r.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return resp.Value{}, err
	}
	if _, err := r.conn.Write(resp.AppendWords(nil, words...)); err != nil {
		return resp.Value{}, err
	}
	return r.receive()
}

// next returns the next reply or message.
func (r *realSentinel) next() resp.Value {
	v, err := r.receive()
	require.NoError(r.t, err)
	return v
}

func (r *realSentinel) receive() (resp.Value, error) {
	buf := make([]byte, 64<<10)
	for {
		v, n, err := r.in.Next()
		if n > 0 || err != nil {
			return v, err
		}
		if n, err = r.conn.Read(buf); err != nil {
			return v, err
		}
		r.in.Feed(buf[:n])
	}
}

// conf is its file as it is now.
func (r *realSentinel) conf() string {
	text, err := os.ReadFile(r.file)
	require.NoError(r.t, err)
	return string(text)
}

// end stops it as an operator does and waits.
func (r *realSentinel) end() {
	require.NoError(r.t, r.cmd.Process.Signal(syscall.SIGTERM))
	_ = r.cmd.Wait()
}
