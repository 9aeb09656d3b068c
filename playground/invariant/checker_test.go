package invariant

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
	"clusterplay/node/event"
	"clusterplay/node/replication"
	"clusterplay/node/slot"
)

const nt = 2 * time.Second

var began = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// after is a moment some time after the world began.
func after(d time.Duration) time.Time { return began.Add(d) }

// id is the node id of letter c.
func id(c byte) bus.ID { return bus.ID([]byte(strings.Repeat(string(c), bus.IDLen))) }

// name is the same as text.
func name(c byte) string { return id(c).String() }

// table is a healthy view of host me: the masters a, b, c with a third of the slots each and the
// epochs 1, 2, 3, and the replica d of a.
func table(me byte) *cluster.View {
	v := &cluster.View{ID: name(me), Role: "master", CurrentEpoch: 5, OK: true, Size: 3, Reachable: 3}
	bounds := []slot.Slot{0, 5461, 10923, slot.Count}
	for i, c := range []byte("abc") {
		n := cluster.NodeView{ID: name(c), Flags: bus.Master, ConfigEpoch: uint64(i + 1)}
		for sl := bounds[i]; sl < bounds[i+1]; sl++ {
			n.Slots.Add(sl)
		}
		n.NumSlots = n.Slots.Len()
		v.Nodes = append(v.Nodes, n)
	}
	v.Nodes = append(v.Nodes, cluster.NodeView{ID: name('d'), Flags: bus.Replica, Primary: name('a'), ConfigEpoch: 1})
	if me == 'd' {
		v.Role, v.Primary = "replica", name('a')
	}
	return v
}

// changed is table with a change.
func changed(me byte, change func(*cluster.View)) *cluster.View {
	v := table(me)
	change(v)
	return v
}

// fresh is a checker of four hosts that were born long ago and have been looked at once.
func fresh() *Checker {
	c := New(Config{NodeTimeout: nt, Hosts: 4})
	for host, me := range []byte("abcd") {
		c.Born(began, host, Kept)
		c.Step(began, host, table(me))
		c.GuardBorn(host)
	}
	return c
}

// packet is a packet of node c as it would be decoded.
func packet(c byte, t bus.Type, change func(*bus.Packet)) *bus.Packet {
	p := &bus.Packet{Header: bus.Header{Type: t, Sender: id(c), Slots: new(bus.Slots)}}
	if change != nil {
		change(p)
	}
	return p
}

// nodeRef is how an event names node c.
func nodeRef(c byte) event.Node { return event.Node{ID: name(c)} }

// failed marks node i of a view as failed.
func failed(i int) func(*cluster.View) {
	return func(v *cluster.View) { v.Nodes[i].Flags |= bus.Failed }
}

// crime is one way to break a promise.
type crime struct {
	name   string
	number int // 0: lawful
	do     func(*Checker)
}

