package node

import "sync"

// switchboard reads a life's bus links. A link costs neither a stack nor a buffer while nothing arrives on it: one
// that has something rings, and who rings is answered in turn, by one goroutine, as long as nothing has to be
// waited for. When the lab's network holds frames, or the node is frozen or in the middle of a script, a link
// is taken by a goroutine of its own until nothing is left to read.
//
//	        rings            its turn
//	quiet ─────────▶ in line ─────────▶ taken
//	  ▲                 ▲     more        │
//	  │                 └─────────────────┤
//	  └───────────────────────────────────┘ nothing left
//
// A link in memory rings by itself (Drowsy); for sockets there is an epoll instance. Where there is neither, each
// link is read by a goroutine, as other connections are.
//
// Lock order: the life's mu, then the switchboard's.
type switchboard struct {
	life *life

	mu     sync.Mutex
	closed bool
	busy   bool    // somebody answers
	line   []*link // those that rang, in order
	poll   *poller // nil before the first socket
	seats  []*link // by the numbers the poller knows them by
	spare  []int32 // numbers of free seats
}

// plug is how a link is connected to the switchboard, whose mu guards it.
type plug struct {
	in      bool // the switchboard reads this link
	waiting bool // it is in line
	taken   bool // somebody reads it
	again   bool // it rang meanwhile
	ended   bool // nothing follows what can be read
	seat    int32
}

// take has the switchboard read a link. It reports false when it cannot.
func (b *switchboard) take(k *link) bool {
	if k.conn.raw != nil {
		return b.watch(k)
	}
	if !k.conn.drowsy {
		return false
	}
	b.mu.Lock()
	k.plug.in = true
	b.mu.Unlock()
	b.ring(k)
	return true
}

// watch has the poller ring for a socket.
func (b *switchboard) watch(k *link) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.closed || !b.polls() {
		return false
	}
	n := int32(len(b.seats))
	if last := len(b.spare) - 1; last >= 0 {
		n, b.spare = b.spare[last], b.spare[:last]
	} else {
		b.seats = append(b.seats, nil)
	}
	b.seats[n], k.plug = k, plug{in: true, seat: n}
	var err error
	if gone := k.conn.raw.Control(func(fd uintptr) { err = b.poll.watch(int(fd), n) }); gone != nil || err != nil {
		b.drop(k)
		return false
	}
	return true
}

// polls opens the epoll instance for the first socket; the lock is held.
func (b *switchboard) polls() bool {
	if b.poll == nil {
		poll, err := newPoller()
		if err != nil {
			return false
		}
		b.poll = poll
		b.life.spawn(b.listen)
	}
	return true
}

// listen hears the sockets ring, and answers, until the life is over.
func (b *switchboard) listen() {
	defer b.poll.close()
	for b.hear() {
		b.poll.wait()
	}
}

// hear answers the sockets that ring. It reports false when the life is over.
func (b *switchboard) hear() bool {
	over, mine := b.sort()
	if mine {
		b.answerAll()
	}
	return !over
}

// sort puts those that ring in line.
func (b *switchboard) sort() (over, mine bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range b.poll.found {
		n, news := b.poll.event(i)
		if k := b.seats[n]; k != nil {
			k.plug.ended = k.plug.ended || news.ended
			b.queue(k)
		}
	}
	b.poll.found = 0
	return b.closed, b.mine()
}

// close ends the switchboard; the life's lock is held, and all links are closed next.
func (b *switchboard) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.closed, b.line = true, nil
	if b.poll != nil {
		b.poll.nudge()
	}
}

// ring has a link answered: something has arrived on it, or its end. It does not wait.
func (b *switchboard) ring(k *link) {
	if b.enqueue(k) {
		b.life.lend(b.answerAll)
	}
}

// enqueue puts a link in line and tells whether the caller is to answer.
func (b *switchboard) enqueue(k *link) (mine bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.queue(k)
	return b.mine()
}

