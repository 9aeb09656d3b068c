package world

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSixNodesFormAClusterAndStayOne(t *testing.T) {
	w, err := New(Config{Seed: 1})
	require.NoError(t, err)
	require.NoError(t, w.Form())
	require.Less(t, w.Age(), 10*time.Second)
	w.Run(testTimeout) // the last word on roles travels
	var seen counter
	w.observers = append(w.observers, &seen)
	w.Run(10 * time.Minute)
	require.True(t, w.Agreed())
	require.Empty(t, seen.names, "ten calm minutes are without an event")
}

func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	live := func(seed uint64) Verdict {
		v, err := Episode(Config{Seed: seed}, PlanOf(Cluster, seed, testTimeout), nil, nil)
		require.NoError(t, err)
		return v
	}
	for _, seed := range []uint64{7, 50} {
		one, two := live(seed), live(seed)
		require.Equal(t, one, two)
		require.NotEqual(t, one.Trace, live(seed+1).Trace)
	}
}

func TestAWorldLivesTheSameLifeWhenItIsWatched(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		alone, err := Episode(Config{Seed: seed}, PlanOf(Cluster, seed, testTimeout), nil, nil)
		require.NoError(t, err)
		watched, err := Judge(Cluster, seed, testTimeout)
		require.NoError(t, err)
		require.Equal(t, alone, watched)
	}
}

func TestCallersOfACutHostHearNothingUntilTheirPatienceEnds(t *testing.T) {
	w, err := New(Config{Seed: 1})
	require.NoError(t, err)
	w.Cut(1, 0)
	var answer error
	began := w.Age()
	w.Caller(0, 1).Do(time.Second, func(_ []byte, err error) { answer = err }, "PING")
	require.True(t, w.RunUntil(time.Minute, func() bool { return answer != nil }))
	require.ErrorIs(t, answer, errTimeout)
	require.Equal(t, time.Second, w.Age()-began)
}

// BenchmarkJudge lives the first seeds under load and with every check, and reports how much
// faster than life that is.
func BenchmarkJudge(b *testing.B) {
	var lived time.Duration
	seed := uint64(0)
	for b.Loop() {
		seed = seed%20 + 1
		v, err := Judge(Cluster, seed, testTimeout)
		require.NoError(b, err)
		lived += v.Lived
	}
	b.ReportMetric(float64(lived)/float64(b.Elapsed()), "x-life")
}

// BenchmarkCalmWorld lives without faults and without clients.
func BenchmarkCalmWorld(b *testing.B) {
	w, err := New(Config{Seed: 1})
	require.NoError(b, err)
	require.NoError(b, w.Form())
	for b.Loop() {
		w.Run(time.Second)
	}
	b.ReportMetric(float64(time.Duration(b.N)*time.Second)/float64(b.Elapsed()), "x-life")
}

// BenchmarkBusyWorld lives without faults while clients write a hundred values a second.
func BenchmarkBusyWorld(b *testing.B) {
	w, err := New(Config{Seed: 1})
	require.NoError(b, err)
	require.NoError(b, w.Form())
	load := NewWorkload(w, 5, 1000)
	load.Start(100)
	for b.Loop() {
		w.Run(time.Second)
	}
	require.NotEmpty(b, load.Writes)
	b.ReportMetric(float64(time.Duration(b.N)*time.Second)/float64(b.Elapsed()), "x-life")
}
