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
	s.governor = &governor{least: OfLab, percent: busyPercent, cycle: s.now, seen: s.now, giveBack: s.gives}
	s.setPercent = func(percent int) { s.told = append(s.told, percent) }
	return s
}

// gives gives back, which is a collection.
func (s *story) gives() {
	s.given++
	s.collected(s.now)
}

// seconds lets seconds pass in each of which so much is made, and looks.
func (s *story) seconds(count int, made uint64) {
	for range count {
		s.now = s.now.Add(time.Second)
		s.heap.made += made
		s.rest(s.now, s.heap)
	}
}

func TestMemoryIsGivenBackOnceWhenAStormIsOver(t *testing.T) {
	s := tell()
	s.rate = 100 << 20
	s.seconds(20, 30<<20) // what lives is made again in three seconds, and four are asked for
	require.Empty(t, s.told)
	require.Zero(t, s.given)
	s.seconds(1, 1<<20)
	require.Equal(t, 1, s.given, "it is over at once")
	s.seconds(30, 1<<20)
	require.InDelta(t, int(OfLab), s.told[len(s.told)-1], step)
	require.Equal(t, 1, s.given)
	told := len(s.told)
	s.seconds(30, 4<<20)
	require.Equal(t, 1, s.given, "it is no storm")
	require.Len(t, s.told, told)
	s.seconds(30, 15<<20)
	require.InDelta(t, afterPercent, s.told[len(s.told)-1], step, "a lab stays small")
	s.least = OfServer
	s.seconds(30, 15<<20)
	require.InDelta(t, 60, s.told[len(s.told)-1], step)
}

func TestMemoryIsGivenBackWhenSilenceFollowsAGentleRain(t *testing.T) {
	s := tell()
	s.seconds(1, 0)
	require.Equal(t, 1, s.given)
	s.seconds(9, 1<<20)
	s.seconds(5, 0)
	require.Equal(t, 1, s.given, "it was not much")
	s.seconds(2, 1<<20)
	s.seconds(silence-1, 0)
	require.Equal(t, 1, s.given, "it may rain on")
	s.seconds(1, 0)
	require.Equal(t, 2, s.given)
	s.seconds(5, 0)
	require.Equal(t, 2, s.given)
}

func TestALabAtRestIsNotSilent(t *testing.T) {
	s := tell()
	for range 100 { // it looks at its nodes now and then, and tells nobody in between
		s.seconds(1, 1200<<10)
		s.seconds(1, 300<<10)
	}
	require.Equal(t, 1, s.given)
}

func TestASmallHeapHasRoomForAPicture(t *testing.T) {
	s := tell()
	s.heap.live = 5 << 20
	s.seconds(1, 0)
	require.Equal(t, []int{20}, s.told)
}

func TestAServerHasRoomInCalm(t *testing.T) {
	s := tell()
	s.least = OfServer
	s.seconds(1, 0)
	require.Equal(t, []int{int(OfServer)}, s.told)
}

func TestGivingBackIsNoStorm(t *testing.T) {
	s := tell()
	s.seconds(1, 0)
	require.Equal(t, 1, s.given)
	s.collected(s.now.Add(time.Second / 10))
	require.Equal(t, []int{int(OfLab)}, s.told)
	s.collected(s.now.Add(time.Second / 2))
	require.Equal(t, []int{int(OfLab), busyPercent}, s.told)
}

func TestWhatLiesIdleInCalmIsGivenBackNowAndThen(t *testing.T) {
	s := tell()
	s.seconds(1, 0)
	require.Equal(t, 1, s.given)
	s.heap.free = s.heap.live/idlePart + 1
	s.seconds(9, 1<<20)
	require.Equal(t, 1, s.given, "it was given back a moment ago")
	s.seconds(2, 1<<20)
	require.Equal(t, 2, s.given)
	s.heap.free = s.heap.live / idlePart
	s.seconds(100, 1<<20)
	require.Equal(t, 2, s.given)
}

func TestAStormOfWhichTheEndIsToldIsOverAtOnce(t *testing.T) {
	s := tell()
	s.seconds(10, 200<<20)
	require.Empty(t, s.told)
	s.stormIsOver(s.now, s.heap)
	require.Equal(t, 1, s.given)
	require.Equal(t, []int{afterPercent}, s.told)
	s.seconds(20, 2<<20)
	require.InDelta(t, int(OfLab), s.told[len(s.told)-1], step)
	require.Equal(t, 1, s.given, "there was no storm")
	s.collected(s.now)
	s.collected(s.now.Add(time.Second / 2))
	require.Equal(t, busyPercent, s.told[len(s.told)-1], "this is another")
}

