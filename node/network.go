package node

import (
	"net"
	"net/netip"
	"time"

	"clusterplay/node/machine"
)

// Network stands between nodes. A lab's network sees, stamps, delays, holds and drops frames;
// SystemNetwork is the plain one, which only opens sockets.
type Network interface {
	// Listen opens a port of the node named who.
	Listen(who string, addr netip.AddrPort) (net.Listener, error)
	// Dial opens a connection from the node named who.
	Dial(who string, kind machine.LinkKind, to netip.AddrPort) (net.Conn, error)
	// Peer names the node at the far end of a connection, accepted or dialled, or "" for a foreign
	// process or an ordinary client.
	Peer(conn net.Conn) string
	// Pass is asked for every frame between nodes before the machine sees it, on the goroutine
	// that read it (or, for a frame to a foreign process, that is about to write it). It blocks
	// while the frame may not pass: that is how a cut link stalls bytes as a real partition does,
	// and frames of one link stay in order. It reports false when the frame must be thrown away,
	// and an error when the link must be closed; thrown away from the middle of a byte stream, a
	// piece closes the link as well.
	Pass(f *Frame) (deliver bool, err error)
	// Done tells that the machine has handled a frame that passed, or that the frame was written
	// to a foreign process, or that its node is frozen and will handle it after the thaw.
	Done(f *Frame)
}

// KindTeller is a Network that also knows what is spoken on an accepted connection. Without it a
// node's connection to a client port counts as Replication.
type KindTeller interface {
	Kind(conn net.Conn) machine.LinkKind
}

// Frame is one bus packet, or one piece of a replication or migration stream, on its way.
type Frame struct {
	From, To string // node names; "" is a foreign process
	Kind     machine.LinkKind
	Link     uint64 // the same number for all frames of one connection and direction
	Data     []byte
	ID       uint64 // given by the network

	// Conn is the connection the frame was read from, or is about to be written to. A lab's
	// network finds in it when the bytes were sent.
	Conn net.Conn
}

// Patient is a connection that can be used without waiting and without a buffer in hand. Plain
// sockets can do both; a Network that wraps its connections offers them again through this.
type Patient interface {
	// TryWrite writes what the connection takes at once, perhaps nothing.
	TryWrite(b []byte) (n int, err error)
	// Await returns when Read would not wait.
	Await() error
}

// Taker is a Patient connection that takes over what is written to it instead of copying it. Nobody may
// change b afterwards.
type Taker interface {
	TryGive(b []byte) (n int, err error)
}

// Brisk is a Network that knows which frames it would let pass at once.
type Brisk interface {
	// PassNow is Pass for a frame that is not held up and needs no Done. It reports false, and has done
	// nothing, when Pass must be asked. It does not wait and calls no node: a life's lock is held.
	PassNow(f *Frame) bool
}

// Nearby is a Network that opens some links at once.
type Nearby interface {
	// DialNow is Dial when nobody needs to answer. ok is false, and it has done nothing, when Dial must be asked.
	// It may wait a while when too much is on its way between nodes already.
	DialNow(who string, kind machine.LinkKind, to netip.AddrPort) (conn net.Conn, ok bool, err error)
}

// Drowsy is a connection that nobody needs to wait for: it wakes its reader. A lab of a thousand nodes
// has two million ends of links, and a goroutine for each would hold more than all the nodes.
type Drowsy interface {
	// Doze reports false when Read would not wait, or when the connection cannot wake anybody. Else
	// it rings the bell once when there is something to read, or the end.
	Doze(bell Bell) bool
	// ReadNow reads what is there: nothing, too, at the end, which Read tells.
	ReadNow(b []byte) (n int)
}

// Bell wakes somebody.
type Bell interface {
	// Ring is called when it is time. It does not wait.
	Ring()
}

// Veiled is a Patient connection over a socket of the system. What arrives may be read from the
// socket itself, but for the end, which is the connection's own to tell. all reports that
// what is written may go there as well.
type Veiled interface {
	Patient
	Socket() (plain net.Conn, all bool)
}

// SystemNetwork opens plain sockets and lets everything pass.
type SystemNetwork struct{}

// Listen opens a TCP port.
func (SystemNetwork) Listen(_ string, addr netip.AddrPort) (net.Listener, error) {
	return net.Listen("tcp", addr.String())
}

// Dial opens a TCP connection, giving up after DialTimeout.
func (SystemNetwork) Dial(_ string, _ machine.LinkKind, to netip.AddrPort) (net.Conn, error) {
	return net.DialTimeout("tcp", to.String(), DialTimeout)
}

// Peer knows nobody.
func (SystemNetwork) Peer(net.Conn) string { return "" }

// Pass lets every frame through.
func (SystemNetwork) Pass(*Frame) (bool, error) { return true, nil }

// Done does nothing.
func (SystemNetwork) Done(*Frame) {}

// DialTimeout bounds one attempt to open a link. Redis' own connects fail no later than the node
// timeout; two seconds is long for loopback and short for a person.
const DialTimeout = 2 * time.Second
