package playground

import "time"

const (
	// lookShare bounds what looking at the nodes may cost: a look is followed by a rest so many times as long.
	lookShare = 20
	// mostRest bounds the rest. A look takes seconds while a large lab forms, or when the computer stands
	// still in the middle of it: that says nothing of what the next will cost.
	mostRest = 5 * time.Second
)

// Rest is how long the nodes are left alone after a look at all of them that took so long.
func Rest(took time.Duration) time.Duration { return min(lookShare*took, mostRest) }
