package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/machine"
)

// begin fills the State's message with the header of a packet from this node
// (clusterBuildMessageHdr). A replica speaks for its master's slots and epoch.
func (s *State) begin(t bus.Type) *bus.Message {
	me, primary := s.myself, s.myPrimary()
	m := &s.message
	*m = bus.Message{Header: bus.Header{
		Type:         t,
		Port:         me.port,
		PlainPort:    me.plainPort,
		BusPort:      me.busPort,
		CurrentEpoch: s.currentEpoch,
		ConfigEpoch:  primary.configEpoch,
		Offset:       s.host.ReplicationOffset(),
		Sender:       me.id,
		Slots:        s.claimOf(primary),
		Flags:        me.flags,
		Failing:      !s.health.ok,
	}}
	if me.primary != nil {
		m.Primary = me.primary.id
	}
	if s.cfg.AnnounceIP != "" {
		m.IP = bus.MakeIP(s.cfg.AnnounceIP)
	}
	if me.master() && s.manual.active() {
		m.Marks |= bus.Paused
	}
	return m
}

// claimOf is the slots of a node as a packet carries them. It is made again when a slot has changed hands.
func (s *State) claimOf(n *node) *bus.Slots {
	if s.claimant != n || s.claimedAt != s.slots.changes {
		s.claimant, s.claimedAt, s.claimed = n, s.slots.changes, n.slots.Set()
	}
	return (*bus.Slots)(&s.claimed)
}

// send encodes a message and queues it on a link.
func (s *State) send(l *link, m *bus.Message) {
	packet := m.Append(s.room(m.Size()))
	s.stats.noteSent(m, len(packet))
	switch {
	case m.Type != bus.Ping:
	case s.cfg.Packet != nil: // its memory may be taken back
		s.lastPing = append(s.lastPing[:0], packet...)
	default:
		s.lastPing = packet
	}
	if l.open {
		s.todo.Send = append(s.todo.Send, machine.Send{Link: l.id, Data: packet})
	} else {
		l.await(packet)
	}
}

// room is memory for a packet.
func (s *State) room(size int) []byte {
	if s.cfg.Packet != nil {
		return s.cfg.Packet(size)
	}
	return make([]byte, 0, size)
}

// sendTo sends on the link we dialled to n; without one the message is lost.
func (s *State) sendTo(n *node, m *bus.Message) {
	if n.link != nil {
		s.send(n.link, m)
	}
}

// broadcast sends to every node there is a link to.
func (s *State) broadcast(m *bus.Message) {
	for _, n := range s.nodes.order {
		if !n.is(bus.Myself | bus.Handshake) {
			s.sendTo(n, m)
		}
	}
}

// broadcastPong tells all nodes at once what heartbeats would tell them soon.
func (s *State) broadcastPong(now time.Time, to func(*node) bool) {
	for _, n := range s.nodes.order {
		if n.link != nil && !n.is(bus.Myself|bus.Handshake) && to(n) {
			s.heartbeat(now, n.link, bus.Pong)
		}
	}
}

// everybody and sibling choose the receivers of a broadcastPong.
func everybody(*node) bool { return true }

func (s *State) sibling(n *node) bool {
	return n.primary != nil && (n.primary == s.myself || n.primary == s.myself.primary)
}

// heartbeat sends PING, PONG or MEET with gossip. A PING on a link of ours starts the wait for
// its PONG (clusterSendPing).
func (s *State) heartbeat(now time.Time, l *link, t bus.Type) {
	if !l.inbound && t == bus.Ping {
		l.node.pingSent = instantOf(now)
		if !l.open && s.nodes.len() > manyNodes {
			return // the first word on a link that opens is a PING anyway
		}
	}
	s.gossip = s.pickGossip(s.gossip[:0])
	m := s.begin(t)
	m.Gossip, m.Extensions = s.gossip, s.extensions
	s.send(l, m)
}

// greet says the first word on a link that has opened. A ping that was already pending stays as
// old as it is.
func (s *State) greet(now time.Time, l *link) {
	n := l.node
	since := n.pingSent
	if n.is(bus.MeetFlag) {
		s.heartbeat(now, l, bus.Meet)
	} else {
		s.heartbeat(now, l, bus.Ping)
	}
	if since != never {
		n.pingSent = since
	}
	s.setFlags(n, bus.MeetFlag, false)
}

// Publish passes a message on to the other nodes: to all of them, or for a shard channel to
// those of this node's shard. Local subscribers are the server's own affair.
func (s *State) Publish(_ time.Time, channel, message []byte, shard bool) {
	m := s.begin(bus.Publish)
	m.Channel, m.Payload = channel, message
	if !shard {
		s.broadcast(m)
		return
	}
	m.Type = bus.PublishShard
	primary := s.myPrimary()
	for _, n := range s.nodes.order {
		if n != s.myself && (n == primary || n.primary == primary) && !n.is(bus.Handshake) {
			s.sendTo(n, m)
		}
	}
}
