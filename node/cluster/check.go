package cluster

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// check panics when an invariant is broken: a bug of ours, never a peer's doing.
func (s *State) check() {
	if broken := s.broken(); broken != "" {
		panic(fmt.Sprintf("cluster: %s\n%s", broken, s.Conf()))
	}
}

// broken names the first broken invariant among those that cost next to nothing to check.
func (s *State) broken() string {
	me := s.myself
	switch {
	case me == nil || s.nodes.lookup(me.id) != me:
		return "this node is not in its own table"
	case me.flags&(bus.Master|bus.Replica) != bus.Master && me.flags&(bus.Master|bus.Replica) != bus.Replica:
		return "this node has no single role"
	case me.master() && me.primary != nil:
		return "this master follows somebody"
	case me.primary == me:
		return "this node follows itself"
	case s.lastVote > s.currentEpoch:
		return "voted in an epoch that has not come yet"
	}
	return ""
}

// checkedPerCron is how many nodes a cron checks. To look at a thousand others ten times a second is
// more work for a thousand nodes than their gossip.
const checkedPerCron = 16

// checkNodes panics when one of the nodes is what it cannot be. There may be a thousand, so cron
// checks a few of them, in turn, and no other door does.
func (s *State) checkNodes() {
	if s.checked >= s.nodes.len() {
		s.checked = 0
	}
	some := s.nodes.order[s.checked:min(s.checked+checkedPerCron, s.nodes.len())]
	s.checked += len(some)
	if broken := s.brokenNode(some); broken != "" {
		panic(fmt.Sprintf("cluster: %s\n%s", broken, s.Conf()))
	}
}

// brokenNode names the first broken invariant of some nodes.
func (s *State) brokenNode(nodes []*node) string {
	for _, n := range nodes {
		switch {
		case n.configEpoch > s.currentEpoch:
			return "node " + n.id.String() + " has an epoch that has not come yet"
		case n.numSlots > 0 && !n.master():
			return "node " + n.id.String() + " owns slots and is no master"
		}
	}
	return ""
}

// Verify compares all tables with each other. It is for tests and simulations, which can afford it.
func (s *State) Verify() error {
	if broken := cmp.Or(s.broken(), s.brokenNode(s.nodes.order)); broken != "" {
		return fmt.Errorf("cluster: %s", broken)
	}
	if kept := *s.count(); !kept.like(s.recount()) {
		return fmt.Errorf("cluster: the census says %+v, the table %+v", kept, s.recount())
	}
	if missed := s.compareDrawing(); missed != "" {
		return fmt.Errorf("cluster: %s", missed)
	}
	strangers := 0
	for _, l := range s.links {
		if l.stranger() {
			strangers++
		}
	}
	if strangers != s.strangers {
		return fmt.Errorf("cluster: %d links are of strangers, %d counted", strangers, s.strangers)
	}
	owned := 0
	for sl := range slot.Slot(slot.Count) {
		n := s.slots.of(sl)
		if n == nil {
			continue
		}
		owned++
		if s.nodes.lookup(n.id) != n || !n.slots.Has(sl) {
			return fmt.Errorf("cluster: slot %d and its owner %v disagree", sl, n.id)
		}
	}
	if owned != s.slots.owned {
		return fmt.Errorf("cluster: %d slots are owned, %d counted", owned, s.slots.owned)
	}
	if n := s.claimant; n != nil && s.claimedAt == s.slots.changes && !n.slots.Equal(&s.claimed) {
		return fmt.Errorf("cluster: heartbeats claim %v, node %v owns %v", s.claimed.String(), n.id, n.slots.Ranges())
	}
	for _, n := range s.nodes.order {
		if int(n.numSlots) != n.slots.Len() {
			return fmt.Errorf("cluster: node %v counts %d slots, has %d", n.id, n.numSlots, n.slots.Len())
		}
		if planned, due := max(s.nodes.dues[n.seat], s.nodes.first), s.lookAgain(n); planned > due {
			return fmt.Errorf("cluster: cron looks at %v %v too late", n.id, time.Duration(planned-due))
		}
		owned -= int(n.numSlots)
		for _, r := range n.replicas {
			if r.primary != n || s.nodes.lookup(r.id) != r {
				return fmt.Errorf("cluster: %v does not follow %v", r.id, n.id)
			}
		}
	}
	if owned != 0 {
		return fmt.Errorf("cluster: %d slots too many or too few in the nodes' sets", owned)
	}
	return nil
}

// recount is the census as it should be.
func (s *State) recount() census {
	var c census
	for _, n := range s.nodes.order {
		c.add(n)
	}
	return c
}

func (c census) like(other census) bool {
	return c.size == other.size && c.reachable == other.reachable && c.failedOwner == other.failedOwner &&
		slices.Equal(c.suspects, other.suspects)
}
