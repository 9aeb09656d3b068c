package server

import (
	"time"

	"clusterplay/node/cluster"
	"clusterplay/node/replication"
	"clusterplay/node/slot"
)

// View is plain data about a server, for screens and for those who look for broken promises.
type View struct {
	RunID    string
	Port     int
	Role     string // "master" or "replica"
	Now      time.Time
	Keys     int
	Volatile int
	Memory   int
	Clients  int // replicas left out
	Blocked  int
	Paused   bool // writes are held back
	Loading  bool
	Asleep   bool // in DEBUG SLEEP
	Saving   bool
	Busy     string // what ends the script for which clients hear BUSY: SCRIPT KILL or FUNCTION KILL; "" for none
	ReadOnly bool   // a replica that refuses writes: replica-read-only
	Silent   bool   // a replica that lost its master and may not answer for it: replica-serve-stale-data no
	Ops      int64  // per second, averaged over the latest crons
	Commands int64  // since birth
	Errors   int64

	Replication replication.View
	Cluster     *cluster.View // nil when cluster support is disabled
}

// View returns plain data about the server. It may be called between doors.
func (s *Server) View(now time.Time) View {
	return s.viewWith(now, (*cluster.State).View)
}

// Outline is View with cluster.State.Outline.
func (s *Server) Outline(now time.Time) View {
	return s.viewWith(now, (*cluster.State).Outline)
}

// Brief is View with cluster.State.Brief.
func (s *Server) Brief(now time.Time) View {
	return s.viewWith(now, (*cluster.State).Brief)
}

// viewWith is a View whose part about the cluster is made by of.
func (s *Server) viewWith(now time.Time, of func(*cluster.State) cluster.View) View {
	v := s.viewAlone(now)
	if s.cluster != nil {
		view := of(s.cluster)
		v.Cluster = &view
	}
	return v
}

// viewAlone is a View without the cluster.
func (s *Server) viewAlone(now time.Time) View {
	role := "master"
	if s.isReplica() {
		role = "replica"
	}
	writes, _ := s.paused()
	volatile := 0
	for i := range s.space.Len() {
		volatile += s.space.DB(i).Volatile()
	}
	busy := ""
	if run := s.running(); run != nil && s.script.busy {
		busy = killCommand(run)
	}
	return View{
		RunID: s.runID, Port: s.config.Port, Role: role, Now: now,
		Keys: s.space.Keys(), Volatile: volatile, Memory: s.usedMemory(),
		Clients: s.clients.Count(func(c *client) bool { return !c.replica }),
		Blocked: s.blockedClients(), Paused: writes, Loading: s.loading != nil, Asleep: s.asleep(), Saving: s.saving(), Busy: busy,
		Ops: s.stats.rate.perSecond(), Commands: s.stats.commands, Errors: s.stats.errors,
		ReadOnly: s.isReplica() && s.settings.yes("replica-read-only"), Silent: s.isReplica() && s.stale(),
		Replication: s.repl.View(now),
	}
}

// KeysPerSlot returns how many keys each slot of a range holds.
func (s *Server) KeysPerSlot(r slot.Range) []int {
	counts := make([]int, 0, r.Len())
	for sl := int(r.First); sl <= int(r.Last); sl++ {
		counts = append(counts, s.space.DB(0).CountInSlot(slot.Slot(sl)))
	}
	return counts
}
