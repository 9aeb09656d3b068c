package world

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// FaultKind is one thing that can go wrong by chance.
type FaultKind string

// The faults a plan may draw.
const (
	CrashKeepDisk     FaultKind = "crash"
	CrashLoseUnsynced FaultKind = "power-loss"
	CrashLoseDisk     FaultKind = "empty-disk"
	Freeze            FaultKind = "freeze"
	Partition         FaultKind = "partition"
	OneWay            FaultKind = "one-way"
	SlowPath          FaultKind = "delay"
	LinkReset         FaultKind = "reset"
	ManualFailover    FaultKind = "failover"
	Reshard           FaultKind = "reshard"
	SaveDataset       FaultKind = "save" // no fault, but what a restart finds depends on it
	// HastyReshard is an operator who gives a slot away before its keys have moved: they are lost. No
	// plan draws it.
	HastyReshard FaultKind = "hasty-reshard"
	// RivalReshard is two operators: one opens a slot at a master, the other moves it to a third one. Nothing
	// is lost, and the first keeps its mark until people take it away. No plan draws it.
	RivalReshard FaultKind = "rival-reshard"
	// Where there is no cluster, people say who is master.
	Promote   FaultKind = "promote"   // of a replica, by REPLICAOF NO ONE; then the others follow it
	HandOver  FaultKind = "hand-over" // by FAILOVER, which waits for the replica
	Repoint   FaultKind = "repoint"   // a replica to another node, which may be a replica itself
	SetConfig FaultKind = "config"    // CONFIG SET of what replication depends on
	ClockStep FaultKind = "clock"     // one host's clock jumps, and jumps back later
	// Where there are Sentinels, people may ask them.
	SentinelFailover FaultKind = "sentinel-failover" // SENTINEL FAILOVER, of a master that is well perhaps
	SentinelReset    FaultKind = "sentinel-reset"    // SENTINEL RESET: it forgets whom it knows
	BoxCrash         FaultKind = "box-crash"         // power loss of a computer with all that is on it
	BoxCut           FaultKind = "box-cut"           // of its network
)

// Plan says what one world will suffer. PlanOf draws it from the seed (each world gets a few
// kinds only: that reaches deeper than a little of everything).
type Plan struct {
	Kinds     []FaultKind
	Mean      time.Duration // mean time between faults
	Longest   time.Duration // longest a fault lasts
	Duration  time.Duration // how long faults go on
	OpsPerSec int
	Clients   int
	Keys      int
}

// Has reports whether the plan may draw one of kinds.
func (p Plan) Has(kinds ...FaultKind) bool {
	for _, k := range kinds {
		for _, mine := range p.Kinds {
			if k == mine {
				return true
			}
		}
	}
	return false
}

// String names the plan's faults.
func (p Plan) String() string {
	names := make([]string, len(p.Kinds))
	for i, k := range p.Kinds {
		names[i] = string(k)
	}
	return fmt.Sprintf("%s every %v for %v", strings.Join(names, "+"), p.Mean, p.Duration)
}

// PlanOf draws a plan for a seed of a kind of world. nt is the node timeout, which sets the scale of
// everything.
func PlanOf(kind Kind, seed uint64, nt time.Duration) Plan {
	rng := stream(seed, "plan", 0)
	p := Plan{OpsPerSec: 100, Clients: 8, Keys: 64, Duration: 30 * nt}
	p.Mean = nt + time.Duration(rng.Int64N(int64(4*nt)))
	p.Longest = nt/2 + time.Duration(rng.Int64N(int64(5*nt)))
	for _, k := range orderOf(kind).faults() {
		if rng.IntN(3) == 0 {
			p.Kinds = append(p.Kinds, k)
		}
	}
	return p
}

// storm draws faults and ends them again until its plan is over.
type storm struct {
	w     *World
	plan  Plan
	rng   *rand.Rand
	until time.Duration
	mover *mover
}

// Storm lets the plan's faults happen to the world from now on.
func (w *World) Storm(plan Plan) {
	if len(plan.Kinds) == 0 {
		return
	}
	s := &storm{w: w, plan: plan, rng: stream(w.cfg.Seed, "faults", 0), until: w.now + plan.Duration}
	s.mover = newMover(w, stream(w.cfg.Seed, "reshard", 0))
	s.next()
}

