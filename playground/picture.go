package playground

import (
	"bytes"
	"encoding/json"
	"maps"
	"reflect"
	"slices"
)

// Change is what changed since the change before; what is missing did not change. It is what a
// browser is sent and what a record of the lab is made of.
type Change struct {
	Type         string             `json:"type"`
	Seq          uint64             `json:"seq"`
	Now          int64              `json:"now"`
	Wall         int64              `json:"wall"`
	Clock        json.RawMessage    `json:"clock,omitempty"`
	Nodes        []json.RawMessage  `json:"nodes,omitempty"`
	Ages         map[string][]int64 `json:"ages,omitempty"`   // the pongAge of each belief, in their order, of nodes that are not told whole
	Counts       map[string]Counts  `json:"counts,omitempty"` // of nodes of which nothing else but ages has changed
	Gone         []string           `json:"gone,omitempty"`
	Sentinels    []json.RawMessage  `json:"sentinels,omitempty"`     // those that differ
	SentinelsOff []string           `json:"sentinelsGone,omitempty"` // by name
	Events       []Line             `json:"events,omitempty"`
	Rules        json.RawMessage    `json:"rules,omitempty"`
	Held         json.RawMessage    `json:"held,omitempty"`
	Moves        json.RawMessage    `json:"moves,omitempty"`
	Load         json.RawMessage    `json:"load,omitempty"`
	State        string             `json:"state"`
	SlotsCovered int                `json:"slotsCovered"`
	Epoch        uint64             `json:"epoch"`
	Rate         float64            `json:"rate"`
	Topology     string             `json:"topology"`
	Faithful     bool               `json:"faithful"`
}

// Counts are the numbers of a node that change while nothing happens: its offset, lag, keys, operations a second,
// memory and clients.
type Counts [6]int64

// Look is how closely a Picture looks at the nodes, which is what costs.
type Look int

// The looks, from the cheapest on.
const (
	LookAway    Look = iota // not at the nodes at all
	LookChanged             // at nodes of which more has changed than the age of their PONGs
	LookAged                // at everything, for who has seen it: the ages are told beside beliefs that have not changed
	LookAll                 // at everything
)

// Picture remembers what somebody has been shown of a lab, in the form it was shown. The zero
// Picture has shown nothing.
type Picture struct {
	parts map[string][]byte // clock, rules, held, moves, load
	clock ClockView         // as it was told, and the load
	load  LoadView
	nodes map[string]*Node // by name
	watch map[string]*SentinelView
	story uint64 // the latest event shown
	state string // what the nodes together said when they were last looked at, and these two
	slots int
	epoch uint64
	wall  int64
	per   float64
}

// Advance brings the picture up to a snapshot and says what that changed, under a number.
func (p *Picture) Advance(s *Snapshot, seq uint64, look Look) *Change {
	if p.parts == nil {
		p.parts, p.nodes = map[string][]byte{}, map[string]*Node{}
		p.watch = map[string]*SentinelView{}
	}
	if look != LookAway {
		p.state, p.slots, p.epoch = s.State, s.SlotsCovered, s.Epoch
	}
	b := &Change{Type: "batch", Seq: seq, Now: s.Now, Wall: s.Wall, State: p.state, SlotsCovered: p.slots, Epoch: p.epoch, Topology: s.Topology, Faithful: s.Faithful}
	if begun := p.parts["clock"] != nil; !begun || s.Clock != p.clock || s.Load != p.load {
		p.clock, p.load = s.Clock, s.Load
		b.Clock, b.Load = p.part("clock", s.Clock), p.part("load", s.Load)
	}
	b.Rules = partOf(p, "rules", s.Rules)
	b.Held = partOf(p, "held", s.Held)
	b.Moves = partOf(p, "moves", s.Moves)
	for _, item := range s.Story {
		if item.Seq > p.story {
			b.Events = append(b.Events, item)
		}
	}
	if len(b.Events) > 0 {
		p.story = b.Events[len(b.Events)-1].Seq
	}
	if look != LookAway {
		p.compareNodes(s, b, look >= LookAged)
		p.compareSentinels(s, b, look >= LookAged)
	}
	return b
}

// begin has a picture that has shown nothing show a snapshot that was told whole.
func (p *Picture) begin(s *Snapshot) {
	p.Advance(s, s.Seq, LookAway)
	p.state, p.slots, p.epoch = s.State, s.SlotsCovered, s.Epoch
	for i := range s.Nodes {
		p.nodes[s.Nodes[i].Name] = &s.Nodes[i]
	}
	for i := range s.Sentinels {
		p.watch[s.Sentinels[i].Name] = &s.Sentinels[i]
	}
}

// Nodes is how many nodes the picture shows.
func (p *Picture) Nodes() int { return len(p.nodes) }

// part is a part's new form if it differs from what was shown.
func (p *Picture) part(name string, value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil || bytes.Equal(data, p.parts[name]) {
		return nil
	}
	p.parts[name] = data
	return data
}

// partOf is part for a list, of which it costs nothing to see that it is still empty. A lab that nobody touches is told
// about twenty times a second.
func partOf[T any](p *Picture, name string, list []T) json.RawMessage {
	if list != nil && len(list) == 0 && string(p.parts[name]) == "[]" {
		return nil
	}
	return p.part(name, list)
}

