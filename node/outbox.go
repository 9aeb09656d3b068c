package node

import (
	"sync"
	"time"
)

// outbox is the one way out of a connection. put is called under the node's lock and never
// waits, so bytes leave in the order in which the machine made them; flush writes, without the
// node's lock, and at most one goroutine writes at a time.
type outbox struct {
	life *life

	mu       sync.Mutex
	stuck    bool // rest waits until the loop hears that there is room
	busy     bool
	used     bool // since the last sweep
	closing  bool // close the connection once everything is written
	dead     bool
	gate     *gate   // frames to a foreign process pass the lab's network first; nil for none
	conn     *socket // nil while a link is being dialled
	pending  []byte
	inFlight int      // bytes the writing goroutine holds
	comfort  *comfort // nil for a link between nodes
	slow     *slow    // nil while nobody was slow
}

// comfort is what a box has whose connection is written to all the time. A link is silent for seconds; its box keeps
// no buffer, and its connection may take nothing for ever.
type comfort struct {
	spare []byte
	large int           // bytes of the buffer that went to the shelf last, which is there for it while it asks for replies
	wait  time.Duration // of the terms last put on
}

// spend is the spare buffer, emptied and no longer kept; the lock is held.
func (o *outbox) spend() []byte {
	if o.comfort == nil {
		return nil
	}
	spare := o.comfort.spare[:0]
	o.comfort.spare = nil
	return spare
}

// patience is how long the connection may take nothing; 0 is for ever. The lock is held.
func (o *outbox) patience() time.Duration {
	if o.comfort == nil {
		return 0
	}
	return o.comfort.wait
}

// slow is what a box has that a connection was too slow for. Hardly any is: a large lab has a million of boxes.
type slow struct {
	free  sync.Cond // signalled when busy ends
	rest  []byte    // what a client of the loop did not take at once; it goes before pending
	since time.Time // above the soft limit; zero: it is not
}

// init makes a box for a connection; conn is nil while it is being dialled, comfort for one that has none.
func (o *outbox) init(l *life, conn *socket, c *comfort) {
	o.life, o.conn, o.comfort = l, conn, c
}

// slowly makes room for what a slow connection needs; the lock is held.
func (o *outbox) slowly() *slow {
	if o.slow == nil {
		o.slow = &slow{}
		o.slow.free.L = &o.mu
	}
	return o.slow
}

// rest is what a client of the loop did not take at once; the lock is held.
func (o *outbox) rest() []byte {
	if o.slow == nil {
		return nil
	}
	return o.slow.rest
}

// await lets go of the lock until busy may have ended.
func (o *outbox) await() {
	o.slowly().free.Wait()
}

// freed tells those who wait that they should look again; the lock is held.
func (o *outbox) freed() {
	if o.slow != nil {
		o.slow.free.Broadcast()
	}
}

// terms are what a class of connection may cost us.
type terms struct {
	limit OutputLimit
	wait  time.Duration // how long it may take nothing; 0 is for ever
	whole bool          // what is put while nothing waits may be of any size: one GET of a large value
}

// writeChunk is what is written under one deadline: progress is asked for, not speed.
const writeChunk = 64 << 10

// keepSpare is the largest buffer kept for the next replies, as long as the client asks for any: a pipeline of
// replies of a kilobyte each fits.
const keepSpare = 256 << 10

// put queues all of *out and leaves an empty buffer in its place. It reports false when more is
// waiting than the terms allow; the connection is closed then.
func (o *outbox) put(out *[]byte, t terms) bool {
	if len(*out) == 0 {
		return true
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.used = true
	if o.comfort != nil {
		o.comfort.wait = t.wait
	}
	first := len(o.pending)+o.inFlight == 0
	switch {
	case o.dead:
		*out = (*out)[:0]
		return true
	case len(o.pending) == 0:
		o.pending, *out = *out, o.pending[:0]
	default:
		o.pending = append(o.pending, *out...)
		*out = (*out)[:0]
	}
	if cap(*out) > keepSpare {
		*out = nil
	}
	if o.within(t.limit) || first && t.whole {
		return true
	}
	o.fail()
	return false
}

// send queues a frame of a link; the frame is the outbox' from here on.
func (o *outbox) send(frame []byte, t terms) { o.put(&frame, t) }

// waiting is how much has been put and not been written.
func (o *outbox) waiting() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.pending) + o.inFlight
}

// kept is how much room there is for replies, whether any wait or not.
func (o *outbox) kept() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	room := cap(o.pending) + o.inFlight
	if o.comfort != nil {
		room += cap(o.comfort.spare) + o.comfort.large
	}
	return room
}

// alive reports whether the connection can still take something.
func (o *outbox) alive() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.dead
}

// within reports whether what is waiting is allowed.
func (o *outbox) within(limit OutputLimit) bool {
	waiting := len(o.pending) + o.inFlight
	if limit.Hard > 0 && waiting > limit.Hard {
		return false
	}
	if limit.Soft == 0 || waiting <= limit.Soft {
		if o.slow != nil {
			o.slow.since = time.Time{}
		}
		return true
	}
	slow := o.slowly()
	if slow.since.IsZero() {
		slow.since = time.Now()
		return true
	}
	return time.Since(slow.since) <= limit.SoftFor
}

