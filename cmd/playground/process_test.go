//go:build linux

package main_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// pair is a real redis-server and ours, each a process of its own.
type pair struct {
	t           *testing.T
	redis, ours *foreign
}

// startPair starts both with the same options.
func startPair(t *testing.T, options ...string) pair {
	t.Helper()
	return pair{t, startForeign(t, options...), startProcess(t, oursCalled(t, "redis-server"), options...)}
}

// oursCalled is the path of our program under another name.
func oursCalled(t *testing.T, name string) string {
	t.Helper()
	return calledAs(t, name).Path
}

// same asks both and compares what find makes of each.
func (p pair) same(what string, find func(f *foreign) string) {
	p.t.Helper()
	require.Equal(p.t, find(p.redis), find(p.ours), what)
}

// both has each say the same to a command.
func (p pair) both(words ...string) {
	p.t.Helper()
	p.same(strings.Join(words, " "), func(f *foreign) string { return f.text(words...) })
}

// ofProcess reads a file of a process in /proc.
func (f *foreign) ofProcess(name string) string {
	f.t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", f.cmd.Process.Pid, name))
	require.NoError(f.t, err)
	return string(text)
}

// leftOver is what a title leaves over of a longer command line. A point marks the end of a longer name.
var leftOver = regexp.MustCompile("\x00+")

// title is the command line that ps shows, with what only one of two processes can have replaced.
func (f *foreign) title() string {
	text := strings.NewReplacer(f.path, "PATH", f.String(), "PORT").Replace(f.ofProcess("cmdline"))
	return strings.TrimSuffix(leftOver.ReplaceAllString(strings.TrimRight(text, "\x00"), "|"), "|.")
}

func TestTheTitleOfTheProcessIsThatOfRedis(t *testing.T) {
	t.Parallel()
	p := startPair(t)
	p.same("at first", (*foreign).title)
	require.Equal(t, "PATH 127.0.0.1:PORT", p.ours.title())
	for _, template := range []string{
		"short", "TEST {title} {listen-addr} {port} {tls-port} {unixsocket} {config-file} {server-mode}", "{{braces} {port}", "{title}", "",
		"{none}", "{port", "  {port}  ", "{server-mode}", strings.Repeat("a title that is longer than the command line was ", 6),
	} {
		p.both("CONFIG", "SET", "proc-title-template", template)
		p.both("CONFIG", "GET", "proc-title-template")
		p.same(template, (*foreign).title)
	}
	quiet := startPair(t, "--set-proc-title", "no", "--cluster-enabled", "no")
	require.Contains(t, quiet.ours.title(), "PATH|--port|PORT|--bind|127.0.0.1|")
	bus := func() []string {
		return []string{"--cluster-enabled", "yes", "--cluster-port", port(berth.Ports(1)).String()}
	}
	clustered := pair{t, startForeign(t, bus()...), startProcess(t, p.ours.path, bus()...)}
	clustered.same("in a cluster", (*foreign).title)
}

func TestTheSystemHearsWhoShouldDieFirst(t *testing.T) {
	t.Parallel()
	p := startPair(t, "--oom-score-adj-values", "1 2 3")
	score := func(f *foreign) string { return f.ofProcess("oom_score_adj") }
	base := score(p.redis)
	require.Equal(t, base, score(p.ours))
	for _, line := range []string{
		"CONFIG SET oom-score-adj yes", "CONFIG SET oom-score-adj-values 15,20,30", "REPLICAOF localhost 1", "REPLICAOF NO ONE",
		"CONFIG SET oom-score-adj absolute", "CONFIG SET oom-score-adj-values 2000,-2000,0", "CONFIG SET oom-score-adj-values 2001,0,0",
		"CONFIG SET oom-score-adj no", "CONFIG SET oom-score-adj-values 7,8,9", "CONFIG SET oom-score-adj relative",
		"CONFIG SET oom-score-adj sometimes", "CONFIG GET oom-score-adj", "CONFIG GET oom-score-adj-values",
	} {
		words := strings.Fields(line)
		for i := range words {
			words[i] = strings.ReplaceAll(words[i], ",", " ")
		}
		p.both(words...)
		p.same(line, score)
	}
	born := startPair(t, "--oom-score-adj", "relative", "--oom-score-adj-values", "11 12 13", "--replicaof", "127.0.0.1 1")
	born.same("a replica from its birth", score)
	require.NotEqual(t, base, score(born.ours))
}

func TestSignalsThatMeanNothingEndTheProcess(t *testing.T) {
	t.Parallel()
	for _, signal := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGUSR2, syscall.SIGHUP} {
		t.Run(signal.String(), func(t *testing.T) {
			p := startPair(t)
			p.same("the signal", func(f *foreign) string {
				require.NoError(t, f.cmd.Process.Signal(signal))
				if signal == syscall.SIGHUP {
					return f.text("PING")
				}
				_ = f.cmd.Wait()
				return f.cmd.ProcessState.String()
			})
		})
	}
}
