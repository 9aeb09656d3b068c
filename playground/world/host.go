package world

import (
	"bytes"
	"net/netip"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/server"
	"clusterplay/playground/invariant"
)

// cronPeriod is the machines' timer, as in life.
const cronPeriod = 100 * time.Millisecond

// host is one computer of the world: a disk that outlives its process, and the process.
type host struct {
	index   int
	name    string // the client port, as a lab would name it
	addr    netip.AddrPort
	bus     netip.AddrPort
	disk    *disk
	machine *server.Server // nil while the process is down
	life    int            // counts processes; what was meant for an earlier life is lost
	frozen  bool
	inbox   []func() // what arrived while frozen

	links    map[machine.LinkID]linkEnd
	accepted machine.LinkID // the latest even link id given out
	clients  uint64
	wake     time.Duration // the earliest scheduled wake-up, or 0
	bornAt   time.Duration
	found    invariant.Disk // what the latest crash left for the next process
}

// linkEnd finds the connection and side behind a machine's link.
type linkEnd struct {
	conn *conn
	side int
}

// alive reports whether the process of that life still exists (frozen counts as alive).
func (h *host) alive(life int) bool { return h.machine != nil && h.life == life }

// door calls one of the machine's doors, then does what the machine asks for.
func (w *World) door(h *host, kind string, data []byte, call func()) {
	w.observeInput(h, kind, data)
	call()
	w.perform(h)
}

// perform carries out a machine's Todo in the order the contract gives.
func (w *World) perform(h *host) {
	todo := h.machine.BeforeSleep(w.Now())
	for _, s := range todo.Save {
		w.save(h, s)
	}
	for _, d := range todo.Dial {
		w.dial(h, d)
	}
	for _, s := range todo.Send {
		w.send(h, s)
	}
	for _, id := range todo.Close {
		if l, ok := h.links[id]; ok {
			w.shut(l.conn, l.side, errReset)
		}
	}
	for _, c := range todo.Flush {
		w.flush(h, c)
	}
	for _, e := range todo.Emit {
		w.observeEvent(h, e)
	}
	w.scheduleWake(h, todo.Wake)
	w.observeStep(h)
	if todo.Exit != nil {
		w.Kill(h.index, KeepDisk)
	}
}

// save performs one file operation; its token is answered as an input of its own.
func (w *World) save(h *host, s machine.Save) {
	h.disk.save(s)
	if s.Token == 0 {
		return
	}
	life := h.life
	w.agenda.add(w.now, func() {
		if h.alive(life) {
			w.whenThawed(h, func() { w.door(h, "saved", nil, func() { h.machine.Saved(w.Now(), s.Token, nil) }) })
		}
	})
}

// whenThawed runs f now, or when a frozen host goes on.
func (w *World) whenThawed(h *host, f func()) {
	if h.frozen {
		h.inbox = append(h.inbox, f)
		return
	}
	f()
}

// scheduleWake makes sure BeforeSleep is called again at the time the machine asked for.
func (w *World) scheduleWake(h *host, at time.Time) {
	if at.IsZero() {
		return
	}
	due := max(at.Sub(birth), w.now+wakeGrain)
	if h.wake > w.now && h.wake <= due {
		return
	}
	h.wake = due
	life := h.life
	w.agenda.add(due, func() {
		if h.alive(life) && h.wake == due {
			w.whenThawed(h, func() { w.door(h, "wake", nil, func() {}) })
		}
	})
}

// wakeGrain keeps a machine that wants to go on at once from standing still in time.
const wakeGrain = 100 * time.Microsecond

// cron is the host's timer; it runs as long as this life of the process does.
func (w *World) cron(h *host, life int) {
	w.agenda.add(w.now+cronPeriod, func() {
		if !h.alive(life) {
			return
		}
		if !h.frozen {
			w.door(h, "cron", nil, func() { h.machine.Cron(w.Now()) })
		}
		w.cron(h, life)
	})
}

// dial opens a connection to whoever listens at d.Addr.
func (w *World) dial(h *host, d machine.Dial) {
	target := w.listener(d)
	c := &conn{kind: d.Kind, open: true}
	c.end[0] = end{host: h, life: h.life, link: d.Link}
	h.links[d.Link] = linkEnd{c, 0}
	if target == nil {
		c.end[1] = end{host: h, life: h.life, closed: true}
		w.agenda.add(w.now+w.cfg.Latency, func() { w.arrive(c, 0, delivery{hangup: errRefused}) })
		return
	}
	c.end[1] = end{host: target, closed: true}
	w.conns = append(w.conns, c)
	there, back := w.pathOf(h, target), w.pathOf(target, h)
	if there.cut || back.cut {
		w.agenda.add(w.now+dialPatience, func() { w.arrive(c, 0, delivery{hangup: errTimeout}) })
		return
	}
	w.agenda.add(w.now+w.latency(there), func() { w.accept(c, h, target) })
}

