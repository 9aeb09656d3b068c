//go:build linux

package alone

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
)

// TestADaemonServesWhenItsParentHasEnded starts a server that goes into the background, with everything that
// two processes could quarrel about: a port, a lock on nodes.conf, a file for the log and one for the pid.
func TestADaemonServesWhenItsParentHasEnded(t *testing.T) {
	dir := t.TempDir()
	daemon(t, dir, "Ready to accept connections", "--save", "", "--cluster-enabled", "yes", "--cluster-port", free(t))
}

// TestASentinelGoesIntoTheBackground: a file as distributions ship it says daemonize yes, and how the init
// system finds the process is its pidfile.
func TestASentinelGoesIntoTheBackground(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "sentinel.conf")
	require.NoError(t, os.WriteFile(file, []byte("daemonize yes\nsentinel monitor mymaster 127.0.0.1 1 2\n"), 0o600))
	log := daemon(t, dir, "Sentinel ID is", file, "--sentinel")
	require.NotContains(t, log, "mean nothing here")
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), "daemonize yes\n", "the next start is one into the background too")
}

// daemon starts a child that goes into the background, holds a conversation with what serves there, ends it
// and returns its log. It is up when its log says so.
func daemon(t *testing.T, dir, up string, args ...string) string {
	port := free(t)
	args = append(args, "--port", port, "--bind", "127.0.0.1", "--dir", dir, "--daemonize", "yes",
		"--pidfile", filepath.Join(dir, "s.pid"), "--logfile", "s.log")
	parent := exec.Command(os.Args[0], "-test.run=^TestMainOfAChild$")
	parent.Env = append(os.Environ(), childArgs+"="+strings.Join(args, "\n"))
	said, err := parent.CombinedOutput()
	require.NoError(t, err, "%s", said)

	read := func(name string) string {
		text, _ := os.ReadFile(filepath.Join(dir, name))
		return string(text)
	}
	require.Eventually(t, func() bool { return strings.Contains(read("s.log"), up) }, patience, 10*time.Millisecond,
		"%s", read("s.log"))
	pid, err := strconv.Atoi(strings.TrimSpace(read("s.pid")))
	require.NoError(t, err)
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	require.NotEqual(t, parent.Process.Pid, pid)
	session, _, _ := syscall.RawSyscall(syscall.SYS_GETSID, uintptr(pid), 0, 0)
	require.EqualValues(t, pid, session, "it leads a session of its own")
	conn, err := net.Dial("tcp", "127.0.0.1:"+port)
	require.NoError(t, err)
	_, err = conn.Write([]byte("PING\r\n"))
	require.NoError(t, err)
	reply := make([]byte, 7)
	_, err = conn.Read(reply)
	require.NoError(t, err)
	require.Equal(t, "+PONG\r\n", string(reply))

	_, err = conn.Write([]byte("SHUTDOWN NOSAVE\r\n"))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return strings.Contains(read("s.log"), "bye bye") }, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool { return read("s.pid") == "" }, patience, 10*time.Millisecond, "its pid file goes with it")
	require.Contains(t, read("s.log"), "Removing the pid file.")
	return read("s.log")
}
