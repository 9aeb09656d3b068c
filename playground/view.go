package playground

import (
	"cmp"
	"net"
	"slices"
	"strings"
	"time"

	"clusterplay/node"
	"clusterplay/node/cluster"
	"clusterplay/node/machine"
	"clusterplay/node/replication"
	"clusterplay/node/server"
)

// manyNodes is where beliefs get too many to be told in every snapshot (their number is the
// square of the nodes'); above it only those that are not plain are told.
const manyNodes = 64

// Nodes describes all nodes, in the order of their ports.
func (l *Lab) Nodes() []Node { return l.nodes(LookAll) }

// nodes is Nodes, as closely as one looks.
func (l *Lab) nodes(look Look) []Node {
	members := l.servers()
	nodes := make([]Node, 0, len(members))
	offsets := map[string]int64{}
	names := map[string]string{}
	for _, m := range members {
		n := l.describe(m, look)
		nodes = append(nodes, n)
		names[n.ID] = n.Name
		offsets[n.Name] = n.Offset
	}
	for i := range nodes {
		n := &nodes[i]
		if n.masterID != "" && names[n.masterID] != "" {
			n.Master = names[n.masterID]
		}
		if at, ok := offsets[n.Master]; ok && n.Role == "replica" {
			n.Lag = max(at-n.Offset, 0)
		}
		rename(n, names)
	}
	explainSyncs(nodes)
	return nodes
}

// rename calls other nodes by their names where a node knows ids.
func rename(n *Node, names map[string]string) {
	for i := range n.Migrating {
		n.Migrating[i].To = cmp.Or(names[n.Migrating[i].To], n.Migrating[i].To)
	}
	for i := range n.Importing {
		n.Importing[i].From = cmp.Or(names[n.Importing[i].From], n.Importing[i].From)
	}
}

// viewOf describes one node, but for how long ago it has heard of others.
func (l *Lab) viewOf(m *member) Node { return l.describe(m, LookChanged) }

// describe describes one node: as it is now, or as it was last seen.
func (l *Lab) describe(m *member, look Look) Node {
	now := l.clock.Now()
	status := m.Status()
	l.mu.Lock()
	many := len(l.members) > manyNodes
	l.mu.Unlock()
	var n Node
	err := m.Look(func(machine machine.Machine) {
		switch v, ok := machine.(viewer); {
		case ok && many:
			n = describe(v.Brief(now), now)
		case ok:
			n = m.eye.look(v, now, look)
		}
	})
	l.mu.Lock()
	if err == nil {
		l.seen[m.Name()] = n
	} else {
		n = l.seen[m.Name()]
		n.ripen()
	}
	l.mu.Unlock()
	n.Port, n.Name, n.Shard = m.port, m.Name(), m.letter()
	if m.of != 0 {
		n.Behind = itoa(m.of)
	}
	n.ID = cmp.Or(n.ID, m.identity())
	n.Disk = ""
	if fault := m.DiskFault(); fault != node.DiskOK {
		n.Disk = fault.String()
	}
	if l.Topology().clustered() {
		n.Bus = m.port + busOffset
	}
	n.State, n.Why = status.State.String(), status.Why
	if status.State == node.Up || status.State == node.Frozen {
		n.Why = ""
	} else {
		n.Busy = ""
	}
	return n.complete()
}

// complete makes empty lists of missing ones, which JSON would otherwise call null.
func (n Node) complete() Node {
	n.Role = cmp.Or(n.Role, "master")
	n.ClusterState = cmp.Or(n.ClusterState, "fail")
	if n.Flags == nil {
		n.Flags = []string{}
	}
	if n.Slots == nil {
		n.Slots = [][2]int{}
	}
	if n.Beliefs == nil {
		n.Beliefs = []Belief{}
	}
	if n.Migrating == nil {
		n.Migrating = []Leaving{}
	}
	if n.Importing == nil {
		n.Importing = []Coming{}
	}
	return n
}

