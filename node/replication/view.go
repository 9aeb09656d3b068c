package replication

import (
	"time"

	"clusterplay/node/event"
)

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
	MinReplicas  int           // min-replicas-to-write; 0 when nothing is asked for
	MaxLag       time.Duration // min-replicas-max-lag
	Refuses      bool          // writes, for too few replicas are good
}

// Sync is how a replica came to have its master's data: everything, or what it was missing.
type Sync struct {
	Full   bool
	Why    event.Reason // of a full one, as the master gave it; empty on the replica
	At     time.Time    // zero: not yet
	Offset Offset       // the first byte the replica asked for; on the replica: the offset it had then
	Bytes  int64        // of a partial one: how many were missing
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
	Heard     time.Time // when the last byte came
	Came      Sync
}

// ReplicaView is a node that follows.
type ReplicaView struct {
	Addr   string // where it serves clients
	Client uint64 // its connection
	State  ReplicaState
	Ack    Offset
	Lag    time.Duration
	Sent   Offset // the last byte of the stream handed to its connection
	Came   Sync
	Done   int64 // bytes of the snapshot that have left for it
	Size   int64 // its length, -1 while it is being made, 0 when none is under way
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
			Read: m.sync.got(), Size: m.sync.size,
			Loading: m.sync.loading, DownSince: s.downSince, Heard: m.heard, Came: m.came,
		}
	}
	if s.wantsReplicas() {
		v.MinReplicas, v.MaxLag, v.Refuses = s.cfg.MinReplicas, s.cfg.MaxLag, s.TooFewReplicas()
	}
	for _, r := range s.replicas {
		v.Replicas = append(v.Replicas, r.view(now))
	}
	return v
}

func (r *replica) view(now time.Time) ReplicaView {
	v := ReplicaView{
		Addr: r.name(), Client: r.client.ID, State: r.state, Ack: r.ack, Lag: now.Sub(r.ackTime), Sent: max(r.cursor-1, 0), Came: r.came,
	}
	switch sn := r.snapshot; {
	case r.state == SendBulk && sn != nil:
		v.Done, v.Size = max(0, r.sent.bytes-int64(pending(r.client))), sn.size
	case r.state == WaitSnapshot || r.state == WaitSnapshotStart:
		v.Size = -1
	}
	return v
}
