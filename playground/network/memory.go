package network

import (
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"sync"
	"syscall"
	"time"

	"clusterplay/node/machine"
)

// memBuffer is how many bytes one direction of a link in memory holds before its writer waits,
// about what Linux gives a loopback socket.
const memBuffer = 256 << 10

// memAddr is the address of an end in memory; it looks like that of a TCP connection.
type memAddr netip.AddrPort

// Network is net.Addr's.
func (memAddr) Network() string { return "tcp" }

// String is net.Addr's.
func (a memAddr) String() string { return netip.AddrPort(a).String() }

// dialMemory joins two nodes by a pair of pipes.
func (n *Network) dialMemory(who string, kind machine.LinkKind, l *listener) (net.Conn, error) {
	m := &memLink{link: link{kind: kind, dialler: who, acceptor: l.who}}
	dialler, acceptor := &m.conns[0], &m.conns[1]
	m.ends[0] = memConn{net: n, in: &m.back, out: &m.out, port: &l.addr, dialled: true}
	m.ends[1] = memConn{net: n, in: &m.out, out: &m.back, port: &l.addr}
	dialler.Conn, dialler.net, dialler.who = &m.ends[0], n, who
	acceptor.Conn, acceptor.net, acceptor.who = &m.ends[1], n, l.who
	dialler.known.Do(func() { dialler.attach(&m.link) })
	acceptor.known.Do(func() { acceptor.attachAccepted(&m.link) })

	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[l.addr] != l {
		return nil, fmt.Errorf("dial %s: %w", l.addr, syscall.ECONNREFUSED)
	}
	if !l.arrive(acceptor) {
		return nil, fmt.Errorf("dial %s: nobody accepts: %w", l.addr, os.ErrDeadlineExceeded)
	}
	n.links[&m.link] = struct{}{}
	return dialler, nil
}

// memLink is a link in memory in one piece: a thousand nodes have a million of them.
type memLink struct {
	link      link
	out, back pipe       // from the dialler, and to it
	ends      [2]memConn // the dialler's, the acceptor's
	conns     [2]conn    // what the nodes have of these
}

// memConn is one end of a pair of pipes.
type memConn struct {
	net     *Network
	in, out *pipe
	port    *netip.AddrPort // that was dialled
	dialled bool            // from this end
}

// Read is net.Conn's.
func (c *memConn) Read(b []byte) (int, error) {
	n, err := c.in.read(b)
	c.net.water.fall(n)
	return n, err
}

// readNow is Read for who does not wait. The memory of a packet goes back to who lent it.
func (c *memConn) readNow(b []byte) int {
	n, spent := c.in.readNow(b)
	c.net.water.fall(n)
	c.net.packets.back(spent)
	return n
}

// Write is net.Conn's.
func (c *memConn) Write(b []byte) (int, error) {
	n, err := c.out.write(b)
	c.net.water.rise(n)
	return n, err
}

// tryWrite is Write for who does not wait.
func (c *memConn) tryWrite(b []byte) (int, error) {
	n, _, err := c.out.tryWrite(b, false)
	c.net.water.rise(n)
	return n, err
}

// tryGive is tryWrite of memory that nobody uses any more if all of it was written.
func (c *memConn) tryGive(b []byte) (int, error) {
	n, kept, err := c.out.tryWrite(b, true)
	c.net.water.rise(n)
	if !kept && n == len(b) {
		c.net.packets.back(b)
	}
	return n, err
}

// Close is net.Conn's: the other end reads what is left, then the end.
func (c *memConn) Close() error {
	c.net.water.fall(c.in.closeRead())
	c.out.closeWrite()
	return nil
}

// LocalAddr is net.Conn's.
func (c *memConn) LocalAddr() net.Addr { return c.addr(c.dialled) }

// RemoteAddr is net.Conn's.
func (c *memConn) RemoteAddr() net.Addr { return c.addr(!c.dialled) }

// addr is the port that was dialled, or the address of whoever dialled it, which has no port.
func (c *memConn) addr(dialler bool) memAddr {
	if dialler {
		return memAddr(netip.AddrPortFrom(c.port.Addr(), 0))
	}
	return memAddr(*c.port)
}

// SetDeadline is net.Conn's.
func (c *memConn) SetDeadline(t time.Time) error {
	c.in.limit(&c.in.readBy, t)
	c.out.limit(&c.out.writeBy, t)
	return nil
}

// SetReadDeadline is net.Conn's.
func (c *memConn) SetReadDeadline(t time.Time) error {
	c.in.limit(&c.in.readBy, t)
	return nil
}

// SetWriteDeadline is net.Conn's.
func (c *memConn) SetWriteDeadline(t time.Time) error {
	c.out.limit(&c.out.writeBy, t)
	return nil
}

// pipe carries bytes one way. Its buffer exists only while it holds something.
type pipe struct {
	mu      sync.Mutex
	changed *sync.Cond // nil when nobody ever waited
	wake    func()     // wakes a reader that dozes
	buf     []byte
	start   int  // where the unread bytes of buf begin
	given   bool // buf belonged to the writer
	whole   bool // who has given all of it, and does not read it any more
	wrote   bool
	gone    bool      // the reader closed
	readBy  *deadline // nil when none was ever set
	writeBy *deadline
}

