package event

import (
	"fmt"
	"time"
)

// ScriptBusy says that a script has run for longer than busy-reply-threshold: the node serves its bus and
// answers clients BUSY until the script ends or is killed.
type ScriptBusy struct {
	Script string // its name in Redis' log
	Kill   string // the command that ends it
}

// Name is "+script-busy".
func (ScriptBusy) Name() string { return "+script-busy" }

// Describe is the event's line.
func (e ScriptBusy) Describe() string {
	return "a script runs for long, " + e.Kill + " ends it: " + e.Script
}

// ScriptOver says that a script for which the node was busy has ended, or that one was ended for its length.
type ScriptOver struct {
	Killed bool
	Limit  time.Duration // it was ended for having computed for so long; 0: it was not
}

// Name is "-script-busy".
func (ScriptOver) Name() string { return "-script-busy" }

// Describe is the event's line.
func (e ScriptOver) Describe() string {
	switch {
	case e.Limit > 0:
		return fmt.Sprintf("the script has computed for %v and was ended", e.Limit)
	case e.Killed:
		return "the script was killed"
	}
	return "the script has ended"
}
