package bus

import "encoding/binary"

// EntryLen is the size of a gossip entry.
const EntryLen = 104

// Entry is what the sender of a heartbeat says about another node.
type Entry struct {
	ID           ID
	PingSent     uint32 // seconds since 1970; 0: no ping pending
	PongReceived uint32 // seconds since 1970
	IP           IP
	Port         uint16
	BusPort      uint16
	Flags        Flags
	PlainPort    uint16
}

// append appends the entry.
func (e *Entry) append(dst []byte) []byte {
	start := len(dst)
	dst = grow(dst, EntryLen)
	b := dst[start:]
	order := binary.BigEndian
	copy(b, e.ID[:])
	order.PutUint32(b[40:], e.PingSent)
	order.PutUint32(b[44:], e.PongReceived)
	copy(b[48:], e.IP[:])
	order.PutUint16(b[94:], e.Port)
	order.PutUint16(b[96:], e.BusPort)
	order.PutUint16(b[98:], uint16(e.Flags))
	order.PutUint16(b[100:], e.PlainPort)
	return dst
}

// decode fills the entry from EntryLen bytes.
func (e *Entry) decode(b []byte) {
	order := binary.BigEndian
	e.ID = ID(b)
	e.PingSent = order.Uint32(b[40:])
	e.PongReceived = order.Uint32(b[44:])
	e.IP = IP(b[48:])
	e.Port = order.Uint16(b[94:])
	e.BusPort = order.Uint16(b[96:])
	e.Flags = Flags(order.Uint16(b[98:]))
	e.PlainPort = order.Uint16(b[100:])
}
