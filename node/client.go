package node

import (
	"errors"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/resp"
)

// client is one connection to the client port, owned by the goroutine that serves it: the life's
// loop, or one of its own. The machine's part of it is guarded by the life's lock.
type client struct {
	machine.Client
	life *life
	conn *socket // nil for a client inside the process
	seat *seat   // in the loop; nil for a client that a goroutine of its own serves
	box  outbox
	pass pass // of an ordinary client

	comfort comfort // the box'

	in    *gate  // every piece from another node passes it
	fresh []byte // what the last read brought
	guard resp.Guard

	parsed    atomic.Int64 // what the guard holds, for others to see: the beginning of a command
	unread    atomic.Int64 // and what it has not looked at
	announced atomic.Int64 // and what is still to come of a large word
	batch     batch
	held      bool // under the lock: commands wait until the client is no longer blocked
	paced     bool // the goroutine's copy of Client.Paced
	raw       bool // and of Client.Raw
	much      bool // under the lock: its last replies filled a large buffer

	deadline sync.Mutex
	nudged   bool // the deadline is in the past to wake the goroutine
	halfAt   int  // bytes of the unfinished command when its time began; 0 for none
	woken    chan struct{}
}

// serveClient lets in a connection to the client port. It is the connection's goroutine, unless the
// loop serves it.
func (l *life) serveClient(conn net.Conn) {
	c := &client{life: l, conn: newSocket(conn)}
	c.box.init(l, c.conn, &c.comfort)
	switch in, seated := l.admit(c); {
	case !in:
		_ = conn.Close()
	case !seated:
		c.serve()
	}
}

// serve is the goroutine of a connection that has one.
func (c *client) serve() {
	defer c.conn.Close()
	defer c.life.dismiss(c)
	for c.fill() && c.run() {
		continue
	}
}

// admit makes c a client of the machine; seated says that the loop serves it.
func (l *life) admit(c *client) (in, seated bool) {
	if !l.enter() {
		return false, false
	}
	defer l.leave()
	l.tune()
	if c.conn != nil && !l.receive(c) {
		_, _ = c.conn.tryWrite([]byte("-" + resp.ErrMaxClients + "\r\n"))
		return false, false
	}
	l.clientN++
	c.ID = l.clientN
	c.guard.Limits = l.tuning.limits
	l.clients[&c.Client] = c
	c.Gauge = c.gauge
	seated = l.seat(c)
	l.m.Open(l.now, &c.Client)
	l.settle()
	c.guard.Stranger = c.Stranger
	return true, seated
}

// receive takes note of who has connected. It reports false when there is no room for one more.
func (l *life) receive(c *client) bool {
	if len(l.clients) >= l.tuning.maxClients {
		return false
	}
	c.in, _ = l.gates(c.conn.Conn, l.kindOf(c.conn.Conn), false)
	c.Addr, c.LocalAddr = c.conn.RemoteAddr().String(), c.conn.LocalAddr().String()
	if c.in != nil && c.in.peer != "" {
		return true // another node
	}
	c.in = nil // an ordinary client until it turns out to be a replica
	return l.cfg.Crowd.admit(&c.pass)
}

// gauge measures what is held for the client.
func (c *client) gauge() machine.Held {
	return machine.Held{
		Parsed: int(c.parsed.Load()), Unread: int(c.unread.Load()), Announced: int(c.announced.Load()),
		Unwritten: c.box.waiting(), Kept: c.box.kept(),
	}
}

// measure takes note of what the guard holds.
func (c *client) measure() {
	parsed, rest := c.guard.Held()
	note(&c.parsed, parsed)
	note(&c.unread, rest)
	note(&c.announced, c.guard.Announced())
}

// note makes n the value of x, which nobody else changes. To write what is there already would cost as much as a
// cache line from another core.
func note(x *atomic.Int64, n int) {
	if x.Load() != int64(n) {
		x.Store(int64(n))
	}
}

// kindOf is what another node speaks on a connection to the client port.
func (l *life) kindOf(conn net.Conn) machine.LinkKind {
	if teller, ok := l.cfg.Network.(KindTeller); ok {
		return teller.Kind(conn)
	}
	return machine.Replication
}

