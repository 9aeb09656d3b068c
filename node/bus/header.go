package bus

import "encoding/binary"

// Signature opens every packet.
const Signature = "RCmb"

// Version is the only protocol version there is.
const Version = 1

// HeaderLen is the size of the header, and so of the smallest packet.
const HeaderLen = 2256

// SlotBytes is the size of a slot bitmap.
const SlotBytes = 2048

// Slots is a bitmap of slots: slot s is bit s%8, least significant first, of byte s/8.
type Slots = [SlotBytes]byte

// Where each field of the header lies.
const (
	offTotal        = 4
	offVersion      = 8
	offPort         = 10
	offType         = 12
	offCount        = 14
	offCurrentEpoch = 16
	offConfigEpoch  = 24
	offOffset       = 32
	offSender       = 40
	offSlots        = 80
	offPrimary      = 2128
	offIP           = 2168
	offExtensions   = 2214
	offPlainPort    = 2246
	offBusPort      = 2248
	offFlags        = 2250
	offState        = 2252
	offMarks        = 2253
)

// Header is what every packet says about its sender.
type Header struct {
	Type         Type
	Port         uint16 // client port
	PlainPort    uint16 // client port without TLS, else 0
	BusPort      uint16
	CurrentEpoch uint64
	ConfigEpoch  uint64 // a replica sends its master's
	Offset       int64  // replication offset
	Sender       ID
	Slots        *Slots // a replica sends its master's; decoded, it points into the frame; nil encodes as empty
	Primary      ID     // the sender's master; zero means that the sender is one
	IP           IP     // empty: use the address the packet came from
	Flags        Flags
	Failing      bool // the sender believes that the cluster is down
	Marks        Marks
}

// append writes the header with total, count and extension fields as given.
func (h *Header) append(dst []byte, total, count, extensions int) []byte {
	start := len(dst)
	dst = grow(dst, HeaderLen)
	b := dst[start:]
	copy(b, Signature)
	order := binary.BigEndian
	order.PutUint32(b[offTotal:], uint32(total))
	order.PutUint16(b[offVersion:], Version)
	order.PutUint16(b[offPort:], h.Port)
	order.PutUint16(b[offType:], uint16(h.Type))
	order.PutUint16(b[offCount:], uint16(count))
	order.PutUint64(b[offCurrentEpoch:], h.CurrentEpoch)
	order.PutUint64(b[offConfigEpoch:], h.ConfigEpoch)
	order.PutUint64(b[offOffset:], uint64(h.Offset))
	copy(b[offSender:], h.Sender[:])
	if h.Slots != nil {
		copy(b[offSlots:], h.Slots[:])
	}
	copy(b[offPrimary:], h.Primary[:])
	copy(b[offIP:], h.IP[:])
	order.PutUint16(b[offExtensions:], uint16(extensions))
	order.PutUint16(b[offPlainPort:], h.PlainPort)
	order.PutUint16(b[offBusPort:], h.BusPort)
	order.PutUint16(b[offFlags:], uint16(h.Flags))
	if h.Failing {
		b[offState] = 1
	}
	b[offMarks] = byte(h.Marks)
	return dst
}

// decode fills the header from a frame of at least HeaderLen bytes.
func (h *Header) decode(b []byte) {
	order := binary.BigEndian
	h.Type = Type(order.Uint16(b[offType:]))
	h.Port = order.Uint16(b[offPort:])
	h.PlainPort = order.Uint16(b[offPlainPort:])
	h.BusPort = order.Uint16(b[offBusPort:])
	h.CurrentEpoch = order.Uint64(b[offCurrentEpoch:])
	h.ConfigEpoch = order.Uint64(b[offConfigEpoch:])
	h.Offset = int64(order.Uint64(b[offOffset:]))
	h.Sender = ID(b[offSender:])
	h.Slots = (*Slots)(b[offSlots:])
	h.Primary = ID(b[offPrimary:])
	h.IP = IP(b[offIP:])
	h.Flags = Flags(order.Uint16(b[offFlags:]))
	h.Failing = b[offState] != 0
	h.Marks = Marks(b[offMarks])
}

// grow extends dst by n zero bytes.
func grow(dst []byte, n int) []byte {
	start := len(dst)
	if cap(dst)-start < n {
		bigger := make([]byte, start, start+n)
		copy(bigger, dst)
		dst = bigger
	}
	dst = dst[:start+n]
	clear(dst[start:])
	return dst
}
