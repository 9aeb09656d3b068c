package main_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// suiteOfRedis is a test suite that comes with Redis' source and drives whole processes.
type suiteOfRedis struct {
	script string            // what tclsh runs, from the root of the checkout
	args   []string          // after the script
	ours   []string          // the programs that are ours; the others are those of this computer
	known  map[string]string // tests that fail, as "unit: test", and why
	timing map[string]string // tests that fail on a busy computer, likewise
}

// suitesOfRedis are those that `make suite` can run, by name.
var suitesOfRedis = map[string]suiteOfRedis{
	"sentinel": {script: "tests/sentinel/run.tcl", ours: []string{"redis-sentinel"}},
	"cluster":  {script: "tests/cluster/run.tcl", ours: []string{"redis-server"}},

	"unit":        testHelper("unit", unitsOfUnit).knowing(knownOfUnit),
	"type":        testHelper("unit/type", unitsOfType).without(childOfType),
	"integration": integrationSuite(),
}

// programsOfRedis are those that a suite looks for in src.
var programsOfRedis = []string{"redis-server", "redis-sentinel", "redis-cli", "redis-benchmark", "redis-check-aof", "redis-check-rdb"}

// TestSuite runs the suite SUITE of the checkout REDIS against our programs. A test that fails without
// being known to is an error, and so is one that is known to and does not.
func TestSuite(t *testing.T) {
	name, checkout := os.Getenv("SUITE"), os.Getenv("REDIS")
	if name == "" || checkout == "" {
		t.Skip("make suite SUITE=sentinel|cluster|unit|type|integration REDIS=DIR, where DIR is a checkout of Redis 7.0.15, runs one of its suites")
	}
	s, known := suitesOfRedis[name]
	require.True(t, known, "there is no suite %q", name)
	run := &suiteRun{out: os.Stdout}
	cmd := s.prepare(t, checkout)
	cmd.Stdout, cmd.Stderr = run, run
	err := cmd.Run()
	t.Logf("%s: %d of %d tests pass", name, len(run.tests)-len(run.failed()), len(run.tests))
	require.NotEmpty(t, run.tests, "the suite did not run: %v", err)
	failed := run.failed()
	for _, test := range failed {
		if why, expected := s.known[test]; expected {
			t.Logf("%s fails, as it is known to: %s", test, why)
			continue
		}
		if why, may := s.timing[test]; may {
			t.Logf("%s fails this time: %s", test, why)
			continue
		}
		t.Errorf("%s fails", test)
	}
	for test := range s.known {
		require.Contains(t, failed, test, "it is known to fail and does not: take it from the list")
	}
	if len(failed) == 0 {
		require.NoError(t, err)
	}
}

// prepare makes a place with the suite's files and the programs, and the command that runs it there.
func (s suiteOfRedis) prepare(t *testing.T, checkout string) *exec.Cmd {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(root, "tests"), os.DirFS(filepath.Join(checkout, "tests"))))
	lowerPorts(t, filepath.Join(root, "tests", "instances.tcl"))
	require.NoError(t, os.Mkdir(filepath.Join(root, "src"), 0o700))
	ours, err := build()
	require.NoError(t, err)
	for _, program := range programsOfRedis {
		path := ours
		if !slices.Contains(s.ours, program) {
			if path, err = exec.LookPath(program); err != nil {
				continue
			}
		}
		require.NoError(t, os.Symlink(path, filepath.Join(root, "src", program)))
	}
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, "tclsh", append(append([]string{s.script}, s.args...), strings.Fields(os.Getenv("SUITE_ARGS"))...)...)
	cmd.Dir = root
	return cmd
}

// lowerPorts has the suites with several instances use ports whose bus ports are below those that the system gives to
// outgoing connections: 40000, which they would use, is now and then somebody's.
func lowerPorts(t *testing.T, instances string) {
	t.Helper()
	const theirs, lower = "set ::redis_base_port 30000\n", "set ::redis_base_port 22000\n"
	script, err := os.ReadFile(instances)
	require.NoError(t, err)
	require.Contains(t, string(script), theirs)
	require.NoError(t, os.WriteFile(instances, []byte(strings.Replace(string(script), theirs, lower, 1)), 0o600))
}

