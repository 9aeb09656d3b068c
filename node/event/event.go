// Package event names everything that happens inside a node that a learner would point at.
//
// Each event is one small struct. Names follow Sentinel's voice (+pfail, -pfail, +vote, +promoted);
// a refusal is an event too and carries a Reason.
package event

// Event is something that happened in one node: past tense, already true.
type Event interface {
	// Name is the event's short name, such as "+pfail". It never changes once published.
	Name() string
	// Describe is the event's one canonical line. Logs, tests, lessons and screens print this line.
	Describe() string
}

// Reason is a code that says why a node refused or chose something, such as "already-voted".
// It is lower-case words joined by hyphens and is part of the public vocabulary.
type Reason string