// crimes is one way to break each promise, and one lawful life beside it where that is close.
var crimes = []crime{
	{"a voter votes twice in an epoch", 1, func(c *Checker) {
		view := changed('b', failed(0))
		c.Event(after(nt), 1, event.Vote{For: nodeRef('d'), Epoch: 5}, view)
		c.Event(after(nt), 1, event.Vote{For: nodeRef('d'), Epoch: 5}, view)
	}},
	{"a vote leaves before it is on disk", 1, func(c *Checker) {
		c.cfg.Durable = func(int, string) []byte { return []byte("vars currentEpoch 6 lastVoteEpoch 5\n") }
		c.Sent(after(nt), 1, packet('b', bus.AuthAck, func(p *bus.Packet) { p.CurrentEpoch = 6 }))
	}},
	{"a vote leaves once it is on disk", 0, func(c *Checker) {
		c.cfg.Durable = func(int, string) []byte { return []byte("vars currentEpoch 6 lastVoteEpoch 6\n") }
		c.Sent(after(nt), 1, packet('b', bus.AuthAck, func(p *bus.Packet) { p.CurrentEpoch = 6 }))
	}},
	{"two nodes win an epoch", 2, func(c *Checker) { elect(c, 0, 'a', 6, "bc"); elect(c, 3, 'd', 6, "bc") }},
	{"a node wins without a majority", 3, func(c *Checker) { elect(c, 3, 'd', 6, "b") }},
	{"a node wins by a majority", 0, func(c *Checker) { elect(c, 3, 'd', 6, "bc") }},
	{"a node without slots votes", 3, func(c *Checker) {
		c.Event(after(nt), 3, event.Vote{For: nodeRef('d'), Epoch: 5}, changed('d', failed(0)))
	}},
	{"a vote of another epoch is counted", 4, func(c *Checker) {
		c.Received(after(nt), 3, packet('b', bus.AuthAck, func(p *bus.Packet) { p.CurrentEpoch = 5 }))
		c.Event(after(nt), 3, event.GotVote{From: nodeRef('b'), Epoch: 6}, table('d'))
	}},
	{"a vote goes to a replica of a living master", 5, func(c *Checker) {
		c.Event(after(nt), 1, event.Vote{For: nodeRef('d'), Epoch: 5}, table('b'))
	}},
	{"a vote goes to a replica that forces it", 0, func(c *Checker) {
		c.Received(after(nt), 1, packet('d', bus.AuthRequest, func(p *bus.Packet) { p.CurrentEpoch, p.Marks = 5, bus.ForceAck }))
		c.Event(after(nt), 1, event.Vote{For: nodeRef('d'), Epoch: 5}, table('b'))
	}},
	{"a vote goes to a master", 5, func(c *Checker) {
		c.Event(after(nt), 1, event.Vote{For: nodeRef('c'), Epoch: 5}, table('b'))
	}},
	{"the epoch goes back", 6, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.CurrentEpoch = 4 }))
	}},
	{"the last vote goes back", 6, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.LastVote = 4 }))
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.LastVote = 3 }))
	}},
	{"the last vote is ahead of the epoch", 6, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.LastVote = 6 }))
	}},
	{"a configEpoch is ahead of the epoch", 7, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Nodes[1].ConfigEpoch = 6 }))
	}},
	{"a master's configEpoch goes back", 8, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Nodes[1].ConfigEpoch = 1 }))
	}},
	{"a slot has two owners", 9, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Nodes[1].Slots.Add(0); v.Nodes[1].NumSlots++ }))
	}},
	{"a replica owns slots", 9, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Nodes[0].Flags = bus.Replica }))
	}},
	{"slots are miscounted", 9, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Nodes[0].NumSlots++ }))
	}},
	{"an older claim takes a slot", 10, func(c *Checker) { c.Step(after(nt), 0, changed('a', take(0, 1))) }},
	{"a claim of the same epoch takes a slot", 10, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Nodes[0].ConfigEpoch = 2 }))
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Nodes[0].ConfigEpoch = 2; take(0, 1)(v) }))
	}},
	{"an older claim takes a slot from who does not claim it any more", 0, func(c *Checker) {
		c.Received(after(nt), 0, packet('b', bus.Ping, nil))
		c.Step(after(nt), 0, changed('a', take(0, 1)))
	}},
	{"an older claim takes a slot from who still claims it", 10, func(c *Checker) {
		c.Received(after(nt), 0, packet('b', bus.Ping, func(p *bus.Packet) { p.Slots[5461/8] = 0xff }))
		c.Step(after(nt), 0, changed('a', take(0, 1)))
	}},
	{"an operator gives a slot to a node with an older epoch", 0, func(c *Checker) {
		c.Event(after(nt), 0, event.SlotOwner{Slots: "5461", Reason: "setslot"}, changed('a', take(0, 1)))
		c.Step(after(nt), 0, changed('a', take(0, 1)))
	}},
	{"an operator gives a slot away and an older claim takes another", 10, func(c *Checker) {
		c.Event(after(nt), 0, event.SlotOwner{Slots: "7000", Reason: "setslot"}, changed('a', take(0, 1)))
		c.Step(after(nt), 0, changed('a', take(0, 1)))
	}},
	{"a newer claim takes a slot", 0, func(c *Checker) { c.Step(after(nt), 0, changed('a', take(2, 1))) }},
	{"two nodes claim a slot with one epoch", 11, func(c *Checker) {
		for _, me := range []byte("ab") {
			c.Sent(after(nt), 0, packet(me, bus.Ping, func(p *bus.Packet) { p.ConfigEpoch, p.Slots[7] = 3, 1 }))
		}
		c.Step(after(nt), 0, table('a'))
	}},
	{"two nodes claim a slot with an epoch that one of them took without asking", 0, func(c *Checker) {
		for _, me := range []byte("ab") {
			c.Sent(after(nt), 0, packet(me, bus.Ping, func(p *bus.Packet) { p.ConfigEpoch, p.Slots[7] = 3, 1 }))
		}
		c.Event(after(nt), 0, event.Epoch{Kind: "config", Epoch: 3, Reason: "bump"}, table('a'))
		c.Step(after(nt), 0, table('a'))
	}},
	{"two nodes claim different slots with one epoch", 0, func(c *Checker) {
		for i, me := range []byte("ab") {
			c.Sent(after(nt), 0, packet(me, bus.Ping, func(p *bus.Packet) { p.ConfigEpoch, p.Slots[i] = 3, 1 }))
		}
	}},
	{"the larger id moves out of a collision", 12, func(c *Checker) {
		c.Event(after(nt), 1, event.EpochCollision{With: nodeRef('a')}, table('b'))
	}},
	{"the larger id keeps its shard in a collision", 0, func(c *Checker) {
		c.Event(after(nt), 1, event.EpochCollision{With: nodeRef('a'), Rivals: true}, table('b'))
	}},
	{"an importer claims a slot with its old epoch", 11, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', opened(5461)))
		c.Event(after(nt), 0, event.OpenSlot{Slots: "5461", State: "stable"}, changed('a', take(0, 1)))
	}},
	{"an importer claims a slot with a new epoch", 0, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', opened(5461)))
		c.Event(after(nt), 0, event.OpenSlot{Slots: "5461", State: "stable"}, changed('a', func(v *cluster.View) {
			take(0, 1)(v)
			v.ConfigEpoch, v.Nodes[0].ConfigEpoch = 4, 4
		}))
	}},
	{"a claim takes a slot that is being imported", 10, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', opened(5461)))
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { take(2, 1)(v); opened(5461)(v) }))
	}},
	{"an update is ignored", 26, func(c *Checker) {
		c.Received(after(nt), 0, told('b', 'c', 4))
		c.Step(after(nt), 0, table('a'))
	}},
	{"an update of a stranger is ignored", 0, func(c *Checker) {
		c.Received(after(nt), 0, told('x', 'c', 4))
		c.Step(after(nt), 0, table('a'))
	}},
	{"two masters rest with one configEpoch", 12, func(c *Checker) {
		c.AtRest(after(nt), resting(changed('a', func(v *cluster.View) { v.Nodes[1].ConfigEpoch = 1 })))
	}},
	{"the epoch grows at rest", 12, func(c *Checker) {
		c.AtRest(after(nt), resting(table('a')))
		c.AtRest(after(nt), resting(changed('a', func(v *cluster.View) { v.CurrentEpoch++ })))
	}},
	{"nodes rest at different epochs", 12, func(c *Checker) {
		c.AtRest(after(nt), resting(table('a'), changed('b', func(v *cluster.View) { v.CurrentEpoch++ })))
	}},
	{"a failure is declared without a majority", 13, func(c *Checker) {
		c.Event(after(nt), 0, event.Fail{Node: nodeRef('c')}, table('a'))
	}},
	{"a failure is declared on stale suspicions", 13, func(c *Checker) {
		suspect(c, after(nt), 'b', 'c')
		c.Event(after(4*nt), 0, event.Fail{Node: nodeRef('c')}, table('a'))
	}},
	{"a failure is declared by a majority", 0, func(c *Checker) {
		suspect(c, after(nt), 'b', 'c')
		c.Event(after(2*nt), 0, event.Fail{Node: nodeRef('c')}, table('a'))
	}},
	{"a failed owner is believed too soon", 14, func(c *Checker) {
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Nodes[2].FailTime = after(nt) }))
		c.Event(after(2*nt), 0, event.FailCleared{Node: nodeRef('c'), Reason: "still-owner"}, table('a'))
	}},
	{"a master that hears nobody serves", 15, func(c *Checker) {
		c.Received(after(time.Second), 0, packet('b', bus.Ping, nil))
		c.Tick(after(3*nt), 0)
	}},
	{"a master that hears a majority serves", 0, func(c *Checker) {
		c.Received(after(3*nt), 0, packet('b', bus.Ping, nil))
		c.Tick(after(3*nt), 0)
	}},
	{"a master serves right after its start", 16, func(c *Checker) {
		c.Event(after(time.Second), 0, event.ClusterState{State: "ok"}, table('a'))
	}},
	{"a master serves right after a minority", 16, func(c *Checker) {
		c.Step(after(2*nt), 0, changed('a', func(v *cluster.View) { failed(1)(v); failed(2)(v); v.OK = false }))
		c.Event(after(2*nt+time.Second), 0, event.ClusterState{State: "ok"}, table('a'))
	}},
	{"an election is due too soon", 17, func(c *Checker) {
		c.Event(after(nt), 3, event.ElectionScheduled{Delay: 499}, table('d'))
	}},
	{"an election ignores who has more", 17, func(c *Checker) {
		c.Step(after(nt), 3, changed('d', func(v *cluster.View) {
			v.Nodes = append(v.Nodes, cluster.NodeView{ID: name('e'), Flags: bus.Replica, Primary: name('a'), Offset: 10})
		}))
		c.Event(after(nt), 3, event.ElectionScheduled{Delay: 800, Offset: 9}, table('d'))
	}},
	{"votes are asked for while the master lives", 17, func(c *Checker) {
		c.Event(after(nt), 3, event.ElectionStarted{Primary: nodeRef('a'), Epoch: 6}, table('d'))
	}},
	{"votes are asked for in an old epoch", 17, func(c *Checker) {
		c.Event(after(nt), 3, event.ElectionStarted{Primary: nodeRef('a'), Epoch: 5}, changed('d', failed(0)))
	}},
	{"a request leaves before its epoch is on disk", 17, func(c *Checker) {
		c.cfg.Durable = func(int, string) []byte { return nil }
		c.Sent(after(nt), 3, packet('d', bus.AuthRequest, func(p *bus.Packet) { p.CurrentEpoch = 6 }))
	}},
	{"a node answers for a slot of another", 19, func(c *Checker) { c.Answered(after(nt), 0, 9999, true, false, false) }},
	{"a master keeps keys of a lost slot", 20, func(c *Checker) { c.Contained(after(nt), 0, 9999, 1, false, false) }},
	{"a promoted replica inherits keys of an import", 0, func(c *Checker) {
		c.Contained(after(nt), 0, 9999, 1, false, true)
		c.Contained(after(nt), 0, 9999, 1, false, false)
	}},
	{"inherited keys that went home come back", 20, func(c *Checker) {
		c.Contained(after(nt), 0, 9999, 1, false, true)
		c.Contained(after(nt), 0, 9999, 0, false, false)
		c.Contained(after(nt), 0, 9999, 1, false, false)
	}},
	{"a slot rests open", 22, func(c *Checker) {
		c.AtRest(after(nt), resting(changed('a', func(v *cluster.View) { v.Importing = make([]cluster.OpenSlot, 1) })))
	}},
	{"a slot rests unowned", 22, func(c *Checker) {
		c.AtRest(after(nt), resting(changed('a', func(v *cluster.View) { v.Nodes[0].Slots.Remove(0) })))
	}},
	{"nodes follow each other", 23, func(c *Checker) {
		c.Step(after(nt), 3, table('d'))
		c.Step(after(nt), 0, changed('a', func(v *cluster.View) { v.Role, v.Primary = "replica", name('d') }))
	}},
	{"a replica rests under a replica", 23, func(c *Checker) {
		c.AtRest(after(nt), resting(changed('a', func(v *cluster.View) {
			v.Nodes = append(v.Nodes, cluster.NodeView{ID: name('e'), Flags: bus.Replica, Primary: name('d')})
		})))
	}},
	{"a process comes back as somebody else", 25, func(c *Checker) { restart(c, Kept, 'b', nil) }},
	{"a process comes back with other slots", 25, func(c *Checker) {
		restart(c, Unsynced, 'a', func(v *cluster.View) { v.Nodes[0].Slots.Remove(0); v.Nodes[0].NumSlots-- })
	}},
	{"a process comes back in another role", 25, func(c *Checker) {
		restart(c, Kept, 'a', func(v *cluster.View) { v.Role = "replica" })
	}},
	{"a process comes back as it was", 0, func(c *Checker) { restart(c, Kept, 'a', nil) }},
	{"a process with an empty disk comes back", 0, func(c *Checker) { restart(c, Blank, 'e', nil) }},
	{"views differ at rest", 26, func(c *Checker) {
		c.AtRest(after(nt), resting(table('a'), changed('b', func(v *cluster.View) { v.Nodes[3].Primary = name('b') })))
	}},
	{"a node rests in state fail", 26, func(c *Checker) {
		c.AtRest(after(nt), resting(changed('a', func(v *cluster.View) { v.OK = false })))
	}},
	{"a node rests without knowing another", 26, func(c *Checker) {
		c.AtRest(after(nt), resting(table('a'), changed('b', func(v *cluster.View) { v.Nodes = v.Nodes[:3] })))
	}},
	{"healthy nodes rest", 0, func(c *Checker) {
		c.AtRest(after(nt), resting(table('a'), table('b'), table('c'), table('d')))
		c.AtRest(after(2*nt), resting(table('a'), table('b'), table('c'), table('d')))
	}},
	{"gossip brings back who was forgotten", 28, func(c *Checker) {
		c.Event(after(nt), 0, event.NodeRemoved{Node: nodeRef('e'), Reason: "forgotten"}, table('a'))
		c.Event(after(59*time.Second), 0, event.NodeAdded{Node: nodeRef('e'), Reason: "gossip"}, table('a'))
	}},
	{"gossip brings back who was forgotten long ago", 0, func(c *Checker) {
		c.Event(after(nt), 0, event.NodeRemoved{Node: nodeRef('e'), Reason: "forgotten"}, table('a'))
		c.Event(after(63*time.Second), 0, event.NodeAdded{Node: nodeRef('e'), Reason: "gossip"}, table('a'))
	}},
	{"two nodes remember a stream differently", 29, func(c *Checker) {
		remember(c, 0, replication.History{ReplID: "one", Offset: 5}, 1, "abcde")
		remember(c, 1, replication.History{ReplID: "one", Offset: 5}, 3, "cdX")
	}},
	{"two nodes remember a stream alike", 0, func(c *Checker) {
		remember(c, 0, replication.History{ReplID: "one", Offset: 5}, 1, "abcde")
		remember(c, 1, replication.History{ReplID: "one", Offset: 7}, 3, "cdefg")
		remember(c, 2, replication.History{ReplID: "two", ReplID2: "one", SecondOffset: 6, Offset: 7}, 1, "abcdeXY")
	}},
	{"a new history claims too much of the old one", 29, func(c *Checker) {
		remember(c, 0, replication.History{ReplID: "one", Offset: 6}, 1, "abcdef")
		remember(c, 1, replication.History{ReplID: "two", ReplID2: "one", SecondOffset: 7, Offset: 6}, 1, "abcdeX")
	}},
	{"an offset goes back", 30, func(c *Checker) {
		remember(c, 0, replication.History{ReplID: "one", Offset: 5}, 1, "abcde")
		remember(c, 0, replication.History{ReplID: "one", Offset: 4}, 1, "abcd")
	}},
	{"a byte is acknowledged before it is executed", 31, func(c *Checker) {
		c.Acknowledged(after(nt), 0, 1, "one", 6, replication.History{ReplID: "one", Offset: 5})
	}},
	{"a new history shares a byte that is not there", 33, func(c *Checker) {
		remember(c, 0, replication.History{ReplID: "two", ReplID2: "one", SecondOffset: 7, Offset: 5}, 1, "abcde")
	}},
	{"a replica takes its history to another shard", 33, func(c *Checker) {
		c.Event(after(nt), 3, event.Demoted{Primary: nodeRef('b'), Reason: "migration"}, table('d'))
		remember(c, 3, replication.History{ReplID: "one", Offset: 5}, 1, "abcde")
	}},
	{"a replica goes to another shard without a history", 0, func(c *Checker) {
		c.Event(after(nt), 3, event.Demoted{Primary: nodeRef('b'), Reason: "migration"}, table('d'))
		remember(c, 3, replication.History{ReplID: "new"}, 1, "")
		remember(c, 3, replication.History{ReplID: "one", Offset: 5}, 1, "abcde")
	}},
	{"equal histories differ in the keys of a slot", 34, func(c *Checker) { c.Alike(after(nt), 0, 3, 7, 1, 2) }},
	{"equal histories have the same keys in a slot", 0, func(c *Checker) { c.Alike(after(nt), 0, 3, 7, 2, 2) }},
	{"equal histories rest with different data", 34, func(c *Checker) {
		nodes := resting(table('a'), table('d'))
		nodes[1].Digest = "other"
		c.AtRest(after(nt), nodes)
	}},
}

