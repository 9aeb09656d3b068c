package cluster

import (
	"math"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// Cron is the 100 ms timer (clusterCron).
func (s *State) Cron(now time.Time) {
	s.crons++
	if s.crons == 1 {
		s.wakeUp(now)
	}
	s.tendLinks(now)
	s.dismissSilent(now)
	if s.crons%cronsPerSample == 0 {
		s.pingSample(now)
	}
	s.watchNodes(now)
	s.resumeFollowing(now)
	s.expireManual(now)
	if !s.myself.master() {
		s.advanceManual(now)
		s.advanceElection(now)
		s.considerMigration(now)
	}
	if s.want.state || !s.health.ok {
		s.updateState(now)
	}
	s.saveHeard(now)
	s.check()
	s.checkNodes()
}

// tendLinks ends handshakes that took too long and dials every node there is no link to.
func (s *State) tendLinks(now time.Time) {
	if s.cfg.LinkSendbufLimit > 0 || s.manual.active() {
		s.nodes.lookAtAll()
	}
	s.suspected = 0
	for _, n := range s.count().suspects {
		if !n.is(bus.Myself | bus.NoAddr) {
			s.suspected++
		}
	}
	at := instantOf(now)
	if s.nodes.calm(at) {
		return
	}
	for i := 0; i < s.nodes.len(); i++ {
		if s.nodes.due(i, at) && !s.tend(now, s.nodes.order[i]) {
			i--
		}
	}
}

// tend looks after one node's links; it reports false when the node is gone.
func (s *State) tend(now time.Time, n *node) bool {
	s.enforceBufferLimit(n.inbound)
	s.enforceBufferLimit(n.link)
	if n.is(bus.Myself | bus.NoAddr) {
		return true
	}
	if n.is(bus.Handshake) && n.created.age(now) > max(s.cfg.NodeTimeout, minHandshake) {
		addr := n.addr()
		s.deleteNode(now, n)
		s.emit(event.HandshakeTimeout{Addr: addr})
		return false
	}
	if n.link == nil {
		s.dial(now, n)
	}
	return true
}

// Calm reports whether the cluster serves, every node is linked and well, and no failover is under way: who has no link,
// is suspected or shakes hands is looked at by every cron. A large cluster is never calm: somebody has something to say
// all the time.
func (s *State) Calm() bool {
	return s.health.ok && s.nodes.first != never && !s.manual.active() && s.nodes.len() <= manyNodes
}

// pingSample pings the one of a few random nodes that was not heard of for the longest time.
func (s *State) pingSample(now time.Time) {
	var oldest *node
	for range samplesPerRound {
		n := s.nodes.order[s.rng.IntN(s.nodes.len())]
		if n.link == nil || n.pingSent != never || n.is(bus.Myself|bus.Handshake) {
			continue
		}
		if oldest == nil || n.pongReceived < oldest.pongReceived {
			oldest = n
		}
	}
	if oldest != nil {
		s.heartbeat(now, oldest.link, bus.Ping)
	}
}

// watchNodes pings who was not heard of for half the node timeout, renews links that seem dead,
// and suspects who stays silent.
func (s *State) watchNodes(now time.Time) {
	at := instantOf(now)
	if s.nodes.calm(at) {
		return
	}
	for i, n := range s.nodes.order {
		if s.nodes.due(i, at) {
			if !n.is(bus.Myself | bus.NoAddr | bus.Handshake) {
				s.watchNode(now, n)
			}
			s.nodes.lookAt(n, s.lookAgain(n))
		}
	}
	s.nodes.looked()
}

func (s *State) watchNode(now time.Time, n *node) {
	if n.pingSent == never {
		if n.link != nil && (n.pongReceived.age(now) > s.cfg.NodeTimeout/2 || s.handsOverTo(n)) {
			s.heartbeat(now, n.link, bus.Ping)
		}
		return
	}
	silent := min(n.pingSent.age(now), n.dataReceived.age(now))
	if n.link != nil && n.link.created.age(now) > s.cfg.NodeTimeout && silent > s.cfg.NodeTimeout/2 {
		s.dropLink(n, "silent", nil)
	}
	switch {
	case n.link != nil && s.handsOverTo(n):
		s.heartbeat(now, n.link, bus.Ping)
	case silent > s.cfg.NodeTimeout && !n.is(bus.PFail|bus.Failed):
		s.suspectNode(n, silent)
	}
}

// lookAgain is when cron must look at n again. It is never too late, for
// whatever makes it earlier calls lookSoon; too early does no harm. What is not well is looked at by
// every cron.
func (s *State) lookAgain(n *node) instant {
	half := s.cfg.NodeTimeout / 2
	switch {
	case n.is(bus.Myself | bus.NoAddr): // there is nothing to do until that changes
		return math.MaxInt64
	case n.link == nil || n.is(bus.Handshake|bus.PFail|bus.Failed):
		return 0
	case n.pingSent == never:
		return n.pongReceived.then(half)
	}
	heard := max(n.pingSent, n.dataReceived)
	renew := max(heard.then(half), n.link.created.then(s.cfg.NodeTimeout))
	return min(renew, heard.then(s.cfg.NodeTimeout))
}

// handsOverTo tells whether n is the replica that takes over from this master by hand; it must
// learn the offset at which clients were paused without delay.
func (s *State) handsOverTo(n *node) bool {
	return s.manual.active() && s.manual.replica == n && s.myself.master()
}

// resumeFollowing starts replication when this node should be a replica and is not, as after a
// start, or when the master's address was not known before.
func (s *State) resumeFollowing(now time.Time) {
	primary := s.myself.primary
	if s.myself.master() || primary == nil || primary.is(bus.NoAddr) || s.host.Following() {
		return
	}
	if addr, ok := primary.clientAddr(); ok {
		s.host.Follow(now, addr)
	}
}
