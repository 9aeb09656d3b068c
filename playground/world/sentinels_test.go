package world

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/sentinel"
)

// guardMutant is a deliberate fault of a Sentinel, to be noticed within some seeds.
type guardMutant struct {
	name   string
	first  uint64
	seeds  uint64
	turnOn func(*sentinel.Mutants)
}

var guardMutants = []guardMutant{
	{"VoteNotPersisted", 1, 200, func(m *sentinel.Mutants) { m.VoteNotPersisted = true }},
	{"DoubleVote", 1, 200, func(m *sentinel.Mutants) { m.DoubleVote = true }},
	{"MajorityIgnored", 1, 200, func(m *sentinel.Mutants) { m.MajorityIgnored = true }},
	{"DeadVotersForgotten", 1, 200, func(m *sentinel.Mutants) { m.DeadVotersForgotten = true }},
	{"ConfigEpochUnchecked", 1, 200, func(m *sentinel.Mutants) { m.ConfigEpochUnchecked = true }},
	{"ODownForever", 1, 200, func(m *sentinel.Mutants) { m.ODownForever = true }},
	{"TiltIgnored", 1, 200, func(m *sentinel.Mutants) { m.TiltIgnored = true }},
	{"PriorityZeroEligible", 1, 200, func(m *sentinel.Mutants) { m.PriorityZeroEligible = true }},
	{"OffsetIgnored", 1, 200, func(m *sentinel.Mutants) { m.OffsetIgnored = true }},
	{"NoFailoverSpacing", 1, 200, func(m *sentinel.Mutants) { m.NoFailoverSpacing = true }},
}

func TestTheCheckerNoticesEveryMutantOfSentinel(t *testing.T) {
	if raceEnabled {
		t.Skip("a search through seeds shows the race detector nothing new; it runs without it")
	}
	for _, m := range guardMutants {
		t.Run(m.name, func(t *testing.T) {
			seed, why := firstBrokenOf(m.first, m.seeds, func(seed uint64) (Verdict, error) {
				cfg := ConfigOf(Sentinels, seed, testTimeout)
				cfg.PrepareSentinel = func(c *sentinel.Config) { m.turnOn(&c.Mutants) }
				return JudgePlan(cfg, PlanOf(Sentinels, seed, testTimeout))
			})
			require.NotZero(t, seed, "survived %d seeds from %d on", m.seeds, m.first)
			t.Logf("noticed at seed %d: %.200v", seed, why)
		})
	}
}

func TestHundredSeedsOfSentinelsBreakNoPromise(t *testing.T) {
	seed, why := firstBrokenOf(1, worlds(100), func(seed uint64) (Verdict, error) { return Judge(Sentinels, seed, testTimeout) })
	require.NoError(t, why, "seed %d", seed)
}

// BenchmarkJudgeSentinels is BenchmarkJudge where there are Sentinels.
func BenchmarkJudgeSentinels(b *testing.B) {
	var lived time.Duration
	seed := uint64(0)
	for b.Loop() {
		seed = seed%20 + 1
		v, err := Judge(Sentinels, seed, testTimeout)
		require.NoError(b, err)
		lived += v.Lived
	}
	b.ReportMetric(float64(lived)/float64(b.Elapsed()), "x-life")
}
