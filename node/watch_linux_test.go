package node

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestALoopThatIsWokenAllTheTimeStandsWatch wakes it, alone and beside another, and then no more.
func TestALoopThatIsWokenAllTheTimeStandsWatch(t *testing.T) {
	p, err := newPoller()
	require.NoError(t, err)
	defer p.close()
	before, taken := runtime.GOMAXPROCS(0), posts.taken
	require.Zero(t, posts.brisk.Load())
	var w watch
	for range 2 * briskWaits {
		p.nudge()
		w.wait(p)
	}
	require.False(t, w.standing, "nobody else is brisk")
	posts.brisk.Add(1)
	defer posts.brisk.Add(-1)
	waits := w.brisk
	for ; !w.standing; waits++ {
		p.nudge()
		w.wait(p)
		require.True(t, p.nudged)
		require.Zero(t, p.found, "a nudge is nobody's news")
	}
	require.GreaterOrEqual(t, waits, briskWaits)
	require.Equal(t, taken+1, posts.taken)
	require.Greater(t, runtime.GOMAXPROCS(0), runtime.NumCPU(), "its thread occupies a processor")
	require.GreaterOrEqual(t, runtime.GOMAXPROCS(0), before)

	p.nudge()
	w.wait(p)
	require.True(t, w.standing && p.nudged, "a nudge ends such a wait as well")
	for w.standing {
		w.wait(p)
	}
	require.Equal(t, taken, posts.taken)
	require.EqualValues(t, 1, posts.brisk.Load())
	p.nudge()
	w.wait(p)
	require.True(t, p.nudged, "it parks in Go's poller again")
}

// TestProcessorsAreAddedForThoseWhoStandWatch takes all posts there are.
func TestProcessorsAreAddedForThoseWhoStandWatch(t *testing.T) {
	posts.restore() // what other tests have left
	before := runtime.GOMAXPROCS(0)
	var s places
	most := mostPosts * runtime.NumCPU()
	for range most {
		require.True(t, s.take())
	}
	require.False(t, s.take())
	require.Equal(t, before+most, runtime.GOMAXPROCS(0))
	s.give()
	s.restore()
	require.Equal(t, before+most, runtime.GOMAXPROCS(0), "others stand watch")
	require.True(t, s.take())
	for range most {
		s.give()
	}
	require.NotNil(t, s.remove)
	s.restore()
	require.Equal(t, before, runtime.GOMAXPROCS(0))
}
