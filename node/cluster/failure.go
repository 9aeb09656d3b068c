package cluster

import (
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// How a node is thought to fare:
//
//	        no answer for NT             a majority of voters agree,
//	                                     or somebody says FAIL
//	  well ------------------> PFAIL ------------------------------> FAIL
//	   ^ <---- it answers ------+                                     |
//	   +---- it answers, and is a replica, has no slots, or ----------+
//	         nobody took its slots within two NT

// report is another node's suspicion of the node it is filed under.
type report struct {
	by   *node
	time instant
}

// withdrawReport removes by's suspicion of n and reports whether there was one.
func (n *node) withdrawReport(by *node) bool {
	if n.trouble == nil {
		return false
	}
	reports := &n.trouble.reports
	at := slices.IndexFunc(*reports, func(r report) bool { return r.by == by })
	if at < 0 {
		return false
	}
	*reports = slices.Delete(*reports, at, at+1)
	return true
}

// fileReport notes or refreshes by's suspicion of n and reports whether it is new.
func (n *node) fileReport(now time.Time, by *node) bool {
	t := n.inTrouble()
	for i := range t.reports {
		if t.reports[i].by == by {
			t.reports[i].time = instantOf(now)
			return false
		}
	}
	t.reports = append(t.reports, report{by: by, time: instantOf(now)})
	return true
}

// noteReport handles a master's word on n, suspicion or none. A thousand nodes tell each other half a million times of
// one that died: of so many suspicions only the count is told, with the failure.
func (s *State) noteReport(now time.Time, from, n *node, suspect bool) {
	told := s.nodes.len() <= manyNodes
	if !suspect {
		if n.withdrawReport(from) && told {
			s.emit(event.FailReportWithdrawn{Node: ref(n), By: ref(from)})
		}
		return
	}
	if n.fileReport(now, from) && told {
		s.emit(event.FailReported{Node: ref(n), By: ref(from)})
	}
	s.failIfAgreed(now, n)
}

// countReports drops suspicions that are too old and counts the rest, be they of voters or not.
func (s *State) countReports(now time.Time, n *node) int {
	if n.trouble == nil {
		return 0
	}
	validity := s.nt(reportValidity)
	if s.cfg.Mutants.ReportsNeverExpire {
		validity *= 10
	}
	reports := &n.trouble.reports
	*reports = slices.DeleteFunc(*reports, func(r report) bool { return r.time.age(now) > validity })
	return len(*reports)
}

// suspectNode marks n as possibly failed: we heard nothing from it for the node timeout.
func (s *State) suspectNode(n *node, silent time.Duration) {
	s.judgeNode(n, bus.PFail, true)
	s.want.state = true
	s.emit(event.PFail{Node: ref(n), Silent: event.MillisOf(silent)})
}

// failIfAgreed turns a suspicion of ours into FAIL when a majority shares it, and tells everybody
// (markNodeAsFailingIfNeeded). Redis 7.0 counts masters without slots too, though they are not in
// the majority's size.
func (s *State) failIfAgreed(now time.Time, n *node) {
	if !n.is(bus.PFail) || n.is(bus.Failed) {
		return
	}
	s.countMasters() // claims may have come since we last looked
	needed := s.quorum()
	if s.cfg.Mutants.FailOnOneReport {
		needed = 1
	}
	s.countReports(now, n)
	counts := (*node).voter
	if s.cfg.Switches.FailByAnyMaster {
		counts = (*node).master
	}
	votes := 0
	for _, r := range n.troubles().reports {
		if counts(r.by) {
			votes++
		}
	}
	if counts(s.myself) {
		votes++
	}
	if votes < needed {
		return
	}
	var reporters event.Nodes
	for _, r := range n.troubles().reports {
		if counts(r.by) {
			reporters = append(reporters, ref(r.by))
		}
	}
	s.markFailed(now, n)
	m := s.begin(bus.Fail)
	m.Subject = n.id
	s.broadcast(m)
	s.emit(event.Fail{Node: ref(n), Reporters: reporters, Votes: votes, Needed: needed})
}

// markFailed sets FAIL. A replica of n schedules its election in its next cron, as Redis' do.
func (s *State) markFailed(now time.Time, n *node) {
	s.judgeNode(n, bus.PFail, false)
	s.judgeNode(n, bus.Failed, true)
	n.inTrouble().failed = instantOf(now)
	s.heardState()
}

// receiveFail believes a known node that says that another failed, whatever we see ourselves.
func (s *State) receiveFail(now time.Time, in *inbox) {
	n := s.nodes.lookup(in.packet.Failed())
	if n == nil || n.is(bus.Failed|bus.Myself) {
		return
	}
	s.markFailed(now, n)
	s.emit(event.Fail{Node: ref(n), From: ref(in.sender)})
}

// markAlive notes that n answered on our own link: a suspicion ends, a failure perhaps.
func (s *State) markAlive(now time.Time, n *node) {
	n.pongReceived = instantOf(now)
	n.pingSent = never
	s.nodes.lookAt(n, s.lookAgain(n))
	switch {
	case n.is(bus.PFail):
		s.judgeNode(n, bus.PFail, false)
		s.heardState()
		s.emit(event.PFailCleared{Node: ref(n)})
	case n.is(bus.Failed):
		s.forgiveFailure(now, n)
	}
}

// forgiveFailure clears FAIL of a reachable node, unless its slots are just being given to a
// replica of it (clearNodeFailureIfNeeded).
func (s *State) forgiveFailure(now time.Time, n *node) {
	var why event.Reason
	switch {
	case s.cfg.Mutants.FailNeverCleared:
		return
	case !n.master():
		why = "replica"
	case n.numSlots == 0:
		why = "no-slots"
	case n.troubles().failed.age(now) > s.nt(failUndo):
		why = "still-owner"
	default:
		return
	}
	s.judgeNode(n, bus.Failed, false)
	s.heardState()
	s.emit(event.FailCleared{Node: ref(n), Reason: why})
}
