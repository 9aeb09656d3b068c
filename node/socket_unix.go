//go:build unix && (!linux || race)

package node

import (
	"errors"
	"io"
	"syscall"
)

// canTry says that sockets can be tried without waiting.
const canTry = true

// writeNow is one write that does not wait; 0 bytes and no error means that it would.
func writeNow(fd uintptr, b []byte) (n int, err error) {
	for {
		n, err = syscall.Write(int(fd), b)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			return 0, nil
		case err != nil:
			return 0, err
		}
		return n, nil
	}
}

// readNow is one read that does not wait; done is false when it would.
func readNow(fd uintptr, b []byte) (n int, done bool, err error) {
	for {
		n, err = syscall.Read(int(fd), b)
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			return 0, false, nil
		case err != nil:
			return 0, true, err
		case n == 0:
			return 0, true, io.EOF
		}
		return n, true, nil
	}
}
