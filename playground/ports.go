package playground

import (
	"fmt"
	"os"
)

// busOffset lies between a node's client port and its bus port, as in Redis.
const busOffset = 10000

// bases are the first ports tried, one after the other: those of the Redis Cluster tutorial, the
// same where macOS keeps 7000 for itself, and those of Redis' create-cluster script.
var bases = [...]int{7000, 17000, 30001}

// lowestPort is the first that needs no privilege.
const lowestPort = 1024

// checkBase refuses a first port from which so many nodes would have a port that does not exist
// or that the system gives to outgoing connections, which could take it at any moment.
func checkBase(base, nodes int, bus bool) error {
	const hint = "choose a port between 1024 and 22000, such as 7000"
	last := base + nodes - 1
	if bus {
		last += busOffset
	}
	low, high := ephemeral()
	switch {
	case base < lowestPort:
		return wrong("port", hint, "port %d is reserved for the system", base)
	case last > 65535:
		return wrong("port", hint, "from port %d, %d nodes would need port %d, and ports end at 65535", base, nodes, last)
	case isBase(base):
		return nil // well known; if something has taken one of its ports, the next base is tried
	case overlaps(base, base+nodes-1, low, high):
		return wrong("port", hint, "ports from %d are in the range %d to %d that the system gives to outgoing connections", base, low, high)
	case bus && overlaps(base+busOffset, last, low, high):
		return wrong("port", hint, "bus ports from %d are in the range %d to %d that the system gives to outgoing connections", base+busOffset, low, high)
	}
	return nil
}

func overlaps(first, last, low, high int) bool { return last >= low && first <= high }

func isBase(port int) bool {
	for _, b := range bases {
		if b == port {
			return true
		}
	}
	return false
}

// candidates are the first ports to try for a lab that wants one: that, then the well-known ones.
func candidates(wanted int) []int {
	tries := []int{wanted}
	for _, b := range bases {
		if b > wanted || !isBase(wanted) {
			tries = append(tries, b)
		}
	}
	return tries
}

// ephemeral is the range of ports that the system gives to outgoing connections.
func ephemeral() (low, high int) {
	low, high = 32768, 60999 // Linux' default, a part of everybody else's
	if text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range"); err == nil {
		var a, b int
		if n, _ := fmt.Sscan(string(text), &a, &b); n == 2 && a < b {
			low, high = a, b
		}
	}
	return low, high
}
