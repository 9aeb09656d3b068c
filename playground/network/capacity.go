package network

const (
	// spareDescriptors are kept for files, clients and the console when links are counted.
	spareDescriptors = 512
	// portsPerNode are a node's two listeners and a few connections between client ports.
	portsPerNode = 6
)

// FitsTCP tells whether the full mesh of so many nodes fits in this process as TCP connections:
// each link costs two descriptors here, and each pair of nodes has two links.
func FitsTCP(nodes int) bool {
	need := 2*nodes*(nodes-1) + portsPerNode*nodes + spareDescriptors
	return uint64(max(need, 0)) <= descriptorLimit()
}
