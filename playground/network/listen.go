package network

import (
	"net"
	"net/netip"
	"sync"
)

// memBacklog is how many links in memory may wait to be accepted: a thousand nodes dial a new one
// at about the same moment.
const memBacklog = 1024

// listener is a port of one of our nodes. In memory mode it accepts from both worlds.
type listener struct {
	net.Listener
	net  *Network
	who  string
	addr netip.AddrPort

	memory chan net.Conn // links in memory; nil when there are none
	merged chan accepted // what the TCP side accepted, when both are served
	closed chan struct{}
	once   sync.Once
}

type accepted struct {
	conn net.Conn
	err  error
}

// Listen opens a port of the node named who.
func (n *Network) Listen(who string, addr netip.AddrPort) (net.Listener, error) {
	plain, err := net.Listen("tcp", addr.String())
	if err != nil {
		return nil, err
	}
	l := &listener{Listener: plain, net: n, who: who, addr: addrOf(plain.Addr()), closed: make(chan struct{})}
	if n.memory.Load() {
		l.memory = make(chan net.Conn, memBacklog)
		l.merged = make(chan accepted)
		go l.acceptTCP()
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.listeners[l.addr] = l
	return l, nil
}

// Accept waits for the next connection.
func (l *listener) Accept() (net.Conn, error) {
	if l.memory == nil {
		return l.wrap(l.Listener.Accept())
	}
	select {
	case c := <-l.memory:
		return c, nil
	case a := <-l.merged:
		return l.wrap(a.conn, a.err)
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// wrap makes an accepted TCP connection one whose other end can be found.
func (l *listener) wrap(plain net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return &conn{Conn: plain, net: l.net, who: l.who, closed: make(chan struct{})}, nil
}

// acceptTCP serves the TCP side in memory mode until the listener is closed.
func (l *listener) acceptTCP() {
	for {
		c, err := l.Listener.Accept()
		select {
		case l.merged <- accepted{c, err}:
		case <-l.closed:
			if c != nil {
				_ = c.Close()
			}
			return
		}
	}
}

// Close closes the port.
func (l *listener) Close() error {
	l.once.Do(func() {
		close(l.closed)
		l.net.mu.Lock()
		if l.net.listeners[l.addr] == l {
			delete(l.net.listeners, l.addr)
		}
		l.net.forgetUnclaimed(l.who)
		l.net.mu.Unlock()
		l.closeBacklog()
	})
	return l.Listener.Close()
}

// closeBacklog hangs up on links in memory that nobody accepted.
func (l *listener) closeBacklog() {
	for {
		select {
		case c := <-l.memory:
			_ = c.Close()
		default:
			return
		}
	}
}
