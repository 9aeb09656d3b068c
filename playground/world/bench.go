package world

import (
	"time"

	"clusterplay/node/replication"
	"clusterplay/node/slot"
	"clusterplay/playground/invariant"
)

// bench judges worlds without a cluster. Like the jury it looks and touches nothing.
type bench struct {
	Nothing
	checker *invariant.Checker
	looked  []time.Duration // when each host was last looked at
	counted []time.Duration // when its keys were last held against others'
	keys    []slot.Slot
	bytes   []byte // reused to read streams
}

func newBench(cfg Config, plan Plan) *bench {
	n := orderOf(cfg.Kind).hosts(&cfg)
	return &bench{keys: keySlots(plan.Keys), looked: make([]time.Duration, n), counted: make([]time.Duration, n)}
}

func (b *bench) bind(w *World) {
	b.checker = invariant.New(invariant.Config{NodeTimeout: w.cfg.NodeTimeout, Hosts: len(w.hosts), Durable: w.Durable})
}

func (b *bench) broken() error { return b.checker.Broken() }

// Step looks at a host's stream once a cron, and at its data once a second.
func (b *bench) Step(w *World, host int) {
	if w.hosts[host].server == nil {
		return
	}
	if w.now-b.looked[host] >= tickEvery {
		b.looked[host] = w.now
		b.bytes = w.holdStream(b.checker, host, b.bytes)
	}
	if w.now-b.counted[host] >= countEvery {
		b.counted[host] = w.now
		w.holdKeys(b.checker, host, b.keys)
	}
}

// Life tells the checker of births and deaths.
func (b *bench) Life(w *World, host int, what Life) {
	switch what {
	case Born:
		b.checker.Born(w.Now(), host, w.hosts[host].found)
	case Died:
		b.checker.Died(host)
	}
}

// rest holds a world that was left in peace against the promises of peace.
func (b *bench) rest(w *World) {
	var nodes []invariant.Resting
	for _, h := range w.hosts {
		if h.server != nil {
			nodes = append(nodes, invariant.Resting{History: h.server.Replication().History(), Digest: h.server.Digest()})
		}
	}
	b.checker.StreamsAtRest(w.Now(), nodes)
}

// holdStream holds a host's replication stream, and what it heard from its replicas, against what the
// others know.
func (w *World) holdStream(c *invariant.Checker, host int, scratch []byte) []byte {
	r := w.hosts[host].server.Replication()
	history := r.History()
	c.History(w.Now(), host, history, func(from replication.Offset) ([]byte, replication.Offset) {
		var first replication.Offset
		scratch, first = r.ReadStream(scratch[:0], from)
		return scratch, first
	})
	r.Acks(func(port int, ack replication.Offset) {
		if i := port - w.cfg.Port; i >= 0 && i < len(w.hosts) && w.hosts[i].server != nil {
			c.Acknowledged(w.Now(), host, history.ReplID, ack, w.hosts[i].server.Replication().History())
		}
	})
	return scratch
}

// holdKeys holds a host's keys against those of every other that is at the same byte of the same
// history.
func (w *World) holdKeys(c *invariant.Checker, host int, slots []slot.Slot) {
	mine := w.hosts[host].server.Replication().History()
	if mine.Offset == 0 {
		return
	}
	for i, h := range w.hosts {
		if i == host || h.server == nil {
			continue
		}
		if other := h.server.Replication().History(); other.ReplID != mine.ReplID || other.Offset != mine.Offset {
			continue
		}
		for _, sl := range slots {
			c.Alike(w.Now(), host, i, sl, w.keysIn(host, sl), w.keysIn(i, sl))
		}
	}
}
