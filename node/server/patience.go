package server

import (
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/replication"
)

const (
	// patienceShare is which part of a node timeout nobody notices in a cluster where all is well: its heartbeats have
	// half of one, and some of them are chosen by chance.
	patienceShare = 100
	// quietOps is up to how many commands a second a node serves nobody: a replica acknowledges once a second, and its
	// master greets it now and then.
	quietOps = 8
)

// Patience is how late the cron may be (machine.Patient): not at all when this node serves somebody, has something
// under way or is not at ease about its cluster.
func (s *Server) Patience() time.Duration {
	switch {
	case s.cluster == nil || !s.cluster.Calm(),
		s.isReplica() && s.repl.LinkState() != replication.Connected,
		s.loading != nil || s.ahead != nil || s.busyWriting() || s.shutdown != nil,
		s.script.busy || s.sleep.debug != nil || !s.sleep.until.IsZero(),
		len(s.parking.deadlines) > 0 || len(s.waiters) > 0 || len(s.migrate.active) > 0,
		s.stats.rate.perSecond() > quietOps || s.space.NextExpiry() != 0:
		return 0
	}
	return s.cluster.Config().NodeTimeout / patienceShare
}

var _ machine.Patient = (*Server)(nil)
