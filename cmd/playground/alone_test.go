package main_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// calledAs is a run of the program under another name.
func calledAs(t *testing.T, name string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := build()
	require.NoError(t, err)
	link := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.Symlink(path, link))
	return exec.Command(link, args...)
}

// sentinelProcess is a Sentinel of ours in a process of its own.
type sentinelProcess struct {
	port
	file string
	cmd  *exec.Cmd
}

// startSentinel runs cmd, which names file, until the test ends, and waits for an answer.
func startSentinel(t *testing.T, at port, file string, cmd *exec.Cmd) *sentinelProcess {
	t.Helper()
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	eventually(t, "the Sentinel answers", func() bool { return at.text("PING") == "PONG" })
	return &sentinelProcess{at, file, cmd}
}

// sentinelFile writes a sentinel.conf for a port.
func sentinelFile(t *testing.T, at port, more string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "sentinel.conf")
	require.NoError(t, os.WriteFile(file, []byte("port "+at.String()+"\n"+more), 0o600))
	return file
}

func TestTheProgramIsASentinelUnderItsThreeNames(t *testing.T) {
	t.Parallel()
	for name, run := range map[string]func(file string) *exec.Cmd{
		"redis-sentinel CONF":          func(file string) *exec.Cmd { return calledAs(t, "redis-sentinel", file) },
		"redis-server CONF --sentinel": func(file string) *exec.Cmd { return calledAs(t, "redis-server", file, "--sentinel") },
		"playground node --sentinel …": func(file string) *exec.Cmd { return command(t, t.TempDir(), "node", "--sentinel", file) },
	} {
		t.Run(name, func(t *testing.T) {
			at := port(berth.Ports(1))
			file := sentinelFile(t, at, "sentinel monitor mymaster 127.0.0.1 1 2\n")
			s := startSentinel(t, at, file, run(file))
			id := at.text("SENTINEL", "MYID")
			require.Len(t, id, 40)
			require.NoError(t, s.cmd.Process.Signal(syscall.SIGHUP), "a closed terminal is no reason to end")
			require.Equal(t, "PONG", at.text("PING"))
			require.NoError(t, s.cmd.Process.Signal(syscall.SIGTERM))
			require.NoError(t, s.cmd.Wait(), "it ends with 0")
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Contains(t, string(text), "sentinel myid "+id)
		})
	}
}

func TestASimulatedFailureEndsTheProcessWith99(t *testing.T) {
	t.Parallel()
	master := startForeign(t)
	replica := startForeign(t, "--replicaof", "127.0.0.1 "+master.String(), "--repl-ping-replica-period", "1")
	at := port(berth.Ports(1))
	file := sentinelFile(t, at, "sentinel monitor mymaster 127.0.0.1 "+master.String()+" 1\n")
	s := startSentinel(t, at, file, calledAs(t, "redis-sentinel", file))
	at.do(t, "SENTINEL", "DEBUG", "info-period", "100")
	eventually(t, "the replica to be known and electable", func() bool {
		return at.text("SENTINEL", "SIMULATE-FAILURE", "crash-after-promotion") == "OK" && at.text("SENTINEL", "FAILOVER", "mymaster") == "OK"
	})
	var exit *exec.ExitError
	require.True(t, errors.As(s.cmd.Wait(), &exit))
	require.Equal(t, 99, exit.ExitCode())
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), "sentinel monitor mymaster 127.0.0.1 "+replica.String()+" 1\n", "what it decided is on the disk")
}

func TestAServerAloneSaysThatItsFileCannotBeOpened(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "redis.conf")
	cmd := calledAs(t, "redis-server", missing)
	out, err := cmd.CombinedOutput()
	require.Error(t, err)
	require.Equal(t, 1, cmd.ProcessState.ExitCode())
	require.Contains(t, string(out), "can't open config file '"+missing+"'")
	a := runProgram(t, t.TempDir(), "node", missing)
	require.Equal(t, 1, a.code)
	require.Contains(t, a.stdout+a.stderr, "can't open config file '"+missing+"'")
}

func TestAServerDiesOfTheSignalThatItReported(t *testing.T) {
	t.Parallel()
	for _, sig := range []syscall.Signal{syscall.SIGSEGV, syscall.SIGABRT} {
		at := port(berth.Ports(1))
		log := filepath.Join(t.TempDir(), "log")
		cmd := calledAs(t, "redis-server", "--port", at.String(), "--save", "", "--logfile", log)
		require.NoError(t, cmd.Start())
		eventually(t, "the server answers", func() bool { return at.text("PING") == "PONG" })
		require.NoError(t, cmd.Process.Signal(sig))
		require.Error(t, cmd.Wait())
		status := cmd.ProcessState.Sys().(syscall.WaitStatus)
		require.True(t, status.Signaled(), "it ended with %d", status.ExitStatus())
		require.Equal(t, sig, status.Signal())
		text, err := os.ReadFile(log)
		require.NoError(t, err)
		require.Contains(t, string(text), "STACK TRACE")
	}
}
