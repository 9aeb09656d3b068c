package world

import (
	"slices"
	"sync"
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
			judge := func(turnOn func(*sentinel.Mutants)) func(seed uint64) (Verdict, error) {
				return func(seed uint64) (Verdict, error) {
					cfg := ConfigOf(Sentinels, seed, testTimeout)
					cfg.PrepareSentinel = func(c *sentinel.Config) { turnOn(&c.Mutants) }
					return JudgePlan(cfg, PlanOf(Sentinels, seed, testTimeout))
				}
			}
			noticed(t, m.first, m.seeds, judge(m.turnOn), judge(func(*sentinel.Mutants) {}))
		})
	}
}

func TestTheSameSeedOfSentinelsTellsTheSameStory(t *testing.T) {
	for _, seed := range []uint64{7, 12} {
		one, err := Judge(Sentinels, seed, testTimeout)
		require.NoError(t, err)
		two, err := Judge(Sentinels, seed, testTimeout)
		require.NoError(t, err)
		require.Equal(t, one, two)
		other, err := Judge(Sentinels, seed+1, testTimeout)
		require.NoError(t, err)
		require.NotEqual(t, one.Trace, other.Trace)
	}
}

func TestAWorldWithoutAClusterLivesTheSameLifeWhenItIsWatched(t *testing.T) {
	for _, kind := range []Kind{Replication, Sentinels} {
		for seed := uint64(1); seed <= 2; seed++ {
			alone, err := Episode(ConfigOf(kind, seed, testTimeout), PlanOf(kind, seed, testTimeout), nil, nil)
			require.NoError(t, err)
			watched, err := Judge(kind, seed, testTimeout)
			require.NoError(t, err)
			require.Equal(t, alone, watched)
		}
	}
}

// lossless runs seeds with some kinds of fault only, and nothing may be lost.
func lossless(t *testing.T, kind Kind, event string, faults ...FaultKind) {
	t.Helper()
	var mu sync.Mutex
	var sum Ledger
	var seen counter
	eachSeed(1, worlds(8), func(seed uint64) {
		plan := only(faults[0])
		plan.Kinds = faults
		v, err := JudgePlan(Config{Kind: kind, Seed: seed, NodeTimeout: testTimeout}, plan, &seen)
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			t.Errorf("seed %d: %v", seed, err)
		}
		sum.Add(v.Ledger)
	})
	require.Greater(t, seen.names[event], int(worlds(8))/2)
	require.Greater(t, sum.Acked, int(worlds(8))*1000)
	require.Zero(t, sum.Lost+sum.Duplicated+sum.Phantom, sum)
}

// Promise 18 where there is no cluster.
func TestHandingOverAloneLosesNothing(t *testing.T) {
	lossless(t, Replication, "+master", HandOver)
}

func TestBrokenConnectionsOfStreamsAloneLoseNothing(t *testing.T) {
	lossless(t, Replication, "+psync-partial", LinkReset)
	lossless(t, Sentinels, "+psync-partial", LinkReset, SaveDataset)
}

// Promise 49, for those who wait: a master that dies is replaced, and one that comes back is put right.
func TestSentinelsReplaceADeadMasterAndPutTheOldOneRight(t *testing.T) {
	n := int(worlds(60))
	var mu sync.Mutex
	var replaced, putRight []time.Duration
	eachSeed(1, uint64(n), func(seed uint64) {
		a, b := timeToReplace(t, seed)
		mu.Lock()
		defer mu.Unlock()
		replaced, putRight = append(replaced, a), append(putRight, b)
	})
	slices.Sort(replaced)
	slices.Sort(putRight)
	t.Logf("replaced: median %v, worst %v; put right: median %v, worst %v", replaced[n/2], replaced[n-1], putRight[n/2], putRight[n-1])
	require.Less(t, replaced[n*95/100], testTimeout+5*time.Second)
	require.Less(t, replaced[n-1], testTimeout+25*time.Second, "one election may be lost, and another begins after twice the failover timeout")
	require.Less(t, putRight[n-1], 8*time.Second+10*time.Second+2*time.Second, "eight seconds of grace, an INFO period and a new connection")
}

// timeToReplace kills the master of a calm world and measures how long all Sentinels take to have another
// one; then it lets the old one come back and measures how long it goes on as a master.
func timeToReplace(t *testing.T, seed uint64) (replaced, putRight time.Duration) {
	w, err := New(Config{Kind: Sentinels, Seed: seed, NodeTimeout: testTimeout})
	if err == nil {
		err = w.Form()
	}
	if err != nil {
		t.Errorf("seed %d: %v", seed, err)
		return 0, 0
	}
	w.Run(12*time.Second + time.Duration(seed)*37*time.Millisecond)
	began := w.Age()
	w.Kill(0, KeepDisk)
	w.RunUntil(time.Minute, func() bool {
		return w.everyTenth(func(i int) bool {
			v, ok := w.watched(i)
			return !ok || w.hostAt(v.Current) > 0
		})
	})
	replaced = w.Age() - began
	w.Run(5 * time.Second)
	began = w.Age()
	if err := w.Restart(0); err != nil {
		t.Errorf("seed %d: %v", seed, err)
	}
	w.RunUntil(time.Minute, func() bool { at, _ := w.masterOf(0); return at > 0 })
	return replaced, w.Age() - began
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
