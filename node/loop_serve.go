package node

// serve reads from a client and executes what is whole; the lock is held. It returns about how many commands
// that was.
func (p *loop) serve(c *client, buf **[readSize]byte) (done int) {
	s := c.seat
	s.queued, s.serving, s.executed = false, true, false
	s.leaving = s.leaving || s.ended && !c.box.alive()
	if s.full || s.leaving {
		return 0
	}
	lent := !s.more && !c.batch.more() && c.guard.Lend((*buf)[:])
	if s.readable && !s.more && !c.read() {
		s.leaving = true
	} else {
		done = c.callAll()
	}
	switch {
	case !lent:
	case c.batch.more():
		c.guard.Keep()
		*buf = buffers.Get().(*[readSize]byte)
	default:
		c.guard.Return()
	}
	c.measure()
	s.executed = done > 0
	return done
}

// read reads once. It reports false when the connection has ended.
func (c *client) read() bool {
	room := c.guard.Room()
	n, some, err := readNow(uintptr(c.conn.bare().fd), room)
	c.guard.Received(n)
	c.measure()
	c.seat.readable = some && err == nil && (n == len(room) || c.seat.ended)
	return err == nil && c.guard.Buffered() <= c.guard.Limits.MaxBuffer
}

// callAll calls the machine for the commands that are whole, up to a batch; the lock is held.
func (c *client) callAll() (done int) {
	s := c.seat
	if c.raw {
		s.more = false
		c.call()
		return 1
	}
	for s.more = true; done < maxBatch && s.more; {
		if c.batch.fill(&c.guard); c.batch.idle() {
			s.more = false
			break
		}
		before := c.batch.done
		c.call()
		done += c.batch.done - before
		s.more = !c.Blocked && !c.Closing && !c.raw && c.batch.err == nil
		if c.batch.more() {
			break
		}
		c.guard.Stranger = c.Stranger
	}
	return done
}

// settled takes a client's replies after its turn; the lock is held.
func (p *loop) settled(c *client) {
	c.seat.serving = false
	alive, again := c.settled()
	s := c.seat
	if s == nil {
		return
	}
	s.more = s.more && again
	if !alive || s.leaving {
		s.leaving = true
		c.box.finish()
	}
}

// write writes to all of a turn's clients what is there for them.
func (p *loop) write(to []*client) {
	for _, c := range to {
		c.box.flush(false)
		if c.seat != nil {
			p.after(c)
		} else {
			p.life.spawn(c.serve)
		}
	}
}

// after decides how a client goes on once its replies were written.
func (p *loop) after(c *client) {
	s := c.seat
	waiting, stuck, dead := c.box.state()
	switch {
	case dead && !s.gone:
		s.gone = true
		p.gone = append(p.gone, c)
	case dead || s.leaving:
	default:
		s.full = stuck && (s.full || waiting >= p.life.cfg.StopReading)
		if !s.full && (s.more || s.readable) {
			p.enqueue(c)
		}
		c.hurry(s.executed)
	}
}
