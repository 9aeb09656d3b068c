package network

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"clusterplay/node/machine"
)

// marksKept bounds how many writes on their way are remembered per direction; beyond it a frame
// counts as sent with the oldest one known, which only matters behind seconds of delay.
const marksKept = 1024

// link is one connection between two nodes of the lab.
type link struct {
	kind     machine.LinkKind
	dialler  string
	acceptor string
	out      direction // from the dialler
	back     direction // to the dialler

	// Guarded by the network's mu: the dialler's address is remembered until it has closed its
	// end and the acceptor has asked whose it was, in whichever order.
	claimed   bool
	abandoned bool
}

// direction is one half of a link: how much was written into it, and how much of that passed.
type direction struct {
	written atomic.Uint64
	passed  atomic.Uint64
	blocked atomic.Bool // its reader waits in Pass

	mu    sync.Mutex
	marks []mark
}

// mark says when the bytes up to an offset were written.
type mark struct {
	end  uint64
	sent time.Time
}

// note remembers when bytes up to end were written.
func (d *direction) note(end uint64, sent time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.marks) < marksKept {
		d.marks = append(d.marks, mark{end, sent})
	}
}

// sentAt is when the last byte that passed was written; zero when nobody noted it.
func (d *direction) sentAt() time.Time {
	passed := d.passed.Load()
	d.mu.Lock()
	defer d.mu.Unlock()
	i := 0
	for i < len(d.marks) && d.marks[i].end < passed {
		i++
	}
	d.marks = d.marks[:copy(d.marks, d.marks[i:])]
	if len(d.marks) == 0 {
		return time.Time{}
	}
	return d.marks[0].sent
}

// settled tells whether everything written has been read and has passed, or waits in Pass.
func (d *direction) settled() bool {
	return d.blocked.Load() || d.written.Load() == d.passed.Load()
}

// conn is one end of a connection that a node holds. To a foreign process it only passes on.
type conn struct {
	net.Conn
	net *Network
	who string // whose end this is

	known sync.Once // resolve has looked for the other end
	over  atomic.Bool
	link  *link
	peer  string
	in    *direction
	outgo *direction
	gone  chan struct{} // closed when this end is; nil before somebody waits for it. Guarded by the network's mu
}

// attach tells the dialling end which link it belongs to.
func (c *conn) attach(l *link) {
	c.link = l
	c.peer, c.in, c.outgo = l.acceptor, &l.back, &l.out
}

// attachAccepted is attach for the accepting end.
func (c *conn) attachAccepted(l *link) {
	c.link = l
	c.peer, c.in, c.outgo = l.dialler, &l.out, &l.back
}

// resolve finds out, once, whose connection this accepted one is.
func (c *conn) resolve() {
	c.known.Do(func() {
		if l := c.net.findLink(c.Conn); l != nil {
			c.attachAccepted(l)
		}
	})
}

// Read reads; the end of a link does not arrive through a cut or a pause either.
func (c *conn) Read(b []byte) (int, error) {
	c.resolve()
	n, err := c.Conn.Read(b)
	if err == nil || n > 0 || c.link == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		return n, err
	}
	if c.net.busy.Load() != 0 && !c.isClosed() {
		w := &waiting{Frame: Frame{From: c.peer, To: c.who, Kind: c.link.kind, Type: TypeClose}}
		if _, stop := c.net.gate(c, w); stop != nil {
			return 0, err
		}
	}
	return 0, err
}

// Write writes, and notes when.
func (c *conn) Write(b []byte) (int, error) {
	c.resolve()
	if c.link == nil {
		return c.Conn.Write(b)
	}
	c.wrote(len(b))
	n, err := c.Conn.Write(b)
	if err != nil && c.vanishes(err) {
		return len(b), nil
	}
	return n, err
}

// Close closes this end; what waits on it goes.
func (c *conn) Close() error {
	if !c.over.Swap(true) {
		c.net.forget(c)
	}
	return c.Conn.Close()
}

func (c *conn) isClosed() bool { return c.over.Load() }

// end is closed when this end of the connection is. The caller holds the network's mu.
func (c *conn) end() <-chan struct{} {
	if c.gone == nil {
		c.gone = make(chan struct{})
		if c.isClosed() {
			return ended
		}
	}
	return c.gone
}

// ended is closed.
var ended = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()
