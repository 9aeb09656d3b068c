//go:build unix

package network

import (
	"errors"
	"net"
	"syscall"
)

// tryWrite is one write to a socket that does not wait.
func tryWrite(conn net.Conn, b []byte) (n int, err error) {
	raw, err := rawOf(conn)
	if err != nil {
		return 0, err
	}
	if wait := raw.Write(func(fd uintptr) bool {
		n, err = retry(func() (int, error) { return syscall.Write(int(fd), b) })
		return true
	}); wait != nil {
		return 0, wait
	}
	if err != nil {
		return 0, err
	}
	return max(n, 0), nil
}

// await waits until a socket has bytes or has ended, without a buffer to hold them.
func await(conn net.Conn) error {
	raw, err := rawOf(conn)
	if err != nil {
		return err
	}
	var look [1]byte
	return raw.Read(func(fd uintptr) bool {
		n, err := retry(func() (int, error) {
			n, _, err := syscall.Recvfrom(int(fd), look[:], syscall.MSG_PEEK)
			return n, err
		})
		return n >= 0 || err != nil
	})
}

// retry calls f again when a signal came between. Would-block is -1 without an error.
func retry(f func() (int, error)) (int, error) {
	for {
		n, err := f()
		switch {
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EAGAIN):
			return -1, nil
		}
		return n, err
	}
}

func rawOf(conn net.Conn) (syscall.RawConn, error) {
	s, ok := conn.(syscall.Conn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	return s.SyscallConn()
}
