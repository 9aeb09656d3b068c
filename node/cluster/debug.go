package cluster

import (
	"time"

	"clusterplay/node/event"
)

// byHand is why a link is closed that DEBUG CLUSTERLINK names.
const byHand event.Reason = "by-hand"

// DropLinks closes the link to a node, the one from it, or both (DEBUG CLUSTERLINK KILL); false when
// there is no such node.
func (s *State) DropLinks(_ time.Time, id string, to, from bool) bool {
	n := s.find(id)
	if n == nil {
		return false
	}
	if to {
		s.dropLink(n, byHand, nil)
	}
	if from && n.inbound != nil {
		s.closeLink(n.inbound, "closed")
	}
	return true
}

// DropPackets has every arriving packet of a type ignored (DEBUG DROP-CLUSTER-PACKET-FILTER); -1 for none.
func (s *State) DropPackets(kind int) { s.dropped = kind + 1 }