// wait lets go of mu until something changes.
func (p *pipe) wait() {
	if p.changed == nil {
		p.changed = sync.NewCond(&p.mu)
	}
	p.changed.Wait()
}

// read takes bytes out, waiting for the first one.
func (p *pipe) read(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		switch {
		case p.gone:
			return 0, net.ErrClosed
		case len(b) == 0:
			return 0, nil
		case p.readBy.over():
			return 0, os.ErrDeadlineExceeded
		case p.start < len(p.buf):
			n, _ := p.take(b)
			return n, nil
		case p.wrote:
			return 0, io.EOF
		}
		p.wait()
	}
}

// readNow takes out what is there; see take.
func (p *pipe) readNow(b []byte) (n int, spent []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.gone || p.readBy.over() || p.start == len(p.buf) {
		return 0, nil
	}
	return p.take(b)
}

// take copies unread bytes out and lets an empty buffer go: spent is one that nobody else knows. The caller holds mu.
func (p *pipe) take(b []byte) (n int, spent []byte) {
	n = copy(b, p.buf[p.start:])
	p.start += n
	if p.start == len(p.buf) {
		if p.whole {
			spent = p.buf
		}
		p.empty()
	}
	p.tell()
	return n, spent
}

// empty forgets the buffer. The caller holds mu.
func (p *pipe) empty() { p.buf, p.start, p.given, p.whole = nil, 0, false, false }

// write puts bytes in, waiting for room.
func (p *pipe) write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	written := 0
	for {
		switch {
		case p.wrote:
			return written, net.ErrClosed
		case p.gone:
			return written, syscall.EPIPE
		case p.writeBy.over():
			return written, os.ErrDeadlineExceeded
		case len(b) == 0:
			return written, nil
		}
		if room := memBuffer - (len(p.buf) - p.start); room > 0 {
			n := min(room, len(b))
			p.put(b[:n])
			b, written = b[n:], written+n
			p.tell()
			continue
		}
		p.wait()
	}
}

// tryWrite puts in what there is room for; given says that b may be kept.
func (p *pipe) tryWrite(b []byte, given bool) (n int, kept bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.wrote:
		return 0, false, net.ErrClosed
	case p.gone:
		return 0, false, syscall.EPIPE
	}
	n = min(memBuffer-(len(p.buf)-p.start), len(b))
	if kept = given && len(p.buf) == 0; kept {
		p.buf, p.given, p.whole = b[:n:cap(b)], true, n == len(b)
	} else {
		p.put(b[:n])
	}
	p.tell()
	return n, kept, nil
}

// await returns when read would not wait.
func (p *pipe) await() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.readable() {
		p.wait()
	}
}

// doze arranges for wake to be called when read would not wait any more, unless that is so already.
func (p *pipe) doze(wake func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.readable() {
		return false
	}
	p.wake = wake
	return true
}

// readable tells whether read would not wait. The caller holds mu.
func (p *pipe) readable() bool { return p.gone || p.wrote || p.readBy.over() || p.start < len(p.buf) }

// tell wakes everybody who waits for a change. The caller holds mu.
func (p *pipe) tell() {
	if p.changed != nil {
		p.changed.Broadcast()
	}
	if p.wake != nil && p.readable() {
		wake := p.wake
		p.wake = nil
		wake()
	}
}

// put adds a copy of b. The unread bytes move to the front when it would make the buffer grow.
func (p *pipe) put(b []byte) {
	switch {
	case p.given:
		p.buf, p.given, p.whole = append([]byte(nil), p.buf[p.start:]...), false, false
		p.start = 0
	case p.start > 0 && len(p.buf)+len(b) > cap(p.buf):
		p.buf = p.buf[:copy(p.buf, p.buf[p.start:])]
		p.start = 0
	}
	p.buf = append(p.buf, b...)
}

// closeRead throws away what was not read, and tells how much that is.
func (p *pipe) closeRead() (lost int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	lost = len(p.buf) - p.start
	p.gone = true
	p.empty()
	p.readBy.stop()
	p.tell()
	return lost
}

func (p *pipe) closeWrite() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrote = true
	p.writeBy.stop()
	p.tell()
}

// deadline wakes a pipe when its time has come. It is guarded by the pipe's mu.
type deadline struct {
	timer  *time.Timer
	serial int
	passed bool
}

// limit sets one of a pipe's deadlines anew; the zero time takes it away.
func (p *pipe) limit(by **deadline, t time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if *by == nil {
		*by = &deadline{}
	}
	d := *by
	d.stop()
	d.passed = !t.IsZero() && !t.After(time.Now())
	if !t.IsZero() && !d.passed {
		serial := d.serial
		d.timer = time.AfterFunc(time.Until(t), func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			d.passed = d.passed || d.serial == serial
			p.tell()
		})
	}
	p.tell()
}

// over reports whether the time has come.
func (d *deadline) over() bool { return d != nil && d.passed }

// stop disarms the deadline. The caller holds the pipe's mu.
func (d *deadline) stop() {
	if d == nil {
		return
	}
	d.serial++
	d.passed = false
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}