// compareNodes adds the nodes that differ from what was shown. The ages of PONGs grow by
// themselves, and counts change while nothing happens, so of a node of which nothing else has changed these
// are told alone, and ages only if all is wanted: what it believes of fifty others is a long text.
func (p *Picture) compareNodes(s *Snapshot, b *Change, all bool) {
	present := map[string]bool{}
	for i := range s.Nodes {
		n := &s.Nodes[i]
		present[n.Name] = true
		if old, shown := p.nodes[n.Name]; shown && n.same(old) {
			p.advanceNode(n, old, b, all)
			continue
		}
		n.ripen()
		p.nodes[n.Name] = n
		if data, err := json.Marshal(n); err == nil {
			b.Nodes = append(b.Nodes, data)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.nodes)) {
		if !present[name] {
			delete(p.nodes, name)
			b.Gone = append(b.Gone, name)
		}
	}
}

// advanceNode tells the counts of a node, and the ages if all is wanted.
func (p *Picture) advanceNode(n, old *Node, b *Change, all bool) {
	counted := b.tellCounts(n, old)
	switch {
	case all:
		b.tellAges(n, old)
		p.nodes[n.Name] = n
	case counted:
		shown := *n
		shown.Beliefs, shown.ages = old.Beliefs, old.ages
		p.nodes[n.Name] = &shown
	}
}

// tellCounts adds a node's counts if they have changed.
func (b *Change) tellCounts(n, old *Node) (told bool) {
	if n.counts() == old.counts() {
		return false
	}
	if b.Counts == nil {
		b.Counts = map[string]Counts{}
	}
	b.Counts[n.Name] = n.counts()
	return true
}

// tellAges adds the ages of a node's PONGs, of which nothing else has changed.
func (b *Change) tellAges(n, old *Node) {
	ages := n.pongAges()
	if slices.Equal(ages, old.pongAges()) {
		return
	}
	if b.Ages == nil {
		b.Ages = map[string][]int64{}
	}
	b.Ages[n.Name] = ages
}

// pongAges are the ages of the PONGs of all beliefs, in their order. Nobody changes them.
func (n *Node) pongAges() []int64 {
	if n.ages != nil {
		return n.ages
	}
	ages := make([]int64, len(n.Beliefs))
	for i := range n.Beliefs {
		ages[i] = n.Beliefs[i].PongAge
	}
	return ages
}

// ripen has the beliefs tell the ages that were told beside them.
func (n *Node) ripen() {
	if n.ages == nil {
		return
	}
	n.Beliefs = slices.Clone(n.Beliefs)
	for i := range n.Beliefs {
		n.Beliefs[i].PongAge = n.ages[i]
	}
	n.ages = nil
}

// compareSentinels does the same for Sentinels, whose timers run by themselves.
func (p *Picture) compareSentinels(s *Snapshot, b *Change, all bool) {
	present := map[string]bool{}
	for i := range s.Sentinels {
		v := &s.Sentinels[i]
		present[v.Name] = true
		if old, shown := p.watch[v.Name]; shown && !all && v.like(old) {
			continue
		}
		p.watch[v.Name] = v
		if data, err := json.Marshal(v); err == nil {
			b.Sentinels = append(b.Sentinels, data)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(p.watch)) {
		if !present[name] {
			delete(p.watch, name)
			b.SentinelsOff = append(b.SentinelsOff, name)
		}
	}
}

func (n *Node) counts() Counts {
	return Counts{n.Offset, n.Lag, int64(n.Keys), n.Ops, int64(n.Memory), int64(n.Clients)}
}

// same tells whether two looks at a node show the same but for counts and the ages of PONGs.
func (n *Node) same(o *Node) bool {
	return n.Epoch == o.Epoch && n.CurrentEpoch == o.CurrentEpoch && n.LinkUp == o.LinkUp &&
		n.Port == o.Port && n.Bus == o.Bus && n.ID == o.ID && n.Name == o.Name && n.Role == o.Role &&
		n.Disk == o.Disk && n.Busy == o.Busy && n.Master == o.Master && n.Behind == o.Behind && n.Shard == o.Shard && n.State == o.State && n.Why == o.Why &&
		n.ReplID == o.ReplID && n.ReplID2 == o.ReplID2 && n.ClusterState == o.ClusterState && n.masterID == o.masterID &&
		slices.Equal(n.Flags, o.Flags) && slices.Equal(n.Slots, o.Slots) &&
		slices.Equal(n.Migrating, o.Migrating) && slices.Equal(n.Importing, o.Importing) &&
		sameElection(n.Election, o.Election) && reflect.DeepEqual(n.Stream, o.Stream) && sameBeliefs(n.Beliefs, o.Beliefs)
}

// sameBeliefs tells whether beliefs are the same but for the ages of PONGs. Looks at a node of which nothing
// has changed share them.
func sameBeliefs(a, b []Belief) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || slices.EqualFunc(a, b, Belief.like))
}

// like tells whether two beliefs are the same but for the age of the PONG.
func (b Belief) like(o Belief) bool {
	return b.Node == o.Node && b.ID == o.ID && b.Epoch == o.Epoch && b.Link == o.Link && b.Slots == o.Slots && b.Master == o.Master &&
		slices.Equal(b.Flags, o.Flags)
}

func sameElection(a, b *Election) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// Rate is the frames per second, smoothed over about a second.
func (p *Picture) Rate(wall int64, frames int) float64 {
	if elapsed := wall - p.wall; p.wall != 0 && elapsed > 0 {
		now := float64(frames) * 1000 / float64(elapsed)
		p.per += (now - p.per) * min(float64(elapsed)/1000, 1)
	}
	p.wall = wall
	return float64(int64(p.per*10)) / 10
}
