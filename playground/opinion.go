package playground

import (
	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/machine"
)

// Questions to nodes about other nodes. A view of a node tells everything it holds of all others,
// which is far too much to ask of each of a thousand nodes a hundred times a second.

// clusterer is a machine that is part of a cluster.
type clusterer interface{ Cluster() *cluster.State }

// askCluster calls f with what a node knows of its cluster, if it runs and is in one.
func (m *member) askCluster(f func(s *cluster.State)) {
	_ = m.Look(func(machine machine.Machine) { // a node that does not run has no opinion
		if c, ok := machine.(clusterer); ok && c.Cluster() != nil {
			f(c.Cluster())
		}
	})
}

// opinion is what a node holds of another; nothing when it does not run.
func (m *member) opinion(of *member) (o cluster.Opinion) {
	m.askCluster(func(s *cluster.State) { o = s.Opinion(of.identity()) })
	return o
}

// knows tells whether a node knows another one, past the handshake.
func (m *member) knows(other *member) bool { return m.opinion(other).Known }

// acquaintances tells of each of some nodes which of them it knows, past the handshake. Each is asked once: a busy
// node answers late.
func acquaintances(members []*member) [][]bool {
	known := make([][]bool, len(members))
	for i, m := range members {
		known[i] = make([]bool, len(members))
		m.askCluster(func(s *cluster.State) {
			for j, other := range members {
				known[i][j] = s.Opinion(other.identity()).Known
			}
		})
	}
	return known
}

// following tells whether a node is a replica, and whether its link to its master is up.
func (m *member) following() (replica, linked bool) {
	_ = m.Look(func(machine machine.Machine) {
		if f, ok := machine.(interface{ Following() (replica, linked bool) }); ok {
			replica, linked = f.Following()
		}
	})
	return replica, linked
}

// fresh tells whether no node remembers an earlier life: others, slots or an epoch.
func (l *Lab) fresh(members []*member) bool {
	for _, m := range members {
		fresh := true
		m.askCluster(func(s *cluster.State) { fresh = s.Fresh() })
		if !fresh {
			return false
		}
	}
	return true
}

// allKnown tells whether every running node knows every other, past the handshake.
func (l *Lab) allKnown() bool { return l.eachKnows(len(l.all())) }

// mostKnown tells whether the running nodes know nine of ten others, on average. Of the rest they hear
// with the heartbeats, for which time must pass: one node whose links came late is unknown to most.
func (l *Lab) mostKnown() bool {
	running, known := 0, 0
	for _, m := range l.all() {
		m.askCluster(func(s *cluster.State) { running, known = running+1, known+s.Acquainted() })
	}
	return 10*known >= 9*running*running
}

// eachKnows tells whether every running node knows so many, itself included.
func (l *Lab) eachKnows(enough int) bool {
	members := l.all()
	first := int(l.lagging.Load())
	for i := range members {
		known, at := enough, (first+i)%len(members)
		members[at].askCluster(func(s *cluster.State) { known = s.Acquainted() })
		if known < enough {
			l.lagging.Store(int32(at))
			return false
		}
	}
	return true
}

// ready tells whether every running node knows all others, thinks the cluster is ok and believes of
// the running nodes the roles that they have. A master that does not yet know its replica ignores
// its wish for a failover.
func (l *Lab) ready() bool {
	if !l.allKnown() {
		return false
	}
	roles, ok := map[cluster.ID]bool{}, true
	running := l.running()
	for _, m := range running {
		m.askCluster(func(s *cluster.State) {
			roles[s.Myself()] = !s.IsPrimary()
			ok = ok && s.OK()
		})
	}
	return ok && agree(running, roles)
}

// agree tells whether nodes believe of the others that they know the roles that these have.
func agree(nodes []*member, roles map[cluster.ID]bool) bool {
	ok := true
	for _, m := range nodes {
		m.askCluster(func(s *cluster.State) { ok = s.Agrees(roles) })
		if !ok {
			return false
		}
	}
	return true
}

// agreed tells whether the running nodes that know m believe of it the role that it has.
func (l *Lab) agreed(m *member) bool {
	id, ok := bus.ParseID(m.identity())
	replica, _ := m.following()
	return !ok || agree(l.running(), map[cluster.ID]bool{id: replica})
}

// replicasLinked tells whether there are as many replicas as there should be, all with a link.
func (l *Lab) replicasLinked() bool {
	replicas, linked := l.following()
	return linked && replicas >= l.Topology().Servers()-l.Topology().Masters
}

// following counts the running replicas that have a link to their master, and tells whether that
// is all of them.
func (l *Lab) following() (replicas int, linked bool) {
	linked = true
	for _, m := range l.servers() {
		if !m.up() {
			continue
		}
		switch replica, up := m.following(); {
		case replica && up:
			replicas++
		case replica:
			linked = false
		}
	}
	return replicas, linked
}

// mistaken are the running nodes that hold others for what they are not, each with those: masters that
// they take for replicas or think to own nothing, and replicas that they take for masters.
func (l *Lab) mistaken() map[*member][]*member {
	running, truth := l.running(), map[*member]cluster.Opinion{}
	for _, m := range running {
		m.askCluster(func(s *cluster.State) { truth[m] = s.Opinion(s.Myself().String()) })
	}
	wrong := map[*member][]*member{}
	for _, m := range running {
		m.askCluster(func(s *cluster.State) {
			for _, other := range running {
				if other != m && s.Opinion(other.identity()) != truth[other] {
					wrong[m] = append(wrong[m], other)
				}
			}
		})
	}
	return wrong
}
