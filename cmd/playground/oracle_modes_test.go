package main_test

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// modes are redis-cli's ways to look at a whole server, and what of their output must be the same for a
// server of ours as for a real one: the lines that match, numbers that depend on memory or time apart.
var modes = []struct {
	name  string
	args  []string
	same  string // the lines that are compared
	erase string // what of them is not
}{
	{"bigkeys", []string{"--bigkeys"}, `^(Biggest|[0-9]+ (strings|lists|hashs|sets|zsets|streams)|Sampled|Total)`, ``},
	{"memkeys", []string{"--memkeys"}, `^(Biggest|[0-9]+ (strings|lists|hashs|sets|zsets|streams)|Sampled|Total)`, `has [0-9]+ bytes|with [0-9]+ bytes|avg size [0-9.]+`},
	{"hotkeys", []string{"--hotkeys"}, `^hot key found with counter: \d+\s+keyname: "\{all\}int"`, `counter: \d+`},
	{"scan", []string{"--scan", "--pattern", "{all}z*"}, `.`, ``},
	{"latency", []string{"--latency", "-i", "1"}, `.`, `[0-9.]+`},
	{"eval", []string{"--eval", "%script", "{all}int", "{all}raw", ",", "7"}, `.`, ``},
	{"functions-rdb", []string{"--functions-rdb", "%file"}, `Transfer finished|bytes written`, `[0-9]+ bytes`},
	{"rdb", []string{"--rdb", "%file"}, `Transfer finished`, `( after [0-9]+ bytes|\.)$`},
}

// TestEveryModeOfRedisCLISeesAServer runs redis-cli's modes against a server of ours and a real one with
// the same keys.
func TestEveryModeOfRedisCLISeesAServer(t *testing.T) {
	t.Parallel()
	needTool(t, "redis-cli")
	ours, real := startProcess(t, calledAs(t, "redis-server").Path), startForeign(t)
	script := filepath.Join(t.TempDir(), "script.lua")
	require.NoError(t, os.WriteFile(script, []byte("return {KEYS[1], redis.call('incrby', KEYS[1], ARGV[1]), #KEYS}"), 0o600))
	for _, p := range []port{ours.port, real.port} {
		fill(t, p, "all")
		p.do(t, "CONFIG", "SET", "maxmemory-policy", "allkeys-lfu")
		for range 100 {
			p.do(t, "GET", "{all}int")
		}
		p.do(t, "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)")
	}
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			seen := func(p port) []string {
				args := []string{"-p", p.String()}
				for _, a := range m.args {
					a = strings.ReplaceAll(a, "%script", script)
					args = append(args, strings.ReplaceAll(a, "%file", filepath.Join(t.TempDir(), "out.rdb")))
				}
				out, err := redisCLI(t, "", args...)
				require.NoError(t, err, out)
				return linesOf(out, m.same, m.erase)
			}
			want := seen(real.port)
			require.NotEmpty(t, want, "redis-cli says something of a real server")
			require.Equal(t, want, seen(ours.port))
		})
	}
}

// linesOf are the sorted lines that match, without what matches erase.
func linesOf(out, same, erase string) (lines []string) {
	keep, drop := regexp.MustCompile(same), regexp.MustCompile(erase)
	for line := range strings.Lines(out) {
		line = strings.TrimSpace(line)
		if line == "" || !keep.MatchString(line) {
			continue
		}
		if erase != "" {
			line = drop.ReplaceAllString(line, "…")
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// TestTheStatModeOfRedisCLICounts lets redis-cli --stat print a few lines: it ends by itself only when the
// connection does.
func TestTheStatModeOfRedisCLICounts(t *testing.T) {
	t.Parallel()
	needTool(t, "redis-cli")
	ours := startProcess(t, calledAs(t, "redis-server").Path)
	ours.do(t, "SET", "a", "1")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "redis-cli", "-p", ours.String(), "--stat", "-i", "0.1")
	pipe, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	var text string
	row := regexp.MustCompile(`(?m)^1 +[0-9.]+[KM] +\d+ +\d+ +\d+ \(\+\d+\) +\d+`)
	buf := make([]byte, 4096)
	for end := time.Now().Add(patience); len(row.FindAllString(text, -1)) < 3; {
		require.True(t, time.Now().Before(end), text)
		n, err := pipe.Read(buf)
		require.NoError(t, err, text)
		text += string(buf[:n])
	}
	require.Contains(t, text, "keys       mem      clients blocked requests            connections")
}

// TestASnapshotThatRedisCLIFetchesIsReadByRedis has a real server load what redis-cli --rdb has got from ours.
func TestASnapshotThatRedisCLIFetchesIsReadByRedis(t *testing.T) {
	t.Parallel()
	ours := startProcess(t, calledAs(t, "redis-server").Path)
	fill(t, ours.port, "all")
	ours.do(t, "FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)")
	dir := t.TempDir()
	out, err := redisCLI(t, "", "-p", ours.String(), "--rdb", filepath.Join(dir, "dump.rdb"))
	require.NoError(t, err, out)
	real := startForeign(t, "--dir", dir)
	sameData(t, ours.port, real.port)
	require.Equal(t, ours.text("FUNCTION", "DUMP"), real.text("FUNCTION", "DUMP"))
}

// TestTheReplicaModeOfRedisCLIHearsTheStream has redis-cli --replica print what is written meanwhile.
func TestTheReplicaModeOfRedisCLIHearsTheStream(t *testing.T) {
	t.Parallel()
	needTool(t, "redis-cli")
	ours := startProcess(t, calledAs(t, "redis-server").Path)
	fill(t, ours.port, "all")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "redis-cli", "-p", ours.String(), "--replica")
	pipe, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	eventually(t, "it is attached", func() bool { return strings.Contains(ours.text("INFO", "replication"), "state=online") })
	ours.do(t, "SET", "written", "meanwhile")
	for lines := bufio.NewScanner(pipe); ; {
		require.True(t, lines.Scan(), "it ends without the command")
		if lines.Text() == `"SET","written","meanwhile"` {
			return
		}
	}
}
