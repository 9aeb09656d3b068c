//go:build unix

package main_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// benchmarks are the chapters of BENCHMARKS.md in their order: TestBenchNode writes that of "Node".
var benchmarks = []string{
	"Node", "Cluster", "Memory", "Idle", "Failover", "Sentinel", "Move", "Replication", "Saving", "Network", "FanOut", "RunawayScripts", "Recording", "World",
}

const (
	// benchFile is where `make bench` keeps what it measured.
	benchFile = "../../BENCHMARKS.md"
	// benchLimit bounds one chapter, so that the others get their turn.
	benchLimit = 15 * time.Minute
)

// preface is what BENCHMARKS.md begins with.
const preface = `# Benchmarks

` + "`make bench`" + ` measures this program beside redis-server 7.0.15 on one computer and writes this file. Unless a
chapter says otherwise, a figure is the median of %d rounds in which the two sides take turns, so that
whatever else the computer does falls on both. Read the ratios: absolute figures are those of the computer.

Measured on %d cores, %s/%s, %s; the clients run on the same cores.

` + "`make bench ROWS=\"Node Move\"`" + ` measures some chapters again and leaves the others. ` + "`BENCH_BIG=1 make bench`" + `
adds what takes long: the node timeout of 5 s, 200 real servers, 500 and 1,000 nodes of ours.
`

// TestBench measures everything, each chapter in a process of its own: what one leaves behind, and be it a
// crash, is no part of the next. BENCH_ROWS chooses some.
func TestBench(t *testing.T) {
	needBench(t)
	_, err := build()
	require.NoError(t, err)
	chosen := strings.Fields(os.Getenv("BENCH_ROWS"))
	for _, name := range chosen {
		require.Contains(t, benchmarks, name)
	}
	kept := keptChapters(t)
	ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	for _, name := range benchmarks {
		if len(chosen) > 0 && !slices.Contains(chosen, name) {
			continue
		}
		t.Run(name, func(t *testing.T) { kept[name] = runChapter(ctx, t, name) })
		require.NoError(t, ctx.Err(), "interrupted")
		writeBench(t, kept)
	}
}

// runChapter runs one benchmark and returns what it wrote, or why it wrote nothing.
func runChapter(ctx context.Context, t *testing.T, name string) string {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	program, err := build()
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "chapter.md")
	ctx, cancel := context.WithTimeout(ctx, benchLimit+time.Minute)
	defer cancel()
	args := []string{"-test.run", "^TestBench" + name + "$", "-test.v", "-test.timeout", benchLimit.String(), "-test.parallel", "8"}
	if testing.Short() {
		args = append(args, "-test.short")
	}
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Env = append(os.Environ(), "BENCH_OUT="+file, "BENCH_PROGRAM="+program)
	var said strings.Builder
	cmd.Stdout = io.MultiWriter(os.Stdout, &said)
	cmd.Stderr = cmd.Stdout
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // the servers that it starts are of its group
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	failed := cmd.Run()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // a benchmark that took too long ends none of its servers
	text, _ := os.ReadFile(file)                        // there is none when it failed, or had nothing to measure with
	if failed != nil {
		t.Errorf("%s: %v", name, failed)
		return string(text) + "## " + name + "\n\nThe measurement failed:\n\n```\n" + complaint(said.String()) + "\n```\n"
	}
	if len(text) == 0 {
		return "## " + name + "\n\nNot measured:\n\n```\n" + complaint(said.String()) + "\n```\n"
	}
	return strings.TrimRight(string(text), "\n") + "\n"
}

// complaint is the end of what a test said: there stands why it ended.
func complaint(said string) string {
	lines := strings.Split(strings.TrimSpace(said), "\n")
	return strings.Join(lines[max(0, len(lines)-20):], "\n")
}

// markOf stands before a chapter, to find it again.
func markOf(name string) string { return "<!-- " + name + " -->\n" }

// keptChapters are those of the present file.
func keptChapters(t *testing.T) map[string]string {
	t.Helper()
	kept := map[string]string{}
	text, err := os.ReadFile(benchFile)
	if os.IsNotExist(err) {
		return kept
	}
	require.NoError(t, err)
	for _, name := range benchmarks {
		if _, after, found := strings.Cut(string(text), markOf(name)); found {
			chapter, _, _ := strings.Cut(after, "\n<!-- ")
			kept[name] = chapter
		}
	}
	return kept
}

// writeBench writes the file; after each chapter, so that a session that is cut short keeps what there is.
func writeBench(t *testing.T, chapters map[string]string) {
	t.Helper()
	text := fmt.Sprintf(preface, rounds(), runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	for _, name := range benchmarks {
		if chapters[name] != "" {
			text += "\n" + markOf(name) + chapters[name]
		}
	}
	require.NoError(t, os.WriteFile(benchFile, []byte(text), 0o644))
}

// TestEveryBenchmarkHasAChapter keeps the list whole.
func TestEveryBenchmarkHasAChapter(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("bench_*_test.go")
	require.NoError(t, err)
	var found []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`(?m)^func TestBench(\w+)\(`).FindAllStringSubmatch(string(text), -1) {
			found = append(found, m[1])
		}
	}
	require.ElementsMatch(t, benchmarks, found)
}
