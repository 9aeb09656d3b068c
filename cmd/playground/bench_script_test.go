package main_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
	"clusterplay/playground/network"
)

const (
	// runawayTime is how long scripts that never end are left alone.
	runawayTime = 3 * time.Second
	// pingEvery is how often a node sends a heartbeat at least.
	pingEvery = time.Second
)

// TestBenchRunawayScripts measures what scripts that never end cost the other nodes of the process: how much
// later than they should their heartbeats leave, and how long their clients wait.
func TestBenchRunawayScripts(t *testing.T) {
	needBench(t)
	l := launchLab(t, playground.Topology{Masters: 3, Replicas: 1, NodeTimeout: 15000})
	nodes := members(l)
	rows := head("scripts that never end", "latest heartbeat of another node, ms late", "slowest answer of another node ms")
	for scripts := range 3 {
		late, slow := besideScripts(t, l, nodes[:scripts], nodes[2:])
		rows = append(rows, row(scripts, late, slow))
	}
	chapter{
		title: "Scripts that never end",
		how:   "Six nodes of a lab, of which none, one or two run a script that never ends; a client sends the others a PING every two milliseconds.",
		rows:  rows,
	}.publish(t)
}

// besideScripts lets some nodes compute for a while and watches the others.
func besideScripts(t *testing.T, l *playground.Lab, busy, others []port) (late, slow time.Duration) {
	t.Helper()
	ended := make(chan string, len(busy))
	for _, p := range busy {
		go func() { ended <- p.text("EVAL", "while true do end", "0") }()
	}
	for _, p := range busy {
		eventually(t, "the script to be called busy", func() bool { return p.text("PING")[:4] == "BUSY" })
	}
	tap := l.Network().Watch()
	defer tap.Close()
	for began := time.Now(); time.Since(began) < runawayTime; {
		for _, p := range others {
			asked := time.Now()
			require.Equal(t, "PONG", p.text("PING"))
			slow = max(slow, time.Since(asked))
		}
		time.Sleep(pingEvery / 500) // people who ask now and then
	}
	late = latest(tap, others)
	for _, p := range busy {
		p.do(t, "SCRIPT", "KILL")
		require.Contains(t, <-ended, "killed")
	}
	return late, slow
}

// latest is by how much the longest pause between two heartbeats of a node exceeded what it should be.
func latest(tap *network.Tap, of []port) (late time.Duration) {
	frames, _ := tap.Read(1 << 15)
	last := map[string]time.Time{}
	sent := slices.SortedFunc(slices.Values(frames), func(a, b network.Frame) int { return a.Sent.Compare(b.Sent) })
	for _, f := range sent {
		if network.TypeName(f.Type) != "PING" || !slices.ContainsFunc(of, func(p port) bool { return p.String() == f.From }) {
			continue
		}
		if before, ok := last[f.From]; ok {
			late = max(late, f.Sent.Sub(before)-pingEvery)
		}
		last[f.From] = f.Sent
	}
	return late
}
