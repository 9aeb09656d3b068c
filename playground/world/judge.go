package world

import (
	"fmt"
	"strings"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/server"
	"clusterplay/node/slot"
	"clusterplay/playground/invariant"
)

// configFile is where a node keeps its cluster configuration.
const configFile = "nodes.conf"

// jury holds everything that happens in a world against the invariants.
type jury struct {
	checker *invariant.Checker
	looked  uint64 // the step whose view is cached
	host    int
	view    *cluster.View
	crons   []time.Duration // when each host was last looked at without cause
	keys    []slot.Slot     // the slots of the workload's keys
	admin   bool            // operators move slots by hand
}

// lookEvery is how long a host may go without being looked at when no event and no packet of
// interest gave cause: its own cron's period.
const lookEvery = cronPeriod

func newJury(cfg Config, plan Plan) *jury {
	j := &jury{admin: plan.Has(Reshard, CrashLoseDisk), crons: make([]time.Duration, cfg.Masters*(1+cfg.Replicas))}
	for k := range plan.Keys {
		j.keys = append(j.keys, slot.OfString(fmt.Sprintf("list:%d", k)))
	}
	return j
}

// bind gives the jury its checker once the world exists.
func (j *jury) bind(w *World) {
	j.checker = invariant.New(invariant.Config{
		NodeTimeout: w.cfg.NodeTimeout, Hosts: len(w.hosts), Durable: w.Durable, ConfigFile: configFile,
		Admin: j.admin,
	})
}

// viewOf is a host's view after the present step; it is made at most once a step.
func (j *jury) viewOf(w *World, host int) *cluster.View {
	if j.view == nil || j.looked != w.steps || j.host != host {
		v := w.hosts[host].machine.Cluster().View()
		j.view, j.looked, j.host = &v, w.steps, host
	}
	return j.view
}

// Event hands an event to the checker.
func (j *jury) Event(w *World, host int, e event.Event) {
	switch e.(type) {
	case event.SlotOwner, event.SlotsDropped, event.OpenSlot, event.Demoted, event.Promoted:
		j.contained(w, host)
	}
	j.checker.Event(w.Now(), host, e, j.viewOf(w, host))
}

// contained holds a master's keys against its slots. It looks at the next step's end, because an
// event may come before the keys of a lost slot are gone.
func (j *jury) contained(w *World, host int) {
	life := w.hosts[host].life
	w.agenda.add(w.now, func() {
		h := w.hosts[host]
		if !h.alive(life) || strings.HasPrefix(w.role(host), "slave") {
			return
		}
		for _, sl := range j.keys {
			keys := h.machine.KeysPerSlot(slot.Range{First: sl, Last: sl})[0]
			mine := h.machine.OwnsSlot(sl) || h.machine.SlotOpen(sl)
			j.checker.Contained(w.Now(), host, sl, keys, mine)
		}
	})
}

// role is a host's role in its own view.
func (w *World) role(i int) string {
	if w.hosts[i].machine.Cluster().View().Role == "replica" {
		return "slave"
	}
	return "master"
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

// Step looks at a host when something happened to it, and at least once a cron.
func (j *jury) Step(w *World, host int) {
	if !j.checker.Due(host) && w.now-j.crons[host] < lookEvery {
		return
	}
	j.crons[host] = w.now
	j.checker.Step(w.Now(), host, j.viewOf(w, host))
}

// Answered holds an answer to a write against who owns the slot.
func (j *jury) Answered(w *World, host int, args []string, reply []byte) {
	h := w.hosts[host]
	if len(args) < 2 || args[0] != "RPUSH" || h.machine == nil || len(reply) == 0 {
		return
	}
	sl := slot.OfString(args[1])
	j.checker.Answered(w.Now(), host, sl, reply[0] == ':', h.machine.OwnsSlot(sl), h.machine.SlotOpen(sl))
}

// Life tells the checker of births and deaths.
func (j *jury) Life(w *World, host int, what Life) {
	switch what {
	case Born:
		j.checker.Born(w.Now(), host, !w.hosts[host].blank)
	case Died:
		j.checker.Died(host)
	case Thawed:
		j.checker.Thawed(w.Now(), host)
	}
	j.view = nil
}

// Judge runs the world of a seed with the plan drawn for it and holds it against every promise.
// It is deterministic: the same seed and node timeout always give the same verdict.
func Judge(seed uint64, nodeTimeout time.Duration, others ...Observer) (Verdict, error) {
	return JudgePlan(Config{Seed: seed, NodeTimeout: nodeTimeout}, PlanOf(seed, nodeTimeout), others...)
}

// JudgePlan is Judge for a plan of one's own.
func JudgePlan(cfg Config, plan Plan, others ...Observer) (v Verdict, err error) {
	cfg.defaults()
	j := newJury(cfg, plan)
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	v, err = Episode(cfg, plan, append(others, j), nil)
	switch {
	case err != nil:
		return v, err
	case j.checker.Broken() != nil:
		return v, j.checker.Broken()
	case v.Unhealed != "":
		return v, fmt.Errorf("invariant 26 broken: the cluster did not come to rest after the faults ended:\n%s", v.Unhealed)
	}
	return v, plan.judge(v.Ledger)
}

// judge holds the ledger against what the plan's faults may cost. A plan in which no process
// stops and no path is cut for longer than a cron may lose nothing (promises 18 and 21).
func (p Plan) judge(l Ledger) error {
	switch {
	case l.Phantom > 0:
		return fmt.Errorf("%d writes that were refused are there", l.Phantom)
	case l.Duplicated > 0 && !p.Has(Reshard):
		return fmt.Errorf("%d writes are there more than once", l.Duplicated)
	case l.Lost > 0 && !p.Has(CrashKeepDisk, CrashLoseUnsynced, CrashLoseDisk, Freeze, Partition, OneWay, SlowPath):
		return fmt.Errorf("invariants 18 and 21 broken: %d acknowledged writes are lost without a fault that may lose them", l.Lost)
	}
	return nil
}

// prepareMutant turns a change to the cluster's mutants into a Prepare function.
func prepareMutant(change func(*cluster.Mutants)) func(*server.Config) {
	return func(cfg *server.Config) { change(&cfg.ClusterMutants) }
}
