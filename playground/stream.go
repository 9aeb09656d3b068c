package playground

import (
	"net"
	"slices"
	"time"

	"clusterplay/node/replication"
	"clusterplay/node/server"
)

// Stream is how a node of a lab without a cluster stands in its replication stream: what it keeps of
// it, who follows, and its link to its master. Offsets count bytes from 1; times are the lab's, in
// milliseconds since 1970, 0 for never.
type Stream struct {
	SecondOffset int64        `json:"secondOffset"` // the first byte that replid2 no longer names; -1 without replid2
	Backlog      BacklogView  `json:"backlog"`
	Followers    []Follower   `json:"followers"`
	Link         *LinkView    `json:"link"`        // nil on a master
	MinReplicas  *MinReplicas `json:"minReplicas"` // nil when min-replicas-to-write asks for none
}

// BacklogView is what a node keeps of the stream: Length bytes from First on.
type BacklogView struct {
	Active bool  `json:"active"`
	Size   int64 `json:"size"` // repl-backlog-size
	First  int64 `json:"first"`
	Length int64 `json:"length"`
}

// Follower is a replica as the node that it follows sees it.
type Follower struct {
	Node       string    `json:"node"`
	State      string    `json:"state"` // as in INFO: wait_bgsave, send_bulk or online
	Ack        int64     `json:"ack"`   // the last byte it acknowledged
	Sent       int64     `json:"sent"`  // the last byte handed to its connection
	LagBytes   int64     `json:"lagBytes"`
	LagSeconds int64     `json:"lagSeconds"` // since it was last heard of
	Good       bool      `json:"good"`       // counts for min-replicas-to-write
	Sync       SyncView  `json:"sync"`
	Transfer   *Transfer `json:"transfer"` // nil when it is not being sent a snapshot
}

// LinkView is a replica's link to its master.
type LinkView struct {
	Master    string    `json:"master"`
	State     string    `json:"state"` // as in ROLE: connect, connecting, handshake, sync or connected
	Loading   bool      `json:"loading"`
	ReadOnly  bool      `json:"readOnly"` // clients may not write
	Silent    bool      `json:"silent"`   // its data may be stale and it answers nobody: replica-serve-stale-data no
	Heard     int64     `json:"heard"`
	DownSince int64     `json:"downSince"`
	Sync      SyncView  `json:"sync"`
	Transfer  *Transfer `json:"transfer"` // nil when no snapshot is on its way
}

// SyncView is how a replica last came to have its master's data.
type SyncView struct {
	Kind   string `json:"kind"` // "full", "partial", or "" before the first
	Why    string `json:"why"`  // of a full one: the reason code of +psync-full
	At     int64  `json:"at"`
	Offset int64  `json:"offset"` // the first byte that the replica asked for
	Bytes  int64  `json:"bytes"`  // of a partial one: how many it was missing
}

// Transfer is a snapshot on its way. Total is -1 while it is not known.
type Transfer struct {
	Done  int64 `json:"done"`
	Total int64 `json:"total"`
}

// MinReplicas is what min-replicas-to-write asks for, and whether writes are refused for it.
type MinReplicas struct {
	Wanted  int   `json:"wanted"`
	Good    int   `json:"good"`
	MaxLag  int64 `json:"maxLag"` // seconds
	Refuses bool  `json:"refuses"`
}

// streamOf describes a node's replication.
func streamOf(of server.View) *Stream {
	v := of.Replication
	s := &Stream{
		SecondOffset: int64(v.SecondOffset), Followers: make([]Follower, 0, len(v.Replicas)),
		Backlog: BacklogView{Active: v.Backlog.First > 0, Size: v.Backlog.Size, First: int64(v.Backlog.First), Length: v.Backlog.Length},
	}
	for _, r := range v.Replicas {
		s.Followers = append(s.Followers, follower(r, v))
	}
	if m := v.Master; m != nil {
		s.Link = linkOf(m)
		s.Link.ReadOnly, s.Link.Silent = of.ReadOnly, of.Silent
	}
	if v.MinReplicas > 0 {
		s.MinReplicas = &MinReplicas{Wanted: v.MinReplicas, Good: v.GoodReplicas, MaxLag: int64(v.MaxLag / time.Second), Refuses: v.Refuses}
	}
	return s
}

func follower(r replication.ReplicaView, v replication.View) Follower {
	f := Follower{
		Node: portOf(r.Addr), State: r.State.String(), Ack: int64(r.Ack), Sent: int64(r.Sent),
		LagBytes: max(int64(v.Offset-r.Ack), 0), LagSeconds: int64(r.Lag / time.Second), Sync: syncOf(r.Came),
	}
	f.Good = r.State == replication.Online && (v.MaxLag == 0 || r.Lag.Truncate(time.Second) <= v.MaxLag)
	if r.Size != 0 {
		f.Transfer = &Transfer{Done: r.Done, Total: r.Size}
	}
	return f
}

func linkOf(m *replication.MasterView) *LinkView {
	l := &LinkView{
		Master: portOf(net.JoinHostPort(m.Host, itoa(m.Port))), State: m.State.String(), Loading: m.Loading,
		Heard: milli(m.Heard), DownSince: milli(m.DownSince), Sync: syncOf(m.Came),
	}
	if m.State == replication.Transfer {
		l.Transfer = &Transfer{Done: m.Read, Total: m.Size}
	}
	return l
}

func syncOf(s replication.Sync) SyncView {
	v := SyncView{Why: string(s.Why), At: milli(s.At), Offset: int64(s.Offset), Bytes: s.Bytes}
	switch {
	case s.At.IsZero():
	case s.Full:
		v.Kind = "full"
	default:
		v.Kind = "partial"
	}
	return v
}

// explainSyncs gives replicas the reasons that only their masters know.
func explainSyncs(nodes []Node) {
	for i := range nodes {
		if nodes[i].Stream == nil || nodes[i].Stream.Link == nil {
			continue
		}
		of, found := nodeNamed(nodes[i].Master, nodes)
		if !found || of.Stream == nil {
			continue
		}
		at := slices.IndexFunc(of.Stream.Followers, func(f Follower) bool { return f.Node == nodes[i].Name })
		if at >= 0 && of.Stream.Followers[at].Sync.Kind == nodes[i].Stream.Link.Sync.Kind {
			told, link := of.Stream.Followers[at].Sync, *nodes[i].Stream.Link
			link.Sync.Why, link.Sync.Offset, link.Sync.Bytes = told.Why, told.Offset, told.Bytes
			copied := *nodes[i].Stream // the last look at a dead node is kept
			copied.Link = &link
			nodes[i].Stream = &copied
		}
	}
}
