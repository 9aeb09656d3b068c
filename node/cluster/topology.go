package cluster

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/machine"
	"clusterplay/node/slot"
)

// Member is a node as CLUSTER SLOTS and CLUSTER SHARDS show it.
type Member struct {
	ID        string
	IP        string
	Hostname  string // empty: none announced
	Port      uint16
	PlainPort uint16
	Replica   bool
	Offset    int64
	Failed    bool
}

// Health is the word CLUSTER SHARDS uses: fail, loading, online.
func (m Member) Health() string {
	switch {
	case m.Failed:
		return "fail"
	case m.Replica && m.Offset == 0:
		return "loading"
	}
	return "online"
}

// Endpoint returns what clients should connect to; ok is false when that is not told.
func (s *State) Endpoint(m Member) (host string, ok bool) {
	switch s.cfg.PreferredEndpoint {
	case EndpointHostname:
		if m.Hostname == "" {
			return "?", true
		}
		return m.Hostname, true
	case EndpointUnknown:
		return "", false
	}
	return m.IP, true
}

// member describes a node.
func (s *State) member(n *node) Member {
	m := Member{
		ID: n.id.String(), IP: n.ip.String(), Hostname: n.hostname.String(), Port: n.port, PlainPort: n.plainPort,
		Replica: n.is(bus.Replica), Offset: n.offset, Failed: n.is(bus.Failed),
	}
	if n == s.myself {
		m.Offset = s.host.ReplicationOffset()
	}
	return m
}

// Served is a range of slots and who serves it, the master first.
type Served struct {
	slot.Range
	Nodes []Member
}

// ServedSlots is the data of CLUSTER SLOTS: a row for each run of slots of one owner. Replicas
// are listed when they have data and have not failed.
func (s *State) ServedSlots() []Served {
	var rows []Served
	var last *node
	for sl := range slot.Slot(slot.Count) {
		owner := s.slots.of(sl)
		if owner != nil && owner == last {
			rows[len(rows)-1].Last = sl
		} else if owner != nil {
			rows = append(rows, Served{Range: slot.Range{First: sl, Last: sl}, Nodes: s.serving(owner)})
		}
		last = owner
	}
	return rows
}

// serving lists a master and its usable replicas.
func (s *State) serving(n *node) []Member {
	members := []Member{s.member(n)}
	for _, r := range n.replicas {
		if m := s.member(r); !m.Failed && m.Offset != 0 {
			members = append(members, m)
		}
	}
	return members
}

// Shard is a master, its slots and its replicas, the master first.
type Shard struct {
	Slots []slot.Range
	Nodes []Member
}

// Shards is the data of CLUSTER SHARDS: a row for each master, with or without slots.
func (s *State) Shards() []Shard {
	var shards []Shard
	for _, n := range s.nodes.order {
		if !n.master() {
			continue
		}
		shard := Shard{Slots: n.slots.Ranges(), Nodes: []Member{s.member(n)}}
		for _, r := range n.replicas {
			shard.Nodes = append(shard.Nodes, s.member(r))
		}
		shards = append(shards, shard)
	}
	return shards
}

// LinkInfo is a row of CLUSTER LINKS.
type LinkInfo struct {
	Link    machine.LinkID
	Inbound bool // "from", else "to"
	Node    string
	Created time.Time
	Open    bool
	Queued  int // bytes waiting to be written
}

// LinkTable is the data of CLUSTER LINKS: the links of known nodes, in order of the nodes.
func (s *State) LinkTable() []LinkInfo {
	var rows []LinkInfo
	for _, n := range s.nodes.order {
		for _, l := range []*link{n.link, n.inbound} {
			if l != nil {
				rows = append(rows, s.linkInfo(l))
			}
		}
	}
	return rows
}

func (s *State) linkInfo(l *link) LinkInfo {
	info := LinkInfo{Link: l.id, Inbound: l.inbound, Node: l.node.id.String(), Created: l.created.time(), Open: l.open}
	if s.cfg.Buffered != nil {
		info.Queued = s.cfg.Buffered(l.id)
	}
	return info
}
