package node

import (
	"net"

	"clusterplay/node/machine"
)

// A node that hears of a thousand others dials all of them. Where the network can open links at once (Nearby) one
// goroutine opens them in turn, and those that wait cost no stack; a link that must wait for an answer, or
// until a rule lets it pass, gets a goroutine of its own.

// dialling is a link that is to be opened.
type dialling struct {
	link *link
	dial machine.Dial
}

// dialSoon puts a link in line; the lock is held.
func (l *life) dialSoon(d dialling) {
	l.dials = append(l.dials, d)
	if !l.dialling {
		l.dialling = true
		l.lend(l.dialAll)
	}
}

// dialAll opens the links in line until there is none.
func (l *life) dialAll() {
	for d, ok := l.nextDial(); ok; d, ok = l.nextDial() {
		l.dialNow(d)
	}
}

// nextDial takes the first out of the line. Without one nobody dials any more.
func (l *life) nextDial() (d dialling, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.dials) == 0 || l.dead {
		l.dials, l.dialling = nil, false
		return d, false
	}
	d = l.dials[0]
	l.dials[0] = dialling{}
	l.dials = l.dials[1:]
	return d, true
}

// dialNow opens a link, or leaves it to another goroutine if that may take long.
func (l *life) dialNow(d dialling) {
	var conn net.Conn
	var err error
	ok := false
	l.tasks.outside(func() {
		conn, ok, err = l.cfg.Network.(Nearby).DialNow(l.cfg.Name, d.dial.Kind, d.dial.Addr)
	})
	if ok {
		d.link.opened(conn, err)
		return
	}
	l.spawn(func() { d.link.open(d.dial) })
}