// suiteRun reads what a suite says while it runs, and says it again without colours.
type suiteRun struct {
	out   io.Writer
	line  string // what has been said of a line so far
	unit  string
	tests []suiteTest
	open  bool // the last of them has said something else than its result
}

// suiteTest is one test of a suite: "unit: test".
type suiteTest struct {
	name   string
	passed bool
}

// The lines of a suite that mean something.
var (
	suiteColour = regexp.MustCompile(`\x1b\[[0-9;]*m`)
	suiteUnit   = regexp.MustCompile(`^Testing unit: (\S+?)(\.tcl)?$`)
	suiteResult = regexp.MustCompile(`^\d\d:\d\d:\d\d> (.*?): (?:\w+/\d+ )*(OK$|FAILED)`) // with the instances it started on the way
	suiteCaught = regexp.MustCompile(`^\d\d:\d\d:\d\d> (.*): `)
)

// Write takes whole lines from what a suite says.
func (r *suiteRun) Write(p []byte) (int, error) {
	r.line += suiteColour.ReplaceAllString(string(p), "")
	for {
		line, rest, whole := strings.Cut(r.line, "\n")
		if !whole {
			return len(p), nil
		}
		r.line = rest
		fmt.Fprintln(r.out, line)
		r.take(line)
	}
}

func (r *suiteRun) take(line string) {
	if r.takeHelper(line) {
		return
	}
	if unit := suiteUnit.FindStringSubmatch(line); unit != nil {
		r.unit = unit[1]
		return
	}
	if result := suiteResult.FindStringSubmatch(line); result != nil {
		r.tests, r.open = append(r.tests, suiteTest{r.unit + ": " + result[1], result[2] == "OK"}), false
	} else if other := suiteCaught.FindStringSubmatch(line); other != nil { // its result follows, or it broke the whole run
		said := strings.HasSuffix(line, "OK")
		r.tests, r.open = append(r.tests, suiteTest{r.unit + ": " + other[1], said}), !said
	} else if line == "OK" && r.open {
		r.tests[len(r.tests)-1].passed, r.open = true, false
	}
}

// failed are the names of the tests that did not pass.
func (r *suiteRun) failed() (names []string) {
	for _, test := range r.tests {
		if !test.passed {
			names = append(names, test.name)
		}
	}
	return names
}

func TestWhatASuiteSaysIsCounted(t *testing.T) {
	var said strings.Builder
	r := &suiteRun{out: &said}
	for _, piece := range []string{
		"Starting sentinel #0 at port 20000\n\x1b[0;33;49mTesting unit: 00-base.tcl\x1b[0m\n",
		"09:23:25> (init) Restart killed instances: \x1b[0;32;49mOK\x1b[0m\n09:23:27> A test: with colons: ",
		"\x1b[0;31;49mFAILED: Expected '72' to be equal to '63'\x1b[0m\n\x1b[0;31;49m(Jumping to next unit after error)\x1b[0m\n",
		"09:23:28> One that starts somebody: sentinel/0 redis/12 OK\n",
		"09:23:28> One that says more: >>> Performing Cluster Check (using node 127.0.0.1:30000)\n[OK] All nodes agree.\nOK\nOK\n",
		"09:23:28> One that says more on its line: WWWWW...Starting resharding...WW...OK\n",
		"09:23:28> One that says more words: 32 128KB messages needed to overflow 256KB buffer limit. OK\n",
		"09:23:28> One that ends the run: 19962:M the log of a server\nWARNING: Aborting the test.\n",
	} {
		n, err := r.Write([]byte(piece))
		require.NoError(t, err)
		require.Equal(t, len(piece), n)
	}
	require.Equal(t, []suiteTest{
		{"00-base: (init) Restart killed instances", true}, {"00-base: A test: with colons", false},
		{"00-base: One that starts somebody", true}, {"00-base: One that says more", true},
		{"00-base: One that says more on its line", true}, {"00-base: One that says more words", true}, {"00-base: One that ends the run", false},
	}, r.tests)
	require.Equal(t, []string{"00-base: A test: with colons", "00-base: One that ends the run"}, r.failed())
	require.Contains(t, said.String(), "09:23:25> (init) Restart killed instances: OK\n")
}
