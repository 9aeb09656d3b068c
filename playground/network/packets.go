package network

import (
	"sync"
	"unsafe"
)

// lentSizes are the sizes of what is lent, sizes of the allocator too. A heartbeat has 2.3 KB and 104 bytes for each
// tenth node: with 30, 90, 240, 500 and 1,000 nodes, and at most, it just fits.
var lentSizes = [...]int{2688, 3200, 4864, 8192, 13568, 16384}

// packets lends memory for bus packets. One that was given to a pipe in memory comes back when it has been read, one
// that a socket took at once: while a thousand nodes find each other they exchange 25 GB, and heartbeats are most of
// what a calm lab would leave to the collector. Each pool has the first bytes of packets of one size.
type packets [len(lentSizes)]sync.Pool

// Packet lends empty memory for a packet of up to size bytes (server.Config).
func (n *Network) Packet(size int) []byte {
	for i, lent := range lentSizes {
		if size > lent {
			continue
		}
		if first, ok := n.packets[i].Get().(*byte); ok {
			return unsafe.Slice(first, lent)[:0]
		}
		return make([]byte, 0, lent)
	}
	return make([]byte, 0, size)
}

// back takes a packet's memory back, if it is of a size that is lent. Nobody else may have it.
func (p *packets) back(b []byte) {
	for i, lent := range lentSizes {
		if cap(b) == lent {
			p[i].Put(unsafe.SliceData(b))
		}
	}
}
