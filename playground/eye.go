package playground

import (
	"slices"
	"time"

	"clusterplay/node/cluster"
	"clusterplay/node/server"
)

// viewer is a machine that describes itself.
type viewer interface {
	clusterer
	View(now time.Time) server.View
	Brief(now time.Time) server.View
	Outline(now time.Time) server.View
}

// eye is a look at a node that remembers the last one. What a node believes of fifty others is much to
// describe, and in a calm cluster nothing of it changes for hours. It is used under the node's lock.
type eye struct {
	sketch  cluster.Sketch // what follows was described by it
	flags   []string
	slots   [][2]int
	beliefs []Belief
	places  []int   // of the beliefs, in the order of the sketch's nodes
	ages    []int64 // those of the beliefs, if they were told since
	heard   []time.Time
}

// look describes a node. The ages of PONGs, which grow by themselves, are told anew when they are wanted.
func (e *eye) look(v viewer, now time.Time, look Look) Node {
	state := v.Cluster()
	if state == nil {
		return describe(v.View(now), now)
	}
	if !state.Fits(e.sketch) {
		n := describe(v.View(now), now)
		e.remember(state, &n)
		return n
	}
	n := describe(v.Outline(now), now)
	n.Flags, n.Slots, n.Beliefs = e.flags, e.slots, e.beliefs
	if look >= LookAged {
		e.ages = e.agesOf(state, now)
	}
	n.ages = e.ages
	if look == LookAll {
		n.ripen()
		e.beliefs, e.ages = n.Beliefs, nil
	}
	return n
}

// remember keeps what was described. Snapshots share it, so it is never changed.
func (e *eye) remember(state *cluster.State, n *Node) {
	e.sketch, e.flags, e.slots, e.beliefs, e.ages = state.Sketch(), n.Flags, n.Slots, n.Beliefs, nil
	e.places = e.places[:0]
	for id := range state.IDs() {
		text := id.String()
		e.places = append(e.places, slices.IndexFunc(n.Beliefs, func(b Belief) bool { return b.ID == text }))
	}
}

// agesOf are those of the beliefs, for now.
func (e *eye) agesOf(state *cluster.State, now time.Time) []int64 {
	e.heard = state.Heard(e.heard[:0])
	ages := make([]int64, len(e.beliefs))
	for i, place := range e.places {
		if place >= 0 {
			ages[place] = ageOf(e.heard[i], now)
		}
	}
	return ages
}

// ageOf is how long ago a PONG came, in milliseconds; -1 for never.
func ageOf(pong, now time.Time) int64 {
	if pong.IsZero() {
		return -1
	}
	return max(now.Sub(pong).Milliseconds(), 0)
}
