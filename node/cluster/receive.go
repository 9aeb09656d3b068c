package cluster

import (
	"bytes"
	"errors"
	"net/netip"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// inbox is one packet being handled: where it came from, what it says, who sent it.
type inbox struct {
	link   *link
	packet bus.Packet
	sender *node // nil: a stranger, or a node still shaking hands
}

// Receive handles one whole packet (clusterProcessPacket).
func (s *State) Receive(now time.Time, id machine.LinkID, frame []byte) {
	l := s.links[id]
	if l == nil {
		return
	}
	if t, ok := bus.TypeOf(frame); ok && t < bus.TypeCount {
		s.stats.Received[t]++
		if s.dropped == int(t)+1 {
			return
		}
	}
	s.stats.ReceivedBytes += uint64(len(frame))
	p, err := bus.Decode(frame)
	if err != nil {
		s.refusePacket(l, err)
		return
	}
	l.spoke = true
	in := &inbox{link: l, packet: p}
	s.identify(in)
	if in.sender == s.myself {
		s.receiveOwn(now, in)
		return
	}
	if s.noteSender(now, in) {
		s.dispatch(now, in)
	}
	s.check()
}

// dispatch handles a packet according to its type. Only heartbeats mean anything from strangers.
func (s *State) dispatch(now time.Time, in *inbox) {
	if in.packet.Type.Heartbeat() {
		s.receiveHeartbeat(now, in)
		return
	}
	if in.sender == nil {
		return
	}
	switch in.packet.Type {
	case bus.Fail:
		s.receiveFail(now, in)
	case bus.Publish, bus.PublishShard:
		s.receivePublish(now, in)
	case bus.AuthRequest:
		s.receiveAuthRequest(now, in)
	case bus.AuthAck:
		s.receiveAuthAck(in)
	case bus.Update:
		s.receiveUpdate(now, in)
	case bus.MFStart:
		s.receiveManualStart(now, in)
	}
}

// refusePacket ignores a packet, or closes its link when nothing after it could be read either.
func (s *State) refusePacket(l *link, err error) {
	from := netip.AddrPortFrom(l.way.ends().remote, l.port).String()
	if l.node != nil {
		from = ref(l.node).String()
	}
	var why event.Reason
	switch {
	case errors.Is(err, bus.ErrSignature):
		why = "bad-signature"
		s.closeLink(l, "closed")
	case errors.Is(err, bus.ErrVersion):
		why = "unknown-version"
	case errors.Is(err, bus.ErrExtension):
		why = "bad-extension"
	default:
		why = "bad-length"
	}
	s.emit(event.PacketRefused{From: from, Reason: why})
}

// identify finds out who sent a packet. A link that belongs to a node speaks for that node and no
// other; an inbound one is given to the first known node that speaks on it (getNodeFromLinkAndMsg).
func (s *State) identify(in *inbox) {
	l, id := in.link, in.packet.Sender
	if l.node != nil && !l.node.is(bus.Handshake) {
		if l.node.id == id {
			in.sender = l.node
		}
		return
	}
	in.sender = s.nodes.lookup(id)
	if in.sender != nil && l.node == nil && in.sender != s.myself {
		s.bind(l, in.sender)
	}
}

// receiveOwn handles a packet with our own id: we met ourselves. A handshake that led here ends;
// a greeting is answered, so that the other end, us again, learns the same.
func (s *State) receiveOwn(now time.Time, in *inbox) {
	switch {
	case !in.packet.Type.Heartbeat():
		return
	case !in.link.inbound && in.link.node.is(bus.Handshake):
		s.deleteNode(now, in.link.node)
	case in.link.inbound && in.packet.Type != bus.Pong:
		s.heartbeat(now, in.link, bus.Pong)
	}
}

// noteSender takes over what every packet says of a known sender: that it lives, its epochs and
// its replication offset. It reports whether the packet is to be believed.
func (s *State) noteSender(now time.Time, in *inbox) bool {
	n, p := in.sender, &in.packet
	if n == nil {
		return true
	}
	n.dataReceived = instantOf(now)
	if !s.mergeEpochs(n, p.CurrentEpoch, p.ConfigEpoch) {
		return false
	}
	n.offset = p.Offset
	s.notePausedOffset(in)
	return true
}

// receiveHeartbeat handles PING, PONG and MEET in the order that peers rely on: the answer first,
// then who the sender is, where it is and that it is alive, then its role, its slots, its gossip.
func (s *State) receiveHeartbeat(now time.Time, in *inbox) {
	if in.packet.Type != bus.Pong {
		s.answer(now, in)
	}
	if !in.link.inbound && !s.confirm(now, in) {
		return
	}
	if in.sender != nil {
		s.setFlags(in.sender, bus.NoFailover, in.packet.Flags.Has(bus.NoFailover))
		s.updateAddress(now, in)
	}
	if !in.link.inbound && in.packet.Type == bus.Pong {
		s.markAlive(now, in.link.node)
	}
	if in.sender == nil {
		return
	}
	s.receiveRole(now, in)
	s.receiveSlots(now, in)
	s.resolveCollision(in)
	s.receiveGossip(now, in)
	s.receiveExtensions(in)
}

// receivePublish hands a published message to our own subscribers.
func (s *State) receivePublish(now time.Time, in *inbox) {
	channel, message := in.packet.Published()
	s.host.Deliver(now, channel, message, in.packet.Type == bus.PublishShard)
}

// receiveRole takes over the sender's word on its role and its master.
func (s *State) receiveRole(now time.Time, in *inbox) {
	n := in.sender
	if in.packet.Primary == (ID{}) {
		s.becomesPrimary(n)
		return
	}
	primary := s.nodes.lookup(in.packet.Primary)
	changed := !n.is(bus.Replica)
	if changed {
		s.dropAllSlots(now, n, "demoted")
		s.setFlags(n, bus.Master|bus.MigrateTo, false)
		s.setFlags(n, bus.Replica, true)
		s.heardState()
	}
	if primary != nil && primary != n && n.primary != primary {
		if n.primary != nil {
			s.removeReplica(n.primary, n)
		}
		s.addReplica(primary, n)
		s.setPrimary(n, primary)
		changed = true
		if primary.succeeded(n) {
			s.repoint(n, primary)
		}
		s.heard()
	}
	if changed {
		s.emit(event.RoleSeen{Node: ref(n), Role: "replica", Primary: ref(n.primary)})
	}
}

// becomesPrimary makes a node a master in our view (clusterSetNodeAsMaster).
func (s *State) becomesPrimary(n *node) {
	if n.master() {
		return
	}
	old := n.primary
	if old != nil {
		former := old.id // it may go, and come back
		n.inTrouble().former = &former
		s.removeReplica(old, n)
		s.setPrimary(n, nil)
		s.setFlags(n, bus.MigrateTo, n != s.myself)
	}
	s.setFlags(n, bus.Replica, false)
	s.setFlags(n, bus.Master, true)
	if old != nil && n != s.myself {
		s.promotedAfter(old, n)
	}
	if n == s.myself {
		s.saveState()
	} else {
		s.heardState()
		s.emit(event.RoleSeen{Node: ref(n), Role: "master"})
	}
}

// receiveExtensions takes over the sender's host name, or that it has none. Unknown extensions
// are skipped.
func (s *State) receiveExtensions(in *inbox) {
	var hostname []byte
	for ext := range in.packet.Extensions() {
		if ext.Type == bus.ExtHostname && validHostname(ext.Text()) {
			hostname = ext.Text()
		}
	}
	if !bytes.Equal(hostname, []byte(in.sender.hostname.String())) {
		in.sender.hostname = sharedOf(string(hostname))
		s.heard()
	}
}

// validHostname reports whether text may be written into nodes.conf: [A-Za-z0-9.-], not too long.
func validHostname(text []byte) bool {
	for _, c := range text {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (c < '0' || c > '9') && c != '.' && c != '-' {
			return false
		}
	}
	return len(text) <= maxHostname
}
