package cluster

import (
	"slices"
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/slot"
)

// View is plain data about a node's state, for screens and for those who check invariants. It
// shares nothing with the State.
type View struct {
	ID           string
	Role         string // master, replica
	Primary      string // id of the master it follows
	CurrentEpoch Epoch
	ConfigEpoch  Epoch // of the claims it makes: its master's for a replica
	LastVote     Epoch
	OK           bool
	Reason       string // why not
	Size         int
	Reachable    int
	Nodes        []NodeView // ascending by id, this node included
	Migrating    []OpenSlot
	Importing    []OpenSlot
	Election     ElectionView
	Manual       ManualView
	Forgotten    []string
}

// NodeView is what a node knows about one node.
type NodeView struct {
	ID           string
	Addr         string // "127.0.0.1:7000"
	BusPort      uint16
	Hostname     string
	Flags        bus.Flags
	Primary      string
	PrimaryAddr  string
	ConfigEpoch  Epoch
	Slots        slot.Runs
	NumSlots     int
	PingSent     time.Time // zero: no ping pending
	PongReceived time.Time
	FailTime     time.Time
	VotedTime    time.Time
	OrphanedTime time.Time
	Offset       int64
	Link         bool // there is an open link to it
	Inbound      bool // there is a link from it
	Reports      []string
}

// OpenSlot is a slot on its way to or from a node.
type OpenSlot struct {
	Slot slot.Slot
	Node string
}

// ElectionView is a replica's attempt to replace its master.
type ElectionView struct {
	Due    time.Time // zero: none yet
	Asked  bool
	Epoch  Epoch
	Rank   int
	Votes  int
	Needed int
	Voters []string
	Reason string // why it does not advance
}

// ManualView is a manual failover under way.
type ManualView struct {
	End      time.Time // zero: none
	CanStart bool
	Replica  string // on the master: who asked
	Known    bool
	Offset   int64
}

// View describes the State.
func (s *State) View() (v View) {
	s.ViewInto(&v)
	return v
}

// ViewInto is View for who looks often: it uses the memory of a View that is no longer needed.
func (s *State) ViewInto(v *View) { s.view(v, func(*node) bool { return true }) }

// Brief is a View without the other nodes of which there is nothing to say but that they are members
// and well, for screens of large clusters.
func (s *State) Brief() (v View) {
	s.view(&v, func(n *node) bool { return n == s.myself || !n.plain() })
	return v
}

// shown are the flags that are told of a node.
const shown = bus.Master | bus.Replica | bus.PFail | bus.Failed | bus.Handshake | bus.NoAddr | bus.NoFailover

// plain reports whether n has a role, no other flag that is told, and an open link to it.
func (n *node) plain() bool {
	role := n.flags & shown
	return (role == bus.Master || role == bus.Replica) && n.linked()
}

func (s *State) view(v *View, tell func(*node) bool) {
	me, e, m := s.myself, &s.election, &s.manual
	*v = View{
		Nodes: v.Nodes[:0],
		ID:    me.id.String(), Role: "master", CurrentEpoch: s.currentEpoch, ConfigEpoch: s.myPrimary().configEpoch,
		LastVote: s.lastVote, OK: s.health.ok, Reason: string(s.health.reason), Size: s.health.size,
		Reachable: s.health.reachable,
		Election: ElectionView{
			Due: e.due, Asked: e.sent, Epoch: e.epoch, Rank: e.rank, Votes: e.votes, Needed: s.votesNeeded(),
			Reason: string(e.told),
		},
		Manual: ManualView{End: m.end, CanStart: m.canStart, Known: m.known, Offset: m.offset},
	}
	for _, id := range e.from {
		v.Election.Voters = append(v.Election.Voters, id.String())
	}
	if me.master() {
		v.Migrating, v.Importing = openView(s.slots.migrating), openView(s.slots.importing)
	} else {
		v.Role, v.Primary = "replica", idOf(me.primary)
	}
	v.Manual.Replica = idOf(m.replica)
	for id := range s.forgotten {
		v.Forgotten = append(v.Forgotten, id.String())
	}
	slices.Sort(v.Forgotten)
	for _, n := range s.nodes.order {
		if tell(n) {
			v.Nodes = append(v.Nodes, NodeView{})
			s.viewNode(&v.Nodes[len(v.Nodes)-1], n)
		}
	}
}

