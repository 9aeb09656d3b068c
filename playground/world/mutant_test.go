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

// mutants are deliberate faults; each must be noticed within the first seeds given.
var mutants = []struct {
	name   string
	seeds  uint64
	switch_ func(*server.Config)
}{
	{"VoteNotPersisted", 200, func(c *server.Config) { c.ClusterMutants.VoteNotPersisted = true }},
	{"QuorumHalf", 200, func(c *server.Config) { c.ClusterMutants.QuorumHalf = true }},
	{"DoubleVoteCount", 200, func(c *server.Config) { c.ClusterMutants.DoubleVoteCount = true }},
	{"AckEpochUnchecked", 200, func(c *server.Config) { c.ClusterMutants.AckEpochUnchecked = true }},
	{"VotersSlotless", 200, func(c *server.Config) { c.ClusterMutants.VotersSlotless = true }},
	{"FailOnOneReport", 200, func(c *server.Config) { c.ClusterMutants.FailOnOneReport = true }},
	{"ReportsNeverExpire", 200, func(c *server.Config) { c.ClusterMutants.ReportsNeverExpire = true }},
	{"FailNeverCleared", 200, func(c *server.Config) { c.ClusterMutants.FailNeverCleared = true }},
	{"NoRejoinDelay", 200, func(c *server.Config) { c.ClusterMutants.NoRejoinDelay = true }},
	{"NoWritableDelay", 200, func(c *server.Config) { c.ClusterMutants.NoWritableDelay = true }},
	{"MinorityIgnored", 200, func(c *server.Config) { c.ClusterMutants.MinorityIgnored = true }},
	{"RankIgnored", 200, func(c *server.Config) { c.ClusterMutants.RankIgnored = true }},
	{"DataAgeIgnored", 200, func(c *server.Config) { c.ClusterMutants.DataAgeIgnored = true }},
	{"EpochNotBumpedOnImport", 200, func(c *server.Config) { c.ClusterMutants.EpochNotBumpedOnImport = true }},
	{"CollisionInverted", 200, func(c *server.Config) { c.ClusterMutants.CollisionInverted = true }},
	{"UpdateIgnored", 200, func(c *server.Config) { c.ClusterMutants.UpdateIgnored = true }},
	{"DirtyKept", 200, func(c *server.Config) { c.ClusterMutants.DirtyKept = true }},
	{"ClaimWhileImporting", 200, func(c *server.Config) { c.ClusterMutants.ClaimWhileImporting = true }},
	{"SecondOffsetPlusOne", 200, func(c *server.Config) { c.Mutants.SecondOffsetPlusOne = true }},
	{"BacklogOffByOne", 200, func(c *server.Config) { c.Mutants.BacklogOffByOne = true }},
	{"ReplidKeptOnPromote", 200, func(c *server.Config) { c.Mutants.ReplidKeptOnPromote = true }},
	{"StaleHistoryKept", 200, func(c *server.Config) { c.Mutants.StaleHistoryKept = true }},
	{"AckBeforeApply", 200, func(c *server.Config) { c.Mutants.AckBeforeApply = true }},
}

// firstBroken judges the seeds 1, 2, … on all processors until one breaks a promise. It returns the
// smallest such seed and what it broke, or 0.
func firstBroken(seeds uint64, prepare func(*server.Config)) (uint64, error) {
	const nt = 2 * time.Second
	var next, found atomic.Uint64
	var mu sync.Mutex
	var why error
	var workers sync.WaitGroup
	found.Store(seeds + 1)
	for range runtime.NumCPU() {
		workers.Go(func() {
			for seed := next.Add(1); seed < found.Load(); seed = next.Add(1) {
				_, err := JudgePlan(Config{Seed: seed, NodeTimeout: nt, Prepare: prepare}, PlanOf(seed, nt))
				mu.Lock()
				if err != nil && seed < found.Load() {
					found.Store(seed)
					why = err
				}
				mu.Unlock()
			}
		})
	}
	workers.Wait()
	if why == nil {
		return 0, nil
	}
	return found.Load(), why
}

func TestTheCheckerNoticesEveryMutant(t *testing.T) {
	for _, m := range mutants {
		t.Run(m.name, func(t *testing.T) {
			seed, why := firstBroken(m.seeds, m.switch_)
			if why == nil { t.Log("SURVIVED"); return }
			require.NotZero(t, seed, "survived %d seeds", m.seeds)
			t.Logf("killed at seed %d: %.150v", seed, why)
		})
	}
}
