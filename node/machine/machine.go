// Package machine says what a machine is: the doors through which the world reaches a
// deterministic server, and the list of things the server asks of the world in return.
//
// A machine owns no goroutine, lock, socket, file or clock. Whoever drives it (the rim in
// package node, or the world driver) calls one door at a time, then BeforeSleep, and performs
// the Todo it gets back.
package machine

import (
	"errors"
	"net/netip"
	"time"
	"unicode"
	"unicode/utf8"

	"clusterplay/node/event"
)

// LinkID names one connection between this machine and another process for the machine's whole
// life; it is never used twice. Zero is no link. Ids of dialled links are chosen by the machine
// (odd numbers), ids of accepted links by the driver (even numbers).
type LinkID uint64

// LinkKind says what is spoken on a link.
type LinkKind uint8

// The kinds of link. A frame on a Bus link is one whole packet; on the others it is a piece of a
// byte stream, cut anywhere.
const (
	Bus         LinkKind = iota + 1 // cluster bus: frames are whole packets
	Replication                     // to a master's client port: handshake, RDB, command stream
	Migration                       // to a target's client port: RESTORE-ASKING and replies
	Sentinel                        // from a Sentinel to a client port: commands and replies, or what it listens to
)

// Client is one client connection as machine and driver share it. The driver reads and writes
// the exported fields only between doors, under the machine's lock.
type Client struct {
	ID        uint64 // unique within the machine, ascending
	Addr      string // "127.0.0.1:54321", as CLIENT LIST prints it
	LocalAddr string // the node's own end
	Out       []byte // reply bytes not yet written; the machine appends, the driver takes
	Unsent    int    // bytes the driver took from Out and has not written yet; the driver keeps it
	Blocked   bool   // the machine will answer later: the driver must hold back further commands
	Closing   bool   // close the connection once Out is written
	Cut       bool   // close the connection at once; the driver says so when it has done it by itself
	Paced     bool   // a replica's connection: Out is a stream between nodes and passes the lab's network
	Stranger  bool   // a password is wanted and not given yet: the driver's narrow input limits hold
	Raw       bool   // what it sends is no commands any more: the driver hands over the bytes (Typist)
	Listening bool   // subscribed to channels or monitoring: the driver's output limits for pub/sub hold
	// Gauge measures what the driver holds for the client. The driver sets it, and it may be nil.
	Gauge   func() Held
	Session any // the machine's own state for this client; the driver never looks inside
}

// Held is what a driver holds for a client, in bytes.
type Held struct {
	Parsed    int // words of a command that is not whole yet
	Unread    int // read otherwise and not yet executed
	Announced int // of a large word that has begun, what is still to come: Redis makes room for it at once
	Unwritten int // replies not yet written
	Kept      int // of room for replies: it is kept while the client asks for any
}

// Machine is the set of doors of a deterministic server. now is the only clock it knows. args
// and frames belong to the caller and are valid only during the call.
type Machine interface {
	// Open and Shut tell of a client connection's beginning and end.
	Open(now time.Time, c *Client)
	Shut(now time.Time, c *Client)
	// Call executes one command and appends the reply to c.Out. No args at all means that an
	// empty line arrived, which matters only for the liveness of a replica.
	Call(now time.Time, c *Client, args [][]byte)

	// Accepted tells of an inbound bus link, Connected of a dialled link that opened.
	Accepted(now time.Time, link LinkID, local, remote netip.AddrPort)
	Connected(now time.Time, link LinkID, local, remote netip.AddrPort)
	// Receive hands over one frame that arrived on a link.
	Receive(now time.Time, link LinkID, frame []byte)
	// Hangup tells that a link died or could not be dialled. No door is called for it afterwards.
	Hangup(now time.Time, link LinkID, err error)
	// Saved reports the end of the Save with that token; it is called only for tokens other than 0.
	Saved(now time.Time, token uint64, err error)

	// Cron is the 100 ms timer.
	Cron(now time.Time)
	// BeforeSleep returns what the world must now do, in the Todo's own order. The Todo is valid
	// until the next door is called.
	BeforeSleep(now time.Time) *Todo
}

// Breather is a machine in which one call can take long: a server that runs a script. The driver gives it
// a function that the machine calls in the middle of a door, about every millisecond. With open true
// the driver lets other inputs in meanwhile, whose doors are then called inside that one; otherwise it only
// sees to those who look. It returns the time, and false when the machine's life is over. A machine without
// one goes on to the end of the door.
type Breather interface {
	SetBreath(breath func(open bool) (now time.Time, alive bool))
}

// Typist is a machine that some clients type to: those that are Raw. Input is what one sent, cut anywhere. What
// was sent behind the command that made it Raw, and before its answer, is dropped.
type Typist interface {
	Input(now time.Time, c *Client, data []byte)
}

// Interruptible is a machine that may stand still for somebody who thinks. Interrupt has it go on: it is going to be asked for
// its end.
type Interruptible interface{ Interrupt(now time.Time) }

