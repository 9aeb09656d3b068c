package event

import (
	"fmt"
	"strconv"
)

// The reasons with which a Sentinel refuses a vote, a failover or a replica.
const (
	VotedAlready   Reason = "already-voted"   // another Sentinel has its vote in this epoch
	EpochTooOld    Reason = "old-epoch"       // the request's epoch is behind
	FailoverRecent Reason = "failover-recent" // twice the failover timeout has not passed
	FailoverRuns   Reason = "failover-runs"   // one is in progress
	InTilt         Reason = "tilt"            // its clock cannot be trusted
	IsSDown        Reason = "sdown"           // the replica is held for down
	IsDisconnected Reason = "disconnected"    // there is no connection to the replica
	PingTooOld     Reason = "ping-too-old"    // the replica has not answered lately
	PriorityZero   Reason = "priority-zero"   // the replica is never to be promoted
	InfoTooOld     Reason = "info-too-old"    // the replica's INFO is stale
	LinkDownLong   Reason = "link-down-long"  // the replica lost its master too long ago
	NotElected     Reason = "not-elected"     // too few votes in time
	NoGoodReplica  Reason = "no-good-slave"   // no replica may be promoted
	ReplicaTooSlow Reason = "slave-timeout"   // the chosen replica was not promoted in time
)

// NewEpoch: a Sentinel raised the epoch that its group shares.
type NewEpoch struct {
	Epoch uint64 `json:"epoch"`
}

// Name is "+new-epoch".
func (NewEpoch) Name() string { return "+new-epoch" }

// Payload is the epoch.
func (e NewEpoch) Payload() string { return strconv.FormatUint(e.Epoch, 10) }

// Describe is the event's canonical line.
func (e NewEpoch) Describe() string { return line(e) }

// VoteForLeader: a Sentinel gave its vote for the failover of a master.
type VoteForLeader struct {
	Leader string `json:"leader"` // the run id of the one it voted for
	Epoch  uint64 `json:"epoch"`
	Master string `json:"master"` // not part of what is published
}

// Name is "+vote-for-leader".
func (VoteForLeader) Name() string { return "+vote-for-leader" }

// Payload names the leader and the epoch.
func (e VoteForLeader) Payload() string { return fmt.Sprintf("%s %d", e.Leader, e.Epoch) }

// Describe is the event's canonical line.
func (e VoteForLeader) Describe() string { return line(e) }

// LeaderVoteRefused: a Sentinel asked for a vote and got none. Redis does not say so.
type LeaderVoteRefused struct {
	Master    Monitored `json:"master"`
	Candidate string    `json:"candidate"` // the run id of the one who asked
	Epoch     uint64    `json:"epoch"`
	VotedFor  string    `json:"votedFor,omitempty"` // the run id the vote went to, when that is known
	VoteEpoch uint64    `json:"voteEpoch"`
	Why       Reason    `json:"why"` // already-voted, old-epoch
}

// Name is "-vote-for-leader".
func (LeaderVoteRefused) Name() string { return "-vote-for-leader" }

// Describe is the event's canonical line.
func (e LeaderVoteRefused) Describe() string {
	text := fmt.Sprintf("-vote-for-leader %s %d for %v (%s)", e.Candidate, e.Epoch, e.Master, e.Why)
	if e.VotedFor != "" {
		text += fmt.Sprintf(": voted for %s in %d", e.VotedFor, e.VoteEpoch)
	}
	return text
}

// NoFailoverYet: a master is down by agreement, and this Sentinel does not start a failover. Redis
// says so in its log only.
type NoFailoverYet struct {
	Master Monitored `json:"master"`
	Why    Reason    `json:"why"`  // failover-recent, failover-runs, tilt
	Wait   Millis    `json:"wait"` // until it may
}

// Name is "-try-failover".
func (NoFailoverYet) Name() string { return "-try-failover" }

// Describe is the event's canonical line.
func (e NoFailoverYet) Describe() string {
	if e.Wait > 0 {
		return fmt.Sprintf("-try-failover %v (%s): not for %v", e.Master, e.Why, e.Wait)
	}
	return fmt.Sprintf("-try-failover %v (%s)", e.Master, e.Why)
}

// ReplicaNotSelectable: a replica cannot be promoted now. Redis does not say so.
type ReplicaNotSelectable struct {
	Replica Monitored `json:"replica"`
	Why     Reason    `json:"why"`
	Detail  string    `json:"detail,omitempty"` // the figure that was too large
}

// Name is "-selected-slave".
func (ReplicaNotSelectable) Name() string { return "-selected-slave" }

// Describe is the event's canonical line.
func (e ReplicaNotSelectable) Describe() string {
	if e.Detail != "" {
		return fmt.Sprintf("-selected-slave %v (%s): %s", e.Replica, e.Why, e.Detail)
	}
	return fmt.Sprintf("-selected-slave %v (%s)", e.Replica, e.Why)
}