// sweep closes a connection that has been above its soft limit for too long although nothing
// new was queued for it. It reports whether the connection has been quiet since the last sweep;
// then it keeps no buffer either.
func (o *outbox) sweep(t terms) (quiet bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.dead && !t.whole && !o.within(t.limit) {
		o.fail()
	}
	quiet, o.used = !o.used, false
	if quiet {
		o.spend()
		if o.comfort != nil {
			o.comfort.large = 0
		}
		if len(o.pending) == 0 {
			o.pending = nil
		}
	}
	return quiet
}

// open gives a link its connection, or a connection its gate.
func (o *outbox) open(conn *socket, out *gate) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.conn, o.gate = conn, out
}

// finish closes the connection once everything is written.
func (o *outbox) finish() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closing = true
}

// abort closes the connection at once; what is waiting is lost.
func (o *outbox) abort() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.fail()
}

// fail closes the connection; the lock is held.
func (o *outbox) fail() {
	o.dead, o.pending = true, nil
	o.spend()
	if o.slow != nil {
		o.slow.rest = nil
	}
	o.freed()
	if o.conn != nil {
		_ = o.conn.Close()
	}
}

// flush writes what is waiting. The connection's own goroutine may wait for a slow reader and
// then does; for everybody else a goroutine is started when the connection does not take it all.
func (o *outbox) flush(mayWait bool) {
	for {
		buf, gate, ok := o.take(mayWait)
		if !ok {
			return
		}
		var n int
		var err error
		switch {
		case gate != nil:
		case o.comfort == nil:
			n, err = o.conn.tryGive(buf)
		default:
			n, err = o.conn.tryWrite(buf)
		}
		if n < len(buf) && err == nil {
			if gate == nil && o.conn.bare() != nil {
				o.keep(buf[n:], n)
				return
			}
			if !mayWait {
				o.life.spawn(func() { o.drain(buf, n, gate) })
				return
			}
			err = o.write(buf[n:], gate)
		}
		o.wrote(buf, err)
	}
}

// flushLast writes what is waiting before the connection is closed: another goroutine may be writing what
// was said before.
func (o *outbox) flushLast() {
	for {
		o.flush(true)
		o.mu.Lock()
		for o.busy && !o.dead {
			o.await()
		}
		done := o.dead || o.conn == nil || len(o.pending) == 0
		o.mu.Unlock()
		if done {
			return
		}
	}
}

// drain goes on writing where flush had to stop, until nothing is left.
func (o *outbox) drain(buf []byte, n int, gate *gate) {
	for ok := true; ok; n = 0 {
		o.wrote(buf, o.write(buf[n:], gate))
		buf, gate, ok = o.take(false)
	}
}

// enough is how much may wait for a client before it reads no more.
func (o *outbox) enough() int {
	if o.life == nil {
		return defaultStopReading
	}
	return o.life.cfg.StopReading
}

// take makes the caller the one who writes, if there is something to write and nobody does. A
// client's own goroutine waits while much is being written for it, so that it reads no more.
func (o *outbox) take(mayWait bool) (buf []byte, gate *gate, ok bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for mayWait && o.busy && len(o.pending)+o.inFlight > o.enough() {
		o.await()
	}
	if o.busy || o.stuck || o.dead || o.conn == nil {
		return nil, nil, false
	}
	if rest := o.rest(); rest != nil {
		o.busy = true
		return rest, o.gate, true
	}
	if len(o.pending) == 0 {
		if o.closing {
			o.fail()
		}
		return nil, nil, false
	}
	buf, o.pending = o.pending, o.spend()
	o.busy, o.inFlight = true, len(buf)
	return buf, o.gate, true
}

// wrote ends what take began.
func (o *outbox) wrote(buf []byte, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.busy, o.inFlight = false, 0
	o.freed()
	if err != nil {
		o.fail()
		return
	}
	o.forgetRest()
	switch {
	case o.comfort == nil:
	case o.life != nil && o.life.shelf.put(buf):
		o.comfort.large = cap(buf)
	case cap(buf) <= keepSpare && !o.dead:
		o.comfort.spare = buf[:0]
	}
}

// write waits until all of b is written, through the gate if there is one.
func (o *outbox) write(b []byte, gate *gate) error {
	for len(b) > 0 {
		n, err := gate.size(o.life, b)
		if err != nil {
			return err
		}
		if err := gate.pass(o.life, b[:n], func() error { return o.writePiece(b[:n]) }); err != nil {
			return err
		}
		b = b[n:]
	}
	return nil
}

// writePiece writes b; the far end must take a part of it every so often.
func (o *outbox) writePiece(b []byte) error {
	o.mu.Lock()
	wait := o.patience()
	o.mu.Unlock()
	for len(b) > 0 {
		n := min(len(b), writeChunk)
		if wait > 0 {
			if err := o.conn.SetWriteDeadline(time.Now().Add(wait)); err != nil {
				return err
			}
		}
		if _, err := o.conn.Write(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	if wait > 0 {
		return o.conn.SetWriteDeadline(time.Time{})
	}
	return nil
}
