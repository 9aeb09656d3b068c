package main_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
)

// script writes a program beside a Sentinel's file and returns its path.
func (g *guard) script(name, text string) string {
	g.t.Helper()
	path := filepath.Join(g.dir(), name)
	require.NoError(g.t, os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700))
	return path
}

// set changes one option of mymaster.
func (g *guard) set(option, value string) {
	g.t.Helper()
	require.Equal(g.t, "OK", g.text("SENTINEL", "SET", "mymaster", option, value))
}

// lines are those of a file in its directory.
func (g *guard) lines(name string) []string {
	text, _ := os.ReadFile(filepath.Join(g.dir(), name))
	return strings.FieldsFunc(string(text), func(r rune) bool { return r == '\n' })
}

// told collects what it publishes on some channels.
func (g *guard) told(channels ...string) func() []string {
	var mu sync.Mutex
	var all []string
	g.hears(func(event, payload string) {
		if slices.Contains(channels, event) {
			mu.Lock()
			defer mu.Unlock()
			all = append(all, event+" "+payload)
		}
	})
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// hastyGuard is a Sentinel that runs scripts, and runs them again soon.
func hastyGuard(t *testing.T, real bool) *guard {
	g := startGuard(t, real, 1, "sentinel deny-scripts-reconfig no\n")
	g.do(t, "SENTINEL", "DEBUG", "script-retry-delay", "2")
	return g
}

func TestAScriptThatAsksForItIsTriedTenTimes(t *testing.T) {
	eachKindOfGuard(t, func(t *testing.T, real bool) {
		g := hastyGuard(t, real)
		said := g.told("-script-error", "-script-timeout")
		path := g.script("again.sh", "echo run >> "+g.dir()+"/runs; exit 1")
		g.set("notification-script", path)
		eventually(t, "it to be given up", func() bool { return len(said()) > 0 })
		require.Equal(t, []string{"-script-error " + path + " 0 1"}, said())
		require.Len(t, g.lines("runs"), 10)
		require.Empty(t, g.do(t, "SENTINEL", "PENDING-SCRIPTS").List)
	})
}

func TestAScriptThatHangsIsKilledAndTriedAgain(t *testing.T) {
	eachKindOfGuard(t, func(t *testing.T, real bool) {
		g := hastyGuard(t, real)
		said := g.told("-script-error", "-script-timeout")
		g.do(t, "SENTINEL", "DEBUG", "script-max-runtime", "50")
		path := g.script("hang.sh", "echo run >> "+g.dir()+"/runs; kill -STOP $$")
		g.set("notification-script", path)
		eventually(t, "it to be given up", func() bool { return slices.Contains(said(), "-script-error "+path+" 9 0") })
		require.Len(t, g.lines("runs"), 10)
		timeouts := slices.DeleteFunc(said(), func(s string) bool { return !strings.HasPrefix(s, "-script-timeout "+path+" ") })
		require.GreaterOrEqual(t, len(timeouts), 10)
	})
}

func TestAScriptThatFailsForGoodIsRunOnce(t *testing.T) {
	eachKindOfGuard(t, func(t *testing.T, real bool) {
		g := hastyGuard(t, real)
		said := g.told("-script-error")
		path := g.script("bad.sh", "echo run >> "+g.dir()+"/runs; exit 2")
		g.set("notification-script", path)
		eventually(t, "it to be told", func() bool { return len(said()) > 0 })
		require.Equal(t, []string{"-script-error " + path + " 0 2"}, said())
		require.Len(t, g.lines("runs"), 1)
	})
}

func TestScriptsAreDeniedInTheSameWords(t *testing.T) {
	eachKindOfGuard(t, func(t *testing.T, real bool) {
		g := startGuard(t, real, 1, "")
		for _, option := range []string{"notification-script", "client-reconfig-script"} {
			require.Equal(t, "ERR Reconfiguration of scripts path is denied for security reasons. Check the deny-scripts-reconfig "+
				"configuration directive in your Sentinel configuration", g.text("SENTINEL", "SET", "mymaster", option, "/bin/true"))
		}
	})
}

// TestScriptsHearTheSameOfAFailoverWhoeverLeads has Redis' own and ours lead, with each other as observers.
func TestScriptsHearTheSameOfAFailoverWhoeverLeads(t *testing.T) {
	heard := map[bool][]string{} // by whether the leader is real: the events of its notification script
	for _, real := range []bool{true, false} {
		w := startTown(t, real)
		for _, g := range w.guards {
			g.set("notification-script", g.script("note.sh", "echo \"$#|$1|$2\" >> "+g.dir()+"/notes"))
			g.set("client-reconfig-script", g.script("client.sh", "echo \"$*\" >> "+g.dir()+"/clients"))
		}
		old := w.nodes[0].port
		w.nodes[0].kill()
		now := w.agree(0, old)
		moved := " start 127.0.0.1 " + old.String() + " 127.0.0.1 " + now.String()
		for i, role := range []string{"leader", "observer", "observer"} {
			g := w.guards[i]
			eventually(t, "the script to be run", func() bool { return len(g.lines("clients")) > 0 })
			require.Equal(t, []string{"mymaster " + role + moved}, g.lines("clients"), kindOfGuard(g.real))
		}
		last := "2|+switch-master|mymaster 127.0.0.1 " + old.String() + " 127.0.0.1 " + now.String()
		eventually(t, "the end to be told", func() bool { return slices.Contains(w.guards[0].lines("notes"), last) })
		for _, line := range w.guards[0].lines("notes") {
			event := strings.Split(line, "|")[1]
			if !strings.Contains(event, "down") && !slices.Contains(heard[real], event) { // what is down meanwhile is chance
				heard[real] = append(heard[real], event)
			}
		}
		slices.Sort(heard[real])
	}
	require.Equal(t, heard[true], heard[false])
	require.Contains(t, heard[true], "+elected-leader")
	require.NotContains(t, heard[true], "+failover-state-wait-promotion", "a notice is no warning")
}
