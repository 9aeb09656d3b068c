package main_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

// The benchmarks measure; they assert nothing that depends on the computer. BENCH=1 runs them, and
// BENCH_OUT names a file that gets the tables in Markdown.

const (
	// benchRounds is how often each side is measured, in turn: what else the computer does falls
	// on both.
	benchRounds = 3
	// idleTime is how long an idle lab is watched.
	idleTime = 10 * time.Second
	// ticksPerSecond is USER_HZ, in which Linux counts the time of processes.
	ticksPerSecond = 100
)

func needBench(t *testing.T) {
	t.Helper()
	if os.Getenv("BENCH") != "1" {
		t.Skip("BENCH=1 runs it")
	}
}

// publish prints a table and appends it to the file that BENCH_OUT names.
func publish(t *testing.T, title string, rows ...string) {
	t.Helper()
	text := fmt.Sprintf("## %s\n\n%s\n\n%d cores, %s\n\n", title, strings.Join(rows, "\n"), runtime.NumCPU(), runtime.Version())
	t.Log("\n" + text)
	path := os.Getenv("BENCH_OUT")
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	_, err = f.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, f.Close())
}

func median(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// TestBenchThroughput drives one node of ours and a redis-server in turn with redis-benchmark.
func TestBenchThroughput(t *testing.T) {
	needBench(t)
	needTool(t, "redis-benchmark")
	ours, real := startOwn(t, 0, nil), startForeign(t).port
	rows := []string{"| command | pipeline | redis-server 7.0.15, per second | ours, per second | ours / redis |", "|---|---:|---:|---:|---:|"}
	for _, load := range []struct{ pipeline, requests int }{{1, 100_000}, {16, 600_000}, {64, 1_500_000}} {
		rates := map[string][]float64{} // by command and port
		for range benchRounds {
			for _, p := range []port{real, ours} {
				for command, rate := range benchmark(t, p, load.pipeline, load.requests) {
					rates[command+p.String()] = append(rates[command+p.String()], rate)
				}
			}
		}
		for _, command := range []string{"SET", "GET"} {
			a, b := median(rates[command+real.String()]), median(rates[command+ours.String()])
			require.Positive(t, a)
			rows = append(rows, fmt.Sprintf("| %s | %d | %.0f | %.0f | %.2f |", command, load.pipeline, a, b, b/a))
		}
	}
	publish(t, fmt.Sprintf("Throughput of one node: 50 clients, a million keys, median of %d in turn", benchRounds), rows...)
}

// benchmark runs redis-benchmark once and returns requests per second of each command.
func benchmark(t *testing.T, p port, pipeline, requests int) map[string]float64 {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "redis-benchmark", "-p", p.String(), "-r", "1000000", "-c", "50",
		"-t", "set,get", "-P", strconv.Itoa(pipeline), "-n", strconv.Itoa(requests), "--csv").Output()
	require.NoError(t, err)
	rates := map[string]float64{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.ReplaceAll(strings.TrimSpace(line), `"`, ""), ",")
		if rate, err := strconv.ParseFloat(fields[min(1, len(fields)-1)], 64); err == nil {
			rates[fields[0]] = rate
		}
	}
	return rates
}

// TestBenchFootprint measures the program itself: how long a cluster takes to form, and what it
// needs when nobody does anything, with Redis' own node timeout.
func TestBenchFootprint(t *testing.T) {
	needBench(t)
	if runtime.GOOS != "linux" {
		t.Skip("it reads /proc")
	}
	binary := filepath.Join(t.TempDir(), "playground")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	rows := []string{"| nodes | until ready | idle, share of one core | memory (RSS) |", "|---:|---:|---:|---:|"}
	for _, masters := range []int{3, 25} {
		rows = append(rows, footprint(t, binary, masters))
	}
	publish(t, "An idle lab with a node timeout of 15 s", rows...)
}

// footprint runs a lab of masters with a replica each and describes it in a row.
func footprint(t *testing.T, binary string, masters int) string {
	t.Helper()
	first := berth.Ports(2 * masters)
	cmd := exec.Command(binary, "run", "--json", "--masters", strconv.Itoa(masters), "--replicas", "1",
		"--port", strconv.Itoa(first), "--addr", "127.0.0.1:0")
	cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_RUNTIME_DIR="+t.TempDir())
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	began := time.Now()
	require.NoError(t, cmd.Start())
	defer func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}()
	lines := bufio.NewScanner(stdout)
	require.True(t, lines.Scan(), "the program says when it is ready")
	ready := time.Since(began)
	require.True(t, json.Valid(lines.Bytes()), lines.Text())
	time.Sleep(idleTime / 5) // forming has its echo
	before := cpuTime(t, cmd.Process.Pid)
	time.Sleep(idleTime) // this is what is measured
	used := cpuTime(t, cmd.Process.Pid) - before
	return fmt.Sprintf("| %d | %v | %.1f %% | %d MiB |", 2*masters, ready.Round(10*time.Millisecond),
		100*used.Seconds()/idleTime.Seconds(), residentKiB(t, cmd.Process.Pid)/1024)
}

// cpuTime is the time that a process has computed so far, in user and system mode.
func cpuTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	require.NoError(t, err)
	fields := strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+1:]))
	user, errU := strconv.Atoi(fields[11])
	system, errS := strconv.Atoi(fields[12])
	require.NoError(t, errU)
	require.NoError(t, errS)
	return time.Duration(user+system) * time.Second / ticksPerSecond
}

// residentKiB is what a process has in memory now.
func residentKiB(t *testing.T, pid int) int { return memoryKiB(t, pid, "VmRSS:") }

// memoryKiB reads a line of a process' state.
func memoryKiB(t *testing.T, pid int, name string) int {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	require.NoError(t, err)
	for line := range strings.Lines(string(status)) {
		if words := strings.Fields(line); words[0] == name {
			kib, err := strconv.Atoi(words[1])
			require.NoError(t, err)
			return kib
		}
	}
	require.Fail(t, "no "+name)
	return 0
}
