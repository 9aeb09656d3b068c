package node

import (
	"net"

	"clusterplay/node/machine"
)

// link is one connection between this node and another process, dialled by us or accepted on
// the bus port. The goroutine that dials or accepts it reads it to its end, unless it is a bus link, which the
// switchboard reads.
type link struct {
	id   machine.LinkID
	conn socket  // whose Conn is nil until the link is open
	gate uint64  // the number of the gate that what arrives must pass; 0: there is none
	rest *[]byte // bus packets that have not been handled: one whose end has not arrived, or what has to wait; nil for none
	pass pass    // of a stranger
	plug plug
	gone bool // under the lock: the machine closed it or was told of its end
	kind machine.LinkKind
	box  outbox
}

// maxInbound bounds accepted bus links: four for each node of the largest cluster we can form.
const maxInbound = 4096

// dial opens a link; the lock is held.
func (l *life) dial(d machine.Dial) {
	k := &link{id: d.Link, kind: d.Kind}
	k.box.init(l, nil, nil)
	l.links[k.id] = k
	if _, near := l.cfg.Network.(Nearby); !near || d.Kind != machine.Bus {
		l.spawn(func() { k.open(d) })
		return
	}
	l.dialSoon(dialling{k, d})
}

// life is the life that the link belongs to.
func (k *link) life() *life { return k.box.life }

// open dials and, if somebody answers, serves the link.
func (k *link) open(d machine.Dial) {
	l := k.life()
	var conn net.Conn
	var err error
	l.tasks.outside(func() { conn, err = l.cfg.Network.Dial(l.cfg.Name, d.Kind, d.Addr) })
	k.opened(conn, err)
}

// opened serves a link that was dialled, or tells that it was in vain.
func (k *link) opened(conn net.Conn, err error) {
	if err != nil {
		k.hangup(err)
		return
	}
	k.serve(conn, true)
}

// serveBus is the goroutine of a connection to the bus port.
func (l *life) serveBus(conn net.Conn) {
	k := &link{kind: machine.Bus}
	k.box.init(l, nil, nil)
	k.serve(conn, false)
}

// serve reads a connection that has been opened; whoever reads its end closes it.
func (k *link) serve(conn net.Conn, dialled bool) {
	if !k.begin(conn, dialled) {
		_ = conn.Close() // nobody has heard of it
		return
	}
	if k.kind != machine.Bus || !k.life().board.take(k) {
		k.read()
	}
}

// begin tells the machine that the link is open. It reports false when nobody wants it any more.
func (k *link) begin(conn net.Conn, dialled bool) bool {
	l := k.life()
	if !l.enter() {
		return false
	}
	defer l.leave()
	if k.gone || !dialled && len(l.links) >= maxInbound {
		return false
	}
	in, out := l.gates(conn, k.kind, true)
	if stranger := !dialled && (in == nil || in.peer == ""); stranger && !l.cfg.Crowd.admit(&k.pass) {
		return false
	}
	k.conn.open(conn)
	if k.kind == machine.Bus {
		k.conn.rings = k
	}
	if in != nil {
		k.gate = in.link
	}
	k.box.open(&k.conn, out)
	local, remote := addrPort(conn.LocalAddr()), addrPort(conn.RemoteAddr())
	if dialled {
		l.m.Connected(l.now, k.id, local, remote)
	} else {
		l.inbound += 2
		k.id = l.inbound
		l.links[k.id] = k
		l.m.Accepted(l.now, k.id, local, remote)
	}
	l.settle()
	return true
}

// read hands over what arrives until the link ends.
func (k *link) read() {
	use := k.arrived
	if k.kind == machine.Bus {
		use = k.unpack
	}
	for {
		if err := k.conn.readBorrowed(use); err != nil {
			k.hangup(err)
			return
		}
	}
}

// Ring tells the switchboard that there is something to read.
func (k *link) Ring() { k.life().board.ring(k) }

// readAway reads on a goroutine of the link's own, which may wait, until nothing is left to read.
func (k *link) readAway() {
	var g glance
	err := k.unpack(nil) // what had to wait
	for err == nil {
		buf := buffers.Get().(*[readSize]byte)
		n, failed := g.read(&k.conn, buf[:])
		if n == 0 && failed == nil {
			if k.life().board.rest(k, false) {
				buffers.Put(buf)
				return
			}
			if k.conn.raw == nil {
				n, failed = k.conn.Read(buf[:])
			}
		}
		k.wait(buf[:n]) // a frame that waits holds no more than itself
		buffers.Put(buf)
		switch err = k.unpack(nil); {
		case err != nil || failed == nil:
		case k.conn.raw != nil:
			err = k.conn.ended(failed)
		default:
			err = failed
		}
	}
	k.hangup(err)
}

