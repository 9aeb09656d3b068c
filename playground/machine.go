package playground

import (
	"fmt"
	"math"
	"runtime/debug"
	"runtime/metrics"
	"sort"

	"clusterplay/node"
	"clusterplay/playground/network"
)

const (
	// memoryPerNode is what a node takes without data, its part of the record included, and memoryPerLink
	// what each of its links takes more, with what is on its way: measured beyond the 25 MB of the program, 50
	// nodes took 0.6 MB each, 200 took 0.8, and 1.5 when they had just formed on a busy computer.
	memoryPerNode, memoryPerLink = 448 << 10, 5 << 10
	// keptFiles is how many descriptors clients leave to the console, its pages and the files of labs, and
	// fewestClients the part of all descriptors, one in so many, that they may have in any case.
	keptFiles, fewestClients = 2048, 4
	// leastForClients and mostOfClients are the bounds of what clients of one node may hold, transactions and
	// unfinished commands, where no setting says it. Two of the largest words fit into the second.
	leastForClients, mostOfClients = 64 << 20, 1 << 30
	// spareMemory is the part of the memory, one in so many, that labs leave alone.
	spareMemory = 10
)

// limits is what the labs of a process may use together.
type limits struct {
	nodes  int
	files  uint64
	memory int64 // bytes
	used   int64 // bytes that the process has taken already
}

// Share is how much of something is used, and how much there is.
type Share struct {
	Used int64 `json:"used"`
	Most int64 `json:"most"`
}

// Machine is what the labs of this process use together of what they may: labs, nodes, open files, and
// memory in bytes.
type Machine struct {
	Labs   Share `json:"labs"`
	Nodes  Share `json:"nodes"`
	Files  Share `json:"files"`
	Memory Share `json:"memory"`
}

// theComputer is what this computer allows. Memory is GOMEMLIMIT or what the system, or the container,
// can still give us, whichever is less.
func theComputer() limits {
	used := takenMemory()
	most := int64(math.MaxInt64)
	if limit := debug.SetMemoryLimit(-1); limit < most {
		most = limit
	}
	if free, known := freeMemory(); known {
		most = min(most, used+free)
	}
	return limits{nodes: MaxNodes, files: network.Limit(), memory: most - most/spareMemory, used: used}
}

// takenMemory is what GOMEMLIMIT counts: what the system has given to this process.
func takenMemory() int64 {
	samples := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(samples)
	return int64(samples[0].Value.Uint64() - samples[1].Value.Uint64())
}

// memoryOf is what so many nodes of a lab take.
func memoryOf(nodes int) int64 {
	return int64(nodes) * (memoryPerNode + int64(nodes)*memoryPerLink)
}

// nodeCount is how many nodes the lab has, or will have when they have started.
func (l *Lab) nodeCount() int { return max(len(l.all()), l.Topology().Nodes()) }

// Files is how many open files the lab claims.
func (l *Lab) Files() int64 {
	return int64(network.Descriptors(l.nodeCount(), l.Topology().clustered() && !l.net.Memory()))
}

// Memory is how many bytes the lab takes at least: its nodes without their data.
func (l *Lab) Memory() int64 { return memoryOf(l.nodeCount()) }

// taken is what these labs take of what there may be.
func (lim limits) taken(labs []*Lab) Machine {
	m := Machine{
		Labs: Share{Used: int64(len(labs)), Most: MaxLabs}, Nodes: Share{Most: int64(lim.nodes)},
		Files: Share{Most: int64(lim.files)}, Memory: Share{Most: lim.memory},
	}
	for _, l := range labs {
		m.Nodes.Used += int64(l.nodeCount())
		m.Files.Used += l.Files()
		m.Memory.Used += l.Memory()
	}
	return m
}

// Machine tells what all labs use together.
func (ls *Labs) Machine() Machine {
	lim := ls.limits()
	m := lim.taken(ls.All())
	m.Memory.Used = max(m.Memory.Used, lim.used) // a lab that has just been opened has not taken all of it yet
	return m
}

