// Package garbage decides how much garbage a process lets lie before it is collected, and gives memory back.
//
// Go's collector lets the heap grow to twice of what lives, which is right while much is made: collecting costs
// time. A lab at rest and a server that nobody uses make little. Then it may grow by what is made in some
// seconds, and what a storm left behind, when a cluster formed or a client wrote a million keys, is given back
// once, together with the pages of the program that only the storm needed.
//
//	        two collections soon after each other, or much made in a moment
//	calm ──────────────────────────────────────────────────────────────────▶ busy
//	     ◀──────────────────────────────────────────────────────────────────
//	        what lives will not be made again soon
package garbage

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// busyPercent is GOGC in a storm, Go's own: so much of what lives may be made until the next collection.
	busyPercent = 100
	// leastRoom is how many bytes may be made at least: what lives in a small lab is made again by one picture of it.
	leastRoom = 1 << 20
	// step is the least change of it worth the while.
	step = 10
	// leisure is how long a calm process should not have to collect, and thrift how many bytes a second collecting
	// may go through for that: a collector that reads a gigabyte a second may work a fortieth of the time.
	leisure, thrift = 4 * time.Second, 25 << 20
	// hurry is how much sooner than that a collection tells that much is made.
	hurry = 4
	// look is how often all this is thought over.
	look = time.Second / 2
	// glance is how often a burst is looked for, which is one when at least flood bytes a second are made in so many
	// glances in a row: a picture of a lab is made in one. A client that begins to write 60 MB a second would bring
	// about the first collection at the pace of calm before a look sees it, and another soon after.
	glance, flood, glances = look / 5, 16 << 20, 2
	// hold is how long a burst counts as a storm, whatever the average says.
	hold = inertia * look
	// inertia is how many looks what is made is averaged over. When so many times as much as in the last look
	// is less than that, the storm is over.
	inertia = 8
	// silence is how many looks in a row must find nothing new: what is made is counted in pieces.
	silence = 4
	// restAfter is how many times as long as the last giving back took nothing is given back again.
	restAfter = 20
	// idlePart is how much of what lives may lie idle in calm, one part in so many. Nothing is given back on account of
	// that for the time of pauses collections, and not for pause: it is one itself.
	idlePart, pauses, pause = 5, 2, 10 * time.Second
	// afterPercent is what may be made, in percent of what lives, right after a storm of which somebody knew the end,
	// and the most in a lab while there is none: its heap grows in the echo of forming, and does not shrink soon.
	afterPercent = 30
	// mostGivenBack is how much is given back at once, which holds up other collections. The rest goes page by
	// page, as Go does it by itself.
	mostGivenBack = 512 << 20
)

// Pace is GOGC in calm, when next to nothing is made.
type Pace int

const (
	// OfLab keeps a lab small, which makes always as much.
	OfLab Pace = 10
	// OfServer leaves room for clients that come suddenly. Go begins a collection when a twentieth of that room is
	// left, and whoever makes more meanwhile has to help: 10 % of 200 MB let commands wait for a tenth of a second.
	OfServer Pace = 40
)

// governor is what is known of the process' garbage.
type governor struct {
	least Pace

	mu        sync.Mutex
	percent   int       // GOGC
	cycle     time.Time // the last collection
	glancedAt time.Time // the last glance
	glanced   uint64    // bytes made until then
	busy      int       // glances in a row that saw a burst
	until     time.Time // it is a storm until then
	made      uint64    // bytes made until the last look
	last      uint64    // bytes made between that and the one before
	seen      time.Time // the last look
	rate      uint64    // bytes made a second
	still     int       // looks in a row until which next to nothing of that was made
	owed      uint64    // bytes made since something was given back
	live      uint64    // at the last look
	next      time.Time // nothing is given back before that
	given     time.Time // when something was given back last
	ours      bool      // the next collection that we hear of is one that gives back

	// What the process is told; tests have their own.
	setPercent func(percent int)
	giveBack   func()
}

// governing is who governs this process; nil for nobody.
var governing atomic.Pointer[governor]

// StormIsOver tells that what made much is over, whoever knows it: what it left is given back at once, and what is made
// from now on says how much may lie. From the outside that is seen only after a while.
func StormIsOver() {
	if g := governing.Load(); g != nil {
		g.stormIsOver(time.Now(), measure())
		return
	}
	debug.FreeOSMemory()
}

// Govern adapts the collector to what the process does, for as long as it lives. Where GOGC is set, that holds.
func Govern(least Pace) {
	if os.Getenv("GOGC") != "" {
		return
	}
	now := time.Now()
	g := &governor{least: least, percent: busyPercent, cycle: now, glancedAt: now, seen: now, giveBack: giveBack, setPercent: func(percent int) { debug.SetGCPercent(percent) }}
	g.listen()
	governing.Store(g)
	go func() {
		for now := range time.Tick(glance) {
			m := measure()
			if g.burst(now, m.made); now.Sub(g.lastLook()) > look-glance/2 {
				g.rest(now, m)
			}
		}
	}()
}

// lastLook is when all was thought over last.
func (g *governor) lastLook() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.seen
}

