package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground/world"
)

// runSim executes `playground sim` and returns what it printed and the exit code.
func runSim(ctx context.Context, args ...string) (string, int) {
	var out bytes.Buffer
	cmd := root()
	cmd.SetOut(&out)
	cmd.SetArgs(append([]string{"sim"}, args...))
	err := cmd.ExecuteContext(ctx)
	var chosen *exitError
	switch {
	case err == nil:
		return out.String(), 0
	case errors.As(err, &chosen):
		return out.String() + err.Error(), chosen.code
	}
	return out.String() + err.Error(), exitFailure
}

// ours is the part of a report that depends on this computer.
var ours = regexp.MustCompile(`ours: .*`)

func TestSimPrintsTheSameHoweverManyWorldsRunAtOnce(t *testing.T) {
	t.Parallel()
	one, code := runSim(t.Context(), "--seeds", "12", "--parallel", "1")
	require.Zero(t, code, one)
	three, code := runSim(t.Context(), "--seeds", "12", "--parallel", "3")
	require.Zero(t, code, three)
	require.Equal(t, ours.ReplaceAllString(one, ""), ours.ReplaceAllString(three, ""))
	require.Contains(t, one, "10 of 12 worlds, 0 broken\nworlds: 12, ")
	require.Contains(t, one, "no invariant broken\n")
}

func TestSimTellsTheStoryOfOneSeed(t *testing.T) {
	t.Parallel()
	out, code := runSim(t.Context(), "--kind", "cluster", "--seed", "5", "--events")
	require.Zero(t, code, out)
	require.Regexp(t, `(?m)^ +0\.000  7000  born$`, out)
	require.Regexp(t, `(?m)^seed 5, cluster, 3 masters with 1 replica each: .+ every .+ for 1m0s$`, out)
	require.Regexp(t, `(?m)^trace [0-9a-f]{16}, \d+ steps, writes: \d+ acknowledged`, out)
}

func TestSimRefusesFlagsThatMakeNoSense(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		args []string
		want string
	}{
		{"events of many worlds", []string{"--events"}, "give it a --seed"},
		{"no worlds", []string{"--seeds", "0"}, "begin at 1"},
		{"no goroutines", []string{"--parallel", "0"}, "begin at 1"},
		{"a kind that does not exist", []string{"--kind", "proxy"}, "--kind is one of cluster, replication, sentinel"},
		{"a node timeout too short", []string{"--node-timeout", "100ms"}, "--node-timeout at 500ms"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			out, code := runSim(t.Context(), tt.args...)
			require.Equal(t, exitUsage, code)
			require.Contains(t, out, tt.want)
		})
	}
}

func TestSimEndsWithOneThirtyWhenItIsInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	out, code := runSim(ctx, "--seeds", "1000")
	require.Equal(t, exitInterrupt, code)
	require.Contains(t, out, "interrupted after 0 of 1000 worlds")
}

func TestSimNamesEveryBrokenSeedAndTheCommandThatReplaysIt(t *testing.T) {
	t.Parallel()
	judge := func(_ world.Kind, seed uint64, _ time.Duration, _ ...world.Observer) (world.Verdict, error) {
		if seed%4 == 3 {
			return world.Verdict{}, fmt.Errorf("invariant %d broken", seed)
		}
		return world.Verdict{}, nil
	}
	var out bytes.Buffer
	f := simFlags{kind: "cluster", seeds: 8, parallel: 2, timeout: time.Second, judge: judge}
	err := f.many(t.Context(), &out)
	var chosen *exitError
	require.ErrorAs(t, err, &chosen)
	require.Equal(t, exitCheck, chosen.code)
	require.EqualError(t, err, "2 of 8 worlds broke a promise")
	require.Contains(t, out.String(), "seed 3: invariant 3 broken\nreplay it with: playground sim --kind cluster --seed 3 --node-timeout 1s --events\n")
	require.Contains(t, out.String(), "seed 7: invariant 7 broken\nreplay it with: playground sim --kind cluster --seed 7 --node-timeout 1s --events\n")
	require.NotContains(t, out.String(), "no invariant broken")

	f.seed, f.timeout = 3, 1500*time.Millisecond
	out.Reset()
	require.ErrorAs(t, f.tell(&out), &chosen)
	require.Equal(t, exitCheck, chosen.code)
	require.Contains(t, out.String(), "playground sim --kind cluster --seed 3 --node-timeout 1.5s --events")
}
