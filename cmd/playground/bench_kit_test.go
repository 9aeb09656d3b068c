package main_test

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The benchmarks measure; they assert nothing that depends on the computer. BENCH=1 runs them, each alone
// or, as TestBench, all of them; BENCH_BIG=1 adds what takes long or loads the computer; -short makes them
// quick and their figures worthless. BENCH_ROUNDS says how often each side takes its turn. BENCH_OUT names a file for the chapter of one.

const (
	// benchRounds is how often each side is measured, in turn: what else the computer does falls on both.
	benchRounds = 3
	// ticksPerSecond is USER_HZ, in which Linux counts the time of processes.
	ticksPerSecond = 100
)

func needBench(t *testing.T) {
	t.Helper()
	if os.Getenv("BENCH") != "1" {
		t.Skip("BENCH=1 runs it")
	}
}

// big tells whether what takes long is wanted as well.
func big() bool { return os.Getenv("BENCH_BIG") == "1" }

// rounds is how often each side takes its turn.
func rounds() int {
	if testing.Short() {
		return 1
	}
	if n, err := strconv.Atoi(os.Getenv("BENCH_ROUNDS")); err == nil && n > 0 {
		return n
	}
	return benchRounds
}

// scaled is a number of requests, or a small part of it when only the benchmark itself is tried.
func scaled(n int) int {
	if testing.Short() {
		return max(n/50, 1000)
	}
	return n
}

// chapter is what one benchmark has to tell.
type chapter struct {
	title  string
	target string   // what we want to reach
	how    string   // what was measured, and how
	rows   []string // a table in Markdown
}

func (c chapter) String() string {
	parts := []string{"## " + c.title}
	if c.target != "" {
		parts = append(parts, "Target: "+c.target)
	}
	if c.how != "" {
		parts = append(parts, c.how)
	}
	return strings.Join(append(parts, strings.Join(c.rows, "\n")), "\n\n") + "\n"
}

// publish prints a chapter and appends it to the file that BENCH_OUT names.
func (c chapter) publish(t *testing.T) {
	t.Helper()
	t.Log("\n" + c.String())
	path := os.Getenv("BENCH_OUT")
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	require.NoError(t, err)
	defer f.Close()
	_, err = f.WriteString(c.String() + "\n")
	require.NoError(t, err)
}

// row is a row of a table; %v of what is given, numbers rounded to three digits.
func row(cells ...any) string {
	words := make([]string, len(cells))
	for i, c := range cells {
		switch c := c.(type) {
		case float64:
			words[i] = number(c)
		case time.Duration:
			words[i] = number(milliseconds(c))
		default:
			words[i] = fmt.Sprint(c)
		}
	}
	return "| " + strings.Join(words, " | ") + " |"
}

// number shows what of a figure can be trusted.
func number(v float64) string {
	switch {
	case v >= 1000:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 100:
		return strconv.FormatFloat(v, 'f', 0, 64)
	case v >= 10:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 2, 64)
}

// head begins a table: the first column's name, then those of columns of numbers.
func head(columns ...string) []string {
	lines := make([]string, len(columns))
	for i := range lines {
		lines[i] = "---:"
	}
	lines[0] = "---"
	return []string{"| " + strings.Join(columns, " | ") + " |", "|" + strings.Join(lines, "|") + "|"}
}

func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}

// span is the median of some figures, the smallest and the largest.
func span(values []float64) string {
	if len(values) == 0 {
		return "–"
	}
	return fmt.Sprintf("%s (%s–%s)", number(median(values)), number(slices.Min(values)), number(slices.Max(values)))
}

// ratio is a to b; 0 when there is no b.
func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// quantile is of sorted values; 0 of none.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
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
	return kibIn(t, fmt.Sprintf("/proc/%d/status", pid), name)
}

// pssKiB is what a process has in memory, with its part of what it shares.
func pssKiB(t *testing.T, pid int) int {
	t.Helper()
	return kibIn(t, fmt.Sprintf("/proc/%d/smaps_rollup", pid), "Pss:")
}

func kibIn(t *testing.T, path, name string) int {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	for line := range strings.Lines(string(text)) {
		if words := strings.Fields(line); words[0] == name {
			kib, err := strconv.Atoi(words[1])
			require.NoError(t, err)
			return kib
		}
	}
	require.Fail(t, "no "+name+" in "+path)
	return 0
}
