package cluster

import (
	"slices"
	"strconv"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// Stats counts packets by type, and their bytes.
type Stats struct {
	Sent                [bus.TypeCount]uint64
	Received            [bus.TypeCount]uint64
	SentBytes           uint64
	ReceivedBytes       uint64
	Ping                PingSize // the last PING sent
	BufferLimitExceeded uint64
}

// PingSize is how large a heartbeat was, and why.
type PingSize struct {
	Bytes      int // the whole packet
	Gossip     int // entries about other nodes
	Extensions int // bytes of ping extensions, such as a hostname
}

// noteSent counts a message that was sent.
func (st *Stats) noteSent(m *bus.Message, bytes int) {
	if m.Type < bus.TypeCount {
		st.Sent[m.Type]++
	}
	st.SentBytes += uint64(bytes)
	if m.Type == bus.Ping {
		st.Ping = PingSize{Bytes: bytes, Gossip: len(m.Gossip), Extensions: bytes - bus.HeaderLen - len(m.Gossip)*bus.EntryLen}
	}
}

// Stats returns the counters so far.
func (s *State) Stats() Stats { return s.stats }

// LastPing returns the last PING sent, as it went out; nil before the first.
func (s *State) LastPing() []byte { return slices.Clone(s.lastPing) }

// Links is the number of connections to and from other nodes (cluster_connections).
func (s *State) Links() int { return len(s.links) }

// InfoText is the reply to CLUSTER INFO.
func (s *State) InfoText() []byte {
	state := "fail"
	if s.health.ok {
		state = "ok"
	}
	b := append([]byte("cluster_state:"), state...)
	b = append(b, "\r\n"...)
	count := s.countSlots()
	b = appendField(b, "cluster_slots_assigned", uint64(count.Assigned))
	b = appendField(b, "cluster_slots_ok", uint64(count.OK))
	b = appendField(b, "cluster_slots_pfail", uint64(count.PFail))
	b = appendField(b, "cluster_slots_fail", uint64(count.Fail))
	b = appendField(b, "cluster_known_nodes", uint64(s.nodes.len()))
	b = appendField(b, "cluster_size", uint64(s.health.size))
	b = appendField(b, "cluster_current_epoch", s.currentEpoch)
	b = appendField(b, "cluster_my_epoch", s.myPrimary().configEpoch)
	b = appendMessages(b, "sent", &s.stats.Sent)
	b = appendMessages(b, "received", &s.stats.Received)
	return appendField(b, "total_cluster_links_buffer_limit_exceeded", s.stats.BufferLimitExceeded)
}

// appendMessages appends the counters of one direction that are not zero, and their sum.
func appendMessages(b []byte, direction string, counts *[bus.TypeCount]uint64) []byte {
	total := uint64(0)
	for t, n := range counts {
		if n > 0 {
			b = appendField(b, "cluster_stats_messages_"+bus.Type(t).String()+"_"+direction, n)
		}
		total += n
	}
	return appendField(b, "cluster_stats_messages_"+direction, total)
}

func appendField(b []byte, name string, n uint64) []byte {
	b = append(b, name...)
	b = append(b, ':')
	b = strconv.AppendUint(b, n, 10)
	return append(b, "\r\n"...)
}

// SlotCount says how many slots are owned, and how their owners fare.
type SlotCount struct{ Assigned, OK, PFail, Fail int }

func (s *State) countSlots() (c SlotCount) {
	for sl := range slot.Slot(slot.Count) {
		owner := s.slots.of(sl)
		if owner == nil {
			continue
		}
		c.Assigned++
		switch {
		case owner.is(bus.Failed):
			c.Fail++
		case owner.is(bus.PFail):
			c.PFail++
		default:
			c.OK++
		}
	}
	return c
}
