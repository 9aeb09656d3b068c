package event

import "fmt"

// Vote: this master voted for a replica that wants to replace its failed master.
type Vote struct {
	For     Node   `json:"for"`
	Primary Node   `json:"primary"`
	Epoch   uint64 `json:"epoch"`
}

// Name is "+vote".
func (Vote) Name() string { return "+vote" }

// Describe is the event's canonical line.
func (e Vote) Describe() string {
	return fmt.Sprintf("+vote for %v to replace %v in epoch %d", e.For, e.Primary, e.Epoch)
}

// VoteRefused: this node did not vote. Reason is one of not-a-voter, old-epoch, already-voted,
// not-a-replica, unknown-master, master-up, voted-recently, stale-slots.
type VoteRefused struct {
	For    Node   `json:"for"`
	Epoch  uint64 `json:"epoch"`
	Reason Reason `json:"reason"`
}

// Name is "-vote".
func (VoteRefused) Name() string { return "-vote" }

// Describe is the event's canonical line.
func (e VoteRefused) Describe() string {
	return fmt.Sprintf("-vote for %v in epoch %d refused (%s)", e.For, e.Epoch, e.Reason)
}

// ElectionScheduled: this replica will ask for votes after a delay.
type ElectionScheduled struct {
	Delay  Millis `json:"delay"`
	Rank   int    `json:"rank"`
	Offset int64  `json:"offset"`
	Manual bool   `json:"manual"`
}

// Name is "+election-scheduled".
func (ElectionScheduled) Name() string { return "+election-scheduled" }

// Describe is the event's canonical line.
func (e ElectionScheduled) Describe() string {
	return fmt.Sprintf("+election-scheduled in %v: rank %d, offset %d", e.Delay, e.Rank, e.Offset)
}

// ElectionDelayed: a sibling turned out to have more data, so this replica waits longer.
type ElectionDelayed struct {
	Added Millis `json:"added"`
	Rank  int    `json:"rank"`
}

// Name is "+election-delayed".
func (ElectionDelayed) Name() string { return "+election-delayed" }

// Describe is the event's canonical line.
func (e ElectionDelayed) Describe() string {
	return fmt.Sprintf("+election-delayed by %v: rank is now %d", e.Added, e.Rank)
}

// ElectionStarted: this replica asked all nodes for their votes.
type ElectionStarted struct {
	Epoch   uint64 `json:"epoch"`
	Primary Node   `json:"primary"`
	Needed  int    `json:"needed"`
}

// Name is "+election-start".
func (ElectionStarted) Name() string { return "+election-start" }

// Describe is the event's canonical line.
func (e ElectionStarted) Describe() string {
	return fmt.Sprintf("+election-start epoch %d to replace %v: %d votes needed", e.Epoch, e.Primary, e.Needed)
}

// ElectionExpired: not enough votes came in time.
type ElectionExpired struct {
	Epoch  uint64 `json:"epoch"`
	Votes  int    `json:"votes"`
	Needed int    `json:"needed"`
}

// Name is "+election-expired".
func (ElectionExpired) Name() string { return "+election-expired" }

// Describe is the event's canonical line.
func (e ElectionExpired) Describe() string {
	return fmt.Sprintf("+election-expired epoch %d: %d of %d votes", e.Epoch, e.Votes, e.Needed)
}

// GotVote: a master voted for this replica.
type GotVote struct {
	From   Node   `json:"from"`
	Epoch  uint64 `json:"epoch"`
	Votes  int    `json:"votes"`
	Needed int    `json:"needed"`
}

// Name is "+got-vote".
func (GotVote) Name() string { return "+got-vote" }

// Describe is the event's canonical line.
func (e GotVote) Describe() string {
	return fmt.Sprintf("+got-vote from %v in epoch %d: %d of %d", e.From, e.Epoch, e.Votes, e.Needed)
}

// NoElection: this replica could replace its master and does not. Reason is one of master-up,
// no-slots, data-too-old, no-failover, waiting, waiting-votes, expired.
type NoElection struct {
	Reason Reason `json:"reason"`
	Detail string `json:"detail,omitempty"`
}

// Name is "+no-election".
func (NoElection) Name() string { return "+no-election" }

// Describe is the event's canonical line.
func (e NoElection) Describe() string {
	if e.Detail == "" {
		return fmt.Sprintf("+no-election (%s)", e.Reason)
	}
	return fmt.Sprintf("+no-election (%s): %s", e.Reason, e.Detail)
}

// Promoted: this replica became a master and took its old master's slots.
type Promoted struct {
	Epoch   uint64 `json:"epoch"`
	Primary Node   `json:"primary"`
	Slots   string `json:"slots"`
	Reason  Reason `json:"reason"` // elected, manual, takeover, reset
}

// Name is "+promoted".
func (Promoted) Name() string { return "+promoted" }

// Describe is the event's canonical line.
func (e Promoted) Describe() string {
	return fmt.Sprintf("+promoted (%s) in epoch %d: took slots %s of %s", e.Reason, e.Epoch, orNone(e.Slots), orNobody(e.Primary))
}

// Demoted: this node now follows another, having been a master or a replica of somebody else.
type Demoted struct {
	Primary Node   `json:"primary"`
	From    Node   `json:"from,omitzero"` // whom it followed before
	Reason  Reason `json:"reason"`        // lost-slots, grand-master, replicate, migration
}

// Name is "+demoted" for a master, "+follow" for a replica that changes its master.
func (e Demoted) Name() string {
	if e.From.ID != "" {
		return "+follow"
	}
	return "+demoted"
}

// Describe is the event's canonical line.
func (e Demoted) Describe() string {
	if e.From.ID != "" {
		return fmt.Sprintf("+follow %v instead of %v (%s)", e.Primary, e.From, e.Reason)
	}
	return fmt.Sprintf("+demoted: now a replica of %v (%s)", e.Primary, e.Reason)
}

// ManualFailover: a step of CLUSTER FAILOVER. Step is one of started, forced, takeover, paused,
// offset-known, ready, done, timeout.
type ManualFailover struct {
	Step   Reason `json:"step"`
	With   Node   `json:"with"` // the master on the replica, the replica on the master
	Offset int64  `json:"offset,omitempty"`
}

// Name is "+manual-failover", or "-manual-failover" once it timed out.
func (e ManualFailover) Name() string {
	if e.Step == "timeout" {
		return "-manual-failover"
	}
	return "+manual-failover"
}

// Describe is the event's canonical line.
func (e ManualFailover) Describe() string {
	if e.Offset != 0 {
		return fmt.Sprintf("%s %s with %s at offset %d", e.Name(), e.Step, orNobody(e.With), e.Offset)
	}
	return fmt.Sprintf("%s %s with %s", e.Name(), e.Step, orNobody(e.With))
}

// ReplicaMigration: this replica leaves a master that has others for one that has none.
type ReplicaMigration struct {
	From     Node   `json:"from"`
	To       Node   `json:"to"`
	Orphaned Millis `json:"orphaned"`
}

// Name is "+replica-migration".
func (ReplicaMigration) Name() string { return "+replica-migration" }

// Describe is the event's canonical line.
func (e ReplicaMigration) Describe() string {
	return fmt.Sprintf("+replica-migration from %v to %v, which had no replica for %v", e.From, e.To, e.Orphaned)
}

// orNone is text, or "none".
func orNone(text string) string {
	if text == "" {
		return "none"
	}
	return text
}