func idOf(n *node) string {
	if n == nil {
		return ""
	}
	return n.id.String()
}

func openView(open map[slot.Slot]*node) []OpenSlot {
	var list []OpenSlot
	for _, sl := range sortedSlots(open) {
		list = append(list, OpenSlot{Slot: sl, Node: idOf(open[sl])})
	}
	return list
}

// viewNode fills v, which is zero.
func (s *State) viewNode(v *NodeView, n *node) {
	v.ID, v.Addr, v.BusPort, v.Hostname, v.Flags = n.id.String(), n.addr(), n.busPort, n.hostname.String(), n.flags
	v.Primary, v.ConfigEpoch, v.NumSlots = idOf(n.primary), n.configEpoch, int(n.numSlots)
	v.Slots = n.slots.Clone()
	v.PingSent, v.PongReceived, v.FailTime = n.pingSent.time(), n.pongReceived.time(), n.troubles().failed.time()
	v.VotedTime, v.OrphanedTime, v.Offset = n.troubles().voted.time(), n.troubles().orphaned.time(), n.offset
	v.Link, v.Inbound = n.linked(), n.inbound != nil
	if n.primary != nil {
		v.PrimaryAddr = n.primary.addr()
	}
	if n == s.myself {
		v.Offset = s.host.ReplicationOffset()
	}
	for _, r := range n.troubles().reports {
		v.Reports = append(v.Reports, r.by.id.String())
	}
}

// Acquainted counts the nodes whose address is known and whose handshake is over, this one included.
// It is what a View tells of them, without making one.
func (s *State) Acquainted() int {
	count := 0
	for _, n := range s.nodes.order {
		if !n.is(bus.Handshake | bus.NoAddr) {
			count++
		}
	}
	return count
}

// OK reports whether this node believes that the cluster can serve.
func (s *State) OK() bool { return s.health.ok }

// Fresh reports whether this node remembers nothing: no other node, no slot, no epoch.
func (s *State) Fresh() bool {
	return s.nodes.len() == 1 && s.slots.owned == 0 && s.myself.configEpoch == 0
}

// Waiting is how long the oldest PING that this node sent on an open link has been waiting for an
// answer while nothing else was heard.
func (s *State) Waiting(now time.Time) (longest time.Duration) {
	for _, n := range s.nodes.order {
		if n.pingSent != never && n.link != nil && n.link.open && !n.is(bus.PFail|bus.Failed) {
			longest = max(longest, min(n.pingSent.age(now), n.dataReceived.age(now)))
		}
	}
	return longest
}

// Opinion is what a node holds of another one.
type Opinion struct {
	Known   bool // past the handshake
	Replica bool
	Slots   int // how many it owns
}

// Opinion is what this node holds of the one with an id.
func (s *State) Opinion(id string) (o Opinion) {
	who, ok := bus.ParseID(id)
	n := s.nodes.lookup(who)
	if !ok || n == nil || n.is(bus.Handshake) {
		return o
	}
	return Opinion{Known: true, Replica: n.is(bus.Replica), Slots: int(n.numSlots)}
}

// Agrees reports whether this node believes of those it knows that they have the given roles: true
// for a replica.
func (s *State) Agrees(replicas map[ID]bool) bool {
	for _, n := range s.nodes.order {
		if replica, asked := replicas[n.id]; asked && (n.is(bus.Handshake) || n.is(bus.Replica) != replica) {
			return false
		}
	}
	return true
}