// elect lets a host win an epoch with the votes of voters.
func elect(c *Checker, host int, me byte, epoch uint64, voters string) {
	for _, v := range []byte(voters) {
		c.Received(after(nt), host, packet(v, bus.AuthAck, func(p *bus.Packet) { p.CurrentEpoch = epoch }))
	}
	c.Event(after(nt), host, event.Promoted{Epoch: epoch, Reason: "elected"}, table(me))
}

// take gives the first slot of node b to another node of a view.
func take(to, from int) func(*cluster.View) {
	return func(v *cluster.View) {
		v.Nodes[from].Slots.Remove(5461)
		v.Nodes[to].Slots.Add(5461)
		v.Nodes[from].NumSlots--
		v.Nodes[to].NumSlots++
	}
}

// opened marks a slot as being imported from b.
func opened(sl slot.Slot) func(*cluster.View) {
	return func(v *cluster.View) { v.Importing = append(v.Importing, cluster.OpenSlot{Slot: sl, Node: name('b')}) }
}

// told is an UPDATE of one node about another.
func told(by, about byte, epoch uint64) *bus.Packet {
	m := bus.Message{
		Header:  bus.Header{Type: bus.Update, Sender: id(by)},
		Subject: id(about), SubjectEpoch: epoch, SubjectSlots: new(bus.Slots),
	}
	p, err := bus.Decode(m.Append(nil))
	if err != nil {
		panic(err)
	}
	return &p
}

