package world

import (
	"errors"
	"time"

	"clusterplay/node/machine"
)

// The errors a link ends with, as a process on a real network would see them.
var (
	errRefused = errors.New("connection refused")
	errTimeout = errors.New("connection timed out")
	errReset   = errors.New("connection reset by peer")
)

// dialPatience is how long a dial into a cut network waits before it fails. A real kernel waits
// longer; the machines give up on their own before that, which is what matters.
const dialPatience = 2 * time.Second

// conn is one connection between two hosts. end[0] dialled, end[1] accepted.
type conn struct {
	kind machine.LinkKind
	end  [2]end
	open bool
}

// end is one side of a connection: a link of the machine or, where a stream arrives at a client
// port, a client of the machine. life ties it to one life of the process behind it.
type end struct {
	host   *host
	life   int
	link   machine.LinkID
	client *machine.Client
	parser streamParser  // client ends: the bytes not yet a whole command
	last   time.Duration // when the latest thing on its way here arrives: a connection is FIFO
	stuck  []delivery    // what a cut keeps from arriving here, in order
	closed bool          // no door may be called for this end any more
}

// delivery is a piece of data, or the end of the connection, on its way.
type delivery struct {
	data   []byte
	hangup error
	late   time.Duration   // how much longer it takes than others
	from   *machine.Client // the replica's connection at the sender, whose Unsent counts data
}

// path is one direction between two hosts.
type path struct {
	cut   bool
	delay time.Duration // added to the world's latency
}

// pathOf is the rule for what travels from one host to another.
func (w *World) pathOf(from, to *host) *path { return &w.paths[from.index*len(w.hosts)+to.index] }

// latency draws how long one thing takes from one host to another.
func (w *World) latency(p *path) time.Duration {
	return w.cfg.Latency + time.Duration(w.rng.Int64N(int64(w.cfg.Jitter)+1)) + p.delay
}

// transmit sends d towards side of c, a stream sometimes in two pieces.
func (w *World) transmit(c *conn, side int, d delivery) {
	if w.fragments == nil || c.kind == machine.Bus || len(d.data) < 2 || w.fragments.IntN(fragmentEvery) > 0 {
		w.pass(c, side, d)
		return
	}
	at := 1 + w.fragments.IntN(len(d.data)-1)
	rest := d
	d.data, rest.data = d.data[:at], d.data[at:]
	if w.fragments.IntN(resendEvery) == 0 {
		rest.late = resend
	}
	w.pass(c, side, d)
	w.pass(c, side, rest)
}

// Streams are cut anywhere, and what a network loses is sent again: one frame of fragmentEvery arrives in
// two pieces, and the second one of resendEvery of those comes a retransmission later.
const (
	fragmentEvery = 8
	resendEvery   = 8
	resend        = 200 * time.Millisecond
)

// pass sends d towards side of c: at once if the path is whole, else when it heals.
func (w *World) pass(c *conn, side int, d delivery) {
	to := &c.end[side]
	p := w.pathOf(c.end[1-side].host, to.host)
	if p.cut || len(to.stuck) > 0 {
		to.stuck = append(to.stuck, d)
		return
	}
	at := max(w.now+w.latency(p)+d.late, to.last)
	to.last = at
	w.agenda.add(at, w.fly(c, side, d).land)
}

// arrive hands d to the machine behind side of c, unless that life of the machine is over.
func (w *World) arrive(c *conn, side int, d delivery) {
	to := &c.end[side]
	if to.closed || !to.host.alive(to.life) {
		return
	}
	if to.host.frozen {
		to.host.inbox = append(to.host.inbox, func() { w.arrive(c, side, d) })
		return
	}
	if d.from != nil {
		d.from.Unsent -= len(d.data)
	}
	if d.hangup != nil {
		w.hangup(c, side, d.hangup)
		return
	}
	w.deliver(c, to, d.data)
}

// hangup tells one end that the connection is over.
func (w *World) hangup(c *conn, side int, err error) {
	e := &c.end[side]
	if e.closed {
		return
	}
	e.closed = true
	c.open = false
	h := e.host
	if e.client != nil {
		w.door(h, "shut", nil, func() { h.machine.Shut(h.clock(), e.client) })
		return
	}
	delete(h.links, e.link)
	w.door(h, "hangup", nil, func() { h.machine.Hangup(h.clock(), e.link, err) })
}

// shut closes side of c from within: the other end learns it after everything sent before.
func (w *World) shut(c *conn, side int, err error) {
	e := &c.end[side]
	if e.closed {
		return
	}
	e.closed = true
	if e.link != 0 {
		delete(e.host.links, e.link)
	}
	w.transmit(c, 1-side, delivery{hangup: err})
}

// Cut breaks the path from one host to another in one direction. What is sent stalls; nobody is
// told. Connections survive and go on when the path heals, as on a real network.
func (w *World) Cut(from, to int) {
	w.pathOf(w.hosts[from], w.hosts[to]).cut = true
	w.pathChanged(from, to)
}

// Delay adds d to everything that travels from one host to another.
func (w *World) Delay(from, to int, d time.Duration) {
	w.pathOf(w.hosts[from], w.hosts[to]).delay = d
	w.pathChanged(from, to)
}

// Heal mends the path from one host to another and lets what was stuck continue in order.
func (w *World) Heal(from, to int) {
	p := w.pathOf(w.hosts[from], w.hosts[to])
	if !p.cut {
		return
	}
	p.cut = false
	w.pathChanged(from, to)
	for _, c := range w.conns {
		for side := range c.end {
			if c.end[side].host.index != to || c.end[1-side].host.index != from {
				continue
			}
			stuck := c.end[side].stuck
			c.end[side].stuck = nil
			for _, d := range stuck {
				w.pass(c, side, d)
			}
		}
	}
}

// HealAll mends every path and removes every delay.
func (w *World) HealAll() {
	for from := range w.hosts {
		for to := range w.hosts {
			w.Heal(from, to)
			w.Delay(from, to, 0)
		}
	}
}

// Reset breaks every connection between two hosts as a firewall's RST would: both ends learn it.
func (w *World) Reset(a, b int) {
	w.troubled()
	for _, c := range w.conns {
		one, two := c.end[0].host.index, c.end[1].host.index
		if !c.open || (one != a || two != b) && (one != b || two != a) {
			continue
		}
		for side := range c.end {
			e := &c.end[side]
			e.stuck = nil
			w.agenda.add(w.now, func() {
				if !e.closed && e.host.alive(e.life) {
					w.arrive(c, side, delivery{hangup: errReset})
				}
			})
		}
	}
}

// sweep forgets connections both of whose ends are over.
func (w *World) sweep() {
	kept := w.conns[:0]
	for _, c := range w.conns {
		gone := func(e *end) bool { return e.closed || !e.host.alive(e.life) }
		if !gone(&c.end[0]) || !gone(&c.end[1]) {
			kept = append(kept, c)
		}
	}
	clear(w.conns[len(kept):])
	w.conns = kept
}