// queue puts a link in line, once; the lock is held.
func (b *switchboard) queue(k *link) {
	switch p := &k.plug; {
	case b.closed || !p.in || p.waiting:
	case p.taken:
		p.again = true
	default:
		p.waiting = true
		b.line = append(b.line, k)
	}
}

// mine makes the caller the one who answers, if somebody must; the lock is held.
func (b *switchboard) mine() bool {
	if b.busy || len(b.line) == 0 {
		return false
	}
	b.busy = true
	return true
}

// next takes the link that has waited longest. Without one nobody answers any more.
func (b *switchboard) next() *link {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.line) == 0 {
		b.busy, b.line = false, nil
		return nil
	}
	k := b.line[0]
	b.line = b.line[1:]
	k.plug.waiting, k.plug.taken = false, true
	return k
}

// answerAll gives each link in line its turn.
func (b *switchboard) answerAll() {
	buf := buffers.Get().(*[readSize]byte)
	defer buffers.Put(buf)
	var g glance
	for b.answerSome(&g, buf[:]) {
		continue
	}
}

// turnsAtOnce is how many links are answered under one hold of the life's lock, about a millisecond's work. Many
// others may wait for that lock, while links open and end, and they do not speak for two hundred links.
const turnsAtOnce = 64

// answerSome answers some of those in line; it reports whether there are more. When nothing can be handled now,
// each link is left to a goroutine of its own.
func (b *switchboard) answerSome(g *glance, buf []byte) (more bool) {
	l := b.life
	in, later := l.enterNow()
	if !in {
		for k := b.next(); k != nil; k = b.next() {
			if later {
				l.lend(k.readAway)
			}
		}
		return false
	}
	defer l.leave()
	for range turnsAtOnce {
		k := b.next()
		if k == nil {
			return false
		}
		b.answer(k, g, buf)
	}
	return true
}

// answer reads a link once and handles what came; the life's lock is held. What has to be waited for is left to
// another goroutine.
func (b *switchboard) answer(k *link, g *glance, buf []byte) {
	n, err := g.read(&k.conn, buf)
	if err != nil {
		b.life.lend(func() { k.hangup(k.conn.ended(err)) })
		return
	}
	if n > 0 {
		held, err := k.handleNow(buf[:n])
		switch {
		case err != nil:
			b.life.lend(func() { k.hangup(err) })
			return
		case held:
			b.life.lend(k.readAway)
			return
		}
	}
	switch {
	case b.rest(k, n == len(buf)):
	case n == 0 && k.conn.raw == nil: // the end, which is the connection's own to tell
		b.life.lend(k.readAway)
	default:
		b.again(k)
	}
}

// rest ends a link's turn; more says that not everything has been read. It reports false, and the turn goes on,
// when there is something left for which nobody will ring.
func (b *switchboard) rest(k *link, more bool) bool {
	p := &k.plug
	b.mu.Lock()
	defer b.mu.Unlock()
	if more || p.again || p.ended {
		p.again = false
		return false
	}
	p.taken = false
	if k.conn.raw != nil {
		return true
	}
	if b.doze(k) || p.waiting || p.taken {
		return true
	}
	p.taken = true
	return false
}

// doze has a pipe ring when there is something to read. The lock is held, but not meanwhile: a pipe rings under a lock of its own.
func (b *switchboard) doze(k *link) (asleep bool) {
	b.mu.Unlock()
	defer b.mu.Lock()
	return k.conn.Conn.(Drowsy).Doze(k)
}

// again puts a link whose turn has been long enough at the end of the line.
func (b *switchboard) again(k *link) {
	b.mu.Lock()
	defer b.mu.Unlock()
	k.plug.taken = false
	b.queue(k)
}

// forget takes a link away from the switchboard.
func (b *switchboard) forget(k *link) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.drop(k)
}

// drop is forget; the lock is held.
func (b *switchboard) drop(k *link) {
	if k.plug.in && k.conn.raw != nil {
		b.seats[k.plug.seat] = nil
		b.spare = append(b.spare, k.plug.seat)
	}
	k.plug.in = false
}
