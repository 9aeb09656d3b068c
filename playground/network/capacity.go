package network

const (
	// spareDescriptors are kept for files, clients and the console when links are counted.
	spareDescriptors = 512
	// portsPerNode are a node's two listeners and a few connections between client ports.
	portsPerNode = 6
	// leastPerNode and leastBeside are what a lab whose links need no sockets cannot do without: two
	// listeners and a replica's connection, of which both ends are here; the console and files.
	leastPerNode, leastBeside = 4, 16
)

// Descriptors is how many a lab of so many nodes needs at the least, and how many this process may
// have.
func Descriptors(nodes int) (need, limit uint64) {
	return uint64(leastPerNode*nodes + leastBeside), descriptorLimit()
}

// FitsTCP tells whether the full mesh of so many nodes fits in this process as TCP connections:
// each link costs two descriptors here, and each pair of nodes has two links.
func FitsTCP(nodes int) bool {
	need := 2*nodes*(nodes-1) + portsPerNode*nodes + spareDescriptors
	return uint64(max(need, 0)) <= descriptorLimit()
}
