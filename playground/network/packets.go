package network

import "sync"

// packets lends memory for bus packets. One that was given to a pipe in memory comes back when it has been read:
// while a thousand nodes find each other they exchange 25 GB.
type packets struct{ small, middle, large sync.Pool }

// The sizes of what is lent: a heartbeat has 2.3 KB and 104 bytes for each tenth node.
const smallPacket, middlePacket, largePacket = 4 << 10, 8 << 10, 16 << 10

// Packet lends empty memory for a packet of up to size bytes (server.Config).
func (n *Network) Packet(size int) []byte {
	p := &n.packets
	switch {
	case size <= smallPacket:
		if b, ok := p.small.Get().(*[smallPacket]byte); ok {
			return b[:0]
		}
		return make([]byte, 0, smallPacket)
	case size <= middlePacket:
		if b, ok := p.middle.Get().(*[middlePacket]byte); ok {
			return b[:0]
		}
		return make([]byte, 0, middlePacket)
	case size <= largePacket:
		if b, ok := p.large.Get().(*[largePacket]byte); ok {
			return b[:0]
		}
		return make([]byte, 0, largePacket)
	}
	return make([]byte, 0, size)
}

// back takes a packet's memory back, if it is of a size that is lent. Nobody else may have it.
func (p *packets) back(b []byte) {
	switch cap(b) {
	case smallPacket:
		p.small.Put((*[smallPacket]byte)(b[:smallPacket]))
	case middlePacket:
		p.middle.Put((*[middlePacket]byte)(b[:middlePacket]))
	case largePacket:
		p.large.Put((*[largePacket]byte)(b[:largePacket]))
	}
}
