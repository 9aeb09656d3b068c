//go:build linux

package main_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// loader is a server that reads a long append only file, slowly.
type loader struct {
	foreign
	dir string
	out bytes.Buffer
}

// startLoader writes such a file and starts a program of redis-server's that finds it.
func startLoader(t *testing.T, path string) *loader {
	t.Helper()
	l := &loader{foreign: foreign{port: port(berth.Ports(1)), t: t, path: path}, dir: t.TempDir()}
	logs := filepath.Join(l.dir, "appendonlydir")
	require.NoError(t, os.Mkdir(logs, 0o700))
	manifest := "file appendonly.aof.1.base.aof seq 1 type b\nfile appendonly.aof.1.incr.aof seq 1 type i\n"
	require.NoError(t, os.WriteFile(filepath.Join(logs, "appendonly.aof.manifest"), []byte(manifest), 0o600))
	for name, commands := range map[string]int{"base": 150000, "incr": 1} { // half a minute for the base
		var text bytes.Buffer
		for i := range commands {
			fmt.Fprintf(&text, "*3\r\n$3\r\nSET\r\n$10\r\n%s%06d\r\n$1\r\nv\r\n", name, i)
		}
		require.NoError(t, os.WriteFile(filepath.Join(logs, "appendonly.aof.1."+name+".aof"), text.Bytes(), 0o600))
	}
	l.cmd = exec.Command(path, "--port", l.String(), "--bind", "127.0.0.1", "--dir", l.dir, "--save", "", "--appendonly", "yes",
		"--key-load-delay", "200", "--enable-debug-command", "yes")
	l.cmd.Stdout = &l.out
	t.Cleanup(l.kill)
	require.NoError(t, l.cmd.Start())
	eventually(t, path+" says that it loads", func() bool { return strings.HasPrefix(l.text("PING"), "LOADING") })
	return l
}

// told is the log without what differs from run to run.
func (l *loader) told() string {
	text := logLine.ReplaceAllString(l.out.String(), "$1")
	text = regexp.MustCompile(`(?m)^.*(monotonic clock|overcommit).*\n`).ReplaceAllString(text, "")
	text = regexp.MustCompile(`\d+\.\d{3} seconds`).ReplaceAllString(text, "N seconds")
	return strings.NewReplacer(l.String(), "PORT", fmt.Sprintf("pid=%d", l.cmd.Process.Pid), "PID").Replace(text)
}

// logLine is the beginning of a line of the log: the process, who says it, when.
var logLine = regexp.MustCompile(`(?m)^\d+:(?:([MSC] )\d+ \w+ \d+ [\d:.]+ |signal-handler \(\d+\) )`)

func TestClientsHearLoadingWhileTheAppendOnlyFileIsRead(t *testing.T) {
	t.Parallel()
	needTool(t, "redis-server")
	redis, ours := startLoader(t, "redis-server"), startLoader(t, oursCalled(t, "redis-server"))
	for _, line := range []string{
		"PING", "GET base000000", "SET a b", "DBSIZE", "MULTI", "CONFIG SET appendonly no", "CONFIG SET maxmemory 0", "CONFIG GET port",
		"ECHO x", "SELECT 1", "BGSAVE", "SUBSCRIBE ch", "CLIENT GETNAME", "EVAL return{} 0", "SHUTDOWN ABORT",
	} {
		words := strings.Fields(line)
		require.Equal(t, redis.text(words...), ours.text(words...), line)
	}
	names := regexp.MustCompile(`(?m)^(loading\w*|async_loading):(.*)\r$`)
	fields := func(l *loader) (found []string) {
		for _, field := range names.FindAllStringSubmatch(l.text("INFO", "persistence"), -1) {
			found = append(found, field[1])
			if field[1] == "loading" || field[1] == "loading_total_bytes" {
				found = append(found, field[2])
			}
		}
		return found
	}
	require.Equal(t, fields(redis), fields(ours))
	require.Contains(t, fields(ours), "loading_eta_seconds")
	for _, l := range []*loader{redis, ours} {
		_, _ = l.try("SHUTDOWN") // it answers with its end
		require.NoError(t, l.cmd.Wait(), "%s ends with 0", l.path)
		require.NotContains(t, l.out.String(), "Ready to accept connections")
	}
	require.Equal(t, redis.told(), ours.told())
}

func TestASignalEndsAServerThatLoads(t *testing.T) {
	t.Parallel()
	needTool(t, "redis-server")
	redis, ours := startLoader(t, "redis-server"), startLoader(t, oursCalled(t, "redis-server"))
	for _, l := range []*loader{redis, ours} {
		require.NoError(t, l.cmd.Process.Signal(syscall.SIGTERM))
		require.NoError(t, l.cmd.Wait(), "%s ends with 0", l.path)
	}
	require.Contains(t, ours.out.String(), "Received shutdown signal during loading, scheduling shutdown.")
	require.Equal(t, redis.told(), ours.told())
}

func TestAServerIsReadyWhenItHasReadItsLog(t *testing.T) {
	t.Parallel()
	ours := startLoader(t, oursCalled(t, "redis-server"))
	require.Equal(t, "OK", ours.text("CONFIG", "SET", "key-load-delay", "0"))
	eventually(t, "it is ready", func() bool { return answers(ours.port) })
	require.Equal(t, "150001", ours.text("DBSIZE"))
	require.NotContains(t, ours.text("INFO", "persistence"), "loading_start_time")
	require.Equal(t, "OK", ours.text("SET", "later", "v"))
	_, _ = ours.try("SHUTDOWN") // it answers with its end
	require.NoError(t, ours.cmd.Wait())
	require.Regexp(t, `(?s)DB loaded from base file appendonly\.aof\.1\.base\.aof: \d+\.\d{3} seconds.*DB loaded from incr file .*`+
		`DB loaded from append only file: .*Opening AOF incr file .*Ready to accept connections`, ours.out.String())
}
