package cluster

import (
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
	if s.crons%cronsPerSample == 0 {
		s.pingSample(now)
	}
	orphans := s.watchNodes(now)
	s.resumeFollowing(now)
	s.expireManual(now)
	if !s.myself.master() {
		s.advanceManual(now)
		s.advanceElection(now)
		s.considerMigration(now, orphans)
	}
	if s.want.state || !s.health.ok {
		s.updateState(now)
	}
	s.check()
}

// tendLinks ends handshakes that took too long and dials every node there is no link to.
func (s *State) tendLinks(now time.Time) {
	s.suspected = 0
	for i := 0; i < s.nodes.len(); i++ {
		n := s.nodes.order[i]
		s.enforceBufferLimit(n.inbound)
		s.enforceBufferLimit(n.link)
		if n.is(bus.Myself | bus.NoAddr) {
			continue
		}
		if n.is(bus.PFail) {
			s.suspected++
		}
		if n.is(bus.Handshake) && now.Sub(n.created) > max(s.cfg.NodeTimeout, minHandshake) {
			addr := n.addr()
			s.deleteNode(now, n)
			i--
			s.emit(event.HandshakeTimeout{Addr: addr})
			continue
		}
		if n.link == nil {
			s.dial(now, n)
		}
	}
}

// pingSample pings the one of a few random nodes that was not heard of for the longest time.
func (s *State) pingSample(now time.Time) {
	var oldest *node
	for range samplesPerRound {
		n := s.nodes.order[s.rng.IntN(s.nodes.len())]
		if n.link == nil || !n.pingSent.IsZero() || n.is(bus.Myself|bus.Handshake) {
			continue
		}
		if oldest == nil || n.pongReceived.Before(oldest.pongReceived) {
			oldest = n
		}
	}
	if oldest != nil {
		s.heartbeat(now, oldest.link, bus.Ping)
	}
}

// watchNodes pings who was not heard of for half the node timeout, renews links that seem dead,
// and suspects who stays silent. On a replica it counts the masters without replicas on the way.
func (s *State) watchNodes(now time.Time) orphanCount {
	var orphans orphanCount
	for _, n := range s.nodes.order {
		if n.is(bus.Myself | bus.NoAddr | bus.Handshake) {
			continue
		}
		if !s.myself.master() {
			orphans.count(n, s.myself.primary)
		}
		s.watchNode(now, n)
	}
	return orphans
}

func (s *State) watchNode(now time.Time, n *node) {
	if n.pingSent.IsZero() {
		if n.link != nil && (now.Sub(n.pongReceived) > s.cfg.NodeTimeout/2 || s.handsOverTo(n)) {
			s.heartbeat(now, n.link, bus.Ping)
		}
		return
	}
	silent := min(now.Sub(n.pingSent), now.Sub(n.dataReceived))
	if n.link != nil && now.Sub(n.link.created) > s.cfg.NodeTimeout && silent > s.cfg.NodeTimeout/2 {
		s.dropLink(n, "silent", nil)
	}
	switch {
	case n.link != nil && s.handsOverTo(n):
		s.heartbeat(now, n.link, bus.Ping)
	case silent > s.cfg.NodeTimeout && !n.is(bus.PFail|bus.Failed):
		s.suspectNode(n, silent)
	}
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
