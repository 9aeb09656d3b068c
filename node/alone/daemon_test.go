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
	dir, port := t.TempDir(), free(t)
	args := []string{"--port", port, "--bind", "127.0.0.1", "--dir", dir, "--save", "", "--cluster-enabled", "yes",
		"--cluster-port", free(t), "--daemonize", "yes", "--pidfile", filepath.Join(dir, "s.pid"), "--logfile", "s.log"}
	parent := exec.Command(os.Args[0], "-test.run=^TestMainOfAChild$")
	parent.Env = append(os.Environ(), childArgs+"="+strings.Join(args, "\n"))
	said, err := parent.CombinedOutput()
	require.NoError(t, err, "%s", said)

	read := func(name string) string {
		text, _ := os.ReadFile(filepath.Join(dir, name))
		return string(text)
	}
	require.Eventually(t, func() bool { return strings.Contains(read("s.log"), "Ready to accept connections") }, patience, 10*time.Millisecond,
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
}