// dismiss tells the machine that the client is gone.
func (l *life) dismiss(c *client) {
	c.box.abort()
	l.turn(func(time.Time) { l.shut(c) })
}

// shut is dismiss under the lock.
func (l *life) shut(c *client) {
	delete(l.clients, &c.Client)
	c.pass.giveBack()
	l.feeds = slices.DeleteFunc(l.feeds, func(x *client) bool { return x == c })
	l.m.Shut(l.now, &c.Client)
}

// fill reads what there is. It reports false when the connection has ended.
func (c *client) fill() bool {
	room := c.guard.Room()
	n, err := c.conn.Read(room)
	c.guard.Received(n)
	c.measure()
	c.fresh = room[:n]
	if err != nil && n == 0 {
		return errors.Is(err, os.ErrDeadlineExceeded) && c.rested()
	}
	return c.guard.Buffered() <= c.guard.Limits.MaxBuffer
}

// run executes every whole command that has arrived and writes the replies in one go.
func (c *client) run() (alive bool) {
	if c.in == nil || len(c.fresh) == 0 {
		return c.work()
	}
	_ = c.in.receive(c.life, c.fresh, func([]byte) error {
		alive = c.work()
		return nil
	})
	return alive
}

// work parses outside the node's lock and executes inside it, a batch at a time.
func (c *client) work() bool {
	executed := false
	for ; ; executed = true {
		if c.raw {
			if c.guard.Buffered() == 0 {
				break
			}
		} else if c.batch.fill(&c.guard); c.batch.idle() {
			break
		}
		alive, again := c.execute()
		if !alive || !c.unload() {
			c.box.flushLast()
			return false
		}
		if !again {
			break
		}
	}
	c.measure()
	c.box.flush(c.waits())
	c.hurry(executed)
	return true
}

// unload lets a reader take much that waits for it before more is made: a pipeline of large replies
// costs one of them and not all. It reports false when the reader is gone.
func (c *client) unload() bool {
	if c.paced || c.box.waiting() < c.life.cfg.StopReading {
		return true
	}
	c.box.flush(true)
	return c.box.alive()
}

// waits tells whether the client's next commands wait until its replies are taken. With a wide bound only what is
// beyond it does that; a narrow one is not worth another goroutine.
func (c *client) waits() bool {
	bound := c.life.cfg.StopReading
	return !c.paced && (bound <= defaultStopReading || c.box.waiting() >= bound)
}

// execute runs the batch under the node's lock. again reports that there may be more to parse.
func (c *client) execute() (alive, again bool) {
	l := c.life
	if !l.enter() {
		return false, false
	}
	defer l.leave()
	c.call()
	l.settle()
	return c.settled()
}

// call calls the machine for the batch, as far as it may; the lock is held.
func (c *client) call() {
	l := c.life
	if c.raw {
		c.input()
		return
	}
	c.lend()
	for c.batch.more() && !l.dead && !c.Blocked && !c.Closing && !c.Raw && len(c.Out) < l.cfg.StopReading {
		c.warm()
		l.m.Call(l.now, &c.Client, c.batch.next())
	}
	if c.Raw {
		c.becomeRaw()
		return
	}
	if !c.batch.more() && !c.Blocked && !c.Closing {
		c.batch.ending(&c.Client)
	}
}

// becomeRaw notes that the client sends bytes from now on, and drops what it sent before.
func (c *client) becomeRaw() {
	c.raw = true
	c.batch.drop()
	c.guard.Take()
}

// input hands the machine what a raw client sent; the lock is held.
func (c *client) input() {
	data := c.guard.Take()
	if m, ok := c.life.m.(machine.Typist); ok && len(data) > 0 && !c.Closing {
		m.Input(c.life.now, &c.Client, data)
	}
}

// Warmer is a machine that wants to see the commands of a pipeline before they are called, to
// fetch from memory what they are going to need. It changes nothing by it.
type Warmer interface {
	Warm(c *machine.Client, commands [][][]byte)
}

// warm shows the machine the next commands, a group at a time; the lock is held.
func (c *client) warm() {
	if w := c.life.warmer; w != nil && c.batch.done%warmGroup == 0 {
		if coming := c.batch.coming(); len(coming) > 1 {
			w.Warm(&c.Client, coming)
		}
	}
}

