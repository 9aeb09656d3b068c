package node

import "net"

// seat is a client's place in its loop.
type seat struct {
	n        int32
	queued   bool
	serving  bool // its command is in the middle of a turn
	readable bool // there may be bytes to read
	ended    bool // nothing follows what can be read
	more     bool // whole commands may have been left in the buffer
	full     bool // much waits for it: nothing is executed until that is taken
	leaving  bool // closed once everything is written
	executed bool // a command, in the last turn
	gone     bool
}

// seat has a client served by the loop. It reports false when that cannot be; the lock is held.
func (l *life) seat(c *client) bool {
	if c.conn == nil || c.in != nil || c.conn.raw == nil || c.conn.patient {
		return false
	}
	if l.loop == nil {
		poll, err := newPoller()
		if err != nil {
			return false
		}
		l.loop = &loop{life: l, poll: poll}
		l.spawn(l.loop.run)
	}
	return l.loop.take(c)
}

// take gives a client a seat; the lock is held.
func (p *loop) take(c *client) bool {
	bare, err := detach(c.conn)
	if err != nil {
		return false
	}
	s := &seat{n: int32(len(p.seats))}
	if k := len(p.spare); k > 0 {
		s.n, p.spare = p.spare[k-1], p.spare[:k-1]
	} else {
		p.seats = append(p.seats, nil)
	}
	p.seats[s.n], c.seat = c, s
	c.conn.Conn, c.conn.raw, c.conn.patient = bare, nil, false
	if p.poll.add(bare, s.n) != nil {
		c.box.abort()
		s.ended = true
		p.post(c)
	}
	return true
}

// rise frees a client's seat; the lock is held.
func (p *loop) rise(c *client) {
	p.seats[c.seat.n] = nil
	p.spare = append(p.spare, c.seat.n)
}

// yield gives a client to a goroutine of its own, which starts when its turn is over; the lock is held.
func (p *loop) yield(c *client) {
	p.rise(c)
	c.seat = nil
	bare := c.conn.bare()
	conn, err := p.poll.release(bare)
	if err != nil {
		c.box.abort()
		return
	}
	c.conn = newSocket(conn)
	c.conn.Conn = reattached{conn, bare.Conn}
	c.box.move(c.conn)
	bare.close()
}

// reattached is a connection that Go's poller serves again, and the one that the network knows it by.
type reattached struct {
	net.Conn
	known net.Conn
}

// Close closes both.
func (r reattached) Close() error {
	_ = r.known.Close()
	return r.Conn.Close()
}

// queue is clients in the order in which they are to be served.
type queue struct {
	list []*client
	head int
}

func (q *queue) empty() bool { return q.head == len(q.list) }

func (q *queue) add(c *client) { q.list = append(q.list, c) }

// next takes the first client; nil when there is none.
func (q *queue) next() *client {
	if q.empty() {
		q.list, q.head = q.list[:0], 0
		return nil
	}
	c := q.list[q.head]
	q.list[q.head] = nil
	q.head++
	return c
}
