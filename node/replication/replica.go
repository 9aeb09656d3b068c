package replication

import (
	"net/netip"
	"slices"
	"strings"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// ReplicaState is how far a replica has come.
//
//	                 snapshot begins          snapshot complete      last byte sent
//	WaitSnapshotStart ──────────▶ WaitSnapshot ──────────▶ SendBulk ──────────▶ Online
//	                                                  PSYNC +CONTINUE ────────────▲
type ReplicaState uint8

// The states of a replica.
const (
	NotAttached       ReplicaState = iota
	WaitSnapshotStart              // full synchronisation: the snapshot has not begun
	WaitSnapshot                   // it was told +FULLRESYNC; the snapshot is being made
	SendBulk                       // it is being sent the snapshot
	Online                         // it follows the stream
)

// String is the state's name in INFO.
func (st ReplicaState) String() string {
	return [...]string{"none", "wait_bgsave", "wait_bgsave", "send_bulk", "online"}[st]
}

// replica is a client that said REPLCONF, and from PSYNC on one that follows us.
type replica struct {
	client *machine.Client
	state  ReplicaState

	port    int    // listening-port
	ip      string // ip-address; empty means the peer's own
	eof     bool   // capa eof
	psync2  bool   // capa psync2
	rdbOnly bool

	openSlots bool     // capa open-slots
	filtered  bool     // rdb-filter-only was given
	want      Contents // what its snapshot must hold

	prePsync bool // it said SYNC: it does not acknowledge
	hold     bool // an EOF transfer ended; the stream waits for its first ACK
	ack      Offset
	ackTime  time.Time
	cursor   Offset    // the next byte of the stream it needs; 0 while that is not known
	above    time.Time // since when more waits for it than the soft limit; zero when it does not

	snapshot *snapshot
	sent     transfer
	came     Sync // how it came to follow us
}

// flows reports whether the replica is sent a snapshot while that is made.
func (r *replica) flows() bool { return r.snapshot != nil && r.snapshot.flows }

// name is the replica's address as INFO shows it.
func (r *replica) name() string {
	host, port := r.address()
	if strings.Contains(host, ":") {
		host = "[" + host + "]"
	}
	return host + ":" + itoa(int64(port))
}

// address is where the replica serves clients, as far as it told us.
func (r *replica) address() (host string, port int) {
	if r.ip != "" {
		return r.ip, r.port
	}
	addr, err := netip.ParseAddrPort(r.client.Addr)
	if err != nil {
		return r.client.Addr, r.port
	}
	return addr.Addr().String(), r.port
}

// lag is how many whole seconds ago the replica was last heard of.
func (r *replica) lag(now time.Time) time.Duration {
	return now.Sub(r.ackTime).Truncate(time.Second)
}

// peer returns what c said about itself so far.
func (s *State) peer(c *machine.Client) *replica {
	r := s.peers[c]
	if r == nil {
		r = &replica{client: c, want: Contents{Data: true, Functions: true}}
		s.peers[c] = r
	}
	return r
}

// IsReplica reports whether c is an attached replica's connection.
func (s *State) IsReplica(c *machine.Client) bool {
	r := s.peers[c]
	return r != nil && r.state != NotAttached
}

// Alive tells that c sent an empty line: a replica does that while it loads.
func (s *State) Alive(now time.Time, c *machine.Client) {
	if r := s.peers[c]; r != nil && r.state != NotAttached {
		r.ackTime = now
	}
}

// Gone tells that the connection of c has ended. The server calls it for every client.
func (s *State) Gone(now time.Time, c *machine.Client) {
	r := s.peers[c]
	if r == nil {
		return
	}
	delete(s.peers, c)
	if r.state != NotAttached {
		s.detach(now, r, event.ReplicaGone)
	}
}

// attach makes c one of our replicas.
func (s *State) attach(r *replica) {
	r.client.Paced = true
	s.replicas = append(s.replicas, r)
}

// drop ends the connection of a replica, throwing away what it has not been sent yet.
func (s *State) drop(now time.Time, r *replica, why event.Reason) {
	r.client.Out = nil
	s.hangUp(now, r, why)
}

// hangUp ends the connection of a replica once everything in its Out is written.
func (s *State) hangUp(now time.Time, r *replica, why event.Reason) {
	r.client.Closing = true
	s.flush(r.client)
	s.detach(now, r, why)
}

// detach forgets an attached replica.
func (s *State) detach(now time.Time, r *replica, why event.Reason) {
	s.replicas = slices.DeleteFunc(s.replicas, func(other *replica) bool { return other == r })
	s.emit(event.ReplicaLost{Replica: r.name(), Offset: int64(r.ack), Why: why})
	if s.cfg.Mutants.WaitCountsDisconnected {
		s.departed = append(s.departed, r.ack)
	}
	r.state, r.snapshot, r.cursor = NotAttached, nil, 0
	if len(s.replicas) == 0 {
		s.aloneSince = now
	}
	s.cancelUnwanted(now)
	s.countGood(now)
}

// dropReplicas ends the connections of all replicas; those with our history come back and ask to
// continue, and learn its new name by that.
func (s *State) dropReplicas(now time.Time, why event.Reason) {
	for len(s.replicas) > 0 {
		s.drop(now, s.replicas[0], why)
	}
}

// flush lists c among those whose output changed.
func (s *State) flush(c *machine.Client) {
	if !slices.Contains(s.todo.Flush, c) {
		s.todo.Flush = append(s.todo.Flush, c)
	}
}
