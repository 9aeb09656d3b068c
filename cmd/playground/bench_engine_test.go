package main_test

import (
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// goBench runs benchmarks of a package and returns what each reported, by name and unit.
func goBench(t *testing.T, pkg, pattern string) map[string]map[string][]float64 {
	t.Helper()
	benchtime := "2s"
	if testing.Short() {
		benchtime = "10x"
	}
	out, err := exec.CommandContext(t.Context(), "go", "test", "-run", "^$", "-bench", pattern, "-benchtime", benchtime,
		"-count", strconv.Itoa(rounds()), pkg).CombinedOutput()
	require.NoError(t, err, string(out))
	found := map[string]map[string][]float64{}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		if len(words) < 4 || !strings.HasPrefix(words[0], "Benchmark") {
			continue
		}
		name, _, _ := strings.Cut(strings.TrimPrefix(words[0], "Benchmark"), "-")
		if found[name] == nil {
			found[name] = map[string][]float64{}
		}
		for i := 2; i+1 < len(words); i += 2 {
			v, err := strconv.ParseFloat(words[i], 64)
			require.NoError(t, err, line)
			found[name][words[i+1]] = append(found[name][words[i+1]], v)
		}
	}
	return found
}

// TestBenchWorld measures how fast the simulator lives.
func TestBenchWorld(t *testing.T) {
	needBench(t)
	found := goBench(t, "clusterplay/playground/world", "^Benchmark(CalmWorld|BusyWorld|Judge)$")
	rows := head("world", "times as fast as life (least–most)")
	for _, w := range []struct{ name, title string }{
		{"CalmWorld", "nothing happens"},
		{"BusyWorld", "100 writes a second"},
		{"Judge", "writes, faults and every check, the first twenty seeds"},
	} {
		rows = append(rows, row(w.title, span(found[w.name]["x-life"])))
	}
	chapter{
		title:  "The simulator",
		target: "1,000 times as fast as life for 6 nodes with a node timeout of 2 s and 100 operations a second.",
		how:    "One core. No redis-server is part of this.",
		rows:   rows,
	}.publish(t)
}

// TestBenchRecording measures what a lab's recording costs its clients.
func TestBenchRecording(t *testing.T) {
	needBench(t)
	found := goBench(t, "clusterplay/playground", "^BenchmarkSet$")
	with, without := found["Set/recorded"], found["Set/unrecorded"]
	rows := head("", "SETs a second", "CPU ns for a SET")
	rows = append(rows, row("recorded", median(with["sets/s"]), median(with["cpu-ns/set"])), row("not recorded", median(without["sets/s"]), median(without["cpu-ns/set"])),
		row("recorded / not", ratio(median(with["sets/s"]), median(without["sets/s"])), ratio(median(with["cpu-ns/set"]), median(without["cpu-ns/set"]))))
	chapter{
		title: "Recording",
		how:   "One client in pipelines of a hundred at one master of six nodes; the picture of the lab, its events and its charts are recorded or not.",
		rows:  rows,
	}.publish(t)
}