// handleNow hands over what arrived as far as that is possible without waiting. The rest is kept, and held. The
// lock is held.
func (k *link) handleNow(b []byte) (held bool, err error) {
	if k.gone || k.life().dead {
		return false, net.ErrClosed
	}
	return k.packets(b, k.deliverNow)
}

// deliverNow hands one frame to the machine, unless the lab's network wants to hold it; the lock is held.
func (k *link) deliverNow(frame []byte) (done bool, err error) {
	l := k.life()
	if !k.in().passNow(l, frame) {
		return false, nil
	}
	l.m.Receive(l.now, k.id, frame)
	l.settle()
	if k.gone || l.dead {
		return true, net.ErrClosed
	}
	return true, nil
}

// unpack lets bus packets through the lab's network to the machine.
func (k *link) unpack(b []byte) error {
	_, err := k.packets(b, func(frame []byte) (bool, error) { return true, k.arrived(frame) })
	return err
}

// packets cuts bus packets out of the stream. The first that is not done is kept, with what follows.
func (k *link) packets(b []byte, use func(frame []byte) (done bool, err error)) (held bool, err error) {
	whole := k.rest == nil
	if !whole {
		k.wait(b)
		b = *k.rest
	}
	for len(b) > 0 {
		n, err := k.life().cfg.BusFrame(b)
		if err != nil {
			return false, err
		}
		if n == 0 || n > len(b) {
			break
		}
		done, err := use(b[:n])
		if err != nil {
			return false, err
		}
		if held = !done; held {
			break
		}
		b = b[n:]
	}
	k.keep(b, whole)
	return held, nil
}

// keep remembers an unfinished packet. A link that waits for nothing holds nothing.
func (k *link) keep(b []byte, borrowed bool) {
	switch {
	case len(b) == 0:
		k.rest = nil
	case borrowed:
		k.wait(b)
	default:
		*k.rest = (*k.rest)[:copy(*k.rest, b)]
	}
}

// wait keeps a copy of what has to wait, behind what does already.
func (k *link) wait(b []byte) {
	if k.rest == nil {
		k.rest = new([]byte)
	}
	*k.rest = append(*k.rest, b...)
}

// in is the gate that what arrives must pass; nil for none. It is made for each frame: a large lab has a million links
// on which nothing arrives.
func (k *link) in() *gate {
	if k.gate == 0 {
		return nil
	}
	return &gate{kind: k.kind, peer: k.life().cfg.Network.Peer(k.conn.Conn), link: k.gate, conn: k.conn.Conn}
}

// arrived lets one frame through the lab's network to the machine.
func (k *link) arrived(frame []byte) error { return k.in().receive(k.life(), frame, k.deliver) }

// deliver hands one frame to the machine.
func (k *link) deliver(frame []byte) error {
	l := k.life()
	if !l.enter() {
		return net.ErrClosed
	}
	defer l.leave()
	if k.gone {
		return net.ErrClosed
	}
	l.m.Receive(l.now, k.id, frame)
	l.settle()
	return nil
}

// hangup tells the machine, once, that the link has ended.
func (k *link) hangup(err error) {
	k.box.abort()
	l := k.life()
	l.board.forget(k)
	if !l.enter() {
		return
	}
	defer l.leave()
	if k.gone {
		return
	}
	k.gone = true
	delete(l.links, k.id)
	k.pass.giveBack()
	l.m.Hangup(l.now, k.id, err)
	l.settle()
}

// send queues a frame on a link; the lock is held. One for a link that has ended is dropped, as
// the network would drop it.
func (l *life) send(s machine.Send) {
	k := l.links[s.Link]
	if k == nil {
		return
	}
	k.box.send(s.Data, terms{limit: l.cfg.Output.Link})
	l.kicks = append(l.kicks, &k.box)
}

// unwritten is how much waits on a link (machine.Measurer); the lock is held.
func (l *life) unwritten(id machine.LinkID) int {
	k := l.links[id]
	if k == nil {
		return 0
	}
	return k.box.waiting()
}

// closeLink ends a link because the machine wants it; the lock is held.
func (l *life) closeLink(id machine.LinkID) {
	k := l.links[id]
	if k == nil {
		return
	}
	k.gone = true
	delete(l.links, id)
	k.pass.giveBack()
	l.shuts = append(l.shuts, &k.box)
}
