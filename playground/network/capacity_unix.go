//go:build unix

package network

import "syscall"

// descriptorLimit is how many descriptors this process may have; the Go runtime has already
// raised the soft limit to the hard one.
func descriptorLimit() uint64 {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return 0
	}
	return uint64(limit.Cur)
}
