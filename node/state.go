package node

import "time"

// State is what has become of a node.
type State uint8

// The states of a node.
//
//	Stopped --Start--> Starting --> Up <--Freeze/Thaw--> Frozen
//	   ^                            |                       |
//	   +---- Stop, SHUTDOWN --------+---- Kill --> Killed <-+
//	                                +---- panic --> Crashed
//
// Start begins a new life from Stopped, Killed and Crashed.
const (
	Stopped  State = iota // not running; ended in good order, or never started
	Starting              // ports are open, the machine is being made
	Up                    // running
	Frozen                // as after SIGSTOP: sockets open and filling, nothing answers
	Killed                // as after SIGKILL
	Crashed               // ended by a panic, or by the machine itself with an exit code
)

var stateNames = [...]string{"stopped", "starting", "up", "frozen", "killed", "crashed"}

// String is the state's name in lower case.
func (s State) String() string { return stateNames[s] }

// alive reports whether a machine exists in this state.
func (s State) alive() bool { return s == Up || s == Frozen }

// Status is a node's state and the reason for it.
type Status struct {
	Node  string
	State State
	Why   string    // what ended it: the panic's value, the machine's reason, "killed"
	Code  int       // the exit status that a process of its own would have had, when the machine ended itself
	Stack string    // of the panic, when there was one
	Since time.Time // by the node's clock
}

// Crash is a panic that ended a node.
type Crash struct {
	Node  string
	Value any
	Stack string
}
