package playground

import (
	"time"

	"clusterplay/node/slot"
	"clusterplay/playground/network"
	"clusterplay/playground/workload"
)

// Snapshot is the whole lab at a moment, ready to be written as JSON. Every event up to and with
// Seq has happened. Times are milliseconds since 1970, Now in the lab's time.
type Snapshot struct {
	Seq          uint64     `json:"seq"`
	Lab          string     `json:"lab"`
	Topology     string     `json:"topology"`           // one of Kinds
	Faithful     bool       `json:"faithful,omitempty"` // nodes have the known defects of 7.0.15
	Seed         uint64     `json:"seed"`
	Now          int64      `json:"now"`
	Wall         int64      `json:"wall"`
	Clock        ClockView  `json:"clock"`
	Links        string     `json:"links"` // "tcp" or "memory"
	State        string     `json:"state"` // "ok", "fail", or "mixed" when nodes disagree; see standing for labs without a cluster
	SlotsCovered int        `json:"slotsCovered"`
	Epoch        uint64     `json:"epoch"`
	Nodes        []Node     `json:"nodes"`
	Rules        []RuleView `json:"rules"`
	Held         []HeldView `json:"held"`
	Moves        []MoveView `json:"moves"`
	Load         LoadView   `json:"load"`
	Story        []Line     `json:"story"`
	Recorded     string     `json:"recorded,omitempty"` // why nothing is recorded, when that is wanted
	Unrecorded   uint64     `json:"unrecorded,omitempty"`

	Sentinels []SentinelView `json:"sentinels,omitempty"`
}

// ClockView is the state of the lab's clock. Next is nil when nothing is due, and while the clock runs: there it would be
// another one twenty times a second.
type ClockView struct {
	Speed  float64 `json:"speed"`
	Paused bool    `json:"paused"`
	Next   *Due    `json:"next"`
}

// Due is the next thing that a step would let happen.
type Due struct {
	What string `json:"what"`
	Who  string `json:"who"`
	At   int64  `json:"at"`
}

// Node is one node as it sees itself, and what the lab knows about it. Of a node that is not
// running it shows the last that was seen.
type Node struct {
	ID           string    `json:"id"`
	Port         int       `json:"port"`
	Bus          int       `json:"bus"`
	Name         string    `json:"name"`
	Role         string    `json:"role"`   // "master" or "replica"
	Master       string    `json:"master"` // the name of its master
	Behind       string    `json:"behind"` // the node behind which it was put: the master that its redis.conf named at first
	Shard        string    `json:"shard"`
	State        string    `json:"state"` // "up", "killed", "frozen", "crashed", "stopped" or "starting"
	Why          string    `json:"why"`
	Flags        []string  `json:"flags"`
	Epoch        uint64    `json:"epoch"`
	CurrentEpoch uint64    `json:"currentEpoch"`
	Offset       int64     `json:"offset"`
	Lag          int64     `json:"lag"` // bytes behind its master
	ReplID       string    `json:"replid"`
	ReplID2      string    `json:"replid2"`
	LinkUp       bool      `json:"linkUp"` // to its master
	Slots        [][2]int  `json:"slots"`
	Keys         int       `json:"keys"`
	Ops          int64     `json:"ops"`
	Memory       int       `json:"memory"`
	Clients      int       `json:"clients"`
	ClusterState string    `json:"clusterState"` // "ok" or "fail", in its eyes
	Beliefs      []Belief  `json:"beliefs"`
	Migrating    []Leaving `json:"migrating"`
	Importing    []Coming  `json:"importing"`
	Election     *Election `json:"election"`
	Disk         string    `json:"disk,omitempty"`   // what its disk does instead of obeying: full, readonly, error
	Busy         string    `json:"busy,omitempty"`   // what ends the script for which it answers BUSY: SCRIPT KILL, FUNCTION KILL
	Stream       *Stream   `json:"stream,omitempty"` // in a lab without a cluster

	masterID string
	ages     []int64 // those of Beliefs, which are older; nil: they are not. Who looks with LookAll finds nil
}

// Belief is what one node thinks of another.
type Belief struct {
	Node    string   `json:"node"`
	ID      string   `json:"id"`
	Flags   []string `json:"flags"`
	Epoch   uint64   `json:"epoch"`
	Link    bool     `json:"link"`
	Slots   string   `json:"slots"`
	Master  string   `json:"master"`  // whose replica it holds it for; empty for a master
	PongAge int64    `json:"pongAge"` // milliseconds since it last heard of it; -1 for never
}

func (b Belief) has(flag string) bool {
	for _, f := range b.Flags {
		if f == flag {
			return true
		}
	}
	return false
}

// Leaving is a slot on its way out.
type Leaving struct {
	Slot int    `json:"slot"`
	To   string `json:"to"`
}

// Coming is a slot on its way in.
type Coming struct {
	Slot int    `json:"slot"`
	From string `json:"from"`
}

// Election is a replica's attempt to replace its master.
type Election struct {
	Epoch  uint64 `json:"epoch"`
	Votes  int    `json:"votes"`
	Needed int    `json:"needed"`
	Due    int64  `json:"due"`
}

