package cluster

import (
	"net/netip"
	"testing"
	"time"

	"clusterplay/node/bus"
)

// BenchmarkReceivePing is a heartbeat from a member whose slots we know: decode, epochs, gossip,
// and the PONG.
func BenchmarkReceivePing(b *testing.B) {
	s, err := loaded(confText)
	if err != nil {
		b.Fatal(err)
	}
	now := time.Unix(1_800_000_000, 0)
	n := s.find(idB)
	slots := bus.Slots(n.slots.Set())
	m := bus.Message{
		Header: bus.Header{
			Type: bus.Ping, Sender: n.id, Slots: &slots, ConfigEpoch: 7, CurrentEpoch: 12, Flags: bus.Master,
			IP: bus.MakeIP(n.ip.String()), Port: n.port, BusPort: n.busPort,
		},
		Gossip: make([]bus.Entry, 3),
	}
	for i := range m.Gossip {
		m.Gossip[i] = bus.Entry{ID: s.find(idC).id, Flags: bus.Replica, IP: bus.MakeIP("127.0.0.1"), Port: 7002, BusPort: 17002}
	}
	frame := m.Append(nil)
	s.Accepted(now, 2, netip.AddrPort{}, netip.AddrPort{})
	b.ReportAllocs()
	for b.Loop() {
		s.Receive(now, 2, frame)
		s.BeforeSleep(now)
	}
}

// BenchmarkRoute is the decision for a key of our own slot.
func BenchmarkRoute(b *testing.B) {
	s, err := loaded(confText)
	if err != nil {
		b.Fatal(err)
	}
	s.health.ok = true
	q := &Query{Slot: slotOurs, Write: true}
	b.ReportAllocs()
	for b.Loop() {
		s.Route(q)
	}
}
