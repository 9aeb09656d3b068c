package cluster

import (
	"net/netip"
	"time"

	"clusterplay/node/slot"
)

// Host is the server around the cluster machine. Its methods are called from within the doors
// and command methods of State, on the same goroutine, and must do their work before they
// return. None of them may call back into State, except Endpoint-like readers (View, Route).
// Slices given to Deliver belong to the caller and are valid only during the call.
type Host interface {
	// KeysInSlot counts the keys of a slot.
	KeysInSlot(s slot.Slot) int
	// DropSlot deletes all keys of a slot that now belongs to another master and returns how many
	// there were. Replicas are told; 7.0 does not, so that theirs keep what the master lost.
	DropSlot(now time.Time, s slot.Slot) int
	// DatasetEmpty reports whether there are no keys at all.
	DatasetEmpty() bool
	// FlushData deletes everything: a replica is being reset.
	FlushData(now time.Time)

	// ReplicationOffset is what this node has produced (master) or executed (replica).
	ReplicationOffset() int64
	// ReplicationAge is, for a replica, how long ago its master was last heard when connected,
	// else how long ago the link went down; without ever a link it is longer than anything.
	ReplicationAge(now time.Time) time.Duration
	// HasHistory reports whether a replica's data are its master's, of whatever age: it has synced
	// with it, or with one that came before it in the same shard.
	HasHistory() bool
	// Following reports whether replication from some master is configured.
	Following() bool
	// Follow starts replication from a master, continuing the node's own history if possible.
	Follow(now time.Time, addr netip.AddrPort)
	// ForgetHistory tells, right after Follow, that the master is of another shard: what this node
	// has says nothing about that shard, so its offset must not be compared with its siblings'.
	ForgetHistory(now time.Time)
	// Promote ends replication: the node goes on as a master with a new replication id.
	Promote(now time.Time)

	// PauseWrites holds back all commands that may write until then or until ResumeWrites,
	// whichever is first; expiry, eviction and replication pings pause too.
	PauseWrites(now, until time.Time)
	// ResumeWrites ends what PauseWrites began. It may be called when nothing is paused.
	ResumeWrites(now time.Time)

	// Deliver hands a published message to this node's own subscribers.
	Deliver(now time.Time, channel, message []byte, shard bool)
	// SlotMoved tells that the node's shard no longer serves a slot: subscribers of its shard
	// channels must be unsubscribed.
	SlotMoved(now time.Time, s slot.Slot)
}
