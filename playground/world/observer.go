package world

import (
	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// Observer watches a world: the invariants, a recorder, a test. It is called inside the loop and
// must not call the world's doors.
type Observer interface {
	// Event tells of an event a machine emitted.
	Event(w *World, host int, e event.Event)
	// Sent tells of bytes a machine puts on a link, Received of bytes that reach one.
	Sent(w *World, from, to int, kind machine.LinkKind, data []byte)
	Received(w *World, from, to int, kind machine.LinkKind, data []byte)
	// Step tells that a machine's input has been handled and its Todo performed.
	Step(w *World, host int)
	// Answered tells that a machine answered one of the world's clients; args is the command, or the
	// last one of several that were sent together.
	Answered(w *World, c *Caller, args []string, reply []byte)
	// Life tells that a process was born, died, froze or thawed, or that its clock jumped.
	Life(w *World, host int, what Life)
}

// Life is a change in a process' life.
type Life string

// The changes in a process' life.
const (
	Born    Life = "born"
	Died    Life = "died"
	Froze   Life = "froze"
	Thawed  Life = "thawed"
	Stepped Life = "clock stepped"
)

// Nothing is an Observer that watches nothing; embed it to watch only what matters.
type Nothing struct{}

// Event ignores an event.
func (Nothing) Event(*World, int, event.Event) {}

// Sent ignores bytes sent.
func (Nothing) Sent(*World, int, int, machine.LinkKind, []byte) {}

// Received ignores bytes received.
func (Nothing) Received(*World, int, int, machine.LinkKind, []byte) {}

// Step ignores a step.
func (Nothing) Step(*World, int) {}

// Answered ignores an answer.
func (Nothing) Answered(*World, *Caller, []string, []byte) {}

// Life ignores births and deaths.
func (Nothing) Life(*World, int, Life) {}
