package world

import (
	"slices"
	"time"

	"clusterplay/node/machine"
)

// Caller is one client connection of the world's own to one host: it sends one command at a time
// and is told the reply, or that none will come.
type Caller struct {
	w       *World
	host    *host
	near    int // the host whose network location the client shares: cuts apply to it
	life    int
	client  *machine.Client
	pending func(reply []byte, err error) // told what became of the latest request; nil once it was
	onWay   [][]string                    // its commands
	reply   []byte                        // its reply, until the next one
	asked   []string                      // the command that pending waits for
	rest    [][]string                    // what was sent behind it, while it blocks
	running bool                          // proceed is at work
	madeBy  *machine.Client               // the connection made was answered on
	made    position                      // where its host's history stood after the latest answer
	sent    uint64                        // numbers the requests, so that a late answer is not taken for a new one
	words   [][]byte                      // the command that runs, in room
	room    []byte
}

// Caller opens a client connection to host i for a client that stands beside host near.
func (w *World) Caller(i, near int) *Caller {
	c := &Caller{w: w, host: w.hosts[i], near: near, life: -1}
	w.everyCaller = append(w.everyCaller, c)
	return c
}

// Do sends a command. done is called exactly once: with the whole reply, which it must not keep, with an error when the
// connection failed, or with errTimeout after patience. An error after the command was sent does
// not say whether it was executed.
func (c *Caller) Do(patience time.Duration, done func(reply []byte, err error), args ...string) {
	c.DoAll(patience, done, args)
}

// DoAll sends several commands in one piece; the reply is theirs in order.
func (c *Caller) DoAll(patience time.Duration, done func(reply []byte, err error), commands ...[]string) {
	w := c.w
	c.sent++
	ticket := c.sent
	c.pending, c.onWay = done, commands
	w.agenda.addLate(w.now+patience, func() {
		if c.awaits(ticket) {
			c.drop()
			c.tell(ticket, nil, errTimeout)
		}
	})
	there := w.pathOf(w.hosts[c.near], c.host)
	if there.cut {
		return // stalls; the timeout speaks
	}
	w.agenda.add(w.now+w.latency(there), func() { c.arrive(ticket) })
}

// awaits reports whether the request with that number is the latest and nothing has become of it yet.
func (c *Caller) awaits(ticket uint64) bool { return ticket == c.sent && c.pending != nil }

// tell says what became of a request, unless that was said before or another has been made.
func (c *Caller) tell(ticket uint64, reply []byte, err error) {
	if c.awaits(ticket) {
		done := c.pending
		c.pending = nil
		done(reply, err)
	}
}

// arrive executes the commands at the host.
func (c *Caller) arrive(ticket uint64) {
	if !c.awaits(ticket) {
		return
	}
	if c.host.machine == nil {
		c.tell(ticket, nil, errRefused)
		return
	}
	if c.host.frozen {
		c.host.inbox = append(c.host.inbox, func() { c.arrive(ticket) })
		return
	}
	c.connect()
	c.rest = c.onWay
	c.proceed()
}

// proceed executes what has been sent, up to a command that blocks.
func (c *Caller) proceed() {
	w, h, client := c.w, c.host, c.client
	c.running = true
	defer func() { c.running = false }()
	for len(c.rest) > 0 && !client.Blocked && !client.Closing {
		c.asked, c.rest = c.rest[0], c.rest[1:]
		c.spell(c.asked)
		w.observeInput(h, "call", c.words[0])
		h.machine.Call(h.clock(), client, c.words)
		w.perform(h)
		if !h.alive(c.life) || c.client != client {
			return
		}
	}
	w.answer(h, client)
}

// spell lays out a command as a machine takes it; it holds until the next.
func (c *Caller) spell(command []string) {
	n := 0
	for _, word := range command {
		n += len(word)
	}
	c.words, c.room = c.words[:0], slices.Grow(c.room[:0], n) // so that room does not move
	for _, word := range command {
		from := len(c.room)
		c.room = append(c.room, word...)
		c.words = append(c.words, c.room[from:len(c.room):len(c.room)])
	}
}

