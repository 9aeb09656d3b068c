package hub

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"

	"clusterplay/playground"
)

// batch is what changed since the batch before; what is missing did not change.
type batch struct {
	Type         string            `json:"type"`
	Seq          uint64            `json:"seq"`
	Now          int64             `json:"now"`
	Wall         int64             `json:"wall"`
	Clock        json.RawMessage   `json:"clock,omitempty"`
	Nodes        []json.RawMessage `json:"nodes,omitempty"`
	Gone         []string          `json:"gone,omitempty"`
	Events       []playground.Line `json:"events,omitempty"`
	Rules        json.RawMessage   `json:"rules,omitempty"`
	Held         json.RawMessage   `json:"held,omitempty"`
	Moves        json.RawMessage   `json:"moves,omitempty"`
	Load         json.RawMessage   `json:"load,omitempty"`
	State        string            `json:"state"`
	SlotsCovered int               `json:"slotsCovered"`
	Epoch        uint64            `json:"epoch"`
	Rate         float64           `json:"rate"`
}

// picture remembers what the viewers have been shown, in the form they were shown it.
type picture struct {
	parts map[string][]byte // clock, rules, held, moves, load
	nodes map[string][]byte // by name, without the ages of their PONGs
	story uint64            // the latest event shown
	looks int
	wall  int64
	per   float64
}

// advance brings the picture up to a snapshot and says what that changed.
func (p *picture) advance(s *playground.Snapshot, seq uint64) *batch {
	if p.parts == nil {
		p.parts, p.nodes = map[string][]byte{}, map[string][]byte{}
	}
	b := &batch{Type: "batch", Seq: seq, Now: s.Now, Wall: s.Wall, State: s.State, SlotsCovered: s.SlotsCovered, Epoch: s.Epoch}
	b.Clock = p.part("clock", s.Clock)
	b.Rules = p.part("rules", s.Rules)
	b.Held = p.part("held", s.Held)
	b.Moves = p.part("moves", s.Moves)
	b.Load = p.part("load", s.Load)
	for _, item := range s.Story {
		if item.Seq > p.story {
			b.Events = append(b.Events, item)
		}
	}
	if len(b.Events) > 0 {
		p.story = b.Events[len(b.Events)-1].Seq
	}
	p.looks++
	if stride := 1 + len(s.Nodes)/nodesPerLook; p.looks%stride == 0 {
		p.compareNodes(s, b, p.looks/stride%agesEvery == 0)
	}
	return b
}

// part is a part's new form if it differs from what was shown.
func (p *picture) part(name string, value any) json.RawMessage {
	data, err := json.Marshal(value)
	if err != nil || bytes.Equal(data, p.parts[name]) {
		return nil
	}
	p.parts[name] = data
	return data
}

// compareNodes adds the nodes that differ from what was shown. The ages of PONGs grow by
// themselves, so a node of which nothing else has changed is told only when all are.
func (p *picture) compareNodes(s *playground.Snapshot, b *batch, all bool) {
	present := map[string]bool{}
	for i := range s.Nodes {
		n := &s.Nodes[i]
		present[n.Name] = true
		ageless, err := json.Marshal(withoutAges(*n))
		if err != nil || !all && bytes.Equal(ageless, p.nodes[n.Name]) {
			continue
		}
		p.nodes[n.Name] = ageless
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

// withoutAges is a node with all PONGs equally old.
func withoutAges(n playground.Node) playground.Node {
	n.Beliefs = slices.Clone(n.Beliefs)
	for i := range n.Beliefs {
		n.Beliefs[i].PongAge = 0
	}
	return n
}

// rate is the frames per second, smoothed over about a second.
func (p *picture) rate(wall int64, frames int) float64 {
	if elapsed := wall - p.wall; p.wall != 0 && elapsed > 0 {
		now := float64(frames) * 1000 / float64(elapsed)
		p.per += (now - p.per) * min(float64(elapsed)/1000, 1)
	}
	p.wall = wall
	return float64(int64(p.per*10)) / 10
}
