package event

import "fmt"

// PFail: this node heard nothing from another for the node timeout and suspects it.
type PFail struct {
	Node   Node   `json:"node"`
	Silent Millis `json:"silent"`
}

// Name is "+pfail".
func (PFail) Name() string { return "+pfail" }

// Describe is the event's canonical line.
func (e PFail) Describe() string {
	return fmt.Sprintf("+pfail %v: no answer for %v, suspected", e.Node, e.Silent)
}

// PFailCleared: a suspected node answered again.
type PFailCleared struct {
	Node Node `json:"node"`
}

// Name is "-pfail".
func (PFailCleared) Name() string { return "-pfail" }

// Describe is the event's canonical line.
func (e PFailCleared) Describe() string { return fmt.Sprintf("-pfail %v: it answered", e.Node) }

// Fail: this node now holds another for failed, by a quorum of reports or by somebody's word.
type Fail struct {
	Node      Node  `json:"node"`
	Reporters Nodes `json:"reporters,omitempty"` // whose suspicions were counted, besides our own
	Votes     int   `json:"votes"`
	Needed    int   `json:"needed"`
	From      Node  `json:"from,omitzero"` // the sender of the FAIL packet, when that is why
}

// Name is "+fail".
func (Fail) Name() string { return "+fail" }

// Describe is the event's canonical line.
func (e Fail) Describe() string {
	if e.From.ID != "" {
		return fmt.Sprintf("+fail %v: declared failed by %v", e.Node, e.From)
	}
	return fmt.Sprintf("+fail %v: %d of %d needed suspicions, reported by %v", e.Node, e.Votes, e.Needed, e.Reporters)
}

// FailCleared: a failed node is reachable again and nothing forbids trusting it.
type FailCleared struct {
	Node   Node   `json:"node"`
	Reason Reason `json:"reason"` // replica, no-slots, still-owner
}

// Name is "-fail".
func (FailCleared) Name() string { return "-fail" }

// Describe is the event's canonical line.
func (e FailCleared) Describe() string {
	return fmt.Sprintf("-fail %v: reachable again (%s)", e.Node, e.Reason)
}

// FailReported: another node's gossip said that it suspects a third.
type FailReported struct {
	Node Node `json:"node"`
	By   Node `json:"by"`
}

// Name is "+report".
func (FailReported) Name() string { return "+report" }

// Describe is the event's canonical line.
func (e FailReported) Describe() string {
	return fmt.Sprintf("+report %v: suspected by %v", e.Node, e.By)
}

// FailReportWithdrawn: a node that suspected another says it is well.
type FailReportWithdrawn struct {
	Node Node `json:"node"`
	By   Node `json:"by"`
}

// Name is "-report".
func (FailReportWithdrawn) Name() string { return "-report" }

// Describe is the event's canonical line.
func (e FailReportWithdrawn) Describe() string {
	return fmt.Sprintf("-report %v: no longer suspected by %v", e.Node, e.By)
}

// ClusterState: this node changed its mind on whether the cluster can serve.
type ClusterState struct {
	State     string `json:"state"` // ok, fail
	Reason    Reason `json:"reason,omitempty"`
	Reachable int    `json:"reachable"`
	Needed    int    `json:"needed"`
}

// Name is "+cluster-state".
func (ClusterState) Name() string { return "+cluster-state" }

// Describe is the event's canonical line.
func (e ClusterState) Describe() string {
	if e.Reason == "" {
		return fmt.Sprintf("+cluster-state %s: %d masters reachable, %d needed", e.State, e.Reachable, e.Needed)
	}
	return fmt.Sprintf("+cluster-state %s (%s): %d masters reachable, %d needed", e.State, e.Reason, e.Reachable, e.Needed)
}

// RejoinDelay: all is well again, but this master waits before it takes writes.
type RejoinDelay struct {
	Wait   Millis `json:"wait"`
	Reason Reason `json:"reason"` // minority, started
}

// Name is "+rejoin-delay".
func (RejoinDelay) Name() string { return "+rejoin-delay" }

// Describe is the event's canonical line.
func (e RejoinDelay) Describe() string {
	return fmt.Sprintf("+rejoin-delay (%s): refusing clients for %v more", e.Reason, e.Wait)
}
