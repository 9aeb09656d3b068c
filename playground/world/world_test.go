package world

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestSixNodesFormACluster(t *testing.T) {
	w, err := New(Config{Seed: 1})
	require.NoError(t, err)
	began := time.Now()
	require.NoError(t, w.Form())
	t.Logf("formed in %v of the world's time, %v of ours, %d steps", w.Age(), time.Since(began), w.Steps())
	began = time.Now()
	w.Run(10 * time.Minute)
	took := time.Since(began)
	t.Logf("ten calm minutes in %v: %.0f times life", took, float64(10*time.Minute)/float64(took))
	require.True(t, w.Agreed())
}

func TestTheSameSeedTellsTheSameStory(t *testing.T) {
	run := func(seed uint64) Verdict {
		v, err := Episode(Config{Seed: seed}, PlanOf(seed, 2*time.Second), nil, nil)
		require.NoError(t, err)
		return v
	}
	one, two := run(7), run(7)
	require.Equal(t, one, two)
	require.NotEqual(t, one.Trace, run(8).Trace)
	t.Logf("%+v", one)
}
