package network

import (
	"errors"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
	"unique"

	"clusterplay/node/machine"
)

// marksKept bounds how many writes on their way are remembered per direction; beyond it a frame
// counts as sent with the oldest one known, which only matters behind seconds of delay.
const marksKept = 1024

// busyMarks is from how many on the room for them is kept: that of a stream, to which more is written at once.
const busyMarks = 8

// link is one connection between two nodes of the lab.
type link struct {
	kind machine.LinkKind
	// The dialler's address is remembered until the acceptor has asked whose it was; abandoned says that the dialler
	// closed its end before that. Guarded by the network's mu.
	abandoned bool
	blocked   atomic.Uint32 // which ends' readers wait in Pass: blockedOut, blockedBack

	dialler unique.Handle[string]
	port    *listener  // of the acceptor
	marking sync.Mutex // guards the marks of both directions
	out     direction  // from the dialler
	back    direction  // to the dialler
}

const blockedOut, blockedBack = 1, 2

// join says whom a new link joins.
func (l *link) join(kind machine.LinkKind, dialler string, port *listener) {
	l.kind, l.dialler, l.port = kind, unique.Make(dialler), port
}

func (l *link) acceptor() string { return l.port.who }

// settled tells whether everything written has been read and has passed, or waits in Pass, but for what goes to a
// node that reads nothing.
func (l *link) settled(stalled map[string]bool) bool {
	blocked := l.blocked.Load()
	return (blocked&blockedOut != 0 || l.out.settled() || stalled[l.acceptor()]) &&
		(blocked&blockedBack != 0 || l.back.settled() || stalled[l.dialler.Value()])
}

// direction is one half of a link: how much was written into it, and how much of that passed.
type direction struct {
	written atomic.Uint64
	passed  atomic.Uint64

	mark  mark    // the oldest; none when its end is 0
	marks *[]mark // the others; nil for none: mostly one write is on its way, or none
}

// mark says when the bytes up to an offset were written, in nanoseconds since 1970.
type mark struct {
	end  uint64
	sent int64
}

// note remembers when bytes up to end were written. The caller holds marking.
func (d *direction) note(end uint64, sent time.Time) {
	m := mark{end, sent.UnixNano()}
	switch {
	case d.mark.end == 0:
		d.mark = m
	case d.marks == nil:
		d.marks = &[]mark{m}
	case len(*d.marks) < marksKept:
		*d.marks = append(*d.marks, m)
	}
}

// sentAt is when the last byte that passed was written; zero when nobody noted it. It is asked for once. The caller
// holds marking.
func (d *direction) sentAt() time.Time {
	passed := d.passed.Load()
	if d.mark.end < passed {
		d.forgetBefore(passed)
	}
	if d.mark.end == 0 {
		return time.Time{}
	}
	sent := time.Unix(0, d.mark.sent)
	if d.mark.end == passed {
		d.forgetBefore(passed + 1)
	}
	return sent
}

// forgetBefore forgets the oldest mark, which ends before an offset, and all others that do. The caller holds marking.
func (d *direction) forgetBefore(offset uint64) {
	d.mark = mark{}
	if d.marks == nil {
		return
	}
	list := *d.marks
	i := 0
	for i < len(list) && list[i].end < offset {
		i++
	}
	if i < len(list) {
		d.mark = list[i]
		i++
	}
	if *d.marks = list[:copy(list, list[i:])]; i == len(list) && cap(list) < busyMarks {
		d.marks = nil
	}
}

// settled tells whether everything written has been read and has passed.
func (d *direction) settled() bool { return d.written.Load() == d.passed.Load() }

// conn is one end of a connection that a node holds. To a foreign process it only passes on.
type conn struct {
	net.Conn
	net     *Network
	link    *link         // nil when the other end is no node of ours; written before it is known
	state   atomic.Uint32 // connKnown, connOver
	dialled bool          // from this end
}

const (
	connKnown = 1 << iota // what the other end is; set under the network's mu
	connOver              // this end is closed
)

func (c *conn) known() bool { return c.state.Load()&connKnown != 0 }
func (c *conn) knows()      { c.state.Or(connKnown) }

// resolve finds out, once, whose connection this accepted one is.
func (c *conn) resolve() {
	if c.known() {
		return
	}
	c.net.mu.Lock()
	defer c.net.mu.Unlock()
	l := c.net.findLink(c.Conn) // lets go of mu while it waits
	if !c.known() {
		c.link = l
		c.knows()
	}
}

// ends are the two nodes of a link: who has this end, and who the other.
func (c *conn) ends() (who, peer string) {
	if c.dialled {
		return c.link.dialler.Value(), c.link.acceptor()
	}
	return c.link.acceptor(), c.link.dialler.Value()
}

// block notes that what comes to this end waits in Pass, or does no more.
func (c *conn) block(waits bool) {
	bit := uint32(blockedOut)
	if c.dialled {
		bit = blockedBack
	}
	if waits {
		c.link.blocked.Or(bit)
	} else {
		c.link.blocked.And(^bit)
	}
}

// note remembers when bytes up to end were written at this end.
func (c *conn) note(end uint64, sent time.Time) {
	c.link.marking.Lock()
	defer c.link.marking.Unlock()
	c.out().note(end, sent)
}

// sentAt is when what passed last was written at the other end; see direction.
func (c *conn) sentAt() time.Time {
	c.link.marking.Lock()
	defer c.link.marking.Unlock()
	return c.in().sentAt()
}

// in is what comes to this end of a link.
func (c *conn) in() *direction {
	if c.dialled {
		return &c.link.back
	}
	return &c.link.out
}

// out is what goes out from this end of a link.
func (c *conn) out() *direction {
	if c.dialled {
		return &c.link.out
	}
	return &c.link.back
}

// Read reads; the end of a link does not arrive through a cut or a pause either.
func (c *conn) Read(b []byte) (int, error) {
	c.resolve()
	n, err := c.Conn.Read(b)
	if err == nil || n > 0 || c.link == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		return n, err
	}
	if c.net.busy.Load() != 0 && !c.isClosed() {
		who, peer := c.ends()
		w := &waiting{Frame: Frame{From: peer, To: who, Kind: c.link.kind, Type: TypeClose}}
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
	if c.state.Or(connOver)&connOver == 0 {
		c.net.forget(c)
	}
	return c.Conn.Close()
}

func (c *conn) isClosed() bool { return c.state.Load()&connOver != 0 }

// end is closed when this end of the connection is. The caller holds the network's mu.
func (c *conn) end() <-chan struct{} {
	gone := c.net.ends[c]
	if gone == nil {
		if c.isClosed() {
			return ended
		}
		gone = make(chan struct{})
		c.net.ends[c] = gone
	}
	return gone
}

// ended is closed.
var ended = func() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}()
