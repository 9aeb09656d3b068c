package workload

import (
	"math"
	"slices"

	"clusterplay/node/slot"
)

// owners is who owns which slot, as far as a client knows. Each address is kept once: there are nine clients in
// every lab, and an address for each slot would be a quarter of a megabyte for each.
type owners struct {
	of    [slot.Count]uint16 // 1 is the first of addrs; 0 is unknown
	addrs []string
}

// at is the address of a slot's owner; "" when it is not known.
func (o *owners) at(s slot.Slot) string {
	if i := o.of[s]; i > 0 {
		return o.addrs[i-1]
	}
	return ""
}

// set notes a slot's owner; "" forgets it.
func (o *owners) set(s slot.Slot, addr string) {
	if addr == "" {
		o.of[s] = 0
		return
	}
	i := slices.Index(o.addrs, addr)
	if i < 0 {
		if len(o.addrs) == math.MaxUint16 {
			*o = owners{} // nobody has so many nodes: most of them are long gone
		}
		i = len(o.addrs)
		o.addrs = append(o.addrs, addr)
	}
	o.of[s] = uint16(i + 1)
}
