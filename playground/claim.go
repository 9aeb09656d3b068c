package playground

// claimStep is how ports are shared out among labs: each claims whole hundreds, so that it can grow.
const claimStep = 100

// claim is a lab's client ports, from the first up to and without the last; busOffset above them lie
// those of its buses.
type claim struct{ first, end int }

// claimOf is what so many nodes from a port on claim: room for one more at least.
func claimOf(base, nodes int) claim {
	return claim{base, base + (nodes/claimStep+1)*claimStep}
}

// claim is what the lab claims at present, whether its nodes run or not.
func (l *Lab) claim() claim {
	base, nodes := l.BasePort(), l.Topology().Nodes()
	for _, m := range l.all() {
		nodes = max(nodes, m.port-base+1)
	}
	return claimOf(base, nodes)
}

// meets tells whether two labs would want the same port for their clients or buses.
func (c claim) meets(other claim) bool {
	for _, shift := range [...]int{0, busOffset, -busOffset} {
		if c.first+shift < other.end && other.first < c.end+shift {
			return true
		}
	}
	return false
}

// free tells whether no other lab claims one of so many ports from base on.
func (ls *Labs) free(l *Lab, base, nodes int) bool {
	return claim{base, base + nodes}.free(ls.others(l))
}

// free tells whether none of these labs claims the same.
func (c claim) free(others []*Lab) bool {
	for _, other := range others {
		if c.meets(other.claim()) {
			return false
		}
	}
	return true
}

// mostBases bounds how many first ports are tried.
const mostBases = 64

// bases are the first ports to try for a lab, one after the other. Beside other labs these are hundreds
// that nobody claims, first those after the port that is wanted, with the buses below what the system
// gives to outgoing connections.
func (ls *Labs) bases(l *Lab, t Topology) []int {
	wanted := t.Port
	others := ls.others(l)
	if len(others) == 0 {
		return candidates(wanted)
	}
	if wanted == bases[0] { // nobody said so
		wanted = others[0].BasePort()
	}
	var tries []int
	try := func(base int) {
		if len(tries) < mostBases && checkBase(base, t.Nodes(), true) == nil && claimOf(base, t.Nodes()).free(others) {
			tries = append(tries, base)
		}
	}
	low, _ := ephemeral()
	for base := wanted; base+busOffset < low; base += claimStep {
		try(base)
	}
	for base := bases[0]; base < wanted; base += claimStep {
		try(base)
	}
	return tries
}
