package node

import "slices"

// loop serves a life's ordinary clients on one goroutine, in the order in which their bytes arrived, as
// Redis does. It goes round: who has sent something is read, and executed, one client after the other
// under the node's lock; the machine is asked what to do; then all replies are written. Nothing in a
// round waits. Who takes nothing is left alone until there is room, and who turns out to be another
// node behind the lab's network gets a goroutine of its own.
type loop struct {
	life *life
	poll *poller
	over bool // the loop has closed what it had

	// Owned by the goroutine, or by whoever holds the life's lock while it is in a turn.
	queue  queue     // who is to be served, in order
	served []*client // in this turn
	gone   []*client // to be shut in the next
	again  bool      // the machine has something to do in the next

	// Under the life's lock.
	seats  []*client // by the numbers the poller knows them by
	spare  []int32   // numbers of free seats
	posted []*client // who is to be served although nothing arrived
	depth  int       // turns under way: two while a script lets others in
	due    bool      // the machine has something to do now
}

// run is the loop's goroutine.
func (p *loop) run() {
	var rest watch
	defer rest.end()
	defer p.close()
	for p.round() {
		if p.queue.empty() && len(p.gone) == 0 && !p.again {
			rest.wait(p.poll)
		} else {
			p.poll.look()
		}
	}
}

// close lets go of everything when the life is over.
func (p *loop) close() {
	l := p.life
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, c := range p.seats {
		if c != nil {
			c.box.part()
		}
	}
	p.over = true
	p.poll.close()
}

// nudge makes a loop that waits go round; the lock is held.
func (p *loop) nudge() {
	if p != nil && !p.over {
		p.poll.nudge()
	}
}

// comeAgain has the loop go round once more at once; the lock is held.
func (p *loop) comeAgain() {
	p.due = true
	if !p.turning() {
		p.nudge()
	}
}

// turning reports whether the loop is in the middle of a door; the lock is held.
func (p *loop) turning() bool { return p != nil && p.depth > 0 }

// post has a client served although nothing arrived from it; the lock is held.
func (p *loop) post(c *client) {
	p.posted = append(p.posted, c)
	if p.depth == 0 {
		p.nudge()
	}
}

// round serves who is ready and writes what there is to write. It reports false when the life is over.
func (p *loop) round() bool {
	if !p.turn() {
		return false
	}
	p.write(p.served)
	clear(p.served)
	p.served = p.served[:0]
	return true
}

// turn is the part of a round that holds the lock.
func (p *loop) turn() bool {
	l := p.life
	if !l.enter() {
		return false
	}
	defer l.leave()
	p.due = false
	p.serveAll()
	p.again = p.due
	return !l.dead
}

// nest is a round inside a turn: a script that runs for long lets others in (processEventsWhileBlocked).
// It frees the lock.
func (p *loop) nest() {
	if p.depth == 1 && !p.life.dead {
		outer := p.served
		p.served = nil
		p.poll.look()
		p.serveAll()
		inner := p.served
		p.served = outer
		defer p.write(inner)
	}
	p.life.release()
}

// serveAll serves who is ready, at most about a millisecond long; the lock is held.
func (p *loop) serveAll() {
	l := p.life
	p.depth++
	defer func() { p.depth-- }()
	p.bury()
	p.collect()
	for waiting := len(l.reports); waiting > 0; waiting-- { // no more: what they lead to lets clients in first
		l.tellOne()
	}
	buf := buffers.Get().(*[readSize]byte)
	for left := maxBatch; left > 0 && !l.dead; {
		c := p.queue.next()
		if c == nil {
			break
		}
		if c.seat == nil || c.seat.gone {
			continue
		}
		left -= p.serve(c, &buf)
		p.served = append(p.served, c)
	}
	buffers.Put(buf)
	l.settle()
	for _, c := range p.served {
		p.settled(c)
	}
	p.admitPosted()
}

// bury shuts who is gone; the lock is held.
func (p *loop) bury() {
	for _, c := range p.gone {
		p.rise(c)
		c.box.part()
		p.life.shut(c)
	}
	clear(p.gone)
	p.gone = p.gone[:0]
}

// collect queues whom somebody woke and then who has news, in order; the lock is held.
func (p *loop) collect() {
	p.admitPosted()
	for i := range p.poll.found {
		n, news := p.poll.event(i)
		c := p.seats[n]
		if c == nil {
			continue
		}
		s := c.seat
		s.readable = true
		s.ended = s.ended || news.ended
		if news.room {
			c.box.unstick()
		}
		p.enqueue(c)
	}
	p.poll.found = 0
}

// admitPosted queues whom somebody woke, but for those in the middle of a turn; the lock is held.
func (p *loop) admitPosted() {
	p.posted = slices.DeleteFunc(p.posted, func(c *client) bool {
		p.enqueue(c)
		return c.seat == nil || !c.seat.serving
	})
}

// enqueue has a client served, once.
func (p *loop) enqueue(c *client) {
	if s := c.seat; s != nil && !s.queued && !s.serving && !s.gone {
		s.queued = true
		p.queue.add(c)
	}
}
