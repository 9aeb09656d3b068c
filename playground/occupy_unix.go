//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package playground

import (
	"errors"
	"os"
	"syscall"
)

// lock takes the file for this process; a lock that another holds is not waited for. The system
// frees it with the process, whatever ended it.
func lock(file *os.File) error {
	err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return errOccupied
	}
	return err
}
