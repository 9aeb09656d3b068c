package node

import (
	"net"
	"sync"
	"syscall"
)

// socket is a connection with two abilities the net package hides: to write without waiting, and
// to wait for bytes without holding a buffer. A connection that is no socket (a lab's in-memory
// link) works as well; it always waits.
type socket struct {
	net.Conn
	raw     syscall.RawConn // nil when the connection is no socket
	patient Patient         // nil unless the connection has both abilities itself
}

// Patient is a connection with these abilities of its own. A lab's network returns such ones,
// because it counts what passes, in memory as well as on sockets.
type Patient interface {
	// TryWrite writes what fits without waiting; 0 bytes and no error means that nothing does.
	TryWrite(b []byte) (n int, err error)
	// Await returns when Read would not wait.
	Await() error
}

func newSocket(conn net.Conn) *socket {
	s := &socket{Conn: conn}
	if c, ok := conn.(Patient); ok {
		s.patient = c
		return s
	}
	if c, ok := conn.(syscall.Conn); ok && canTry {
		if raw, err := c.SyscallConn(); err == nil {
			s.raw = raw
		}
	}
	return s
}

// tryWrite writes what the connection takes without waiting.
func (s *socket) tryWrite(b []byte) (n int, err error) {
	if s.patient != nil {
		return s.patient.TryWrite(b)
	}
	if s.raw == nil {
		return 0, nil
	}
	wait := s.raw.Write(func(fd uintptr) bool {
		n, err = writeNow(fd, b)
		return true
	})
	if err == nil {
		err = wait
	}
	return n, err
}

// readSize is what is read at once from a link: a bus packet with room to spare.
const readSize = 16 << 10

// buffers lends read buffers; a link that is silent holds none.
var buffers = sync.Pool{New: func() any { return new([readSize]byte) }}

// readBorrowed waits for bytes and hands them to use, in a buffer that is lent for that long.
func (s *socket) readBorrowed(use func(b []byte) error) error {
	var buf *[readSize]byte
	var n int
	var err error
	if s.patient != nil {
		if err = s.patient.Await(); err != nil {
			return err
		}
	}
	if s.raw == nil {
		buf = buffers.Get().(*[readSize]byte)
		n, err = s.Read(buf[:])
	} else if wait := s.raw.Read(func(fd uintptr) (done bool) {
		buf = buffers.Get().(*[readSize]byte)
		if n, done, err = readNow(fd, buf[:]); !done {
			buffers.Put(buf)
			buf = nil
		}
		return done
	}); wait != nil {
		err = wait
	}
	if buf != nil {
		defer buffers.Put(buf)
	}
	if err != nil {
		return err
	}
	return use(buf[:n])
}
