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
	"unsafe"

	"clusterplay/node"
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
	m := n.pair(kind, who, l)
	dialler, acceptor := &m.conns[0], &m.conns[1]
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
	out, back pipe    // from the dialler, and to it
	conns     [2]conn // what the dialler and the acceptor have of it
}

// inMemory is the link in memory that begins with a link.
func inMemory(l *link) *memLink { return (*memLink)(unsafe.Pointer(l)) }

// pair is a new link in memory, which nobody has been told of.
func (n *Network) pair(kind machine.LinkKind, dialler string, port *listener) *memLink {
	m := &memLink{}
	m.link.join(kind, dialler, port)
	for i := range m.conns {
		c := &m.conns[i]
		c.Conn, c.net, c.link, c.dialled = (*memConn)(c), n, &m.link, i == 0
		c.knows()
	}
	return m
}

// memConn is one end of a pair of pipes: what is below a conn in memory is the conn itself, seen in another way.
type memConn conn

// in is what this end reads from.
func (c *memConn) in() *pipe {
	if c.dialled {
		return &inMemory(c.link).back
	}
	return &inMemory(c.link).out
}

// out is what this end writes into.
func (c *memConn) out() *pipe {
	if c.dialled {
		return &inMemory(c.link).out
	}
	return &inMemory(c.link).back
}

// Read is net.Conn's.
func (c *memConn) Read(b []byte) (int, error) {
	n, err := c.in().read(b)
	c.net.water.fall(n)
	return n, err
}

// readNow is Read for who does not wait. The memory of a packet goes back to who lent it.
func (c *memConn) readNow(b []byte) int {
	n, spent := c.in().readNow(b)
	c.net.water.fall(n)
	c.net.packets.back(spent)
	return n
}

// Write is net.Conn's.
func (c *memConn) Write(b []byte) (int, error) {
	n, err := c.out().write(b)
	c.net.water.rise(n)
	return n, err
}

// tryWrite is Write for who does not wait.
func (c *memConn) tryWrite(b []byte) (int, error) {
	n, _, err := c.out().tryWrite(b, false)
	c.net.water.rise(n)
	return n, err
}

// tryGive is tryWrite of memory that nobody uses any more if all of it was written.
func (c *memConn) tryGive(b []byte) (int, error) {
	n, kept, err := c.out().tryWrite(b, true)
	c.net.water.rise(n)
	if !kept && n == len(b) {
		c.net.packets.back(b)
	}
	return n, err
}

// Close is net.Conn's: the other end reads what is left, then the end.
func (c *memConn) Close() error {
	c.net.water.fall(c.in().closeRead())
	c.out().closeWrite()
	return nil
}

// LocalAddr is net.Conn's.
func (c *memConn) LocalAddr() net.Addr { return c.addr(c.dialled) }

// RemoteAddr is net.Conn's.
func (c *memConn) RemoteAddr() net.Addr { return c.addr(!c.dialled) }

// addr is the port that was dialled, or the address of whoever dialled it, which has no port.
func (c *memConn) addr(dialler bool) memAddr {
	at := c.link.port.addr
	if dialler {
		at = netip.AddrPortFrom(at.Addr(), 0)
	}
	return memAddr(at)
}

// SetDeadline is net.Conn's.
func (c *memConn) SetDeadline(t time.Time) error {
	_ = c.SetReadDeadline(t)
	return c.SetWriteDeadline(t)
}

// SetReadDeadline is net.Conn's.
func (c *memConn) SetReadDeadline(t time.Time) error {
	p := c.in()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit(&p.waits().readBy, t)
	return nil
}

// SetWriteDeadline is net.Conn's.
func (c *memConn) SetWriteDeadline(t time.Time) error {
	p := c.out()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit(&p.waits().writeBy, t)
	return nil
}

// pipe carries bytes one way. Its buffer exists only while it holds something.
type pipe struct {
	mu    sync.Mutex
	bell  node.Bell // wakes a reader that dozes
	buf   []byte
	start int32 // where the unread bytes of buf begin
	given bool  // buf belonged to the writer
	whole bool  // who has given all of it, and does not read it any more
	wrote bool
	gone  bool   // the reader closed
	rare  *waits // nil when nobody ever waited or had a deadline
}

// waits is what a pipe has for those who wait. Hardly any has: links are read when they ring, and written as far
// as there is room.
type waits struct {
	changed         sync.Cond
	readBy, writeBy deadline
}

// waits makes room for what is rare. The caller holds mu.
func (p *pipe) waits() *waits {
	if p.rare == nil {
		p.rare = &waits{}
		p.rare.changed.L = &p.mu
	}
	return p.rare
}

// wait lets go of mu until something changes.
func (p *pipe) wait() { p.waits().changed.Wait() }

// readLate and writeLate report whether a deadline has passed. The caller holds mu.
func (p *pipe) readLate() bool  { return p.rare != nil && p.rare.readBy.passed }
func (p *pipe) writeLate() bool { return p.rare != nil && p.rare.writeBy.passed }

// unread is how many bytes wait to be read. The caller holds mu.
func (p *pipe) unread() int { return len(p.buf) - int(p.start) }

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
		case p.readLate():
			return 0, os.ErrDeadlineExceeded
		case p.unread() > 0:
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
	if p.gone || p.readLate() || p.unread() == 0 {
		return 0, nil
	}
	return p.take(b)
}

// take copies unread bytes out and lets an empty buffer go: spent is one that nobody else knows. The caller holds mu.
func (p *pipe) take(b []byte) (n int, spent []byte) {
	n = copy(b, p.buf[p.start:])
	p.start += int32(n)
	if p.unread() == 0 {
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
		case p.writeLate():
			return written, os.ErrDeadlineExceeded
		case len(b) == 0:
			return written, nil
		}
		if room := memBuffer - p.unread(); room > 0 {
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
	n = min(memBuffer-p.unread(), len(b))
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

// doze has the bell rung when read would not wait any more, unless that is so already.
func (p *pipe) doze(bell node.Bell) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.readable() {
		return false
	}
	p.bell = bell
	return true
}

// readable tells whether read would not wait. The caller holds mu.
func (p *pipe) readable() bool { return p.gone || p.wrote || p.readLate() || p.unread() > 0 }

// tell wakes everybody who waits for a change. The caller holds mu.
func (p *pipe) tell() {
	if p.rare != nil {
		p.rare.changed.Broadcast()
	}
	if p.bell != nil && p.readable() {
		bell := p.bell
		p.bell = nil
		bell.Ring()
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
	lost = p.unread()
	p.gone = true
	p.empty()
	if p.rare != nil {
		p.rare.readBy.stop()
	}
	p.tell()
	return lost
}

func (p *pipe) closeWrite() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wrote = true
	if p.rare != nil {
		p.rare.writeBy.stop()
	}
	p.tell()
}

// deadline wakes a pipe when its time has come. It is guarded by the pipe's mu.
type deadline struct {
	timer  *time.Timer
	serial int
	passed bool
}

// limit sets one of a pipe's deadlines anew; the zero time takes it away. The caller holds mu.
func (p *pipe) limit(d *deadline, t time.Time) {
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

// stop disarms the deadline. The caller holds the pipe's mu.
func (d *deadline) stop() {
	d.serial++
	d.passed = false
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
}