// owns tells whether a node owns a slot in its own eyes.
func (n Node) owns(s int) bool {
	for _, r := range n.Slots {
		if r[0] <= s && s <= r[1] {
			return true
		}
	}
	return false
}

// describe turns a server's view into a Node.
func describe(v server.View, now time.Time) Node {
	n := Node{
		Role: v.Role, Offset: int64(v.Replication.Offset),
		ReplID: v.Replication.ReplID, ReplID2: v.Replication.ReplID2,
		Keys: v.Keys, Ops: v.Ops, Memory: v.Memory, Clients: v.Clients, Busy: v.Busy,
	}
	if master := v.Replication.Master; master != nil {
		n.LinkUp = master.State == replication.Connected
		n.Master = portOf(net.JoinHostPort(master.Host, itoa(master.Port)))
	}
	if v.Cluster == nil {
		n.ClusterState = "ok"
		n.Stream = streamOf(v)
		return n
	}
	n.describeCluster(v.Cluster, now)
	return n
}

// describeCluster adds what a node thinks of its cluster.
func (n *Node) describeCluster(c *cluster.View, now time.Time) {
	n.ID, n.Role, n.masterID = c.ID, c.Role, c.Primary
	n.Epoch, n.CurrentEpoch = c.ConfigEpoch, c.CurrentEpoch
	n.ClusterState = "fail"
	if c.OK {
		n.ClusterState = "ok"
	}
	names := map[string]string{}
	for i := range c.Nodes {
		names[c.Nodes[i].ID] = portOf(c.Nodes[i].Addr)
	}
	for i := range c.Nodes {
		if other := &c.Nodes[i]; other.ID == c.ID {
			n.describeSelf(other)
		} else {
			n.Beliefs = append(n.Beliefs, belief(other, cmp.Or(names[other.Primary], portOf(other.PrimaryAddr)), now))
		}
	}
	slices.SortFunc(n.Beliefs, func(a, b Belief) int { return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.ID, b.ID)) })
	for _, open := range c.Migrating {
		n.Migrating = append(n.Migrating, Leaving{Slot: int(open.Slot), To: open.Node})
	}
	for _, open := range c.Importing {
		n.Importing = append(n.Importing, Coming{Slot: int(open.Slot), From: open.Node})
	}
	if e := c.Election; stands(e) {
		n.Election = &Election{Epoch: e.Epoch, Votes: e.Votes, Needed: e.Needed, Due: e.Due.UnixMilli()}
	}
}

// stands reports whether a replica is in an election. One that it once began is kept, as 7.0 keeps it,
// also when its master is back, or when it must not run any more.
func stands(e cluster.ElectionView) bool {
	switch e.Reason {
	case "", "waiting", "waiting-votes", "expired":
		return !e.Due.IsZero()
	}
	return false
}

// describeSelf adds a node's flags and slots.
func (n *Node) describeSelf(me *cluster.NodeView) {
	for _, f := range flagNames(me.Flags.String()) {
		if f != "myself" {
			n.Flags = append(n.Flags, f)
		}
	}
	if me.NumSlots == 0 {
		return
	}
	for _, r := range me.Slots.Ranges() {
		n.Slots = append(n.Slots, [2]int{int(r.First), int(r.Last)})
	}
}

func belief(other *cluster.NodeView, master string, now time.Time) Belief {
	b := Belief{
		Node: portOf(other.Addr), ID: other.ID, Flags: flagNames(other.Flags.String()), Master: master,
		Epoch: other.ConfigEpoch, Link: other.Link, PongAge: ageOf(other.PongReceived, now),
	}
	if other.NumSlots > 0 {
		b.Slots = string(other.Slots.Append(nil, ','))
	}
	return b
}

// flagNames splits flags as CLUSTER NODES prints them.
func flagNames(text string) []string {
	if text == "" || text == "noflags" {
		return []string{}
	}
	return strings.Split(text, ",")
}

// portOf is the port of an address, by which nodes are called.
func portOf(addr string) string {
	if _, port, err := net.SplitHostPort(addr); err == nil {
		return port
	}
	return addr
}
