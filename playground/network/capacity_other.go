//go:build !unix

package network

// descriptorLimit is a number of sockets that systems without such a limit are known to bear.
func descriptorLimit() uint64 { return 16384 }
