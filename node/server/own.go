package server

import (
	"clusterplay/node/cluster"
	"clusterplay/node/keyspace"
	"clusterplay/node/replication"
	"clusterplay/node/slot"
)

// OwnsSlot reports whether this node believes itself to own the slot.
func (s *Server) OwnsSlot(sl slot.Slot) bool { return s.cluster != nil && s.cluster.Mine(sl) }

// OwnsAnySlot reports whether this node owns a slot at all.
func (s *Server) OwnsAnySlot() bool { return s.cluster != nil && s.cluster.SlotCount() > 0 }

// SlotOpen reports whether this node has the slot marked migrating or importing.
func (s *Server) SlotOpen(sl slot.Slot) bool {
	return s.cluster != nil && (s.cluster.Migrating(sl) || s.cluster.Importing(sl))
}

// Replication is the replication machine inside, for those who check its promises.
func (s *Server) Replication() *replication.State { return s.repl }

// Cluster is the cluster machine inside, for those who check its promises; nil outside a cluster.
func (s *Server) Cluster() *cluster.State { return s.cluster }

// Acquainted counts the nodes of the cluster that this node knows, itself included.
func (s *Server) Acquainted() int {
	if s.cluster == nil {
		return 0
	}
	return s.cluster.Acquainted()
}

// Following reports whether this server is a replica, and whether the link to its master is up.
func (s *Server) Following() (replica, linked bool) {
	return s.isReplica(), s.isReplica() && s.repl.LinkState() == replication.Connected
}

// ListEnd is how many elements a list holds and which is the last, for those who check promises. It
// changes nothing and may be called between doors.
func (s *Server) ListEnd(key string) (n int, last []byte) {
	entry := s.space.DB(0).Look(s.nowMs, []byte(key))
	if entry == nil {
		return 0, nil
	}
	list, ok := entry.Value.(*keyspace.ListValue)
	if !ok || list.Len() == 0 {
		return 0, nil
	}
	return list.Len(), list.At(list.Len() - 1)
}
