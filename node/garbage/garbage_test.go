package garbage

import (
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// story is a governor in a process that is made up.
type story struct {
	*governor
	now   time.Time
	heap  usage
	told  []int
	given int
}

func tell() *story {
	s := &story{now: time.Unix(1_800_000_000, 0), heap: usage{live: 100 << 20}}
	s.governor = &governor{busy: true, cycle: s.now, seen: s.now, giveBack: func() { s.given++ }}
	s.setPercent = func(percent int) { s.told = append(s.told, percent) }
	return s
}

// second lets a second pass in which so much is made, and looks.
func (s *story) second(made uint64) {
	s.now = s.now.Add(time.Second)
	s.heap.made += made
	s.rest(s.now, s.heap)
}

func TestMemoryIsGivenBackOnceWhenAStormIsOver(t *testing.T) {
	s := tell()
	s.second(60 << 20)
	s.second(7 << 20) // a quarter of the heap in less than four seconds
	require.Empty(t, s.told)
	require.Zero(t, s.given)
	s.second(6 << 20)
	require.Equal(t, []int{calmPercent}, s.told)
	require.Equal(t, 1, s.given)
	for range 10 {
		s.second(1 << 20)
		s.collected(s.now)
	}
	require.Equal(t, []int{calmPercent}, s.told, "it is calm already")
	require.Equal(t, 1, s.given)
}

func TestTwoCollectionsInASecondAreAStorm(t *testing.T) {
	s := tell()
	s.second(0)
	s.collected(s.now.Add(30 * time.Second))
	s.collected(s.now.Add(32 * time.Second))
	require.Equal(t, []int{calmPercent}, s.told)
	s.collected(s.now.Add(32*time.Second + 900*time.Millisecond))
	require.Equal(t, []int{calmPercent, busyPercent}, s.told)
	s.collected(s.now.Add(33 * time.Second))
	require.Equal(t, []int{calmPercent, busyPercent}, s.told)
}

func TestALongGivingBackIsNotRepeatedSoon(t *testing.T) {
	s := tell()
	s.second(0)
	s.next = s.now.Add(10 * time.Second) // as if it had taken half a second
	s.collected(s.now)
	s.collected(s.now)
	for range 9 {
		s.second(0)
	}
	require.Equal(t, 1, s.given)
	s.second(0)
	require.Equal(t, 2, s.given)
}

func TestAGreatDealIsLeftToGo(t *testing.T) {
	s := tell()
	s.heap.free = mostGivenBack + 1
	s.second(0)
	require.Equal(t, []int{calmPercent}, s.told)
	require.Zero(t, s.given)
}

func TestEveryCollectionIsHeardOf(t *testing.T) {
	heard := make(chan struct{}, 100)
	g := &governor{setPercent: func(int) { heard <- struct{}{} }}
	g.listen()
	for range 3 {
		g.mu.Lock()
		g.busy, g.cycle = false, time.Now()
		g.mu.Unlock()
		runtime.GC()
		<-heard
	}
	require.NotZero(t, measure().live)
	require.NotZero(t, measure().made)
}
