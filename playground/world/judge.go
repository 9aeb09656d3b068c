package world

import (
	"fmt"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/slot"
	"clusterplay/playground/invariant"
)

// configFile is where a node keeps its cluster configuration.
const configFile = "nodes.conf"

// jury holds everything that happens in a world against the invariants. It looks and touches
// nothing: a world lives the same life with and without it.
type jury struct {
	checker *invariant.Checker
	looked  uint64 // the step whose view is cached
	host    int
	view    *cluster.View
	spare   []*cluster.View // for each host: memory of a view that the checker does not hold
	seen    []glance        // when and at what each host was last looked at
	keys    []slot.Slot     // the slots of the workload's keys
	bytes   []byte          // reused to read streams
}

// glance is the latest look at a host.
type glance struct {
	tick, full time.Duration
	data       time.Duration // when its keys were last counted
	mark       uint64
	owner      bool // its slots or its role changed in this step
	promoted   bool
	born       bool // it was looked at
}

const (
	// tickEvery is how often a host's clocks are looked at when nothing else changed.
	tickEvery = cronPeriod
	// lookEvery is how often all of a host is, in case its Mark did not show a change.
	lookEvery = 5 * time.Second
	// countEvery is how often its keys are counted and held against those of others.
	countEvery = time.Second
)

func newJury(cfg Config, plan Plan) *jury {
	hosts := cfg.Masters * (1 + cfg.Replicas)
	return &jury{keys: keySlots(plan.Keys), seen: make([]glance, hosts), spare: make([]*cluster.View, hosts)}
}

// keySlots is the slots of a workload's keys.
func keySlots(keys int) (slots []slot.Slot) {
	for k := range keys {
		slots = append(slots, slot.OfString(keyName(k)))
	}
	return slots
}

// bind gives the jury its checker once the world exists.
func (j *jury) bind(w *World) {
	j.checker = invariant.New(invariant.Config{
		NodeTimeout: w.cfg.NodeTimeout, Hosts: len(w.hosts), Durable: w.Durable, ConfigFile: configFile,
	})
}

// broken is the first promise that was broken, or nil.
func (j *jury) broken() error { return j.checker.Broken() }

// viewOf is a host's view after the present step; it is made at most once a step.
func (j *jury) viewOf(w *World, host int) *cluster.View {
	if j.view == nil || j.looked != w.steps || j.host != host {
		v := j.spare[host]
		if v == nil {
			v = new(cluster.View)
		}
		w.hosts[host].server.Cluster().ViewInto(v)
		j.view, j.looked, j.host, j.spare[host] = v, w.steps, host, v
	}
	return j.view
}

// Event hands an event to the checker.
func (j *jury) Event(w *World, host int, e event.Event) {
	switch e.(type) {
	case event.Promoted:
		j.seen[host].owner, j.seen[host].promoted = true, true
	case event.SlotOwner, event.SlotsDropped, event.OpenSlot, event.Demoted:
		j.seen[host].owner = true
	}
	j.checker.Event(w.Now(), host, e, j.viewOf(w, host))
	w.holdEvent(j.checker, host, e)
}

// contained holds a master's keys against its slots.
func (j *jury) contained(w *World, host int, inherits bool) {
	m := w.hosts[host].server
	if !m.Cluster().IsPrimary() {
		return
	}
	for _, sl := range j.keys {
		mine := m.OwnsSlot(sl) || m.SlotOpen(sl)
		j.checker.Contained(w.Now(), host, sl, w.keysIn(host, sl), mine, inherits)
	}
}

// Step looks at a host when something happened to it, at its clocks at least once a cron, and at
// all of it once in a while.
func (j *jury) Step(w *World, host int) {
	m, g := w.hosts[host].server, &j.seen[host]
	if !g.born {
		g.born = true
		w.holdBirth(j.checker, host)
	}
	mark := m.Cluster().Mark()
	if j.checker.Due(host) || mark != g.mark || w.now-g.full >= lookEvery {
		g.mark, g.full, g.tick = mark, w.now, w.now
		j.spare[host] = j.checker.Step(w.Now(), host, j.viewOf(w, host))
		j.bytes = w.holdStream(j.checker, host, j.bytes)
	} else if w.now-g.tick >= tickEvery {
		g.tick = w.now
		j.checker.Tick(w.Now(), host)
		j.bytes = w.holdStream(j.checker, host, j.bytes)
	}
	if w.now-g.data >= countEvery {
		g.data = w.now
		w.holdKeys(j.checker, host, j.keys)
	}
	if g.owner {
		j.contained(w, host, g.promoted)
		g.owner, g.promoted = false, false
	}
}

