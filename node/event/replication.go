package event

import "fmt"

// The reasons replication gives. Those for a full synchronisation come first.
const (
	UnknownReplID    Reason = "unknown-replid"        // the asked history is not ours
	ReplID2TooFar    Reason = "replid2-too-far"       // our former history, but beyond the point where we left it
	OutOfBacklog     Reason = "offset-out-of-backlog" // our history, but the bytes are gone or not yet made
	NoBacklog        Reason = "no-backlog"            // our history, but no bytes are kept
	Forced           Reason = "forced"                // the replica asked for everything: PSYNC ? -1
	SyncCommand      Reason = "sync-command"          // the replica does not know PSYNC
	ReplicaTimeout   Reason = "timeout"
	FullSyncTimeout  Reason = "sync-timeout"
	ReplicaGone      Reason = "connection-closed"
	SnapshotFailed   Reason = "snapshot-failed"
	OutputLimit      Reason = "output-buffer-limit"
	IdentityChanged  Reason = "replid-changed"
	ParentResyncs    Reason = "parent-resyncs"
	SnapshotOnly     Reason = "snapshot-only" // the peer wanted a snapshot and has it
	BecameMaster     Reason = "promoted"
	FirstReplica     Reason = "first-replica"
	BacklogExpired   Reason = "backlog-expired"
	FullSync         Reason = "full-sync"
	MasterChangedID  Reason = "master-changed-replid"
	HistoryForgotten Reason = "history-forgotten"
	LoadFailed       Reason = "load-failed"
	LoadCancelled    Reason = "load-cancelled"
	MasterTimeout    Reason = "master-timeout"
	MasterHungUp     Reason = "hangup"
	MasterRefused    Reason = "refused"
	MasterLoading    Reason = "master-not-ready"
	MasterProtocol   Reason = "protocol-error"
	MasterSwitched   Reason = "another-master"
	NoAddress        Reason = "no-address"
	ByHand           Reason = "by-hand"
	FailoverTimeout  Reason = "replica-never-caught-up"
	FailoverForced   Reason = "forced-at-timeout"
)

// PsyncFull says that this node will send a replica everything, and why a part was not enough.
type PsyncFull struct {
	Replica string // its address
	ReplID  string // the history it asked for, "?" for none
	Offset  int64  // the first byte it asked for
	Why     Reason
}

// Name is "+psync-full".
func (PsyncFull) Name() string { return "+psync-full" }

// Describe is the event's line.
func (e PsyncFull) Describe() string {
	return fmt.Sprintf("full synchronisation of replica %s, which asked for byte %d of %s: %s", e.Replica, e.Offset, shortID(e.ReplID), e.Why)
}

// PsyncPartial says that a replica continues where it stopped.
type PsyncPartial struct {
	Replica string
	ReplID  string
	Offset  int64 // the first byte it was missing
	Bytes   int64 // how many it was missing
}

// Name is "+psync-partial".
func (PsyncPartial) Name() string { return "+psync-partial" }

// Describe is the event's line.
func (e PsyncPartial) Describe() string {
	return fmt.Sprintf("replica %s continues %s at byte %d, %d bytes behind", e.Replica, shortID(e.ReplID), e.Offset, e.Bytes)
}

// ReplicaOnline says that a replica has a whole data set and follows the stream.
type ReplicaOnline struct {
	Replica string
	Offset  int64 // where its stream begins
}

// Name is "+replica-online".
func (ReplicaOnline) Name() string { return "+replica-online" }

// Describe is the event's line.
func (e ReplicaOnline) Describe() string {
	return fmt.Sprintf("replica %s follows the stream from byte %d", e.Replica, e.Offset+1)
}

// ReplicaLost says that a replica is no longer attached.
type ReplicaLost struct {
	Replica string
	Offset  int64 // the last offset it acknowledged
	Why     Reason
}

// Name is "-replica".
func (ReplicaLost) Name() string { return "-replica" }

// Describe is the event's line.
func (e ReplicaLost) Describe() string {
	return fmt.Sprintf("replica %s is gone, its last acknowledged offset was %d: %s", e.Replica, e.Offset, e.Why)
}

// MasterLinkUp says that this replica's stream from its master flows.
type MasterLinkUp struct {
	Master  string
	ReplID  string
	Offset  int64
	Partial bool // it continued instead of loading everything
}

// Name is "+master-link-up".
func (MasterLinkUp) Name() string { return "+master-link-up" }

// Describe is the event's line.
func (e MasterLinkUp) Describe() string {
	how := "after a full synchronisation"
	if e.Partial {
		how = "where it had stopped"
	}
	return fmt.Sprintf("following master %s %s, at offset %d of %s", e.Master, how, e.Offset, shortID(e.ReplID))
}

// MasterLinkDown says that the stream ended, or why it still does not flow. A reason that repeats
// itself is told once.
type MasterLinkDown struct {
	Master string
	Offset int64
	Why    Reason
	Detail string // the master's words, or the network's
}

