package alone

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"clusterplay/node"
)

// doors is one listener made of several: an address of bind each, and a Unix socket. They can be
// changed while it is served.
type doors struct {
	port      int
	backlog   int
	keepalive *atomic.Int64 // seconds
	warn      func(format string, args ...any)

	mu     sync.Mutex
	bind   []string
	tcp    []net.Listener
	unix   net.Listener // nil for none
	conns  chan knock
	closed chan struct{}
}

// knock is somebody at a door, or why nobody can come.
type knock struct {
	conn net.Conn
	err  error
}

// newDoors opens the doors of bind at a port; with port 0 there are none.
func newDoors(bind []string, port, backlog int, keepalive *atomic.Int64, warn func(string, ...any)) (*doors, error) {
	d := &doors{port: port, backlog: backlog, keepalive: keepalive, warn: warn, conns: make(chan knock), closed: make(chan struct{})}
	tcp, err := d.listenAll(bind, port)
	if err != nil {
		return nil, err
	}
	d.bind, d.tcp = bind, tcp
	for _, l := range tcp {
		d.serve(l)
	}
	return d, nil
}

// listenAll opens a socket for every address, or none (listenToPort). One that begins with - may be
// missing.
func (d *doors) listenAll(bind []string, port int) (all []net.Listener, err error) {
	if port == 0 {
		return nil, nil
	}
	for _, name := range bind {
		addr, optional := strings.CutPrefix(name, "-")
		l, err := d.listen(addr, port)
		if err == nil {
			all = append(all, l)
			continue
		}
		d.warn("Warning: Could not create server TCP listening socket %s:%d: %v", addr, port, cause(err))
		if optional && errors.Is(err, syscall.EADDRNOTAVAIL) || unsupported(err) {
			continue
		}
		for _, l := range all {
			_ = l.Close()
		}
		return nil, err
	}
	return all, nil
}

// unsupported tells a computer without the protocol.
func unsupported(err error) bool {
	return errors.Is(err, syscall.EPROTONOSUPPORT) || errors.Is(err, syscall.ENOPROTOOPT) || errors.Is(err, syscall.EAFNOSUPPORT)
}

// cause is the system's word for what went wrong.
func cause(err error) string {
	var number syscall.Errno
	if errors.As(err, &number) {
		return "bind: " + number.Error()
	}
	return err.Error()
}

func (d *doors) listen(addr string, port int) (net.Listener, error) {
	family := "tcp4"
	switch {
	case addr == "*":
		addr = "0.0.0.0"
	case addr == "::*":
		family, addr = "tcp6", "::"
	case strings.Contains(addr, ":"):
		family = "tcp6"
	}
	l, err := net.Listen(family, net.JoinHostPort(addr, strconv.Itoa(port)))
	if err != nil {
		return nil, err
	}
	queue(l.(*net.TCPListener), d.backlog)
	return l, nil
}

// openUnix opens a Unix socket beside the others.
func (d *doors) openUnix(path string, mode os.FileMode) error {
	_ = os.Remove(path) // a former life's
	l, err := net.Listen("unix", path)
	if err != nil {
		return err
	}
	if mode != 0 {
		if err := os.Chmod(path, mode); err != nil {
			return errors.Join(err, l.Close())
		}
	}
	d.unix = &unixDoor{l, path}
	d.serve(d.unix)
	return nil
}

// move closes the TCP sockets and opens others; when that fails the former ones come back.
func (d *doors) move(bind []string, port int) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, l := range d.tcp {
		_ = l.Close()
	}
	tcp, err := d.listenAll(bind, port)
	if err == nil {
		d.bind, d.port = bind, port
	} else {
		tcp, _ = d.listenAll(d.bind, d.port)
	}
	d.tcp = tcp
	for _, l := range tcp {
		d.serve(l)
	}
	return err
}

// serve is the goroutine of one socket.
func (d *doors) serve(l net.Listener) {
	node.Go("doors", func(c node.Crash) { panic(c.Value) }, func() {
		for {
			conn, err := l.Accept()
			if errors.Is(err, net.ErrClosed) {
				return
			}
			select {
			case d.conns <- knock{conn, err}:
			case <-d.closed:
				if conn != nil {
					_ = conn.Close()
				}
				return
			}
		}
	})
}

// Accept returns the next connection at any of the doors.
func (d *doors) Accept() (net.Conn, error) {
	select {
	case k := <-d.conns:
		if tcp, is := k.conn.(*net.TCPConn); is {
			d.keepAlive(tcp)
		}
		return k.conn, k.err
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

// keepAlive has the system ask whether the far end is still there (tcp-keepalive).
func (d *doors) keepAlive(conn *net.TCPConn) {
	every := time.Duration(d.keepalive.Load()) * time.Second
	_ = conn.SetKeepAliveConfig(net.KeepAliveConfig{Enable: every > 0, Idle: every, Interval: max(every/3, time.Second), Count: 3})
}

// Close closes all doors.
func (d *doors) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.closed:
		return nil
	default:
		close(d.closed)
	}
	for _, l := range d.tcp {
		_ = l.Close()
	}
	if d.unix != nil {
		_ = d.unix.Close()
	}
	return nil
}

// Addr is the address of the first door.
func (d *doors) Addr() net.Addr {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.tcp) > 0 {
		return d.tcp[0].Addr()
	}
	return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: d.port}
}

// where is the addresses and the port at which the TCP sockets are.
func (d *doors) where() (bind []string, port int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.bind, d.port
}

// unixDoor is a Unix socket whose connections have an address to show, as Redis shows it.
type unixDoor struct {
	net.Listener
	path string
}

// Accept returns the next connection.
func (u *unixDoor) Accept() (net.Conn, error) {
	conn, err := u.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return unixConn{conn.(*net.UnixConn), unixAddr(u.path)}, nil
}

// unixConn is a connection through a Unix socket.
type unixConn struct {
	*net.UnixConn
	addr unixAddr
}

// LocalAddr is the socket's path, and so is RemoteAddr: the far end has none.
func (c unixConn) LocalAddr() net.Addr { return c.addr }

// RemoteAddr is the socket's path.
func (c unixConn) RemoteAddr() net.Addr { return c.addr }

// unixAddr is the path of a Unix socket.
type unixAddr string

// Network is "unix".
func (unixAddr) Network() string { return "unix" }

// String is the path with a port, as in CLIENT LIST.
func (a unixAddr) String() string { return fmt.Sprintf("%s:0", string(a)) }
