package replication

import "time"

// View is plain data about the replication of a node, for screens and invariants.
type View struct {
	ReplID       string
	ReplID2      string
	SecondOffset Offset
	Offset       Offset // produced or executed
	Backlog      BacklogView
	Master       *MasterView // nil on a master
	Replicas     []ReplicaView
	GoodReplicas int
}

// BacklogView is the part of the stream that is kept. First is 0 when none is.
type BacklogView struct {
	First  Offset
	Length int64
	Size   int64
}

// MasterView is the node that is followed.
type MasterView struct {
	Host      string
	Port      int
	State     LinkState
	Received  Offset // of the stream, executed or not
	Read      int64  // bytes of a snapshot received
	Size      int64  // its length, -1 when unknown
	Loading   bool
	DownSince time.Time // zero while the link is up, or was never up
}

// ReplicaView is a node that follows.
type ReplicaView struct {
	Addr   string // where it serves clients
	Client uint64 // its connection
	State  ReplicaState
	Ack    Offset
	Lag    time.Duration
	Sent   Offset // the last byte of the stream handed to its connection
}

// View returns the state of now.
func (s *State) View(now time.Time) View {
	v := View{
		ReplID: s.id, ReplID2: s.id2, SecondOffset: s.second, Offset: s.offset,
		Backlog: BacklogView{Size: s.cfg.BacklogSize}, GoodReplicas: s.good,
	}
	if s.log != nil {
		v.Backlog.First, v.Backlog.Length = s.log.first, s.log.len()
	}
	if m := s.master; m != nil {
		v.Master = &MasterView{
			Host: m.host, Port: m.port, State: m.state, Received: s.received(),
			Read: max(m.sync.read, int64(len(m.sync.payload))), Size: m.sync.size,
			Loading: m.sync.loading, DownSince: s.downSince,
		}
	}
	for _, r := range s.replicas {
		v.Replicas = append(v.Replicas, ReplicaView{
			Addr: r.name(), Client: r.client.ID, State: r.state, Ack: r.ack, Lag: now.Sub(r.ackTime), Sent: max(r.cursor-1, 0),
		})
	}
	return v
}