// Name is "-master-link".
func (MasterLinkDown) Name() string { return "-master-link" }

// Describe is the event's line.
func (e MasterLinkDown) Describe() string {
	line := fmt.Sprintf("no link to master %s, stopped at offset %d: %s", e.Master, e.Offset, e.Why)
	if e.Detail != "" {
		line += " (" + e.Detail + ")"
	}
	return line
}

// SyncStart says that this replica begins to receive its master's data set.
type SyncStart struct {
	Master string
	Bytes  int64 // -1 when the master does not say
	Parsed bool  // it is read while it comes (repl-diskless-load)
}

// Name is "+sync-start".
func (SyncStart) Name() string { return "+sync-start" }

// Describe is the event's line.
func (e SyncStart) Describe() string {
	if e.Bytes < 0 {
		return fmt.Sprintf("receiving the data set of master %s", e.Master)
	}
	return fmt.Sprintf("receiving the data set of master %s, %d bytes", e.Master, e.Bytes)
}

// SyncProgress says how much of the data set has arrived. It is told a few times per transfer.
type SyncProgress struct {
	Master      string
	Read, Bytes int64 // Bytes is -1 when the master does not say
}

// Name is "+sync-progress".
func (SyncProgress) Name() string { return "+sync-progress" }

// Describe is the event's line.
func (e SyncProgress) Describe() string {
	if e.Bytes < 0 {
		return fmt.Sprintf("%d bytes received from master %s", e.Read, e.Master)
	}
	return fmt.Sprintf("%d of %d bytes received from master %s", e.Read, e.Bytes, e.Master)
}

// SyncDone says that this replica loaded its master's data set.
type SyncDone struct {
	Master string
	Bytes  int64
	Offset int64 // the data set is that of this offset
}

// Name is "+sync-done".
func (SyncDone) Name() string { return "+sync-done" }

// Describe is the event's line.
func (e SyncDone) Describe() string {
	return fmt.Sprintf("loaded %d bytes from master %s, the data set of offset %d", e.Bytes, e.Master, e.Offset)
}

// ReplIDChanged says that this node's history has another name from here on.
type ReplIDChanged struct {
	Old, New string
	Offset   int64
	Why      Reason
}

// Name is "+replid".
func (ReplIDChanged) Name() string { return "+replid" }

// Describe is the event's line.
func (e ReplIDChanged) Describe() string {
	return fmt.Sprintf("replication id %s becomes %s at offset %d: %s", shortID(e.Old), shortID(e.New), e.Offset, e.Why)
}

// BacklogCreated says that this node keeps the stream from now on.
type BacklogCreated struct {
	First int64 // offset of the first byte it will hold
	Size  int64
}

// Name is "+backlog-created".
func (BacklogCreated) Name() string { return "+backlog-created" }

// Describe is the event's line.
func (e BacklogCreated) Describe() string {
	return fmt.Sprintf("keeping the last %d bytes of the stream, from byte %d on", e.Size, e.First)
}

// BacklogFreed says that this node threw its copy of the stream away.
type BacklogFreed struct{ Why Reason }

// Name is "+backlog-freed".
func (BacklogFreed) Name() string { return "+backlog-freed" }

// Describe is the event's line.
func (e BacklogFreed) Describe() string { return fmt.Sprintf("backlog freed: %s", e.Why) }

// The steps of a FAILOVER.
const (
	FailoverWaits     = "waiting"
	FailoverHandsOver = "handing-over"
	FailoverDone      = "done"
	FailoverAborted   = "aborted"
)

// Failover is a step of FAILOVER, by which this master hands its place to a replica.
type Failover struct {
	Step   string
	Target string // the replica's address
	Offset int64
	Why    Reason // of an end, or of haste
}

// Name is "+failover", or "-failover" when it was called off.
func (e Failover) Name() string {
	if e.Step == FailoverAborted {
		return "-failover"
	}
	return "+failover"
}

// Describe is the event's line.
func (e Failover) Describe() string {
	line := fmt.Sprintf("%s to %s at offset %d", e.Step, e.Target, e.Offset)
	if e.Why != "" {
		return line + ": " + string(e.Why)
	}
	return line
}

// ReplicaOf says that this node was told to follow a master.
type ReplicaOf struct{ Master string }

// Name is "+replicaof".
func (ReplicaOf) Name() string { return "+replicaof" }

// Describe is the event's line.
func (e ReplicaOf) Describe() string { return "replica of " + e.Master }

// MasterMode says that this node stopped following and makes its own history.
type MasterMode struct {
	ReplID  string // the new history
	ReplID2 string // the one it continues
	Second  int64  // the first byte that is not shared with ReplID2
}

// Name is "+master".
func (MasterMode) Name() string { return "+master" }

// Describe is the event's line.
func (e MasterMode) Describe() string {
	return fmt.Sprintf("master now, history %s continues %s from byte %d", shortID(e.ReplID), shortID(e.ReplID2), e.Second)
}

// shortID is the first 8 characters of a 40 character id.
func shortID(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}
