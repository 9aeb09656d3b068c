package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// orphanCount is what a replica notes when it looks over all nodes.
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

// countOrphans looks over all masters.
func (s *State) countOrphans() (o orphanCount) {
	for _, n := range s.nodes.order {
		if !n.is(bus.Myself | bus.NoAddr | bus.Handshake) {
			o.count(n, s.myself.primary)
		}
	}
	return o
}

// considerMigration moves this replica to a master that has none, if its own has several and it
// is the one to go (clusterHandleSlaveMigration).
func (s *State) considerMigration(now time.Time) {
	primary := s.myself.primary
	if s.cfg.NoReplicaMigration || !s.health.ok || primary == nil || primary.healthyReplicas(bus.Failed) < 2 {
		return
	}
	if primary.healthyReplicas(bus.Failed|bus.PFail) <= s.cfg.MigrationBarrier {
		return
	}
	o := s.countOrphans()
	if o.orphans == 0 || o.most < 2 || o.ours != o.most {
		return
	}
	target, candidate := s.findOrphan(now, o.most)
	if target == nil || candidate != s.myself || target.troubles().orphaned.age(now) <= migrationDelay {
		return
	}
	s.emit(event.ReplicaMigration{
		From: ref(primary), To: ref(target), Orphaned: event.MillisOf(target.troubles().orphaned.age(now)),
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
			if t := n.inTrouble(); t.orphaned == never {
				t.orphaned = instantOf(now)
			}
		} else if n.trouble != nil {
			n.trouble.orphaned = never
		}
		if working == most && len(n.replicas) > 0 && compareIDs(&n.replicas[0].id, &candidate.id) < 0 {
			candidate = n.replicas[0]
		}
	}
	return target, candidate
}