// listener finds the host whose bus or client port d dials.
func (w *World) listener(d machine.Dial) *host {
	for _, h := range w.hosts {
		if d.Kind == machine.Bus && h.bus == d.Addr || d.Kind != machine.Bus && h.addr == d.Addr {
			return h
		}
	}
	return nil
}

// accept lets target's process take the connection. A frozen process accepts too: the kernel
// does it; a dead one refuses.
func (w *World) accept(c *conn, from, target *host) {
	if c.end[0].closed || !from.alive(c.end[0].life) {
		return
	}
	if target.machine == nil {
		w.agenda.add(w.now+w.cfg.Latency, func() { w.arrive(c, 0, delivery{hangup: errRefused}) })
		return
	}
	e := &c.end[1]
	e.closed, e.life = false, target.life
	local, remote := target.addr, netip.AddrPortFrom(from.addr.Addr(), uint16(40000+w.ports%20000))
	w.ports++
	if c.kind == machine.Bus {
		target.accepted += 2
		e.link, local = target.accepted, target.bus
		target.links[e.link] = linkEnd{c, 1}
	}
	w.whenThawed(target, func() { w.welcome(c, local, remote) })
	c.end[0].last = w.now + w.latency(w.pathOf(target, from))
	w.agenda.add(c.end[0].last, func() { w.opened(c, remote, local) })
}

// welcome tells the accepting machine of its new link or client.
func (w *World) welcome(c *conn, local, remote netip.AddrPort) {
	e := &c.end[1]
	h := e.host
	if e.closed || !h.alive(e.life) {
		return
	}
	if c.kind == machine.Bus {
		w.door(h, "accepted", nil, func() { h.machine.Accepted(w.Now(), e.link, local, remote) })
		return
	}
	e.client = h.newClient(local, remote)
	w.streams[e.client] = linkEnd{c, 1}
	w.door(h, "open", nil, func() { h.machine.Open(w.Now(), e.client) })
}

func (h *host) newClient(local, remote netip.AddrPort) *machine.Client {
	h.clients++
	return &machine.Client{ID: h.clients, Addr: remote.String(), LocalAddr: local.String()}
}

// opened tells the dialling machine that its link stands.
func (w *World) opened(c *conn, local, remote netip.AddrPort) {
	e := &c.end[0]
	if e.closed || !e.host.alive(e.life) {
		return
	}
	w.whenThawed(e.host, func() {
		if !e.closed && e.host.alive(e.life) {
			w.door(e.host, "connected", nil, func() { e.host.machine.Connected(w.Now(), e.link, local, remote) })
		}
	})
}

// send puts a machine's bytes on their way.
func (w *World) send(h *host, s machine.Send) {
	l, ok := h.links[s.Link]
	if !ok || l.conn.end[l.side].closed {
		return
	}
	w.observeSend(h, l, s.Data)
	w.transmit(l.conn, 1-l.side, delivery{data: s.Data})
}

// flush takes what a client's Out holds: to a dialling machine if a stream feeds it, else to the
// world's own client.
func (w *World) flush(h *host, c *machine.Client) {
	l, stream := w.streams[c]
	if !stream {
		w.answer(h, c)
		return
	}
	if len(c.Out) > 0 {
		data := bytes.Clone(c.Out)
		c.Out = c.Out[:0]
		c.Unsent += len(data)
		w.transmit(l.conn, 0, delivery{data: data, from: c})
	}
	if c.Closing {
		w.shut(l.conn, 1, errReset)
		delete(w.streams, c)
		return
	}
	if !c.Blocked && l.conn.end[1].parser.waiting() {
		w.agenda.add(w.now, func() { w.arrive(l.conn, 1, delivery{}) })
	}
}

// deliver hands bytes to the machine behind an end.
func (w *World) deliver(c *conn, to *end, data []byte) {
	h := to.host
	switch {
	case to.client != nil:
		w.feed(c, to, data)
	case to.link != 0:
		w.observeReceive(h, c, data)
		w.door(h, "receive", data, func() { h.machine.Receive(w.Now(), to.link, data) })
	}
}

// feed parses a stream that arrives at a client port and executes its commands.
func (w *World) feed(c *conn, to *end, data []byte) {
	to.parser.add(data)
	for !to.closed && to.client != nil && !to.client.Blocked && to.host.alive(to.life) {
		args, ok := to.parser.next()
		if !ok {
			return
		}
		w.observeInput(to.host, "call", nil)
		to.host.machine.Call(w.Now(), to.client, args)
		w.perform(to.host)
		w.flush(to.host, to.client)
	}
}

// observeEvent records an event and hands it to the checks.
func (w *World) observeEvent(h *host, e event.Event) {
	w.trace.event(w.now, h.index, e)
	for _, o := range w.observers {
		o.Event(w, h.index, e)
	}
}
