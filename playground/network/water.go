package network

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	// highWater is how many bytes may be on their way in memory before new links wait: each brings two heartbeats,
	// and a thousand nodes that find each other open a million links, as fast as they can.
	highWater = 64 << 20
	// mostPatience is how long one waits at most. A frozen node reads nothing, and links to others must open.
	mostPatience = time.Second
)

// water is how much is on its way in memory. It rises as bytes are written and falls as they are read.
type water struct {
	level atomic.Int64
	mu    sync.Mutex
	ebb   chan struct{} // closed when the level falls to highWater; nil while nobody waits
}

// Afloat is how many bytes are on their way in memory, written and not read.
func (n *Network) Afloat() int { return int(n.water.level.Load()) }

func (w *water) rise(n int) { w.level.Add(int64(n)) }

func (w *water) fall(n int) {
	level := w.level.Add(-int64(n))
	if level > highWater || level+int64(n) <= highWater {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ebb != nil {
		close(w.ebb)
		w.ebb = nil
	}
}

// wait returns when the level is low, when over is closed, or after a while.
func (w *water) wait(over <-chan struct{}) {
	if w.level.Load() <= highWater {
		return
	}
	w.mu.Lock()
	if w.ebb == nil {
		w.ebb = make(chan struct{})
	}
	ebb := w.ebb
	w.mu.Unlock()
	if w.level.Load() <= highWater { // it fell before anybody was known to wait
		return
	}
	patience := time.NewTimer(mostPatience)
	defer patience.Stop()
	select {
	case <-ebb:
	case <-over:
	case <-patience.C:
	}
}
