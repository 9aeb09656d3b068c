package network

const (
	// spareDescriptors are kept for files, clients and the console when links are counted.
	spareDescriptors = 512
	// portsPerNode are a node's two listeners, three each of the loop that serves its clients and of what reads
	// its links, and a few connections between client ports.
	portsPerNode = 12
	// leastPerNode and leastBeside are what a lab whose links need no sockets cannot do without: two
	// listeners and a replica's connection, of which both ends are here; the console and files.
	leastPerNode, leastBeside = 4, 16
)

// Descriptors is how many a lab of so many nodes takes: its links as TCP connections, or none for
// links in memory.
func Descriptors(nodes int, tcp bool) uint64 {
	if !tcp {
		return uint64(leastPerNode*max(nodes, 0) + leastBeside)
	}
	// Each link costs two descriptors here, and each pair of nodes has two links.
	return uint64(max(2*nodes*(nodes-1)+portsPerNode*nodes, 0))
}

// Limit is how many descriptors this process may have.
func Limit() uint64 { return descriptorLimit() }

// FitsTCP tells whether the full mesh of so many nodes fits in this process as TCP connections,
// beside what is used already.
func FitsTCP(nodes int, used uint64) bool {
	return used+Descriptors(nodes, true)+spareDescriptors <= descriptorLimit()
}
