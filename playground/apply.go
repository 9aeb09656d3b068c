package playground

import (
	"encoding/json"
	"fmt"
	"slices"
)

// apply brings a snapshot up to a change. Events are not part of it: a story is read as a whole.
func (s *Snapshot) apply(c *Change) error {
	s.Seq, s.Now, s.Wall = c.Seq, c.Now, c.Wall
	s.State, s.SlotsCovered, s.Epoch, s.Topology = c.State, c.SlotsCovered, c.Epoch, c.Topology
	for _, part := range []struct {
		text json.RawMessage
		into any
	}{
		{c.Clock, fresh(&s.Clock)}, {c.Rules, fresh(&s.Rules)}, {c.Held, fresh(&s.Held)},
		{c.Moves, fresh(&s.Moves)}, {c.Load, fresh(&s.Load)},
	} {
		if part.text == nil {
			continue
		}
		if err := json.Unmarshal(part.text, part.into); err != nil {
			return fmt.Errorf("apply change: %w", err)
		}
	}
	for _, text := range c.Nodes {
		var n Node
		if err := json.Unmarshal(text, &n); err != nil {
			return fmt.Errorf("apply change: %w", err)
		}
		s.put(n)
	}
	for i := range s.Nodes {
		n := &s.Nodes[i]
		n.age(c.Ages[n.Name])
		if counts, told := c.Counts[n.Name]; told {
			n.count(counts)
		}
	}
	for _, text := range c.Sentinels {
		var v SentinelView
		if err := json.Unmarshal(text, &v); err != nil {
			return fmt.Errorf("apply change: %w", err)
		}
		s.putSentinel(v)
	}
	s.Sentinels = slices.DeleteFunc(s.Sentinels, func(v SentinelView) bool { return slices.Contains(c.SentinelsOff, v.Name) })
	s.Nodes = slices.DeleteFunc(s.Nodes, func(n Node) bool { return slices.Contains(c.Gone, n.Name) })
	return nil
}

// fresh is where a part is read into; what it was before does not shine through.
func fresh[T any](part *T) *refill[T] { return &refill[T]{part} }

// refill is a part that is emptied before it is read.
type refill[T any] struct{ part *T }

// UnmarshalJSON reads the part anew.
func (r *refill[T]) UnmarshalJSON(text []byte) error {
	var zero T
	*r.part = zero
	return json.Unmarshal(text, r.part)
}

// put sets a node in its place: they are in the order of their ports.
func (s *Snapshot) put(n Node) {
	i, found := slices.BinarySearchFunc(s.Nodes, n.Port, func(o Node, port int) int { return o.Port - port })
	if found {
		s.Nodes[i] = n
		return
	}
	s.Nodes = slices.Insert(s.Nodes, i, n)
}

// count sets a node's counts.
func (n *Node) count(c Counts) {
	n.Offset, n.Lag, n.Keys, n.Ops, n.Memory, n.Clients = c[0], c[1], int(c[2]), c[3], int(c[4]), int(c[5])
}

// age sets the ages of the PONGs that a node has heard, in the order of its beliefs.
func (n *Node) age(ages []int64) {
	for i := range min(len(ages), len(n.Beliefs)) {
		n.Beliefs[i].PongAge = ages[i]
	}
}

// putSentinel does the same for a Sentinel.
func (s *Snapshot) putSentinel(v SentinelView) {
	i, found := slices.BinarySearchFunc(s.Sentinels, v.Port, func(o SentinelView, port int) int { return o.Port - port })
	if found {
		s.Sentinels[i] = v
		return
	}
	s.Sentinels = slices.Insert(s.Sentinels, i, v)
}
