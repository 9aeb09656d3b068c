package cluster

import (
	"bytes"
	"math"
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// table holds the known nodes, by id and in ascending order of id. The order is what makes
// outputs and random picks depend on nothing but the table and the seed.
//
// Beside the nodes it keeps when cron must look at each: a thousand nodes that look at a thousand
// others ten times a second would do little else. The moments lie close together, so that a cron
// that finds nobody due touches no node.
type table struct {
	byID  index
	order []*node
	seats []int32   // of the nodes in order: where their moments are
	dues  []instant // never: at the next cron
	first instant   // no moment is before that
	empty []int32   // seats of nodes that were removed
}

func (t *table) len() int { return len(t.order) }

func (t *table) lookup(id ID) *node {
	n, _ := t.byID.find(&id)
	return n
}

func (t *table) insert(n *node) {
	t.byID.add(n)
	at, _ := t.find(n.id)
	t.order = slices.Insert(t.order, at, n)
	if last := len(t.empty) - 1; last >= 0 {
		n.seat, t.empty = t.empty[last], t.empty[:last]
	} else {
		n.seat, t.dues = int32(len(t.dues)), append(t.dues, 0)
	}
	t.seats = slices.Insert(t.seats, at, n.seat)
	t.lookSoon(n)
}

// lookSoon makes the next cron look at n: something about it changed.
func (t *table) lookSoon(n *node) { t.lookAt(n, never) }

// lookAt makes cron look at n at a moment and not before.
func (t *table) lookAt(n *node, at instant) {
	t.dues[n.seat] = at
	t.first = min(t.first, at)
}

// lookAtAll makes the next cron look at every node.
func (t *table) lookAtAll() {
	clear(t.dues)
	t.first = never
}

// calm reports whether cron need not look at any node.
func (t *table) calm(now instant) bool { return t.first > now }

// looked finds the first moment anew, after cron has looked at whom it had to.
func (t *table) looked() {
	t.first = math.MaxInt64
	for _, seat := range t.seats {
		t.first = min(t.first, t.dues[seat])
	}
}

// due reports whether cron must look at the i-th node in order.
func (t *table) due(i int, now instant) bool { return t.dues[t.seats[i]] <= now }

func (t *table) remove(n *node) {
	t.byID.remove(&n.id)
	if at, found := t.find(n.id); found {
		t.order = slices.Delete(t.order, at, at+1)
		t.seats = slices.Delete(t.seats, at, at+1)
		t.empty = append(t.empty, n.seat)
	}
}

func (t *table) find(id ID) (int, bool) {
	return slices.BinarySearchFunc(t.order, id, func(n *node, id ID) int {
		return compareIDs(&n.id, &id)
	})
}

func compareIDs(a, b *ID) int { return bytes.Compare(a[:], b[:]) }

// all is a copy of the nodes in order, for loops that delete.
func (t *table) all() []*node { return slices.Clone(t.order) }

// addNode makes a node. Flags beyond those of 7.0, and those that only their owner may set, are
// cut off.
func (s *State) addNode(now time.Time, id ID, flags bus.Flags) *node {
	n := &node{id: id, flags: flags & bus.KnownFlags, created: instantOf(now)}
	s.enlist(n)
	s.census.stale = true
	return n
}

// rename gives a node its real id.
func (s *State) rename(n *node, id ID) {
	s.strike(n)
	n.id = id
	s.enlist(n)
	if n.primary != nil {
		sortReplicas(n.primary)
	}
}

// deleteNode forgets a node: its slots become nobody's, its replicas' master unknown, its
// suspicions of others void (clusterDelNode).
func (s *State) deleteNode(now time.Time, n *node) {
	s.dropAllSlots(now, n, "removed")
	s.slots.forget(n)
	for _, other := range s.nodes.order {
		other.withdrawReport(n)
	}
	for _, r := range n.replicas {
		s.setPrimary(r, nil)
	}
	if n.primary != nil {
		s.removeReplica(n.primary, n)
	}
	s.dropLink(n, "", nil)
	if n.inbound != nil {
		s.closeLink(n.inbound, "closed")
	}
	if s.manual.replica == n {
		s.resetManual(now)
	}
	s.strike(n)
	s.census.stale = true
	s.want.state = true
}

// forget deletes a real node and says so.
func (s *State) forget(now time.Time, n *node, why event.Reason) {
	who := ref(n)
	s.deleteNode(now, n)
	s.emit(event.NodeRemoved{Node: who, Reason: why})
	s.saveState()
}

// addReplica makes r a replica of n, which thereby becomes a place to migrate to.
func (s *State) addReplica(n, r *node) {
	if slices.Contains(n.replicas, r) {
		return
	}
	n.replicas = append(n.replicas, r)
	s.setFlags(n, bus.MigrateTo, true)
	sortReplicas(n)
}

// removeReplica ends that.
func (s *State) removeReplica(n, r *node) {
	at := slices.Index(n.replicas, r)
	if at < 0 {
		return
	}
	n.replicas = slices.Delete(n.replicas, at, at+1)
	if len(n.replicas) == 0 {
		s.setFlags(n, bus.MigrateTo, false)
	}
}

func sortReplicas(n *node) {
	slices.SortFunc(n.replicas, func(a, b *node) int { return compareIDs(&a.id, &b.id) })
}

// blacklist remembers forgotten ids, so that gossip does not bring them back at once.
type blacklist map[ID]time.Time

// add remembers id until the given time.
func (b *blacklist) add(now time.Time, id ID) {
	if *b == nil {
		*b = make(blacklist)
	}
	b.expire(now)
	if len(*b) < maxBlacklist {
		(*b)[id] = now.Add(blacklistTTL)
	}
}

// has reports whether id was forgotten less than a minute ago.
func (b *blacklist) has(now time.Time, id ID) bool {
	until, found := (*b)[id]
	return found && now.Before(until)
}

func (b *blacklist) expire(now time.Time) {
	for id, until := range *b {
		if !now.Before(until) {
			delete(*b, id)
		}
	}
}