func TestTheEndOfAStormSetsThePaceWhoeverHadAnother(t *testing.T) {
	s := tell()
	s.set(afterPercent) // in a lull, after which who made the storm puts another back
	s.stormIsOver(s.now, s.heap)
	require.Equal(t, []int{afterPercent, afterPercent}, s.told)
}

func TestTwoCollectionsAtOnceAreAStorm(t *testing.T) {
	s := tell()
	s.seconds(1, 0)
	s.collected(s.now.Add(30 * time.Second))
	s.collected(s.now.Add(32 * time.Second))
	require.Equal(t, []int{int(OfLab)}, s.told)
	s.collected(s.now.Add(32*time.Second + 400*time.Millisecond))
	require.Equal(t, []int{int(OfLab), busyPercent}, s.told)
	s.collected(s.now.Add(33 * time.Second))
	require.Equal(t, []int{int(OfLab), busyPercent}, s.told)
}

// glances lets moments pass in each of which so much is made.
func (s *story) glances(count int, made uint64) {
	for range count {
		s.now = s.now.Add(glance)
		s.heap.made += made
		s.burst(s.now, s.heap.made)
	}
}

func TestABurstIsAStormBeforeTheFirstCollection(t *testing.T) {
	s := tell()
	s.least = OfServer
	s.seconds(1, 0)
	require.Equal(t, []int{int(OfServer)}, s.told)
	s.glances(10, 1<<20) // 10 MB a second: a tenth of what lives
	s.glances(1, 8<<20)  // a picture
	s.glances(1, 0)
	require.Equal(t, []int{int(OfServer)}, s.told)
	s.glances(2, 4<<20)
	require.Equal(t, []int{int(OfServer), busyPercent}, s.told, "40 MB a second: what lives is made again in leisure")
	began := s.now
	given := s.given
	for s.now.Sub(began) < hold-look {
		s.now = s.now.Add(look)
		s.rest(s.now, s.heap)
	}
	require.Equal(t, []int{int(OfServer), busyPercent}, s.told, "it may go on")
	require.Equal(t, given, s.given)
	s.seconds(2, 0)
	require.InDelta(t, int(OfServer), s.told[len(s.told)-1], step)
	require.Equal(t, given+1, s.given)
}

func TestASmallHeapHasNoBurst(t *testing.T) {
	s := tell()
	s.least, s.heap.live = OfServer, 5<<20
	s.seconds(1, 0)
	s.glances(10, flood/10-1)
	require.Equal(t, []int{int(OfServer)}, s.told)
}

func TestALabHasNoBurst(t *testing.T) {
	s := tell()
	s.seconds(1, 0)
	s.glances(10, 100<<20)
	require.Equal(t, []int{int(OfLab)}, s.told)
}

func TestALargeHeapIsCollectedSeldom(t *testing.T) {
	s := tell()
	s.least, s.heap.live = OfServer, 2<<30
	s.seconds(30, 18<<20) // 18 MB a second in the 80 seconds that a collection of it should be away
	require.InDelta(t, 70, s.told[len(s.told)-1], step)
	s.collected(s.now)
	s.collected(s.now.Add(15 * time.Second))
	require.Equal(t, busyPercent, s.told[len(s.told)-1])
}

func TestALongGivingBackIsNotRepeatedSoon(t *testing.T) {
	s := tell()
	s.seconds(1, 0)
	s.next = s.now.Add(10 * time.Second) // as if it had taken half a second
	s.collected(s.now)
	s.collected(s.now)
	s.seconds(9, 0)
	require.Equal(t, 1, s.given)
	s.seconds(1, 0)
	require.Equal(t, 2, s.given)
}

func TestAGreatDealIsLeftToGo(t *testing.T) {
	s := tell()
	s.heap.free = mostGivenBack + 1
	s.seconds(1, 0)
	require.Equal(t, []int{int(OfLab)}, s.told)
	require.Zero(t, s.given)
}

func TestEveryCollectionIsHeardOf(t *testing.T) {
	heard := make(chan struct{}, 100)
	g := &governor{setPercent: func(int) { heard <- struct{}{} }}
	g.listen()
	for range 3 {
		g.mu.Lock()
		g.percent, g.cycle = int(OfLab), time.Now()
		g.mu.Unlock()
		runtime.GC()
		<-heard
	}
	require.NotZero(t, measure().live)
	require.NotZero(t, measure().made)
}
