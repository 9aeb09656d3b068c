package world

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/sentinel"
	"clusterplay/playground/invariant"
)

// guard judges worlds with Sentinels: what holds for the nodes, and what the Sentinels promise.
type guard struct {
	*bench
	looked []time.Duration // when each Sentinel was last looked at
	seen   sentinel.View   // the latest look
}

// guardEvery is how often a Sentinel is looked at when nothing else is known to have happened.
const guardEvery = 300 * time.Millisecond

func newGuard(cfg Config, plan Plan) *guard {
	g := &guard{bench: newBench(cfg, plan)}
	g.looked = make([]time.Duration, len(g.hosts))
	return g
}

func (g *guard) bind(w *World) {
	g.checker = invariant.New(invariant.Config{
		NodeTimeout: w.cfg.NodeTimeout, Hosts: len(w.hosts), Durable: w.Durable, ConfigFile: sentinelFile,
	})
}

// Event hands a Sentinel's event to the checker with what it believes now.
func (g *guard) Event(w *World, host int, e event.Event) {
	h := w.hosts[host]
	if h.sentinel == nil {
		g.bench.Event(w, host, e)
		return
	}
	switch e.(type) {
	case event.VoteForLeader, event.ElectedLeader, event.SDown, event.ODown, event.TryFailover, event.ReplicaSelected, event.ReplicaNotSelectable,
		event.ReplicaConverted, event.ReplicaFixed, event.SwitchMaster, event.MasterReset, event.ConfigWithdrawn:
		v := h.sentinel.View(h.clock())
		g.checker.GuardEvent(w.Now(), h.clock(), host, e, &v)
		g.looked[host] = 0 // look at it in this step
	}
}

// Step looks at a Sentinel after an event and once in a while.
func (g *guard) Step(w *World, host int) {
	h := w.hosts[host]
	if h.sentinel == nil {
		g.bench.Step(w, host)
		return
	}
	g.checker.Ticked(h.clock(), host)
	if g.looked[host] == 0 || w.now-g.looked[host] >= guardEvery {
		g.looked[host] = w.now
		h.sentinel.ViewInto(h.clock(), &g.seen)
		g.checker.GuardStep(w.Now(), h.clock(), host, &g.seen, w.wholeSince())
	}
}

// Life tells the checker of births and deaths.
func (g *guard) Life(w *World, host int, what Life) {
	g.bench.Life(w, host, what)
	if what == Born {
		g.checker.GuardBorn(host)
		g.looked[host] = 0
	}
}