// suspect lets host 0 hear from one node that another is suspected.
func suspect(c *Checker, now time.Time, from, whom byte) {
	m := bus.Message{
		Header: bus.Header{Type: bus.Ping, Sender: id(from)},
		Gossip: []bus.Entry{{ID: id(whom), Flags: bus.Master | bus.PFail}},
	}
	p, err := bus.Decode(m.Append(nil))
	if err != nil {
		panic(err)
	}
	c.Received(now, 0, &p)
}

// restart ends host 0 and begins it again as me.
func restart(c *Checker, disk Disk, me byte, change func(*cluster.View)) {
	c.Died(0)
	c.Born(after(nt), 0, disk)
	v := table(me)
	if me == 'e' {
		v.Nodes = append(v.Nodes, cluster.NodeView{ID: name('e'), Flags: bus.Master})
	}
	if change != nil {
		change(v)
	}
	c.Step(after(nt), 0, v)
}

// remember shows the checker a host's history and the bytes it holds.
func remember(c *Checker, host int, h replication.History, first replication.Offset, bytes string) {
	c.History(after(nt), host, h, func(from replication.Offset) ([]byte, replication.Offset) {
		skip := min(max(from-first, 0), replication.Offset(len(bytes)))
		return []byte(bytes[skip:]), first + skip
	})
}

// resting is nodes with one history and the same data.
func resting(views ...*cluster.View) []Resting {
	nodes := make([]Resting, len(views))
	for i, v := range views {
		nodes[i] = Resting{View: v, History: replication.History{ReplID: "one", Offset: 9}, Digest: "same"}
	}
	return nodes
}

func TestEveryBrokenPromiseIsNoticedAndNoOther(t *testing.T) {
	for _, tt := range slices.Concat(crimes, streamCrimes, guardCrimes) {
		t.Run(tt.name, func(t *testing.T) {
			c := fresh()
			tt.do(c)
			for _, v := range c.All() {
				require.Equal(t, tt.number, v.Number, v.Error())
			}
			if tt.number != 0 {
				require.Error(t, c.Broken())
			}
		})
	}
}

func TestViolationsSayWhichWhenAndWhere(t *testing.T) {
	c := fresh()
	c.Answered(after(1500*time.Millisecond), 2, 7, true, false, false)
	require.EqualError(t, c.Broken(), "invariant 19 broken at host 2, 00:00:01.500: answered for slot 7, which it neither owns nor imports")
}
