package node

import "time"

// What only the boxes of the loop's clients do: what a connection does not take waits, not a goroutine.

// keep remembers what the connection did not take, until there is room: it must take something every so often.
func (o *outbox) keep(rest []byte, taken int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	fresh := o.rest() == nil
	o.slowly().rest = rest
	o.stuck, o.busy, o.inFlight = true, false, len(rest)
	o.freed()
	o.conn.bare().awaitRoom(true)
	if wait := o.patience(); wait > 0 && (fresh || taken > 0) {
		_ = o.conn.SetWriteDeadline(time.Now().Add(wait))
	}
}

// forgetRest notes that the rest was written; the lock is held.
func (o *outbox) forgetRest() {
	if o.rest() == nil {
		return
	}
	o.slow.rest = nil
	_ = o.conn.SetWriteDeadline(time.Time{})
	if bare := o.conn.bare(); bare != nil {
		bare.awaitRoom(false)
	}
}

// unstick says that the connection has room again.
func (o *outbox) unstick() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stuck = false
}

// state is what waits, whether it waits for room, and whether the connection is gone.
func (o *outbox) state() (waiting int, stuck, dead bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.pending) + o.inFlight, o.stuck, o.dead
}

// move puts another connection in the place of the loop's.
func (o *outbox) move(conn *socket) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.busy {
		o.await()
	}
	o.conn, o.stuck = conn, false
	if o.dead {
		o.fail()
	}
}

// part lets go of the loop's descriptor.
func (o *outbox) part() {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !o.dead {
		o.fail()
	}
	for o.busy {
		o.await()
	}
	bare := o.conn.bare()
	bare.close()
	_ = bare.Conn.Close()
}
