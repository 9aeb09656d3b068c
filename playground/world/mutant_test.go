package world

import (
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/server"
)

// testTimeout is the node timeout of the worlds in these tests.
const testTimeout = 2 * time.Second

// mutant is a deliberate fault that must be noticed within some seeds. The search begins at the seed that
// finds it today; there are more than enough, for plans change. The mutants that are not here need a
// coincidence that hundreds of seeds do not bring (a voter that answers twice, a vote that is one
// election late); package cluster's and package replication's own tests notice those.
type mutant struct {
	name     string
	first    uint64
	seeds    uint64
	replicas int
	turnOn   func(*server.Config)
	kind     FaultKind // the only one; "" for what each seed draws
}

var mutants = []mutant{
	{"VoteNotPersisted", 4, 20, 1, func(c *server.Config) { c.ClusterMutants.VoteNotPersisted = true }, ""},
	{"QuorumHalf", 4, 20, 1, func(c *server.Config) { c.ClusterMutants.QuorumHalf = true }, ""},
	{"FailOnOneReport", 1, 20, 1, func(c *server.Config) { c.ClusterMutants.FailOnOneReport = true }, ""},
	{"FailNeverCleared", 1, 20, 1, func(c *server.Config) { c.ClusterMutants.FailNeverCleared = true }, ""},
	{"NoRejoinDelay", 3, 20, 1, func(c *server.Config) { c.ClusterMutants.NoRejoinDelay = true }, ""},
	{"NoWritableDelay", 3, 20, 1, func(c *server.Config) { c.ClusterMutants.NoWritableDelay = true }, ""},
	{"MinorityIgnored", 7, 30, 1, func(c *server.Config) { c.ClusterMutants.MinorityIgnored = true }, ""},
	{"EpochNotBumpedOnImport", 4, 20, 1, func(c *server.Config) { c.ClusterMutants.EpochNotBumpedOnImport = true }, ""},
	{"UpdateIgnored", 5, 30, 1, func(c *server.Config) { c.ClusterMutants.UpdateIgnored = true }, ""},
	{"CollisionInverted", 30, 120, 1, func(c *server.Config) { c.ClusterMutants.CollisionInverted = true }, ""},
	{"VotersSlotless", 51, 200, 1, func(c *server.Config) { c.ClusterMutants.VotersSlotless = true }, ""},
	{"ReportsNeverExpire", 65, 200, 1, func(c *server.Config) { c.ClusterMutants.ReportsNeverExpire = true }, ""},
	{"RankIgnored", 60, 200, 2, func(c *server.Config) { c.ClusterMutants.RankIgnored = true }, ""},
	{"FailByAnyMaster", 48, 80, 1, func(c *server.Config) { c.ClusterSwitches.FailByAnyMaster = true }, ""},
	{"BacklogOffByOne", 1, 20, 1, func(c *server.Config) { c.Mutants.BacklogOffByOne = true }, ""},
	{"ReplidKeptOnPromote", 28, 120, 1, func(c *server.Config) { c.Mutants.ReplidKeptOnPromote = true }, ""},
	{"SecondOffsetPlusOne", 4, 20, 1, func(c *server.Config) { c.Mutants.SecondOffsetPlusOne = true }, ""},
	{"StaleHistoryKept", 43, 200, 2, func(c *server.Config) { c.Mutants.StaleHistoryKept = true }, ""},
	{"DropSilently", 1, 20, 1, func(c *server.Config) { c.ClusterSwitches.DropSilently = true }, HastyReshard},
	{"DirtyKept", 1, 20, 1, func(c *server.Config) { c.ClusterMutants.DirtyKept = true }, HastyReshard},
	{"ClaimWhileImporting", 1, 20, 1, func(c *server.Config) { c.ClusterMutants.ClaimWhileImporting = true }, RivalReshard},
}

