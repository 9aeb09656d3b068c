package main_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/resp"
	"clusterplay/playground/wire"
)

// guard is a Sentinel in a process of its own, ours or Redis' own, that can be killed and started again
// with the file of its last life.
type guard struct {
	port
	t    *testing.T
	real bool
	file string
	cmd  *exec.Cmd

	login []string // what AUTH is given before every question, if it wants that
}

// kindOfGuard says whose a Sentinel is.
func kindOfGuard(real bool) string {
	if real {
		return "Redis' own"
	}
	return "ours"
}

// startGuard starts one that watches mymaster; more is added to its file, in which DIR is its directory.
func startGuard(t *testing.T, real bool, master port, more string) *guard {
	t.Helper()
	dir, at := t.TempDir(), port(berth.Ports(1))
	g := &guard{port: at, t: t, real: real, file: filepath.Join(dir, "sentinel.conf")}
	text := fmt.Sprintf("port %v\nbind 127.0.0.1\ndir %s\nsentinel monitor mymaster 127.0.0.1 %v 2\n%s", at, dir, master, more)
	require.NoError(t, os.WriteFile(g.file, []byte(strings.ReplaceAll(text, "DIR", dir)), 0o600))
	t.Cleanup(g.kill)
	g.start()
	return g
}

// dir is where its file is.
func (g *guard) dir() string { return filepath.Dir(g.file) }

// start starts the process.
func (g *guard) start() {
	g.t.Helper()
	if g.real {
		needTool(g.t, "redis-server")
		g.cmd = exec.Command("redis-server", g.file, "--sentinel")
	} else {
		g.cmd = calledAs(g.t, "redis-sentinel", g.file)
	}
	require.NoError(g.t, g.cmd.Start())
	eventually(g.t, "the Sentinel answers", func() bool { return answers(g.port) })
}

// kill is kill -9.
func (g *guard) kill() {
	if g.cmd != nil {
		_ = g.cmd.Process.Kill()
		_ = g.cmd.Wait()
		g.cmd = nil
	}
}

// hurry makes it ask and tell more often than Redis' defaults, so that a test takes seconds.
func (g *guard) hurry() {
	g.t.Helper()
	g.do(g.t, "SENTINEL", "DEBUG", "info-period", "500", "publish-period", "300", "tilt-period", "1000")
}

// ask sends one command on a connection of its own.
func (g *guard) ask(words ...string) (resp.Value, error) {
	if g.login == nil {
		return g.try(words...)
	}
	ctx, cancel := context.WithTimeout(context.Background(), commandLimit)
	defer cancel()
	conn, err := wire.Dial(ctx, g.addr())
	if err != nil {
		return resp.Value{}, err
	}
	defer conn.Close()
	if v, err := conn.Do(ctx, append([]string{"AUTH"}, g.login...)...); err != nil || v.IsError() {
		return v, err
	}
	return conn.Do(ctx, words...)
}

// names is where it says that the master is.
func (g *guard) names() port {
	v, err := g.ask("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
	if err != nil || len(v.List) != 2 {
		return 0
	}
	n, _ := strconv.Atoi(v.List[1].Text)
	return port(n)
}

// flags are those of the master in its eyes.
func (g *guard) flags() string {
	v, err := g.ask("SENTINEL", "MASTER", "mymaster")
	if err != nil {
		return err.Error()
	}
	flags, _ := v.Get("flags")
	return flags.Text
}

// knows reports whether it knows so many replicas and other Sentinels, and reaches them all.
func (g *guard) knows(replicas, sentinels int) bool {
	for what, n := range map[string]int{"REPLICAS": replicas, "SENTINELS": sentinels} {
		v, err := g.ask("SENTINEL", what, "mymaster")
		if err != nil || len(v.List) != n {
			return false
		}
		for _, i := range v.List {
			if flags, _ := i.Get("flags"); strings.Contains(flags.Text, "down") || strings.Contains(flags.Text, "disconnected") {
				return false
			}
		}
	}
	return g.flags() == "master"
}

// The lines of a sentinel.conf that say who is the master, and by which configuration.
var (
	monitorLine = regexp.MustCompile(`(?m)^sentinel monitor mymaster (\S+ \d+) `)
	epochLine   = regexp.MustCompile(`(?m)^sentinel config-epoch mymaster (\d+)$`)
)

// configuration is the master's address in its file and the epoch that made it so.
func (g *guard) configuration() (epoch, address string) {
	text, _ := os.ReadFile(g.file)
	epoch = "0"
	if m := epochLine.FindSubmatch(text); m != nil {
		epoch = string(m[1])
	}
	if m := monitorLine.FindSubmatch(text); m != nil {
		address = string(m[1])
	}
	return epoch, address
}

// hears calls told for what it publishes, until the test ends.
func (g *guard) hears(told func(event, payload string)) {
	g.t.Helper()
	client := redis.NewClient(&redis.Options{Addr: g.addr(), Protocol: 2})
	all := client.PSubscribe(g.t.Context(), "*")
	_, err := all.Receive(g.t.Context())
	require.NoError(g.t, err)
	over := make(chan struct{})
	go func() {
		defer close(over)
		for m := range all.Channel() {
			told(m.Channel, m.Payload)
		}
	}()
	g.t.Cleanup(func() {
		_ = all.Close()
		_ = client.Close()
		<-over
	})
}
