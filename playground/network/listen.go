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

	memory []net.Conn    // links in memory that nobody has accepted yet; guarded by the network's mu
	came   chan struct{} // holds something while there are some; nil when links are TCP
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
		l.came = make(chan struct{}, 1)
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
	if l.came == nil {
		return l.wrap(l.Listener.Accept())
	}
	select {
	case <-l.came:
		return l.next(), nil
	case a := <-l.merged:
		return l.wrap(a.conn, a.err)
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// arrive has a link in memory accepted. It reports false when too many wait. The caller holds the network's mu.
func (l *listener) arrive(c net.Conn) bool {
	if len(l.memory) == memBacklog {
		return false
	}
	l.memory = append(l.memory, c)
	if len(l.memory) == 1 {
		l.came <- struct{}{}
	}
	return true
}

// next takes the link in memory that came first. Whoever calls it has received from came.
func (l *listener) next() net.Conn {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	c := l.memory[0]
	l.memory[0] = nil
	if l.memory = l.memory[1:]; len(l.memory) > 0 {
		l.came <- struct{}{}
	} else {
		l.memory = nil
	}
	return c
}

// wrap makes an accepted TCP connection one whose other end can be found.
func (l *listener) wrap(plain net.Conn, err error) (net.Conn, error) {
	if err != nil {
		return nil, err
	}
	return &conn{Conn: plain, net: l.net}, nil
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
		case <-l.came:
			_ = l.next().Close()
		default:
			return
		}
	}
}
