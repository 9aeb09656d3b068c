package playground

import (
	"fmt"
	"time"
)

// Input is what an operator did: the action as a command line.
type Input struct {
	Verb    string `json:"verb"`
	Command string `json:"command"`
}

// Name is "input".
func (Input) Name() string { return "input" }

// Describe is the command line.
func (e Input) Describe() string { return e.Command }

// Refused tells that an action failed, and why.
type Refused struct {
	Verb   string `json:"verb"`
	Reason string `json:"reason"`
}

// Name is "refused".
func (Refused) Name() string { return "refused" }

// Describe says what was refused and why.
func (e Refused) Describe() string { return fmt.Sprintf("%s refused: %s", e.Verb, e.Reason) }

// NodeState tells what has become of a node: up, killed, frozen, crashed, stopped.
type NodeState struct {
	State string `json:"state"`
	Why   string `json:"why,omitempty"`
	Stack string `json:"stack,omitempty"`
}

// Name is the state with a plus: "+killed".
func (e NodeState) Name() string { return "+" + e.State }

// Describe is the state and the reason.
func (e NodeState) Describe() string {
	if e.Why == "" || e.Why == e.State {
		return e.Name()
	}
	return fmt.Sprintf("%s: %s", e.Name(), e.Why)
}

// Formed tells that the lab's cluster is ready.
type Formed struct {
	Nodes int           `json:"nodes"`
	Took  time.Duration `json:"took"`
	// Untold is how many events of the forming of a large cluster were not kept.
	Untold int64 `json:"untold,omitempty"`
}

// Name is "+formed".
func (Formed) Name() string { return "+formed" }

// Describe says how many nodes and how long it took.
func (e Formed) Describe() string {
	text := fmt.Sprintf("+formed %d nodes in %v", e.Nodes, e.Took.Round(time.Millisecond))
	if e.Untold > 0 {
		text += fmt.Sprintf("; %d events of that were not kept", e.Untold)
	}
	return text
}

// Mark is a moment that somebody wants to find again.
type Mark struct {
	Text string `json:"text"`
}

// Name is "mark".
func (Mark) Name() string { return "mark" }

// Describe is the text.
func (e Mark) Describe() string { return "mark: " + e.Text }

// SlotMoved tells that the lab has moved slots with their keys: one, or several together.
type SlotMoved struct {
	Slots string `json:"slots"` // "42-57 99"
	From  string `json:"from"`
	To    string `json:"to"`
	Keys  int    `json:"keys"`
	Done  int    `json:"done"` // of the whole move, with these
	Of    int    `json:"of"`
}

// Name is "+slot-moved".
func (SlotMoved) Name() string { return "+slot-moved" }

// Describe says which slots went where.
func (e SlotMoved) Describe() string {
	return fmt.Sprintf("+slot-moved %s from %s to %s with %d keys (%d of %d)", e.Slots, e.From, e.To, e.Keys, e.Done, e.Of)
}

// MoveEnded tells that a move of slots is over: done, aborted or failed.
type MoveEnded struct {
	ID    int    `json:"id"`
	State string `json:"state"`
	Done  int    `json:"done"`
	Of    int    `json:"of"`
	Why   string `json:"why,omitempty"`
}

// Name is "+move-ended".
func (MoveEnded) Name() string { return "+move-ended" }

// Describe says how it ended.
func (e MoveEnded) Describe() string {
	text := fmt.Sprintf("+move-ended %s: %d of %d slots", e.State, e.Done, e.Of)
	if e.Why != "" {
		text += ": " + e.Why
	}
	return text
}

// Stalled tells that the whole process was stopped for a while, which the lab's clock left out.
type Stalled struct {
	Missed time.Duration `json:"missed"`
}

// Name is "+host-stalled".
func (Stalled) Name() string { return "+host-stalled" }

// Describe says how long.
func (e Stalled) Describe() string {
	return fmt.Sprintf("+host-stalled: this computer was asleep or too busy for %v; the lab's clock left that out", e.Missed.Round(time.Millisecond))
}
