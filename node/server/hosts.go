package server

import (
	"net/netip"
	"time"

	"clusterplay/node/slot"
)

// clusterHost is the server as its cluster state sees it.
type clusterHost struct{ s *Server }

// KeysInSlot counts the keys of a slot.
func (h clusterHost) KeysInSlot(sl slot.Slot) int { return h.s.space.DB(0).CountInSlot(sl) }

// DropSlot deletes the keys of a slot that was lost, here and on replicas.
func (h clusterHost) DropSlot(_ time.Time, sl slot.Slot) int {
	s, db := h.s, h.s.space.DB(0)
	return db.DeleteSlot(sl, func(key string) {
		name := []byte(key)
		s.Modified(db, name, "del")
		del := [][]byte{delWord, name}
		s.aof.FeedOne(s.now, db.Number, del)
		if !s.isReplica() && !s.config.ClusterSwitches.DropSilently {
			s.repl.FeedOne(db.Number, del)
		}
	})
}

// DatasetEmpty reports whether there are no keys.
func (h clusterHost) DatasetEmpty() bool { return h.s.space.Keys() == 0 }

// FlushData deletes everything.
func (h clusterHost) FlushData(time.Time) {
	h.s.flushData()
	h.s.aof.FeedOne(h.s.now, 0, [][]byte{[]byte("FLUSHALL")})
}

// ReplicationOffset is what this node has produced or executed: nothing as long as it loads what a
// master sent, so that others neither show nor prefer it (replicationGetSlaveOffset).
func (h clusterHost) ReplicationOffset() int64 {
	if h.s.repl.Loading() {
		return 0
	}
	return int64(h.s.repl.Offset())
}

// forever is longer than any limit on the age of a replica's data.
const forever = 1<<63 - 1

// ReplicationAge is how old this replica's data may be.
func (h clusterHost) ReplicationAge(now time.Time) time.Duration {
	age, known := h.s.repl.DataAge(now)
	if !known {
		return forever
	}
	return age
}

// HasHistory reports whether a replica has any of its shard's data.
func (h clusterHost) HasHistory() bool { return h.s.repl.HasHistory() }

// Following reports whether a master is configured.
func (h clusterHost) Following() bool { return h.s.isReplica() }

// Follow starts replication from a master.
func (h clusterHost) Follow(now time.Time, addr netip.AddrPort) {
	h.s.repl.SetMaster(now, addr.Addr().String(), int(addr.Port()))
	h.s.setExpiry()
}

// ForgetHistory makes this node's offset that of an empty data set, until it has synced.
func (h clusterHost) ForgetHistory(now time.Time) { h.s.repl.ForgetHistory(now) }

// Promote ends replication.
func (h clusterHost) Promote(now time.Time) {
	h.s.repl.Promote(now)
	h.s.setExpiry()
}

// PauseWrites holds back writes for a manual failover.
func (h clusterHost) PauseWrites(_, until time.Time) {
	if p := &h.s.pause.byFailover; until.After(p.until) {
		p.until = until
	}
}

// ResumeWrites ends what PauseWrites began; the commands held back run at the end of the door.
func (h clusterHost) ResumeWrites(time.Time) { h.s.pause.byFailover = span{} }

// Deliver hands a message from the bus to local listeners.
func (h clusterHost) Deliver(_ time.Time, channel, message []byte, shard bool) {
	if shard {
		h.s.pubsub.PublishShard(channel, message)
		return
	}
	h.s.pubsub.Publish(channel, message)
}

// SlotMoved unsubscribes the listeners of a slot's shard channels.
func (h clusterHost) SlotMoved(_ time.Time, sl slot.Slot) {
	h.s.pubsub.DropShard(func(channel string) bool { return slot.OfString(channel) == sl })
}

// replicationHost is the server as its replication state sees it.
type replicationHost struct{ s *Server }

// Apply executes one command of the master's stream.
func (h replicationHost) Apply(_ time.Time, db int, args [][]byte) {
	if failed := h.s.apply(db, args); failed != "" {
		h.s.complain(fromMaster, failed)
	}
}

// OpenUnit tells that what is applied until CloseUnit belongs together.
func (h replicationHost) OpenUnit(time.Time) { h.s.begin() }

// CloseUnit ends a unit.
func (h replicationHost) CloseUnit(time.Time) {
	h.s.unit.open = false
	h.s.logUnit()
}

// UnblockClients answers everybody who waits: this node follows another master now.
func (h replicationHost) UnblockClients(time.Time) { h.s.unblockForRole() }

// PauseForFailover holds writes back for as long as a FAILOVER takes.
func (h replicationHost) PauseForFailover(time.Time) { h.s.pause.handover = true }

// ResumeAfterFailover ends that; the commands held back run at the end of the door.
func (h replicationHost) ResumeAfterFailover(time.Time) { h.s.pause.handover = false }

// FailoverPaused reports whether writes are paused for a CLUSTER FAILOVER or a shutdown.
func (h replicationHost) FailoverPaused(now time.Time) bool { return h.s.pause.byFailover.active(now) }