// RuleView is what happens to the frames from one node to another.
type RuleView struct {
	From      string `json:"from"`
	To        string `json:"to"`
	Cut       bool   `json:"cut"`
	DelayMs   int64  `json:"delayMs"`
	JitterMs  int64  `json:"jitterMs"`
	Bandwidth int    `json:"bandwidth"`
	HoldNext  int    `json:"holdNext"`
	DropNext  int    `json:"dropNext,omitempty"`
	Type      string `json:"type,omitempty"` // what is held or dropped
}

// HeldView is a frame that may not pass yet.
type HeldView struct {
	ID     uint64 `json:"id"`
	From   string `json:"from"`
	To     string `json:"to"`
	Type   string `json:"type"`
	Bytes  int    `json:"bytes"`
	Age    int64  `json:"age"` // milliseconds of the lab's time
	Reason string `json:"reason"`
}

// LoadView is the load's rate and ledger.
type LoadView struct {
	Rate    int    `json:"rate"`
	Running bool   `json:"running"`
	Target  string `json:"target,omitempty"` // outside a cluster: the node whose address the clients use
	workload.Counts
}

// heldShown bounds the list of held frames in a snapshot; a paused thousand-node lab holds one
// per link, which nobody reads.
const heldShown = 500

// Snapshot describes the whole lab.
func (l *Lab) Snapshot() Snapshot { return l.See(LookAll) }

// See is a Snapshot that looks at the nodes, which costs most, as closely as it is told. What it tells of a LookAged
// is for a Picture.
func (l *Lab) See(look Look) Snapshot {
	s := l.glance()
	if look == LookAway {
		return s
	}
	s.Nodes, s.Sentinels = l.nodes(look), l.Sentinels()
	if l.Topology().clustered() {
		s.State, s.SlotsCovered, s.Epoch = summary(s.Nodes)
		return s
	}
	s.State = standing(s.Nodes)
	for i := range s.Sentinels {
		s.Epoch = max(s.Epoch, s.Sentinels[i].Epoch)
	}
	return s
}

// News is the number of the last event.
func (l *Lab) News() uint64 { return l.journal.last() }

// glance is a Snapshot that does not look at the nodes.
func (l *Lab) glance() Snapshot {
	story, seq := l.journal.lines()
	now := l.clock.Now()
	s := Snapshot{
		Seq: seq, Lab: l.Topology().Name, Topology: l.Topology().Mode, Faithful: bool(l.Topology().Faithful), Seed: l.Topology().Seed,
		Now: now.UnixMilli(), Wall: time.Now().UnixMilli(), Clock: l.clockView(), Links: l.links(),
		Rules: ruleViews(l.net.Rules()), Held: heldViews(l.net.Held(), now),
		Moves: l.moves.views(), Load: l.loadView(), Story: story,
	}
	if l.history != nil {
		s.Unrecorded = l.history.Dropped()
		if err := l.history.Err(); err != nil {
			s.Recorded = err.Error()
		}
	}
	return s
}

func (l *Lab) links() string {
	if l.net.Memory() {
		return MemoryLinks
	}
	return TCPLinks
}

// clockView describes the clock and, while the lab is paused, what a step would do.
func (l *Lab) clockView() ClockView {
	v := ClockView{Speed: l.clock.Speed(), Paused: l.clock.Paused()}
	if !v.Paused {
		return v
	}
	if what, who, at, ok := l.next(); ok {
		v.Next = &Due{What: what, Who: who, At: at.UnixMilli()}
	}
	return v
}

func (l *Lab) loadView() LoadView {
	return LoadView{Rate: l.load.Rate(), Running: l.load.Rate() > 0, Target: l.target(), Counts: l.load.Counts()}
}

func ruleViews(rules []network.Rule) []RuleView {
	views := make([]RuleView, 0, len(rules))
	for _, r := range rules {
		v := RuleView{
			From: r.From, To: r.To, Cut: r.Cut, DelayMs: r.Delay.Milliseconds(), JitterMs: r.Jitter.Milliseconds(),
			Bandwidth: r.Bandwidth, HoldNext: r.HoldNext, DropNext: r.DropNext, Type: r.HoldType,
		}
		if v.Type == "" {
			v.Type = r.DropType
		}
		views = append(views, v)
	}
	return views
}

func heldViews(held []network.Waiting, now time.Time) []HeldView {
	views := make([]HeldView, 0, len(held))
	for _, w := range held[:min(len(held), heldShown)] {
		views = append(views, HeldView{
			ID: w.ID, From: w.From, To: w.To, Type: network.TypeName(w.Type), Bytes: w.Bytes,
			Age: now.Sub(w.Sent).Milliseconds(), Reason: w.Reason,
		})
	}
	return views
}

// summary is what all nodes together say about the cluster.
func summary(nodes []Node) (state string, covered int, epoch uint64) {
	ok, running := 0, 0
	var owned slot.Set
	for _, n := range nodes {
		epoch = max(epoch, n.CurrentEpoch)
		if n.State != "up" {
			continue
		}
		running++
		if n.ClusterState == "ok" {
			ok++
		}
		for _, r := range n.Slots {
			owned.AddRange(slot.Range{First: slot.Slot(r[0]), Last: slot.Slot(r[1])})
		}
	}
	covered = owned.Len()
	switch {
	case ok == 0:
		state = "fail"
	case ok == running:
		state = "ok"
	default:
		state = "mixed"
	}
	return state, covered, epoch
}