// rest holds a world that was left in peace against the promises of peace.
func (j *jury) rest(w *World) {
	nodes := make([]invariant.Resting, len(w.hosts))
	for i, h := range w.hosts {
		v := h.server.Cluster().View()
		nodes[i] = invariant.Resting{View: &v, History: h.server.Replication().History(), Digest: h.server.Digest()}
	}
	j.checker.AtRest(w.Now(), nodes)
}

// role is a host's role in its own view.
func (w *World) role(i int) string {
	if w.hosts[i].server.Cluster().IsPrimary() {
		return "master"
	}
	return "slave"
}

// Sent decodes what the checker wants to see of a packet that leaves.
func (j *jury) Sent(w *World, from, _ int, kind machine.LinkKind, data []byte) {
	if kind != machine.Bus {
		return
	}
	if p, err := bus.Decode(data); err == nil {
		j.checker.Sent(w.Now(), from, &p)
	}
}

// Received decodes what the checker wants to see of a packet that arrives.
func (j *jury) Received(w *World, _, to int, kind machine.LinkKind, data []byte) {
	if kind != machine.Bus {
		return
	}
	if p, err := bus.Decode(data); err == nil {
		j.checker.Received(w.Now(), to, &p)
	}
}

// Answered holds an answer to a write against who owns the slot.
func (j *jury) Answered(w *World, c *Caller, args []string, reply []byte) {
	h := c.host
	if len(args) < 2 || args[0] != "RPUSH" || h.machine == nil || len(reply) == 0 {
		return
	}
	sl := slot.OfString(args[1])
	j.checker.Answered(w.Now(), h.index, sl, reply[0] == ':', h.server.OwnsSlot(sl), h.server.SlotOpen(sl))
}

// Life tells the checker of births and deaths.
func (j *jury) Life(w *World, host int, what Life) {
	switch what {
	case Born:
		j.checker.Born(w.Now(), host, w.hosts[host].found)
		j.seen[host] = glance{}
	case Died:
		if r := w.hosts[host].server; r != nil {
			j.checker.Ended(host, r.Replication().History())
		}
		j.checker.Died(host)
	case Thawed:
		j.checker.Thawed(w.Now(), host)
	}
	j.view = nil
}

// Judge runs the world of a seed with the plan drawn for it and holds it against every promise.
// It is deterministic: the same kind, seed and node timeout always give the same verdict.
func Judge(kind Kind, seed uint64, nodeTimeout time.Duration, others ...Observer) (Verdict, error) {
	return JudgePlan(ConfigOf(kind, seed, nodeTimeout), PlanOf(kind, seed, nodeTimeout), others...)
}

// JudgePlan is Judge for a plan of one's own.
func JudgePlan(cfg Config, plan Plan, others ...Observer) (v Verdict, err error) {
	cfg.defaults()
	order := orderOf(cfg.Kind)
	j := order.judge(cfg, plan)
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	v, err = Episode(cfg, plan, append(others, j), j.rest)
	switch {
	case err != nil:
		return v, err
	case j.broken() != nil:
		return v, j.broken()
	case v.Unhealed != "":
		return v, fmt.Errorf("invariant %d broken: the world did not come to rest after the faults ended:\n%s", order.unrest(), v.Unhealed)
	}
	return v, plan.judge(v.Ledger)
}

// harmful is every fault that may cost acknowledged writes.
var harmful = []FaultKind{CrashKeepDisk, CrashLoseUnsynced, CrashLoseDisk, Freeze, Partition, OneWay, SlowPath, HastyReshard,
	Promote, Repoint, ClockStep, SentinelFailover, BoxCrash, BoxCut}

// judge holds the ledger against what the plan's faults may cost. A plan in which no process stops
// and no path is cut or slow may lose nothing (18, 21); in any other every loss is explained by what
// happened to those who held the write (38). Nothing at all makes one write count twice.
func (p Plan) judge(l Ledger) error {
	switch {
	case l.Phantom > 0:
		return fmt.Errorf("invariant 38 broken: %d writes that were refused are there", l.Phantom)
	case l.Duplicated > 0:
		return fmt.Errorf("invariant 38 broken: %d writes are there more than once", l.Duplicated)
	case l.Lost > 0 && !p.Has(harmful...):
		return fmt.Errorf("invariants 18 and 21 broken: %d acknowledged writes are lost without a fault that may lose them", l.Lost)
	case l.Through[Unexplained] > 0:
		return fmt.Errorf("invariant 38 broken: %d acknowledged writes are lost although nothing happened to those who held them", l.Through[Unexplained])
	}
	return nil
}