// mostForClients is what the clients of one node of so many may hold: of all nodes together half of the memory.
func mostForClients(memory int64, nodes int) int64 {
	return min(max(memory/2/int64(max(nodes, 1)), leastForClients), mostOfClients)
}

// seatClients leaves the clients of all labs together the descriptors that nothing else needs. Called when
// the labs have changed.
func (ls *Labs) seatClients() {
	if ls == nil {
		return
	}
	files := ls.Machine().Files
	ls.clients.Limit(max(files.Most-files.Used-keptFiles, files.Most/fewestClients))
}

// crowd is what bounds the clients of all labs; nil for a lab that knows of no other.
func (ls *Labs) crowd() *node.Crowd {
	if ls == nil {
		return nil
	}
	return &ls.clients
}

// beside is what is taken by all but one lab; a lab that knows of no other is alone on the computer.
func (ls *Labs) beside(l *Lab) Machine {
	if ls == nil {
		return theComputer().taken(nil)
	}
	lim := ls.limits()
	m := lim.taken(ls.others(l))
	if l != nil {
		lim.used -= l.Memory()
	}
	m.Memory.Used = max(m.Memory.Used, lim.used)
	return m
}

// admit refuses a topology for which there is no room beside the other labs. l is the lab that is to
// become that; nil for a new one. A lab that does not grow may always start again.
func (ls *Labs) admit(l *Lab, t Topology) error {
	if l != nil && t.Nodes() <= l.nodeCount() {
		return nil
	}
	return ls.beside(l).admit(t.Nodes(), t.Links == TCPLinks)
}

// admitOne refuses one more node of a lab.
func (ls *Labs) admitOne(l *Lab) error {
	m := ls.beside(l)
	if m.Nodes.Used+int64(len(l.all())) >= m.Nodes.Most {
		return full("nodes", 0, "remove nodes, or close a lab", "there are %d nodes, and there can be no more", m.Nodes.Most)
	}
	return nil
}

// admit refuses so many nodes more for which there is too little of something; the error says of what,
// and how many nodes there is room for.
func (m Machine) admit(nodes int, tcp bool) error {
	what := m.short(nodes, tcp)
	if what == "" {
		return nil
	}
	room := sort.Search(nodes, func(n int) bool { return m.short(n+1, tcp) != "" })
	way := fmt.Sprintf("close a lab, or ask for %d nodes at most", room)
	switch what {
	case "files":
		need := int64(network.Descriptors(nodes, tcp))
		way = fmt.Sprintf("ulimit -n %d, %s", max(m.Files.Used+need, 1024), way)
		return full(what, room, way, "%d nodes need at least %d open files: %d of the %d that the system allows are claimed",
			nodes, need, m.Files.Used, m.Files.Most)
	case "memory":
		return full(what, room, "a greater GOMEMLIMIT, "+way, "%d nodes need about %s of memory: %s of %s are taken",
			nodes, megabytes(memoryOf(nodes)), megabytes(m.Memory.Used), megabytes(m.Memory.Most))
	}
	return full(what, room, way, "%d nodes are too many: the other labs have %d of the %d that there can be", nodes, m.Nodes.Used, m.Nodes.Most)
}

// short is what there is too little of for so many nodes more: nodes, files or memory; "" for nothing.
func (m Machine) short(nodes int, tcp bool) string {
	switch {
	case !m.Nodes.has(int64(nodes)):
		return "nodes"
	case !m.Files.has(int64(network.Descriptors(nodes, tcp))):
		return "files"
	case !m.Memory.has(memoryOf(nodes)):
		return "memory"
	}
	return ""
}

// has tells whether so much more can be used.
func (s Share) has(more int64) bool { return more <= s.Most-s.Used }

func megabytes(bytes int64) string { return fmt.Sprintf("%d MB", bytes>>20) }

// keepsLinks tells whether a topology's links between nodes stay in memory.
func (l *Lab) keepsLinks(t Topology) bool {
	claimed := uint64(max(l.among.beside(l).Files.Used, 0))
	return t.Links == MemoryLinks || t.Links == AutoLinks && !network.FitsTCP(t.Nodes(), claimed)
}