// burst sees a storm begin: what was made in a moment would, if that goes on, ask for the pace of a storm. A large lab
// makes as much all the time, and would hold twice of what lives.
func (g *governor) burst(now time.Time, made uint64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	rate := perSecond(made-g.glanced, now.Sub(g.glancedAt))
	g.glancedAt, g.glanced = now, made
	if g.least == OfLab || rate < flood || float64(rate)*leisureOf(g.live).Seconds() < float64(g.live) {
		g.busy = 0
		return
	}
	if g.busy++; g.busy >= glances {
		g.until = now.Add(hold)
		g.set(busyPercent)
	}
}

// giveBack gives back what the heap does not use, and the pages of the program: those that are needed are still in
// the system's cache.
func giveBack() {
	debug.FreeOSMemory()
	leaveProgram()
}

// listen is told of every collection: that finds nobody who uses the object.
func (g *governor) listen() {
	type cycle struct{ _ [16]byte }
	runtime.SetFinalizer(&cycle{}, func(*cycle) {
		g.collected(time.Now())
		g.listen()
	})
}

// collected notes a collection, but for our own. In calm, two soon after each other are the beginning of a storm.
func (g *governor) collected(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.ours {
		g.ours = false
		return
	}
	soon := now.Sub(g.cycle) < leisureOf(g.live)/hurry
	g.cycle = now
	if soon {
		g.set(busyPercent)
	}
}

// set changes GOGC.
func (g *governor) set(percent int) {
	if percent != g.percent {
		g.percent = percent
		g.setPercent(percent)
	}
}

// rest adapts to what is made, and gives back what a storm left that is over.
func (g *governor) rest(now time.Time, m usage) {
	g.mu.Lock()
	defer g.mu.Unlock()
	want, stormy := g.want(now, m), g.percent == busyPercent
	switch {
	case now.Before(g.next) || now.Before(g.until) || want == busyPercent:
		return
	case stormy || want >= g.percent+step || want <= g.percent-step:
		g.set(want)
	}
	if !stormy && !g.silent(m.live) && !g.wasteful(now, m) || m.free > mostGivenBack {
		return
	}
	g.giveAllBack(now)
}

// giveAllBack gives back what is free, and takes note of it. The lock is held, but not meanwhile.
func (g *governor) giveAllBack(now time.Time) {
	began := time.Now()
	g.owed, g.given, g.ours = 0, now, true
	g.mu.Unlock() // it is a collection, of which we are told
	g.giveBack()
	g.mu.Lock()
	g.next = now.Add(restAfter * time.Since(began))
}

// stormIsOver forgets the storm.
func (g *governor) stormIsOver(now time.Time, m usage) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.made, g.seen, g.live, g.still, g.until = m.made, now, m.live, 0, now
	g.rate = uint64(float64(m.live) * afterPercent / 100 / leisureOf(m.live).Seconds())
	g.percent = afterPercent
	g.setPercent(afterPercent) // even if it is said to be that: whoever made the storm may have had a pace of its own
	g.giveAllBack(now)
}

// silent reports that next to nothing is made, after much was: it may have come too slowly for a storm. A lab at rest,
// which makes little all the time, is not silent.
func (g *governor) silent(live uint64) bool {
	return g.still >= silence && g.owed > live/10
}

// wasteful reports that much lies idle, whatever left it there.
func (g *governor) wasteful(now time.Time, m usage) bool {
	return m.free > m.live/idlePart && now.Sub(g.given) >= max(pause, pauses*leisureOf(m.live))
}

// leisureOf is how long a process with so much in its heap should not have to collect.
func leisureOf(live uint64) time.Duration {
	return max(leisure, time.Duration(live*1000/thrift)*time.Millisecond)
}

// want is the percentage of what lives that is made in that time.
func (g *governor) want(now time.Time, m usage) int {
	g.last = m.made - g.made
	g.owed += g.last
	rate := perSecond(g.last, now.Sub(g.seen))
	g.rate += rate/inertia - g.rate/inertia
	g.made, g.seen, g.live = m.made, now, m.live
	if g.still++; inertia*rate >= g.rate || g.last >= m.live/100 {
		g.still = 0
	}
	percent := float64(min(g.rate, inertia*rate)) * leisureOf(m.live).Seconds() * 100 / float64(max(m.live, 1))
	if g.least == OfLab && percent < busyPercent {
		percent = min(percent, afterPercent)
	}
	least := max(float64(g.least), float64(leastRoom*100/max(m.live, 1)))
	return int(min(max(percent, least), busyPercent))
}

// perSecond is how many bytes a second were made, when some were in a time.
func perSecond(made uint64, took time.Duration) uint64 {
	return made * uint64(time.Second/time.Millisecond) / uint64(max(took/time.Millisecond, 1))
}

// usage is what the heap is used for, in bytes.
type usage struct {
	made uint64 // since the process began
	live uint64 // at the last collection
	free uint64 // of no use at present, and not given back
}

func measure() usage {
	samples := [...]metrics.Sample{
		{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/live:bytes"}, {Name: "/memory/classes/heap/free:bytes"},
	}
	metrics.Read(samples[:])
	return usage{made: samples[0].Value.Uint64(), live: samples[1].Value.Uint64(), free: samples[2].Value.Uint64()}
}
