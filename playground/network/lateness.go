package network

import (
	"sync/atomic"
	"time"
)

// lateness is how long frames that nothing held up took from the write to the read, at most. It is known while
// somebody watches.
type lateness struct{ most atomic.Int64 }

func (l *lateness) note(d time.Duration) {
	for most := l.most.Load(); int64(d) > most; most = l.most.Load() {
		if l.most.CompareAndSwap(most, int64(d)) {
			return
		}
	}
}

// Lateness is how long the slowest frame since the last call was on its way, by the lab's clock, of those that
// nothing held up.
func (n *Network) Lateness() time.Duration { return time.Duration(n.late.most.Swap(0)) }
