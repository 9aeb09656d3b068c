package node

import (
	"sync/atomic"
	"time"
)

// A loop that has served several clients stands back for a moment before it waits, if other nodes of this process
// are at work as well: they and the clients on the same processors go first, and have something for it by then as a
// rule. So it serves more of them in a turn, and is not put to sleep and woken for each. A node that works alone
// has nobody to let go first.
const (
	// crowd is how many clients of a turn make that worth while. A single one that asks and waits is not delayed.
	crowd = 2
	// standLimit is what standing back may take. When it takes longer, somebody computes who has nothing to do with
	// us, and lets us in again when his share of the processor is used up.
	standLimit = 500 * time.Microsecond
	// hasteTime is for how long a loop does not stand back after that.
	hasteTime = 100 * time.Millisecond
)

// awake is how many loops of this process do not wait.
var awake atomic.Int32

// rest returns when there is something to do.
func (p *loop) rest() {
	if p.party < crowd || !p.standBack() {
		awake.Add(-1)
		p.poll.wait()
		awake.Add(1)
	}
}

// standBack reports whether it was worth while.
func (p *loop) standBack() bool {
	if awake.Load() < 2 {
		return false
	}
	began := time.Now()
	if began.Before(p.hasty) {
		return false
	}
	found := p.poll.linger()
	if now := time.Now(); now.Sub(began) > standLimit {
		p.hasty = now.Add(hasteTime)
	}
	return found
}
