package cluster

import (
	"net/netip"
	"strconv"
	"unique"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// node is what is known about one node of the cluster, this one included.
type node struct {
	id          ID
	flags       bus.Flags
	owns        uint16 // its number among the owners of slots; 0: it never had any
	port        uint16
	plainPort   uint16
	busPort     uint16
	numSlots    uint16
	seat        int32 // where the table keeps when cron must look at it
	configEpoch Epoch
	primary     *node   // the master it follows
	replicas    []*node // those that follow it, ascending by id

	created      instant
	pingSent     instant // never: no ping pending
	pongReceived instant
	dataReceived instant

	offset   int64
	ip       shared
	hostname shared
	link     *link     // the one we dialled
	inbound  *link     // the one it dialled
	trouble  *trouble  // nil for none so far
	spoken   uint64    // the last heartbeat that spoke of it
	slots    slot.Runs // last: a cron that looks at every node touches what is above
}

// trouble is what is known of a node that some suspect, that failed, or whose master or replicas did: of hardly any.
type trouble struct {
	reports  []report
	failed   instant
	voted    instant // when we last voted for one of its replicas
	orphaned instant
	former   *ID // the master it followed when it became one itself; nil for none
}

// troubles is the trouble that a node had.
func (n *node) troubles() trouble {
	if n.trouble == nil {
		return trouble{}
	}
	return *n.trouble
}

// inTrouble is where a node's trouble is noted.
func (n *node) inTrouble() *trouble {
	if n.trouble == nil {
		n.trouble = &trouble{}
	}
	return n.trouble
}

// shared is a string that many nodes remember of many, kept once for all. The zero one is empty.
type shared unique.Handle[string]

func sharedOf(s string) shared {
	if s == "" {
		return shared{}
	}
	return shared(unique.Make(s))
}

// String is the string itself.
func (t shared) String() string {
	if t == (shared{}) {
		return ""
	}
	return unique.Handle[string](t).Value()
}

func (n *node) is(mask bus.Flags) bool { return n.flags.Has(mask) }
func (n *node) master() bool           { return n.flags.Has(bus.Master) }

// voter reports whether n counts in a majority.
func (n *node) voter() bool { return n.master() && n.numSlots > 0 }

// epoch is the configEpoch under which n's slots are claimed: its master's if it has one.
func (n *node) epoch() Epoch {
	if n.primary != nil {
		return n.primary.configEpoch
	}
	return n.configEpoch
}

// addr is "ip:port", as events show it; empty when the ip is not known.
func (n *node) addr() string {
	if n.ip == (shared{}) {
		return ""
	}
	return n.ip.String() + ":" + strconv.Itoa(int(n.port))
}

// busAddr is where to dial n.
func (n *node) busAddr() (netip.AddrPort, bool) { return addrPort(n.ip.String(), n.busPort) }

// clientAddr is where to replicate n from.
func (n *node) clientAddr() (netip.AddrPort, bool) { return addrPort(n.ip.String(), n.port) }

func addrPort(ip string, port uint16) (netip.AddrPort, bool) {
	addr, err := netip.ParseAddr(ip)
	return netip.AddrPortFrom(addr, port), err == nil
}

// sameShard reports whether n and another master serve one data set: they are the same node, or one
// of them was the other's replica before it took its place.
func (n *node) sameShard(other *node) bool {
	return n == other || n.succeeded(other) || other.succeeded(n)
}

// succeeded reports whether n became a master in the place of another.
func (n *node) succeeded(other *node) bool {
	former := n.troubles().former
	return former != nil && *former == other.id
}

// ref names a node in an event.
func ref(n *node) event.Node {
	if n == nil {
		return event.Node{}
	}
	return event.Node{ID: n.id.String(), Addr: n.addr()}
}

// healthyReplicas counts n's replicas without any of the flags.
func (n *node) healthyReplicas(without bus.Flags) int {
	count := 0
	for _, r := range n.replicas {
		if !r.is(without) {
			count++
		}
	}
	return count
}
