package cluster

import (
	"net/netip"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
)

// discoverOwnIP learns from a link on which somebody reached us what our address is.
func (s *State) discoverOwnIP(l *link) {
	ip := ipText(l.way.ends().local)
	if ip == "" || ip == s.myself.ip.String() {
		return
	}
	s.setAddress(s.myself, ip, s.myself.port, s.myself.plainPort, s.myself.busPort)
	s.save()
}

// peerIP is the address a packet's sender announces, or the one the packet came from.
func peerIP(in *inbox) string {
	if announced := in.packet.IP.Text(); len(announced) > 0 && validIP(announced) {
		return string(announced)
	}
	return ipText(in.link.way.ends().remote)
}

// validIP reports whether text is an address that nodes.conf and a dialler can take.
func validIP(text []byte) bool {
	addr, err := netip.ParseAddr(string(text))
	return err == nil && addr.Zone() == ""
}

// updateAddress follows a node to the address its PING comes from or announces.
func (s *State) updateAddress(now time.Time, in *inbox) {
	if in.packet.Type == bus.Ping && !in.sender.is(bus.Handshake) {
		s.adoptAddress(now, in)
	}
}

// adoptAddress takes over the sender's address from a packet that did not come on our own link to
// it, drops that link if the address changed, and follows a master that moved
// (nodeUpdateAddressIfNeeded).
func (s *State) adoptAddress(now time.Time, in *inbox) {
	n, p := in.sender, &in.packet
	if in.link == n.link || n == s.myself {
		return
	}
	ip := n.ip.String()
	if announced := p.IP.Text(); string(announced) != ip || len(announced) == 0 {
		ip = peerIP(in)
	}
	if ip == "" || ip == n.ip.String() && n.port == p.Port && n.busPort == p.BusPort && n.plainPort == p.PlainPort {
		return
	}
	s.moveNode(n, ip, p.Port, p.PlainPort, p.BusPort)
	s.heardState()
	if addr, ok := n.clientAddr(); ok && s.myself.primary == n {
		s.host.Follow(now, addr)
	}
}

// moveNode stores a node's new address and lets cron dial it there.
func (s *State) moveNode(n *node, ip string, port, plain, busPort uint16) {
	from := n.addr()
	s.setAddress(n, ip, port, plain, busPort)
	s.setFlags(n, bus.NoAddr, false)
	s.nodes.lookSoon(n)
	s.dropLink(n, "moved", nil)
	if n.addr() != from {
		s.emit(event.AddressChanged{Node: ref(n), From: from})
	}
}