// settled takes the replies after a turn of the client's own; the lock is held.
func (c *client) settled() (alive, again bool) {
	l := c.life
	if c.Cut {
		c.box.abort()
	}
	if l.dead || c.Cut || c.batch.silent && c.Closing {
		return false, false
	}
	c.guard.Stranger, c.guard.Limits = c.Stranger, l.tuning.limits
	c.becomePaced()
	c.much = len(c.Out) >= largeReply
	if !c.box.put(&c.Out, c.terms()) {
		return false, false
	}
	c.held = c.Blocked && (c.batch.more() || c.guard.Pending())
	return !c.Closing, !c.Blocked
}

// becomePaced notes that a connection turned out to be a replica's, and opens the gates of a foreign
// one: its frames are held at our edge. One of the lab's own nodes gates what it reads itself.
func (c *client) becomePaced() {
	if !c.Paced || c.paced {
		return
	}
	c.paced = true
	c.life.feeds = append(c.life.feeds, c)
	if c.conn == nil || c.in != nil {
		return
	}
	known := c.conn.Conn
	if bare := c.conn.bare(); bare != nil {
		known = bare.Conn
	}
	in, out := c.life.gates(known, machine.Replication, true)
	if in != nil && c.seat != nil {
		c.life.loop.yield(c)
	}
	c.in = in
	c.box.open(c.conn, out)
}

// terms are those of the client's class.
func (c *client) terms() terms {
	switch {
	case c.Paced:
		return terms{limit: c.life.cfg.Output.Replica} // the machine sees to its replicas
	case c.Listening:
		return c.life.tuning.pubsub
	}
	return c.life.tuning.normal
}

// flushed is called under the lock for a client whose replies or state changed by another's turn.
func (l *life) flushed(mc *machine.Client) {
	c := l.clients[mc]
	if c == nil {
		return
	}
	if c.held && c.seat != nil && !c.Blocked && !c.Closing && !c.Cut {
		c.wake() // its reply leaves with those to what it has sent behind
		return
	}
	if c.Cut {
		c.box.abort()
	}
	c.Cut = !c.box.put(&c.Out, c.terms()) || c.Cut
	if c.Closing {
		c.box.finish()
	}
	l.kicks = append(l.kicks, &c.box)
	if !c.Blocked {
		c.wake()
	}
}

// wake lets the client's goroutine go on with the commands it holds; the lock is held.
func (c *client) wake() {
	if c.conn == nil {
		signal(c.woken)
		return
	}
	if !c.held {
		return
	}
	c.held = false
	if c.seat != nil {
		c.life.loop.post(c)
		return
	}
	c.deadline.Lock()
	defer c.deadline.Unlock()
	c.nudged = true
	_ = c.conn.SetReadDeadline(time.Unix(1, 0))
}

// signal makes one signal wait on ch.
func signal(ch chan struct{}) {
	select {
	case ch <- struct{}{}:
	default:
	}
}

// rested ends a read that ran into its deadline: true when that was a nudge, false when half a
// command had been waiting for its other half for too long.
func (c *client) rested() bool {
	c.deadline.Lock()
	defer c.deadline.Unlock()
	if !c.nudged {
		return false
	}
	c.nudged, c.halfAt = false, 0
	return c.conn.SetReadDeadline(time.Time{}) == nil
}

// halfStep is how much of an unfinished command must arrive to earn it its time anew.
const halfStep = 64 << 10

// hurry gives an unfinished command its time; executed says that it is a new one. Another node is
// not hurried: the lab may hold its frames.
func (c *client) hurry(executed bool) {
	waiting := c.guard.Buffered()
	if c.in != nil || c.batch.more() {
		waiting = 0
	}
	if waiting == 0 && c.halfAt == 0 || !executed && c.halfAt > 0 && waiting < c.halfAt+halfStep {
		return
	}
	c.deadline.Lock()
	defer c.deadline.Unlock()
	c.halfAt = waiting
	if c.nudged {
		return
	}
	var at time.Time
	if waiting > 0 {
		at = time.Now().Add(c.life.cfg.HalfCommand)
	}
	_ = c.conn.SetReadDeadline(at)
}