// Mortal is a machine that has something to put away when its life is over. Nothing is asked of it afterwards.
type Mortal interface{ End() }

// Measurer is a machine that bounds what may wait on its links. The driver gives it a function that tells
// how many bytes it holds of what was sent on a link and not yet written; the machine calls it inside its
// doors. A machine without one bounds nothing.
type Measurer interface {
	SetLinkGauge(gauge func(LinkID) (unwritten int))
}

// Timed is a machine that says how long its work takes. The driver gives it a stopwatch; what it shows changes nothing
// that the machine does.
type Timed interface {
	SetStopwatch(elapsed func() time.Duration)
}

// Patient is a machine whose cron may now and then be late. Patience is by how much, as things are: so long nobody
// would miss what it does.
type Patient interface{ Patience() time.Duration }

// Todo is what the world must do for a machine, performed in the order of the fields: promises
// reach the disk before they reach the wire.
type Todo struct {
	Save  []Save
	Dial  []Dial
	Send  []Send
	Close []LinkID  // no door is called for these links any more, not even Hangup
	Flush []*Client // clients whose Out or Closing changed (the caller of Call need not be listed)
	Emit  []event.Event
	Wake  time.Time // when to call BeforeSleep again; zero means the next cron is early enough
	Run   []Run     // programs to start; only a Parent asks for them
	Kill  []uint64  // jobs whose programs must end at once
	Exit  *Exit     // the machine wants to end

	Resolve []string // host names to look up; only a Resolver asks for them
}

// SaveOp is what a Save does to its file.
type SaveOp uint8

// The file operations a machine may ask for. Names are plain file names in the node's directory, or in
// a directory there, which is made when it is needed: "appendonlydir/appendonly.aof.1.incr.aof".
const (
	Replace  SaveOp = iota // write Data to a temporary file and rename it over Name
	Append                 // add Data to the end of Name, creating it
	Rename                 // rename Name to To, replacing To
	Remove                 // delete Name; a missing file is no error
	Truncate               // cut Name to Size
	Sync                   // make what was appended to Name durable; always Beside
)

// Save is one file operation. When Sync is set it must be durable before anything later in the
// Todo happens. When Token is not 0 the driver answers with Saved; when Quiet is set as well, only if
// it fails, and then Saved is the very next door it calls. A failed Save without a Token ends the
// machine. Beside lets the driver perform it beside the machine's work, in the order of those that are
// Beside; it needs a Token, and nothing else may be asked of its files until that is answered.
//
// Data stays the machine's. The driver reads it until it has performed the operation and keeps nothing of it:
// once a Save that is Beside is answered, or the next door is called after any other, the machine may write
// there again (Pieces).
type Save struct {
	Op    SaveOp
	Name  string
	To    string
	Data  []byte
	Size  int64
	Sync  bool
	Token uint64
	Quiet bool

	Beside bool
}

// ShortWrite is the error of an Append of which a part has reached the file and could not be taken
// back.
type ShortWrite struct {
	Written int
	Err     error
}

// Error is the error that stopped the write.
func (e *ShortWrite) Error() string { return e.Err.Error() }

// Unwrap is the error that stopped the write.
func (e *ShortWrite) Unwrap() error { return e.Err }

// Reason is what the computer said of an error at the bottom of it, in the words of strerror(3).
func Reason(err error) string {
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			break
		}
		err = inner
	}
	text := err.Error()
	if first, n := utf8.DecodeRuneInString(text); n > 0 {
		text = string(unicode.ToUpper(first)) + text[n:]
	}
	return text
}

// Dial asks for a connection. The driver answers with Connected or Hangup.
type Dial struct {
	Link LinkID
	Kind LinkKind
	Addr netip.AddrPort
}

// Send asks to queue Data on a link. Data is the driver's from here on.
type Send struct {
	Link LinkID
	Data []byte
}

// Run asks to start a program, whose path is Argv's first word. The driver answers with Started, and
// with Ended if it could be started.
type Run struct {
	Job  uint64 // never 0 and never used twice
	Argv []string
}

// Ending is how a program ended: with an exit code, or by a signal.
type Ending struct{ Exit, Signal int }

// Parent is a machine that asks for programs to be run.
type Parent interface {
	// Started tells of a job's process, or why there is none. A program may have ended before.
	Started(now time.Time, job uint64, pid int, err error)
	// Ended tells how a job's program ended. It is called once.
	Ended(now time.Time, job uint64, how Ending)
}

// Resolver is a machine that asks for host names to be looked up.
type Resolver interface {
	// Resolved tells the address of a name, or why there is none. It is called once for each time that the machine asks.
	Resolved(now time.Time, host string, ip netip.Addr, err error)
}

// Exit asks to end the machine: SHUTDOWN, DEBUG SEGFAULT, an unreadable file. Code is the exit
// status a process of its own would have.
type Exit struct {
	Code   int
	Reason string
}
