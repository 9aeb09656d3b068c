package world

import (
	"bytes"
	"net/netip"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/sentinel"
	"clusterplay/node/server"
	"clusterplay/playground/invariant"
)

// cronPeriod is the machines' timer, as in life.
const cronPeriod = 100 * time.Millisecond

// host is one computer of the world: a disk that outlives its process, and the process.
type host struct {
	index    int
	name     string // the client port, as a lab would name it
	addr     netip.AddrPort
	bus      netip.AddrPort
	disk     *disk
	machine  machine.Machine    // nil while the process is down
	server   *server.Server     // the machine, where it is a Redis server
	sentinel *sentinel.Sentinel // the machine, where it is a Sentinel
	life     int                // counts processes; what was meant for an earlier life is lost
	frozen   bool
	inbox    []func() // what arrived while frozen

	links    map[machine.LinkID]linkEnd
	accepted machine.LinkID // the latest even link id given out
	clients  uint64
	wake     time.Duration // the earliest scheduled wake-up, or 0
	bornAt   time.Duration
	world    *World
	skew     time.Duration  // by how much its clock is ahead of the world's
	found    invariant.Disk // what the latest crash left for the next process
}

// linkEnd finds the connection and side behind a machine's link.
type linkEnd struct {
	conn *conn
	side int
}

// clock is the time as this host's process sees it.
func (h *host) clock() time.Time { return birth.Add(h.world.now + h.skew) }

// position is where a host's history stands; the zero position where there is none.
func (h *host) position() position {
	if h.server == nil {
		return position{}
	}
	is := h.server.Replication().History()
	return position{is.ReplID, is.Offset}
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
	todo := h.machine.BeforeSleep(h.clock())
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
	if s.Token == 0 || s.Quiet {
		return
	}
	life := h.life
	w.agenda.add(w.now, func() {
		if h.alive(life) {
			w.whenThawed(h, func() { w.door(h, "saved", nil, func() { h.machine.Saved(h.clock(), s.Token, nil) }) })
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
	due := max(at.Sub(birth)-h.skew, w.now+wakeGrain)
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
	var beat func()
	beat = func() {
		if !h.alive(life) {
			return
		}
		if !h.frozen {
			w.door(h, "cron", nil, func() { h.machine.Cron(h.clock()) })
		}
		w.agenda.add(w.now+cronPeriod, beat)
	}
	w.agenda.add(w.now+cronPeriod, beat)
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
		w.bury(h, c)
		return
	}
	if !c.Blocked && l.conn.end[1].parser.waiting() {
		w.agenda.add(w.now, func() { w.arrive(l.conn, 1, delivery{}) })
	}
}

// bury tells a machine that a connection it wanted closed is closed.
func (w *World) bury(h *host, c *machine.Client) {
	life := h.life
	w.agenda.add(w.now, func() {
		if h.alive(life) {
			w.whenThawed(h, func() { w.door(h, "shut", nil, func() { h.machine.Shut(h.clock(), c) }) })
		}
	})
}

// deliver hands bytes to the machine behind an end.
func (w *World) deliver(c *conn, to *end, data []byte) {
	h := to.host
	switch {
	case to.client != nil:
		if c.kind == machine.Replication && len(data) > 0 {
			w.observeReceive(h, c, data)
		}
		w.feed(c, to, data)
	case to.link != 0:
		w.observeReceive(h, c, data)
		w.door(h, "receive", data, func() { h.machine.Receive(h.clock(), to.link, data) })
		if c.kind == machine.Bus {
			w.packets = append(w.packets, data[:0])
		}
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
		to.host.machine.Call(to.host.clock(), to.client, args)
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
