package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// pickGossip chooses whom a heartbeat speaks of: a few nodes by chance, and all that we suspect,
// so that suspicions travel fast (clusterSendPing).
func (s *State) pickGossip(dst []bus.Entry) []bus.Entry {
	s.spoken++
	fresh := s.nodes.len() - 2
	wanted := min(max(minGossip, s.nodes.len()/gossipShare), fresh)
	for tries := gossipTries * wanted; tries > 0 && fresh > 0 && len(dst) < wanted; tries-- {
		n := s.nodes.order[s.rng.IntN(s.nodes.len())]
		switch {
		case n == s.myself || n.is(bus.PFail):
		case n.is(bus.Handshake|bus.NoAddr) || (n.link == nil && n.numSlots == 0):
			fresh--
		case n.spoken != s.spoken:
			n.spoken = s.spoken
			dst = appendEntry(dst, n)
			fresh--
		}
	}
	room := s.suspected
	if room == 0 {
		return dst
	}
	for _, n := range s.count().suspects {
		if room == 0 {
			break
		}
		if !n.is(bus.Handshake|bus.NoAddr) && n != s.myself {
			dst = appendEntry(dst, n)
			room--
		}
	}
	return dst
}

// appendEntry adds what we know of n.
func appendEntry(dst []bus.Entry, n *node) []bus.Entry {
	return append(dst, bus.Entry{
		ID:           n.id,
		PingSent:     seconds(n.pingSent),
		PongReceived: seconds(n.pongReceived),
		IP:           bus.MakeIP(n.ip.String()),
		Port:         n.port,
		BusPort:      n.busPort,
		Flags:        n.flags,
		PlainPort:    n.plainPort,
	})
}

// seconds is a time as gossip carries it; none is 0.
func seconds(i instant) uint32 { return uint32(int64(i) / int64(time.Second)) }

// receiveGossip reads what a known sender says about others (clusterProcessGossipSection).
func (s *State) receiveGossip(now time.Time, in *inbox) {
	e := &s.entry
	for i := range in.packet.GossipCount() {
		in.packet.Gossip(i, e)
		if n := s.nodes.lookup(e.ID); n != nil {
			s.hearAbout(now, in.sender, n, e)
		} else {
			s.hearOf(now, in.sender, e)
		}
	}
}

// hearAbout handles gossip about a node we know: suspicions of masters are noted and may make a
// majority, good news save us a ping, and a node that we cannot reach may have moved.
func (s *State) hearAbout(now time.Time, from, n *node, e *bus.Entry) {
	suspect := e.Flags.Has(bus.PFail | bus.Failed)
	if from.master() && n != s.myself {
		s.noteReport(now, from, n, suspect)
	}
	if suspect {
		return
	}
	if n.pingSent == never && n != s.myself && s.countReports(now, n) == 0 {
		pong := instant(e.PongReceived) * instant(time.Second)
		if pong.age(now) >= -pongFutureTolerance && pong > n.pongReceived {
			n.pongReceived = pong
		}
	}
	moved := n.ip.String() != string(e.IP.Text()) || n.port != e.Port || n.busPort != e.BusPort
	if n.is(bus.PFail|bus.Failed) && !e.Flags.Has(bus.NoAddr) && moved && validIP(e.IP.Text()) {
		s.moveNode(n, e.IP.String(), e.Port, e.PlainPort, e.BusPort)
	}
}

// hearOf handles gossip about a node we do not know: it is believed, for its teller is a member,
// unless it was forgotten on purpose. A suspicion is not taken over: PFAIL is what we saw ourselves,
// and a newcomer that knows one master yet would be a majority of its own and declare FAIL for all.
func (s *State) hearOf(now time.Time, from *node, e *bus.Entry) {
	if e.Flags.Has(bus.NoAddr|bus.Handshake) || s.forgotten.has(now, e.ID) || !e.ID.Valid() ||
		!validIP(e.IP.Text()) || s.nodes.len() >= maxNodes {
		return
	}
	n := s.addNode(now, e.ID, oneRole(e.Flags)&^(bus.Myself|bus.MeetFlag|bus.PFail))
	s.setAddress(n, e.IP.String(), e.Port, e.PlainPort, e.BusPort)
	s.emit(event.NodeAdded{Node: ref(n), Reason: "gossip", By: ref(from)})
	s.heard()
}
