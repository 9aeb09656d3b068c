package cluster

import (
	"net/netip"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// startHandshake makes a node with a random id for an address, to be named once it answers. MEET
// is said to it only when we were asked to introduce ourselves; a node that said MEET to us is
// pinged (clusterStartHandshake).
func (s *State) startHandshake(now time.Time, ip string, port, plain, busPort uint16, meet bool) {
	for _, n := range s.nodes.order {
		if n.is(bus.Handshake) && n.ip.String() == ip && n.port == port && n.busPort == busPort {
			return
		}
	}
	if s.nodes.len() >= maxNodes {
		return
	}
	n := s.addNode(now, s.randomID(), bus.Handshake)
	s.setFlags(n, bus.MeetFlag, meet)
	s.setAddress(n, ip, port, plain, busPort)
	s.emit(event.Met{Addr: n.addr(), Self: meet})
}

// Meet begins a handshake with the node at an address (CLUSTER MEET). It does nothing when one is
// already under way.
func (s *State) Meet(now time.Time, ip string, port, busPort int) error {
	addr, err := netip.ParseAddr(ip)
	if err != nil || port <= 0 || port > 65535 || busPort <= 0 || busPort > 65535 || addr.Zone() != "" {
		return errBadAddress(ip, port)
	}
	s.startHandshake(now, addr.String(), uint16(port), 0, uint16(busPort), true)
	s.check()
	return nil
}

// answer replies to PING and MEET before anything else is made of them. A stranger's MEET begins a
// handshake; a stranger's PING is answered as well, and leaves no trace.
func (s *State) answer(now time.Time, in *inbox) {
	meet := in.packet.Type == bus.Meet
	if (meet || s.myself.ip == (shared{})) && s.cfg.AnnounceIP == "" {
		s.discoverOwnIP(in.link)
	}
	if in.sender == nil && meet && s.freeToMeet(in) {
		p := &in.packet
		s.startHandshake(now, peerIP(in), p.Port, p.PlainPort, p.BusPort, false)
		s.heard()
	}
	s.heartbeat(now, in.link, bus.Pong)
}

// freeToMeet is false on a link of ours that speaks for somebody else.
func (s *State) freeToMeet(in *inbox) bool { return in.link.node == nil }

// confirm checks that the node at the end of our link is the one we took it for, and reports
// whether there is more to do. In a handshake the answer brings the real id.
func (s *State) confirm(now time.Time, in *inbox) bool {
	n, p := in.link.node, &in.packet
	if !n.is(bus.Handshake) {
		if n.id == p.Sender {
			return true
		}
		s.loseAddress(n)
		return false
	}
	if in.sender != nil {
		s.adoptAddress(now, in)
		s.deleteNode(now, n)
		return false
	}
	if !p.Sender.Valid() {
		return false
	}
	s.rename(n, p.Sender)
	s.setFlags(n, bus.Handshake, false)
	s.setFlags(n, oneRole(p.Flags)&(bus.Master|bus.Replica), true)
	s.heard()
	s.emit(event.NodeAdded{Node: ref(n), Reason: "handshake"})
	return true
}

// loseAddress notes that somebody else lives where we thought n did.
func (s *State) loseAddress(n *node) {
	from := n.addr()
	s.setFlags(n, bus.NoAddr, true)
	s.setAddress(n, "", 0, 0, 0)
	s.dropLink(n, "wrong-id", nil)
	s.emit(event.AddressChanged{Node: ref(n), From: from})
	s.heard()
}

// oneRole makes sure that flags from the wire do not claim both roles at once.
func oneRole(flags bus.Flags) bus.Flags {
	if flags.Has(bus.Master) {
		return flags &^ bus.Replica
	}
	return flags
}