// connect makes sure there is a connection to the process that now runs.
func (c *Caller) connect() {
	if c.client != nil && c.host.alive(c.life) && !c.client.Closing {
		return
	}
	c.life = c.host.life
	c.client = c.host.newClient(c.host.addr, c.host.addr)
	c.w.callers[c.client] = c
	c.host.machine.Open(c.host.clock(), c.client)
}

// drop forgets the connection: the next command opens a new one.
func (c *Caller) drop() {
	if c.client == nil {
		return
	}
	delete(c.w.callers, c.client)
	client, life := c.client, c.life
	c.client = nil
	if c.host.alive(life) && !c.host.frozen {
		c.w.door(c.host, "shut", nil, func() { c.host.machine.Shut(c.host.clock(), client) })
	}
}

// answer sends what a client's Out holds back to the caller that waits for it.
func (w *World) answer(h *host, client *machine.Client) {
	c := w.callers[client]
	if c != nil && client.Closing && len(client.Out) == 0 {
		w.dismiss(h, c)
		return
	}
	if c == nil || client.Blocked || len(client.Out) == 0 {
		return
	}
	if len(c.rest) > 0 {
		w.goOn(c, client)
		return
	}
	w.observeAnswer(c, c.asked, client.Out)
	c.made, c.madeBy = h.position(), client
	w.trace.bytes(client.Out)
	back := w.pathOf(h, w.hosts[c.near])
	if !back.cut && c.pending != nil {
		c.reply = append(c.reply[:0], client.Out...)
		ticket := c.sent
		w.agenda.add(w.now+w.latency(back), func() { c.tell(ticket, c.reply, nil) })
	}
	client.Out = client.Out[:0]
	if client.Closing {
		w.dismiss(h, c)
	}
}

// goOn executes what was sent behind a command that blocked and no longer does.
func (w *World) goOn(c *Caller, client *machine.Client) {
	if c.running {
		return
	}
	w.agenda.add(w.now, func() {
		if c.client == client && c.host.alive(c.life) {
			w.whenThawed(c.host, c.proceed)
		}
	})
}

// dismiss closes a caller's connection because the machine wants it: CLIENT KILL, for one.
func (w *World) dismiss(h *host, c *Caller) {
	delete(w.callers, c.client)
	w.bury(h, c.client)
	c.client, c.rest = nil, nil
	c.reset()
}

// reset tells who waits, if anybody does, that the connection was reset.
func (c *Caller) reset() {
	if ticket := c.sent; c.pending != nil {
		c.w.agenda.add(c.w.now+c.w.cfg.Latency, func() { c.tell(ticket, nil, errReset) })
	}
}

// failPending tells the callers of a dead process that their connection was reset. What was on
// its way when the process died may have been executed.
func (w *World) failPending(h *host) {
	var victims []*Caller
	for _, c := range w.everyCaller {
		if c.host == h && c.pending != nil && c.client != nil {
			victims = append(victims, c)
		}
	}
	for _, c := range victims {
		delete(w.callers, c.client)
		c.client = nil
		c.reset()
	}
}

// Do executes a command at a host at once, outside the network: for forming and looking, not for
// workloads. The reply is in RESP2; the empty reply means that the host is down or frozen.
func (w *World) Do(i int, args ...string) string {
	h := w.hosts[i]
	if h.machine == nil || h.frozen {
		return ""
	}
	if w.admins[i] == nil || w.admins[i].Closing {
		w.admins[i] = h.newClient(h.addr, h.addr)
		h.machine.Open(h.clock(), w.admins[i])
	}
	words := make([][]byte, len(args))
	for n, a := range args {
		words[n] = []byte(a)
	}
	client := w.admins[i]
	if client.Blocked {
		return ""
	}
	w.observeInput(h, "call", words[0])
	h.machine.Call(h.clock(), client, words)
	w.perform(h)
	reply := string(client.Out)
	client.Out = client.Out[:0]
	return reply
}

// forget closes a caller that is no longer needed.
func (w *World) forget(c *Caller) {
	c.drop()
	w.everyCaller = slices.DeleteFunc(w.everyCaller, func(x *Caller) bool { return x == c })
}
