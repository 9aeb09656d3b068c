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

// mutant is a deliberate fault that must be noticed within its first seeds: some three times as many
// as it takes today, for plans change. The mutants that are not here need a coincidence that hundreds
// of seeds do not bring (a voter that answers twice, a vote that is one election late, a stream cut
// at one certain byte); package cluster's and package replication's own tests notice those.
type mutant struct {
	name     string
	seeds    uint64
	replicas int
	turnOn   func(*server.Config)
}

var mutants = []mutant{
	{"VoteNotPersisted", 20, 1, func(c *server.Config) { c.ClusterMutants.VoteNotPersisted = true }},
	{"QuorumHalf", 20, 1, func(c *server.Config) { c.ClusterMutants.QuorumHalf = true }},
	{"FailOnOneReport", 20, 1, func(c *server.Config) { c.ClusterMutants.FailOnOneReport = true }},
	{"FailNeverCleared", 20, 1, func(c *server.Config) { c.ClusterMutants.FailNeverCleared = true }},
	{"NoRejoinDelay", 20, 1, func(c *server.Config) { c.ClusterMutants.NoRejoinDelay = true }},
	{"NoWritableDelay", 20, 1, func(c *server.Config) { c.ClusterMutants.NoWritableDelay = true }},
	{"MinorityIgnored", 30, 1, func(c *server.Config) { c.ClusterMutants.MinorityIgnored = true }},
	{"EpochNotBumpedOnImport", 20, 1, func(c *server.Config) { c.ClusterMutants.EpochNotBumpedOnImport = true }},
	{"UpdateIgnored", 30, 1, func(c *server.Config) { c.ClusterMutants.UpdateIgnored = true }},
	{"CollisionInverted", 120, 1, func(c *server.Config) { c.ClusterMutants.CollisionInverted = true }},
	{"ClaimWhileImporting", 120, 1, func(c *server.Config) { c.ClusterMutants.ClaimWhileImporting = true }},
	{"VotersSlotless", 200, 1, func(c *server.Config) { c.ClusterMutants.VotersSlotless = true }},
	{"ReportsNeverExpire", 200, 1, func(c *server.Config) { c.ClusterMutants.ReportsNeverExpire = true }},
	{"DirtyKept", 200, 1, func(c *server.Config) { c.ClusterMutants.DirtyKept = true }},
	{"RankIgnored", 200, 2, func(c *server.Config) { c.ClusterMutants.RankIgnored = true }},
	{"FailByAnyMaster", 80, 1, func(c *server.Config) { c.ClusterSwitches.FailByAnyMaster = true }},
	{"BacklogOffByOne", 20, 1, func(c *server.Config) { c.Mutants.BacklogOffByOne = true }},
	{"ReplidKeptOnPromote", 120, 1, func(c *server.Config) { c.Mutants.ReplidKeptOnPromote = true }},
}

// eachSeed calls judge for the seeds 1 to n on all processors. A world itself is single-threaded.
func eachSeed(n uint64, judge func(seed uint64)) {
	var next atomic.Uint64
	var workers sync.WaitGroup
	for range runtime.NumCPU() {
		workers.Go(func() {
			for seed := next.Add(1); seed <= n; seed = next.Add(1) {
				judge(seed)
			}
		})
	}
	workers.Wait()
}

// firstBroken finds the smallest of the seeds that breaks a promise, and what it breaks; 0 if none does.
func firstBroken(seeds uint64, cfg Config) (first uint64, why error) {
	var mu sync.Mutex
	var found atomic.Uint64
	found.Store(seeds + 1)
	cfg.NodeTimeout = testTimeout
	eachSeed(seeds, func(seed uint64) {
		if seed > found.Load() {
			return
		}
		cfg := cfg
		cfg.Seed = seed
		_, err := JudgePlan(cfg, PlanOf(seed, testTimeout))
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

func TestTheCheckerNoticesEveryMutant(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			seed, why := firstBroken(m.seeds, Config{Replicas: m.replicas, Prepare: m.turnOn})
			require.NotZero(t, seed, "survived %d seeds", m.seeds)
			t.Logf("noticed at seed %d: %.120v", seed, why)
		})
	}
}

func TestHundredSeedsBreakNoPromise(t *testing.T) {
	seed, why := firstBroken(100, Config{})
	require.NoError(t, why, "seed %d", seed)
}

func TestTwoReplicasForEachMasterBreakNoPromiseEither(t *testing.T) {
	seed, why := firstBroken(40, Config{Replicas: 2})
	require.NoError(t, why, "seed %d", seed)
}
