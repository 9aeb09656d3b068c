package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// health is this node's opinion on whether the cluster can serve.
type health struct {
	ok           bool
	size         int // masters with slots
	reachable    int // those of them that we believe to be up, ourselves included
	firstLook    time.Time
	minorityTime time.Time // when we last were among a minority
	reason       event.Reason
	waiting      event.Reason // why a delay holds us back, so that it is told once
}

// updateState looks at the cluster and changes our mind on it (clusterUpdateState). A master that
// starts, or that was among a minority, waits a little: others may have taken its slots meanwhile.
func (s *State) updateState(now time.Time) {
	s.want.state = false
	h := &s.health
	if h.firstLook.IsZero() {
		h.firstLook = now
	}
	master := s.myself.master()
	if early := writableDelay - now.Sub(h.firstLook); master && !h.ok && early > 0 && !s.cfg.Mutants.NoWritableDelay {
		s.countMasters()
		s.holdBack("started", early)
		return
	}
	ok, why := s.judge(now)
	if ok == h.ok {
		h.reason = why
		return
	}
	if early := s.rejoinDelay() - now.Sub(h.minorityTime); ok && master && early > 0 && !s.cfg.Mutants.NoRejoinDelay {
		s.holdBack("minority", early)
		return
	}
	h.ok, h.reason, h.waiting = ok, why, ""
	state := "fail"
	if ok {
		state = "ok"
	}
	s.emit(event.ClusterState{State: state, Reason: why, Reachable: h.reachable, Needed: s.quorum()})
}

// judge says whether the cluster is fit to serve, and if not, why.
func (s *State) judge(now time.Time) (ok bool, why event.Reason) {
	ok = true
	if !s.cfg.NoFullCoverage && (s.slots.owned < slot.Count || s.count().failedOwner) {
		ok, why = false, s.uncovered()
	}
	s.countMasters()
	if s.health.reachable < s.quorum() && !s.cfg.Mutants.MinorityIgnored {
		s.health.minorityTime = now
		ok, why = false, "minority"
	}
	return ok, why
}

// uncovered says what is wrong with the first slot that nobody serves.
func (s *State) uncovered() event.Reason {
	for sl := range slot.Slot(slot.Count) {
		switch owner := s.slots.of(sl); {
		case owner == nil:
			return "slot-unassigned"
		case owner.is(bus.Failed):
			return "slot-failed"
		}
	}
	return ""
}

// census is what is counted of all nodes, as long as nothing about that changes.
type census struct {
	stale       bool
	size        int     // masters with slots
	reachable   int     // those of them that are not suspected
	failedOwner bool    // one of them is in FAIL
	suspects    []*node // in PFAIL, ascending by id
}

// count is the census; whoever changes what it counts makes it stale.
func (s *State) count() *census {
	c := &s.census
	if !c.stale {
		return c
	}
	clear(c.suspects)
	*c = census{suspects: c.suspects[:0]}
	for _, n := range s.nodes.order {
		c.add(n)
	}
	return c
}

func (c *census) add(n *node) {
	if n.is(bus.PFail) {
		c.suspects = append(c.suspects, n)
	}
	if !n.voter() {
		return
	}
	c.size++
	if !n.is(bus.PFail | bus.Failed) {
		c.reachable++
	}
	c.failedOwner = c.failedOwner || n.is(bus.Failed)
}

// countMasters counts the masters that own slots, and those of them that can be reached.
func (s *State) countMasters() {
	c := s.count()
	s.health.size, s.health.reachable = c.size, c.reachable
}

// judgeNode turns PFAIL or FAIL of a node on or off.
func (s *State) judgeNode(n *node, mask bus.Flags, on bool) {
	s.setFlags(n, mask, on)
	s.census.stale = true
	s.nodes.lookSoon(n)
}

// rejoinDelay is how long a master that was cut off waits: the node timeout, within bounds.
func (s *State) rejoinDelay() time.Duration {
	return min(max(s.cfg.NodeTimeout, minRejoinDelay), maxRejoinDelay)
}

// holdBack says once that a delay keeps the state at fail.
func (s *State) holdBack(why event.Reason, wait time.Duration) {
	if s.health.waiting == why {
		return
	}
	s.health.waiting = why
	s.emit(event.RejoinDelay{Wait: event.MillisOf(wait), Reason: why})
}
