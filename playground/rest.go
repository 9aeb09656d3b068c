package playground

import "time"

const (
	// lookShare bounds what looking at the nodes may cost: a look is followed by a rest so many times as long.
	lookShare = 20
	// mostRest bounds the rest. A look takes seconds while a large lab forms, or when the computer stands
	// still in the middle of it: that says nothing of what the next will cost. Where every look takes seconds,
	// as among a thousand nodes with much else to do, it is still long enough to leave the nodes most of the time.
	mostRest = 20 * time.Second
)

// Rest is how long the nodes are left alone after a look at all of them that took so long.
func Rest(took time.Duration) time.Duration { return min(lookShare*took, mostRest) }
