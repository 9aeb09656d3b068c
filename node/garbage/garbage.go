// Package garbage decides how much garbage a process lets lie before it is collected, and gives memory back.
//
// Go's collector lets the heap grow to twice of what lives, which is right while much is made: collecting costs
// time. A lab at rest and a server that nobody uses make little. Then a quarter more than what lives is enough,
// and what a storm left behind, when a cluster formed or a client wrote a million keys, is given back once.
//
//	        a quarter of the heap is made within a second
//	calm ───────────────────────────────────────────────────▶ busy
//	     ◀───────────────────────────────────────────────────
//	        that would take more than four
package garbage

import (
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync"
	"time"
)

const (
	// calmPercent and busyPercent are GOGC: how much may be made until the next collection, in percent of what
	// lives. 100 is Go's own.
	calmPercent, busyPercent = 25, 100
	// hurry is how soon after another a collection tells that much is made, in calm.
	hurry = time.Second
	// leisure is how long it must take until a calm process had to collect, and look how often that is asked.
	leisure, look = 4 * time.Second, time.Second
	// restAfter is how many times as long as the last giving back took nothing is given back again.
	restAfter = 20
	// mostGivenBack is how much is given back at once, which holds up other collections. The rest goes page by
	// page, as Go does it by itself.
	mostGivenBack = 256 << 20
)

// governor is what is known of the process' garbage.
type governor struct {
	mu    sync.Mutex
	busy  bool
	cycle time.Time // the last collection
	made  uint64    // bytes made until the last look
	seen  time.Time // the last look
	next  time.Time // nothing is given back before that

	// What the process is told; tests have their own.
	setPercent func(percent int)
	giveBack   func()
}

// Govern adapts the collector to what the process does, for as long as it lives. Where GOGC is set, that holds.
func Govern() {
	if os.Getenv("GOGC") != "" {
		return
	}
	now := time.Now()
	g := &governor{busy: true, cycle: now, seen: now, giveBack: debug.FreeOSMemory, setPercent: func(percent int) { debug.SetGCPercent(percent) }}
	g.listen()
	go func() {
		for now := range time.Tick(look) {
			g.rest(now, measure())
		}
	}()
}

// listen is told of every collection: that finds nobody who uses the object.
func (g *governor) listen() {
	type cycle struct{ _ [16]byte }
	runtime.SetFinalizer(&cycle{}, func(*cycle) {
		g.collected(time.Now())
		g.listen()
	})
}

// collected notes a collection. In calm, two within a second are the beginning of a storm.
func (g *governor) collected(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	soon := now.Sub(g.cycle) < hurry
	g.cycle = now
	if soon && !g.busy {
		g.busy = true
		g.setPercent(busyPercent)
	}
}

// rest ends a storm when little is made, and gives back what it left.
func (g *governor) rest(now time.Time, m usage) {
	g.mu.Lock()
	defer g.mu.Unlock()
	made, took := m.made-g.made, now.Sub(g.seen)
	g.made, g.seen = m.made, now
	headroom := m.live / 100 * calmPercent
	if !g.busy || now.Before(g.next) || made*uint64(leisure/time.Millisecond) > headroom*uint64(took/time.Millisecond) {
		return
	}
	g.busy = false
	g.setPercent(calmPercent)
	if m.free > mostGivenBack {
		return
	}
	began := time.Now()
	g.mu.Unlock() // it is a collection, of which we are told
	g.giveBack()
	g.mu.Lock()
	g.next = now.Add(restAfter * time.Since(began))
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
