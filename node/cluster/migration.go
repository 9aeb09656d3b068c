package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// orphanCount is what a replica notes while it looks over all nodes.
type orphanCount struct {
	orphans int // masters that lost their last working replica
	most    int // working replicas of the master that has most
	ours    int // of our own master
}

// count adds a master to the count.
func (o *orphanCount) count(n, primary *node) {
	if !n.master() || n.is(bus.Failed) {
		return
	}
	working := n.healthyReplicas(bus.Failed)
	if working == 0 && n.numSlots > 0 && n.is(bus.MigrateTo) {
		o.orphans++
	}
	o.most = max(o.most, working)
	if n == primary {
		o.ours = working
	}
}

// considerMigration moves this replica to a master that has none, if its own has several and it
// is the one to go (clusterHandleSlaveMigration).
func (s *State) considerMigration(now time.Time, o orphanCount) {
	if o.orphans == 0 || o.most < 2 || o.ours != o.most || s.cfg.NoReplicaMigration || !s.health.ok {
		return
	}
	primary := s.myself.primary
	if primary == nil || primary.healthyReplicas(bus.Failed|bus.PFail) <= s.cfg.MigrationBarrier {
		return
	}
	target, candidate := s.findOrphan(now, o.most)
	if target == nil || candidate != s.myself || now.Sub(target.orphanedTime) <= migrationDelay {
		return
	}
	s.emit(event.ReplicaMigration{
		From: ref(primary), To: ref(target), Orphaned: event.MillisOf(now.Sub(target.orphanedTime)),
	})
	s.follow(now, target, "migration")
}

// findOrphan notes since when masters are orphaned, and finds the first of them and the replica
// with the smallest id among those of the masters that have most.
func (s *State) findOrphan(now time.Time, most int) (target, candidate *node) {
	candidate = s.myself
	for _, n := range s.nodes.order {
		working := 0
		if n.master() {
			working = n.healthyReplicas(bus.Failed)
		}
		if n.master() && !n.is(bus.Failed) && n.is(bus.MigrateTo) && working == 0 {
			if target == nil && n.numSlots > 0 {
				target = n
			}
			if n.orphanedTime.IsZero() {
				n.orphanedTime = now
			}
		} else {
			n.orphanedTime = time.Time{}
		}
		if working == most && len(n.replicas) > 0 && compareIDs(&n.replicas[0].id, &candidate.id) < 0 {
			candidate = n.replicas[0]
		}
	}
	return target, candidate
}
