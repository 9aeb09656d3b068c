package bus

import "strconv"

// Type is the kind of a packet.
type Type uint16

// The kinds of packet. Their numbers are the wire's.
const (
	Ping Type = iota
	Pong
	Meet
	Fail
	Publish
	AuthRequest
	AuthAck
	Update
	MFStart
	Module
	PublishShard
	TypeCount // how many kinds Redis 7.0 knows
)

var typeNames = [TypeCount]string{
	"ping", "pong", "meet", "fail", "publish", "auth-req", "auth-ack", "update", "mfstart", "module", "publishshard",
}

// String is the name CLUSTER INFO counts the packets under.
func (t Type) String() string {
	if t < TypeCount {
		return typeNames[t]
	}
	return "type-" + strconv.Itoa(int(t))
}

// Heartbeat reports whether packets of this kind carry gossip and extensions.
func (t Type) Heartbeat() bool { return t <= Meet }

// Flags says what a node is, or is believed to be.
type Flags uint16

// The flags of a node.
const (
	Master     Flags = 1 << iota // owns slots, or could
	Replica                      // "slave" in text
	PFail                        // one node's suspicion
	Failed                       // FAIL: what a majority suspected
	Myself                       // set by every node for itself
	Handshake                    // met, real id not known yet
	NoAddr                       // its address turned out to be somebody else's
	MeetFlag                     // greet with MEET when the link opens
	MigrateTo                    // replicas may migrate to it
	NoFailover                   // will not ask for votes
	KnownFlags = NoFailover<<1 - 1
)

// Has reports whether any of the flags in mask is set.
func (f Flags) Has(mask Flags) bool { return f&mask != 0 }

var flagNames = [...]struct {
	flag Flags
	name string
}{
	{Myself, "myself"}, {Master, "master"}, {Replica, "slave"}, {PFail, "fail?"}, {Failed, "fail"},
	{Handshake, "handshake"}, {NoAddr, "noaddr"}, {NoFailover, "nofailover"},
}

// Append appends the flags as CLUSTER NODES prints them: "myself,master", or "noflags".
func (f Flags) Append(dst []byte) []byte {
	start := len(dst)
	for _, known := range flagNames {
		if !f.Has(known.flag) {
			continue
		}
		if len(dst) > start {
			dst = append(dst, ',')
		}
		dst = append(dst, known.name...)
	}
	if len(dst) == start {
		dst = append(dst, "noflags"...)
	}
	return dst
}

// String is the flags as CLUSTER NODES prints them.
func (f Flags) String() string { return string(f.Append(nil)) }

// FlagNamed returns the flag that CLUSTER NODES prints as name; "noflags" is no flag at all.
func FlagNamed(name string) (flag Flags, ok bool) {
	for _, known := range flagNames {
		if known.name == name {
			return known.flag, true
		}
	}
	return 0, name == "noflags"
}

// Marks is the first byte of a packet's message flags.
type Marks uint8

// The message flags.
const (
	Paused   Marks = 1 << iota // the sender has stopped writes for a manual failover
	ForceAck                   // vote although the master is up
	ExtData                    // extensions follow the gossip
)