// worlds is how many of n seeds a test lives. A world is one goroutine: what the race detector can see
// of it, the tests that run side by side, it sees in one world of ten. All of them run without it
// (make check does both).
func worlds(n uint64) uint64 {
	if raceEnabled {
		return (n + 9) / 10
	}
	return n
}

// eachSeed calls judge for n seeds on all processors. A world itself is single-threaded.
func eachSeed(first, n uint64, judge func(seed uint64)) {
	var next atomic.Uint64
	next.Store(first - 1)
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for seed := next.Add(1); seed < first+n; seed = next.Add(1) {
				judge(seed)
			}
		})
	}
	workers.Wait()
}

// firstBroken finds the smallest of the seeds that breaks a promise, and what it breaks; 0 if none does.
// With a kind every plan has that one fault only.
func firstBroken(first, seeds uint64, cfg Config, kind FaultKind) (broken uint64, why error) {
	cfg.NodeTimeout = testTimeout
	cfg.defaults()
	return firstBrokenOf(first, seeds, func(seed uint64) (Verdict, error) {
		cfg := cfg
		cfg.Seed = seed
		plan := PlanOf(cfg.Kind, seed, testTimeout)
		if kind != "" {
			plan = only(kind)
		}
		return JudgePlan(cfg, plan)
	})
}

// firstBrokenOf is firstBroken for any judge.
func firstBrokenOf(first, seeds uint64, judge func(seed uint64) (Verdict, error)) (broken uint64, why error) {
	var mu sync.Mutex
	var found atomic.Uint64
	found.Store(first + seeds)
	eachSeed(first, seeds, func(seed uint64) {
		if seed > found.Load() {
			return
		}
		_, err := judge(seed)
		mu.Lock()
		defer mu.Unlock()
		if err != nil && seed < found.Load() {
			found.Store(seed)
			why = err
		}
	})
	if why == nil {
		return 0, nil
	}
	return found.Load(), why
}

// noticed requires that a mutant breaks a promise in one of the seeds, which the same world without it keeps.
func noticed(t *testing.T, first, seeds uint64, mutated, sane func(seed uint64) (Verdict, error)) {
	t.Helper()
	seed, why := firstBrokenOf(first, seeds, mutated)
	require.NotZero(t, seed, "survived %d seeds from %d on", seeds, first)
	_, err := sane(seed)
	require.NoError(t, err, "seed %d is broken without the mutant, too", seed)
	t.Logf("noticed at seed %d: %.160v", seed, why)
}

// notice is noticed for a mutant of a server.
func (m mutant) notice(t *testing.T, kind Kind) {
	t.Helper()
	judge := func(turnOn func(*server.Config)) func(seed uint64) (Verdict, error) {
		return func(seed uint64) (Verdict, error) {
			cfg := Config{Kind: kind, Replicas: m.replicas, Prepare: turnOn, NodeTimeout: testTimeout, Seed: seed}
			cfg.defaults()
			plan := PlanOf(cfg.Kind, seed, testTimeout)
			if m.kind != "" {
				plan = only(m.kind)
			}
			return JudgePlan(cfg, plan)
		}
	}
	noticed(t, m.first, m.seeds, judge(m.turnOn), judge(nil))
}

func TestTheCheckerNoticesEveryMutant(t *testing.T) {
	if raceEnabled {
		t.Skip("a search through seeds shows the race detector nothing new; it runs without it")
	}
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) { m.notice(t, Cluster) })
	}
}

// TestHundredSeedsBreakNoPromise lives worlds of every kind in turn. make sim lives a thousand.
func TestHundredSeedsBreakNoPromise(t *testing.T) {
	seed, why := firstBrokenOf(1, worlds(100), func(seed uint64) (Verdict, error) { return Judge(KindOf(seed), seed, testTimeout) })
	require.NoError(t, why, "seed %d", seed)
}

func TestTwoReplicasForEachMasterBreakNoPromiseEither(t *testing.T) {
	seed, why := firstBroken(1, worlds(12), Config{Replicas: 2}, "")
	require.NoError(t, why, "seed %d", seed)
}
