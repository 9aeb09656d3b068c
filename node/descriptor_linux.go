package node

import (
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// descriptor is a connection that Go's poller knows nothing of: the loop reads and writes its descriptor, and
// alone closes it. Close only ends the conversation, which the loop hears of like everybody else.
type descriptor struct {
	net.Conn // as it was accepted; its own descriptor is closed
	fd       int
	poll     *poller // which watches it
	n        int32   // as what

	mu     sync.Mutex
	closed bool
	read   deadline
	write  deadline
}

// deadline ends a connection at a time; zero is never.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

// lowestDescriptor keeps clear of the standard ones.
const lowestDescriptor = 3

// detach takes a connection's socket away from Go's poller, for which every byte would be news twice.
func detach(s *socket) (*descriptor, error) {
	plain := s.Conn
	if v, ok := plain.(Veiled); ok {
		plain, _ = v.Socket()
	}
	d := &descriptor{Conn: s.Conn}
	var errno syscall.Errno
	err := s.raw.Control(func(fd uintptr) {
		var n uintptr
		n, _, errno = syscall.Syscall(syscall.SYS_FCNTL, fd, syscall.F_DUPFD_CLOEXEC, lowestDescriptor)
		d.fd = int(n)
	})
	if err == nil && errno != 0 {
		err = errno
	}
	if err != nil {
		return nil, err
	}
	_ = plain.Close()
	return d, nil
}

// attach makes an ordinary connection of another descriptor of the same socket.
func (d *descriptor) attach() (net.Conn, error) {
	fd, err := syscall.Dup(d.fd)
	if err != nil {
		return nil, err
	}
	f := os.NewFile(uintptr(fd), "client")
	defer f.Close()
	return net.FileConn(f)
}

// Close ends the conversation.
func (d *descriptor) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.shutdown()
}

func (d *descriptor) shutdown() error {
	if d.closed {
		return net.ErrClosed
	}
	return syscall.Shutdown(d.fd, syscall.SHUT_RDWR)
}

// close gives the descriptor back.
func (d *descriptor) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		return
	}
	d.closed = true
	d.read.set(d, time.Time{})
	d.write.set(d, time.Time{})
	_ = syscall.Close(d.fd)
}

// awaitRoom has the loop told, or not, when the connection takes bytes.
func (d *descriptor) awaitRoom(yes bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.closed {
		d.poll.change(d, yes)
	}
}

// SetReadDeadline ends the conversation at a time.
func (d *descriptor) SetReadDeadline(at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.read.set(d, at)
	return nil
}

// SetWriteDeadline ends the conversation at a time.
func (d *descriptor) SetWriteDeadline(at time.Time) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.write.set(d, at)
	return nil
}

// set changes the time; the lock is held.
func (x *deadline) set(d *descriptor, at time.Time) {
	x.at = at
	switch {
	case at.IsZero():
		if x.timer != nil {
			x.timer.Stop()
		}
	case x.timer == nil:
		x.timer = time.AfterFunc(time.Until(at), func() { x.ring(d) })
	default:
		x.timer.Reset(time.Until(at))
	}
}

// ring ends the conversation unless the time was changed meanwhile.
func (x *deadline) ring(d *descriptor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !x.at.IsZero() && !time.Now().Before(x.at) {
		_ = d.shutdown()
	}
}
