package workload

import "sync"

// remembered is how many acknowledged writes of one key can still be called lost: a failover
// loses what a replica lacked, which is a few writes per key.
const remembered = 64

// Counts is the sum of a ledger.
type Counts struct {
	Acked      uint64 `json:"acked"`      // the node answered OK
	Replicated uint64 `json:"replicated"` // of these: seen on a replica
	Lost       uint64 `json:"lost"`       // of these: no longer there
	Unknown    uint64 `json:"unknown"`    // sent, and no answer came
	Errors     uint64 `json:"errors"`     // refused
}

// promise is one acknowledged write of a key.
type promise struct {
	number     uint64
	replicated bool
}

// entry is the page of one key. Each key is written by one client only, so its numbers rise.
type entry struct {
	last     uint64 // the last number used
	promises []promise
}

// ledger remembers what was promised for every key.
type ledger struct {
	mu     sync.Mutex
	keys   []entry
	counts Counts
}

func newLedger(keys int) *ledger { return &ledger{keys: make([]entry, keys)} }

// next is the number that the next write of a key carries.
func (l *ledger) next(key int) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keys[key].last++
	return l.keys[key].last
}

// acked notes that a write was acknowledged.
func (l *ledger) acked(key int, number uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.counts.Acked++
	e := &l.keys[key]
	if len(e.promises) == remembered {
		e.promises = append(e.promises[:0], e.promises[1:]...)
	}
	e.promises = append(e.promises, promise{number: number})
}

// failed notes a write that was refused, or whose outcome nobody knows.
func (l *ledger) failed(unknown bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if unknown {
		l.counts.Unknown++
		return
	}
	l.counts.Errors++
}

// seenOnReplica notes that a replica holds number or a later one.
func (l *ledger) seenOnReplica(key int, number uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	promises := l.keys[key].promises
	for i := range promises {
		if promises[i].number <= number && !promises[i].replicated {
			promises[i].replicated = true
			l.counts.Replicated++
		}
	}
}

// open tells whether a promise of a key has not been seen on a replica yet.
func (l *ledger) open(key int) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	promises := l.keys[key].promises
	return len(promises) > 0 && !promises[len(promises)-1].replicated
}

// lastAcked is the greatest number that was acknowledged and is not known to be lost.
func (l *ledger) lastAcked(key int) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	promises := l.keys[key].promises
	if len(promises) == 0 {
		return 0
	}
	return promises[len(promises)-1].number
}

// seenOnMaster notes what the slot's owner holds. Promises made before the question was asked
// (up to asked) and greater than number are lost.
func (l *ledger) seenOnMaster(key int, number, asked uint64) (lost int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := &l.keys[key]
	kept := e.promises[:0]
	for _, p := range e.promises {
		if p.number > number && p.number <= asked {
			lost++
			continue
		}
		kept = append(kept, p)
	}
	e.promises = kept
	l.counts.Lost += uint64(lost)
	return lost
}

func (l *ledger) sum() Counts {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.counts
}

func (l *ledger) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	clear(l.keys)
	l.counts = Counts{}
}
