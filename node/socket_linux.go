//go:build linux && !race

package node

import (
	"io"
	"syscall"
	"unsafe"
)

// canTry says that sockets can be tried without waiting.
const canTry = true

// writeNow is one write that does not wait; 0 bytes and no error means that it would. Go's
// scheduler is not told of the call: it is over in a few microseconds, and telling costs as many.
// The race detector would not learn either that what was written was read: it gets socket_unix.go.
func writeNow(fd uintptr, b []byte) (n int, err error) {
	n, errno := callNow(syscall.SYS_WRITE, fd, b)
	switch errno {
	case 0:
		return n, nil
	case syscall.EAGAIN:
		return 0, nil
	}
	return 0, errno
}

// readNow is one read that does not wait; done is false when it would.
func readNow(fd uintptr, b []byte) (n int, done bool, err error) {
	n, errno := callNow(syscall.SYS_READ, fd, b)
	switch {
	case errno == syscall.EAGAIN:
		return 0, false, nil
	case errno != 0:
		return 0, true, errno
	case n == 0 && len(b) > 0:
		return 0, true, io.EOF
	}
	return n, true, nil
}

// callNow reads or writes without waiting, again when a signal came between.
func callNow(call, fd uintptr, b []byte) (n int, errno syscall.Errno) {
	for {
		done, _, errno := syscall.RawSyscall(call, fd, uintptr(unsafe.Pointer(unsafe.SliceData(b))), uintptr(len(b)))
		if errno != syscall.EINTR {
			return int(done), errno
		}
	}
}
