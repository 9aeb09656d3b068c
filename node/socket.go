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
	raw   *raw  // nil: the connection is none of the system's
	rings *link // of which the switchboard must know when we close it

	// What else Conn can do: one of the lab's network can be in memory.
	patient, taker, drowsy bool
}

// raw is the system's part of a socket. A large lab has a million connections without.
type raw struct {
	syscall.RawConn
	writing *attempt // of whoever writes, from the first time on
	reading *attempt // of whoever reads
}

// bare is the connection of a client of the loop; nil for any other.
func (s *socket) bare() *descriptor {
	d, _ := s.Conn.(*descriptor)
	return d
}

// attempt is one write to a raw socket, or one read. It is kept, function and all, so that a
// command costs no garbage; only whoever writes, or reads, may touch it.
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

func (a *attempt) read(fd uintptr) (done bool) {
	a.n, done, a.err = readNow(fd, a.b)
	return done
}

func newSocket(conn net.Conn) *socket {
	s := &socket{}
	s.open(conn)
	return s
}

// open makes a socket of a connection.
func (s *socket) open(conn net.Conn) {
	s.Conn = conn
	_, s.patient = conn.(Patient)
	_, s.taker = conn.(Taker)
	_, s.drowsy = conn.(Drowsy)
	plain := conn
	if v, ok := conn.(Veiled); ok {
		below, all := v.Socket()
		plain = below
		s.patient = !all
	} else if s.patient {
		return
	}
	if c, ok := plain.(syscall.Conn); ok && canTry {
		if system, err := c.SyscallConn(); err == nil {
			s.raw = &raw{RawConn: system}
		}
	}
}

// Close closes the connection. The switchboard hears of it.
func (s *socket) Close() error {
	err := s.Conn.Close()
	if s.rings != nil {
		s.rings.Ring()
	}
	return err
}

// tryWrite writes what the connection takes without waiting. One goroutine at a time may.
func (s *socket) tryWrite(b []byte) (n int, err error) {
	if bare := s.bare(); bare != nil {
		return writeNow(uintptr(bare.fd), b)
	}
	switch {
	case s.patient:
		if n, err = s.Conn.(Patient).TryWrite(b); errors.Is(err, errors.ErrUnsupported) {
			err = nil
		}
	case s.raw != nil:
		a := s.raw.writing
		if a == nil {
			a = &attempt{}
			a.f, s.raw.writing = a.write, a
		}
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

// tryGive is tryWrite of what will not be used again.
func (s *socket) tryGive(b []byte) (n int, err error) {
	if !s.taker {
		return s.tryWrite(b)
	}
	return s.Conn.(Taker).TryGive(b)
}

// Read waits for bytes.
func (s *socket) Read(b []byte) (n int, err error) {
	if s.raw == nil {
		return s.Conn.Read(b)
	}
	a := s.raw.reading
	if a == nil {
		a = &attempt{}
		a.f, s.raw.reading = a.read, a
	}
	a.b, a.n, a.err = b, 0, nil
	err = s.raw.Read(a.f)
	a.b = nil
	if err == nil {
		err = a.err
	}
	if err != nil && s.patient {
		return s.Conn.Read(b)
	}
	return a.n, err
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
	if s.patient {
		if err := s.Conn.(Patient).Await(); err != nil && !errors.Is(err, errors.ErrUnsupported) {
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
		return s.ended(err)
	}
	return use(buf[:n])
}

// glance is a way to read without waiting, for one goroutine at a time.
type glance struct {
	attempt
	try func(fd uintptr)
}

// read reads what is there; nothing is no error.
func (g *glance) read(s *socket, b []byte) (int, error) {
	if s.raw == nil {
		return s.Conn.(Drowsy).ReadNow(b), nil
	}
	if g.try == nil {
		g.try = func(fd uintptr) { g.attempt.read(fd) }
	}
	g.b, g.n, g.err = b, 0, nil
	err := s.raw.Control(g.try)
	g.b = nil
	if err == nil {
		err = g.err
	}
	return g.n, err
}

// ended asks a connection that only lends its socket when its end has come.
func (s *socket) ended(err error) error {
	if !s.patient {
		return err
	}
	var nothing [1]byte
	if _, told := s.Conn.Read(nothing[:]); told != nil {
		return told
	}
	return err
}
