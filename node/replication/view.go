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

// History is what names the data of a node: after byte Offset of the stream ReplID, which was called
// ReplID2 before byte SecondOffset.
type History struct {
	ReplID, ReplID2      string
	SecondOffset, Offset Offset
}

// History returns the history of now.
func (s *State) History() History {
	return History{ReplID: s.id, ReplID2: s.id2, SecondOffset: s.second, Offset: s.offset}
}

// ReadStream appends what the backlog holds of the stream's bytes from `from` on to dst and returns
// the first byte's offset, for those who check that no two nodes remember a stream differently.
func (s *State) ReadStream(dst []byte, from Offset) ([]byte, Offset) {
	if s.log == nil || from >= s.log.next {
		return dst, from
	}
	from = max(from, s.log.first)
	return s.log.read(dst, from, int(s.log.next-from)), from
}

// Acks tells of each replica that follows the stream on which port it serves and what it has
// acknowledged.
func (s *State) Acks(tell func(port int, ack Offset)) {
	for _, r := range s.replicas {
		if r.state == Online {
			tell(r.port, r.ack)
		}
	}
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