func (s *storm) next() {
	gap := time.Duration(s.rng.Int64N(int64(2 * s.plan.Mean)))
	s.w.At(gap, func() {
		if s.w.now < s.until {
			s.strike(s.plan.Kinds[s.rng.IntN(len(s.plan.Kinds))])
			s.next()
		}
	})
}

// lasts draws how long a fault goes on; none outlives the storm.
func (s *storm) lasts() time.Duration {
	d := time.Duration(s.rng.Int64N(int64(s.plan.Longest))) + time.Millisecond
	return min(d, s.until-s.w.now)
}

// strike makes one fault happen and schedules its end.
func (s *storm) strike(kind FaultKind) {
	w, a, d := s.w, s.rng.IntN(len(s.w.hosts)), s.lasts()
	switch kind {
	case CrashKeepDisk:
		s.crash(a, KeepDisk, d)
	case CrashLoseUnsynced:
		s.crash(a, LoseUnsynced, d)
	case CrashLoseDisk:
		s.crash(a, LoseDisk, d)
	case Freeze:
		w.Freeze(a)
		w.At(d, func() { w.Thaw(a) })
	case Partition:
		s.partition(d)
	case OneWay:
		s.oneWay(a, d)
	case SlowPath:
		s.slow(a, d)
	case LinkReset:
		w.Reset(a, s.rng.IntN(len(w.hosts)))
	case SaveDataset:
		w.Do(a, "BGSAVE")
	case ClockStep:
		s.stepClock(a, d)
	default:
		w.order.strike(s, kind, a)
	}
}

// crash kills a process and starts it again; with an empty disk a human lets it join again.
func (s *storm) crash(i int, loss DiskLoss, d time.Duration) {
	w := s.w
	if loss == LoseDisk && !s.replaceable(i) {
		return
	}
	w.Kill(i, loss)
	w.At(d, func() {
		if err := w.Restart(i); err != nil {
			panic(err)
		}
		if loss == LoseDisk {
			w.order.welcome(w, i)
		}
	})
}

// replaceable keeps the storm from wiping a slot owner: that loses data by design (a window that
// is named and counted elsewhere), and its slots would never be covered again without a human.
func (s *storm) replaceable(i int) bool {
	role := s.w.Do(i, "ROLE")
	return strings.Contains(role, "slave") || strings.Contains(role, "sentinel")
}

// stepClock sets a host's clock forward or back, and right again when the fault ends.
func (s *storm) stepClock(i int, d time.Duration) {
	step := time.Duration(s.rng.Int64N(int64(maxClockStep))) - maxClockStep/2
	s.w.StepClock(i, step)
	s.w.At(d, func() { s.w.StepClock(i, -step) })
}

// maxClockStep is twice the farthest a clock jumps.
const maxClockStep = 20 * time.Second

// partition cuts the hosts into two groups, both ways.
func (s *storm) partition(d time.Duration) {
	w, side := s.w, make([]bool, len(s.w.hosts))
	for i := range side {
		side[i] = s.rng.IntN(2) == 0
	}
	s.eachPath(func(a, b int) bool { return side[a] != side[b] }, w.Cut)
	w.At(d, func() { s.eachPath(func(a, b int) bool { return side[a] != side[b] }, w.Heal) })
}

// oneWay cuts what host a sends, or what it hears.
func (s *storm) oneWay(a int, d time.Duration) {
	deaf := s.rng.IntN(2) == 0
	pick := func(from, to int) bool { return from != to && (deaf && to == a || !deaf && from == a) }
	s.eachPath(pick, s.w.Cut)
	s.w.At(d, func() { s.eachPath(pick, s.w.Heal) })
}

// slow delays everything to and from host a.
func (s *storm) slow(a int, d time.Duration) {
	extra := time.Duration(s.rng.Int64N(int64(s.w.cfg.NodeTimeout)))
	pick := func(from, to int) bool { return from != to && (from == a || to == a) }
	s.eachPath(pick, func(from, to int) { s.w.Delay(from, to, extra) })
	s.w.At(d, func() { s.eachPath(pick, func(from, to int) { s.w.Delay(from, to, 0) }) })
}

func (s *storm) eachPath(pick func(from, to int) bool, do func(from, to int)) {
	for from := range s.w.hosts {
		for to := range s.w.hosts {
			if pick(from, to) {
				do(from, to)
			}
		}
	}
}
