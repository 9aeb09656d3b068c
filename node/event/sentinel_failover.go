package event

import "fmt"

// TryFailover: a Sentinel began a failover and asks the others for their votes.
type TryFailover struct{ Monitored }

// Name is "+try-failover".
func (TryFailover) Name() string { return "+try-failover" }

// Describe is the event's canonical line.
func (e TryFailover) Describe() string { return line(e) }

// ElectedLeader: a Sentinel has the votes to carry a failover out.
type ElectedLeader struct {
	Monitored
	Votes  int  `json:"votes"`
	Needed int  `json:"needed"`
	Forced bool `json:"forced,omitempty"` // by hand: no votes were asked for
}

// Name is "+elected-leader".
func (ElectedLeader) Name() string { return "+elected-leader" }

// Describe is the event's canonical line.
func (e ElectedLeader) Describe() string { return line(e) }

// FailoverState: a failover reached its next state.
type FailoverState struct {
	Monitored        // the master, or the replica that is promoted
	State     string `json:"state"` // select-slave, send-slaveof-noone, wait-promotion, reconf-slaves
}

// Name is "+failover-state-" and the state.
func (e FailoverState) Name() string { return "+failover-state-" + e.State }

// Describe is the event's canonical line.
func (e FailoverState) Describe() string { return line(e) }

// ReplicaSelected: the leader chose the replica it will promote.
type ReplicaSelected struct{ Monitored }

// Name is "+selected-slave".
func (ReplicaSelected) Name() string { return "+selected-slave" }

// Describe is the event's canonical line.
func (e ReplicaSelected) Describe() string { return line(e) }

// ReplicaPromoted: the chosen replica says that it is a master now.
type ReplicaPromoted struct{ Monitored }

// Name is "+promoted-slave".
func (ReplicaPromoted) Name() string { return "+promoted-slave" }

// Describe is the event's canonical line.
func (e ReplicaPromoted) Describe() string { return line(e) }

// ReplicaReconf: another replica is being pointed at the new master.
type ReplicaReconf struct {
	Monitored
	Step string `json:"step"` // sent, inprog, done, sent-be
}

// Name is "+slave-reconf-" and the step.
func (e ReplicaReconf) Name() string { return "+slave-reconf-" + e.Step }

// Describe is the event's canonical line.
func (e ReplicaReconf) Describe() string { return line(e) }

// ReplicaReconfTimeout: a replica did not follow its new master in time and is left alone.
type ReplicaReconfTimeout struct{ Monitored }

// Name is "-slave-reconf-sent-timeout".
func (ReplicaReconfTimeout) Name() string { return "-slave-reconf-sent-timeout" }

// Describe is the event's canonical line.
func (e ReplicaReconfTimeout) Describe() string { return line(e) }

// FailoverEnd: the leader has done all that a failover needs.
type FailoverEnd struct{ Monitored }

// Name is "+failover-end".
func (FailoverEnd) Name() string { return "+failover-end" }

// Describe is the event's canonical line.
func (e FailoverEnd) Describe() string { return line(e) }

// FailoverEndForTimeout: the leader ends a failover although not every replica follows.
type FailoverEndForTimeout struct{ Monitored }

// Name is "+failover-end-for-timeout".
func (FailoverEndForTimeout) Name() string { return "+failover-end-for-timeout" }

// Describe is the event's canonical line.
func (e FailoverEndForTimeout) Describe() string { return line(e) }

// FailoverGivenUp: a failover was given up; the master is the old one.
type FailoverGivenUp struct {
	Monitored
	Why    Reason `json:"why"` // not-elected, no-good-slave, slave-timeout
	Votes  int    `json:"votes,omitempty"`
	Needed int    `json:"needed,omitempty"` // 0 where votes are not the matter
}

// Name is "-failover-abort-" and the reason.
func (e FailoverGivenUp) Name() string { return "-failover-abort-" + string(e.Why) }

// Describe is the event's canonical line, with the votes where those were too few.
func (e FailoverGivenUp) Describe() string {
	if e.Needed > 0 {
		return fmt.Sprintf("%s #votes %d/%d", line(e), e.Votes, e.Needed)
	}
	return line(e)
}

// ConfigUpdateFrom: a Sentinel takes over a newer configuration from the one named here.
type ConfigUpdateFrom struct{ Monitored }

// Name is "+config-update-from".
func (ConfigUpdateFrom) Name() string { return "+config-update-from" }

// Describe is the event's canonical line.
func (e ConfigUpdateFrom) Describe() string { return line(e) }

// SwitchMaster: for this Sentinel, the master has a new address. Clients wait for this event.
type SwitchMaster struct {
	Label   string `json:"label"` // the master's name
	OldIP   string `json:"oldIp"`
	OldPort int    `json:"oldPort"`
	NewIP   string `json:"newIp"`
	NewPort int    `json:"newPort"`
}

// Name is "+switch-master".
func (SwitchMaster) Name() string { return "+switch-master" }

// Payload names the master and both addresses.
func (e SwitchMaster) Payload() string {
	return fmt.Sprintf("%s %s %d %s %d", e.Label, e.OldIP, e.OldPort, e.NewIP, e.NewPort)
}

// Describe is the event's canonical line.
func (e SwitchMaster) Describe() string { return line(e) }

// ReplicaConverted: a node that thought itself master was told to be a replica.
type ReplicaConverted struct{ Monitored }

// Name is "+convert-to-slave".
func (ReplicaConverted) Name() string { return "+convert-to-slave" }

// Describe is the event's canonical line.
func (e ReplicaConverted) Describe() string { return line(e) }

// ReplicaFixed: a replica of another master was told whom to follow.
type ReplicaFixed struct{ Monitored }

// Name is "+fix-slave-config".
func (ReplicaFixed) Name() string { return "+fix-slave-config" }

// Describe is the event's canonical line.
func (e ReplicaFixed) Describe() string { return line(e) }

// ConfigWithdrawn: a Sentinel that came back gives up a configuration that nobody else has heard of.
// Redis would announce it, and lead the group to a replica.
type ConfigWithdrawn struct {
	Master Monitored `json:"master"` // as it was called by the configuration that is given up
	Epoch  uint64    `json:"epoch"`  // of that configuration
	Kept   uint64    `json:"kept"`   // of the one that the others have
	Agree  int       `json:"agree"`  // how many others have it
}

// Name is "-config-epoch".
func (ConfigWithdrawn) Name() string { return "-config-epoch" }

// Describe is the event's canonical line.
func (e ConfigWithdrawn) Describe() string {
	return fmt.Sprintf("-config-epoch %v: the configuration of epoch %d is unknown to %d others, who have that of %d",
		e.Master, e.Epoch, e.Agree, e.Kept)
}
