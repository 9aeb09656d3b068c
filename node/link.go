package node

import (
	"net"

	"clusterplay/node/machine"
)

// link is one connection between this node and another process, dialled by us or accepted on
// the bus port. The goroutine that dials or accepts it reads it to its end, or until it is asleep.
type link struct {
	life *life
	id   machine.LinkID
	kind machine.LinkKind
	conn *socket
	in   *gate
	box  outbox
	gone bool   // under the lock: the machine closed it or was told of its end
	rest []byte // the beginning of a bus packet whose end has not arrived
}

// maxInbound bounds accepted bus links: four for each node of the largest cluster we can form.
const maxInbound = 4096

// dial opens a link; the lock is held.
func (l *life) dial(d machine.Dial) {
	k := &link{life: l, id: d.Link, kind: d.Kind}
	k.box.init(l, nil)
	k.box.lean = true
	l.links[k.id] = k
	l.spawn(func() {
		var conn net.Conn
		var err error
		l.tasks.outside(func() { conn, err = l.cfg.Network.Dial(l.cfg.Name, d.Kind, d.Addr) })
		if err != nil {
			k.hangup(err)
			return
		}
		k.serve(conn, true)
	})
}

// serveBus is the goroutine of a connection to the bus port.
func (l *life) serveBus(conn net.Conn) {
	k := &link{life: l, kind: machine.Bus}
	k.box.init(l, nil)
	k.box.lean = true
	k.serve(conn, false)
}

// serve reads a connection that has been opened; whoever reads its end closes it.
func (k *link) serve(conn net.Conn, dialled bool) {
	if !k.begin(conn, dialled) {
		_ = conn.Close() // nobody has heard of it
		return
	}
	k.read()
}

// begin tells the machine that the link is open. It reports false when nobody wants it any more.
func (k *link) begin(conn net.Conn, dialled bool) bool {
	l := k.life
	if !l.enter() {
		return false
	}
	defer l.leave()
	if k.gone || !dialled && len(l.links) >= maxInbound {
		return false
	}
	k.conn = newSocket(conn)
	in, out := l.gates(conn, k.kind, true)
	k.in = in
	k.box.open(k.conn, out)
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

// read hands over what arrives until the link ends or falls asleep. Then a goroutine is started when
// it wakes up.
func (k *link) read() {
	use := k.arrived
	if k.kind == machine.Bus {
		use = k.packets
	}
	for {
		if k.conn.drowsy != nil && k.conn.drowsy.Doze(k.wake) {
			return
		}
		if err := k.conn.readBorrowed(use); err != nil {
			k.hangup(err)
			return
		}
	}
}

// wake goes on reading.
func (k *link) wake() { k.life.lend(k.read) }

// packets cuts bus packets out of the stream.
func (k *link) packets(b []byte) error {
	whole := k.rest == nil
	if !whole {
		k.rest = append(k.rest, b...)
		b = k.rest
	}
	for len(b) > 0 {
		n, err := k.life.cfg.BusFrame(b)
		if err != nil {
			return err
		}
		if n == 0 || n > len(b) {
			break
		}
		if err := k.arrived(b[:n]); err != nil {
			return err
		}
		b = b[n:]
	}
	k.keep(b, whole)
	return nil
}

// keep remembers an unfinished packet. A link that waits for nothing holds nothing.
func (k *link) keep(b []byte, borrowed bool) {
	switch {
	case len(b) == 0:
		k.rest = nil
	case borrowed:
		k.rest = append([]byte(nil), b...)
	default:
		k.rest = k.rest[:copy(k.rest, b)]
	}
}

// arrived lets one frame through the lab's network to the machine.
func (k *link) arrived(frame []byte) error { return k.in.receive(frame, k.deliver) }

// deliver hands one frame to the machine.
func (k *link) deliver(frame []byte) error {
	l := k.life
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
	l := k.life
	if !l.enter() {
		return
	}
	defer l.leave()
	if k.gone {
		return
	}
	k.gone = true
	delete(l.links, k.id)
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
	l.shuts = append(l.shuts, &k.box)
}
