package node

import (
	"errors"
	"net"
	"sync"
	"syscall"
)

// socket is a connection with two abilities the net package hides: to write without waiting, and
// to wait for bytes without holding a buffer. Of a connection that has neither, nothing is ever
// expected at once.
type socket struct {
	net.Conn
	patient Patient
	raw     syscall.RawConn
	attempt attempt
}

// attempt is one write to a raw socket. It is kept, function and all, so that a reply costs no
// garbage; only whoever writes may touch it.
type attempt struct {
	b   []byte
	n   int
	err error
	f   func(fd uintptr) bool
}

func (a *attempt) write(fd uintptr) bool {
	a.n, a.err = writeNow(fd, a.b)
	return true
}

func newSocket(conn net.Conn) *socket {
	s := &socket{Conn: conn}
	if p, ok := conn.(Patient); ok {
		s.patient = p
	} else if c, ok := conn.(syscall.Conn); ok && canTry {
		s.raw, _ = c.SyscallConn()
		s.attempt.f = s.attempt.write
	}
	return s
}

// tryWrite writes what the connection takes without waiting. One goroutine at a time may.
func (s *socket) tryWrite(b []byte) (n int, err error) {
	switch {
	case s.patient != nil:
		if n, err = s.patient.TryWrite(b); errors.Is(err, errors.ErrUnsupported) {
			err = nil
		}
	case s.raw != nil:
		a := &s.attempt
		a.b, a.n, a.err = b, 0, nil
		err = s.raw.Write(a.f)
		a.b = nil
		if err == nil {
			err = a.err
		}
		n = a.n
	}
	return n, err
}

// readSize is what is read at once from a link: a bus packet with room to spare.
const readSize = 16 << 10

// buffers lends read buffers; a link that is silent holds none.
var buffers = sync.Pool{New: func() any { return new([readSize]byte) }}

// readBorrowed waits for bytes and hands them to use, in a buffer that is lent for that long.
func (s *socket) readBorrowed(use func(b []byte) error) error {
	if s.raw != nil {
		return s.readRaw(use)
	}
	if s.patient != nil {
		if err := s.patient.Await(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	buf := buffers.Get().(*[readSize]byte)
	defer buffers.Put(buf)
	n, err := s.Read(buf[:])
	if n == 0 && err != nil {
		return err
	}
	return use(buf[:n])
}

// readRaw borrows a buffer for each attempt at the socket and gives it back when there is nothing.
func (s *socket) readRaw(use func(b []byte) error) (err error) {
	var buf *[readSize]byte
	var n int
	wait := s.raw.Read(func(fd uintptr) (done bool) {
		buf = buffers.Get().(*[readSize]byte)
		if n, done, err = readNow(fd, buf[:]); !done {
			buffers.Put(buf)
			buf = nil
		}
		return done
	})
	if buf != nil {
		defer buffers.Put(buf)
	}
	if err = errors.Join(err, wait); err != nil {
		return err
	}
	return use(buf[:n])
}
