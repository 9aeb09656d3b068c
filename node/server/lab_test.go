package server

import (
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/resp"

	"github.com/stretchr/testify/require"
)

// lab wires several servers in memory: every byte sent arrives at once, in order. Time is shared.
type lab struct {
	t     testing.TB
	nodes map[int]*driver // by port
	order []*driver
	wires map[wireEnd]*wire
	queue []func()
	next  machine.LinkID // accepted links are even
}

// wireEnd is a link as one node names it.
type wireEnd struct {
	port int
	link machine.LinkID
}

// wire is one connection: from a dialling node to a client port or a bus port.
type wire struct {
	from   wireEnd
	to     *driver
	bus    machine.LinkID
	client *machine.Client
	guard  resp.Guard
	cut    bool
}

func newLab(t testing.TB) *lab {
	return &lab{t: t, nodes: map[int]*driver{}, wires: map[wireEnd]*wire{}}
}

func (l *lab) add(config Config) *driver {
	d := bornDriver(l.t, config)
	l.nodes[config.Port] = d
	l.order = append(l.order, d)
	port := config.Port
	d.onDial = func(dial machine.Dial) { l.queue = append(l.queue, func() { l.dial(d, port, dial) }) }
	d.onSend = func(link machine.LinkID, data []byte) {
		l.queue = append(l.queue, func() { l.send(d, wireEnd{port, link}, data) })
	}
	d.onClose = func(link machine.LinkID) {
		l.queue = append(l.queue, func() { l.hangup(wireEnd{port, link}) })
	}
	return d
}

func (l *lab) dial(d *driver, port int, dial machine.Dial) {
	to := l.nodes[int(dial.Addr.Port())]
	if dial.Kind == machine.Bus {
		to = l.nodes[int(dial.Addr.Port())-10000]
	}
	if to == nil {
		d.s.Hangup(d.now, dial.Link, errors.New("connection refused"))
		d.rest()
		return
	}
	w := &wire{from: wireEnd{port, dial.Link}, to: to}
	l.wires[w.from] = w
	local := netip.MustParseAddrPort("127.0.0.1:40000")
	if dial.Kind == machine.Bus {
		l.next += 2
		w.bus = l.next
		l.wires[wireEnd{to.s.config.Port, w.bus}] = w
		to.s.Accepted(to.now, w.bus, dial.Addr, local)
		to.rest()
	} else {
		name := fmt.Sprintf("link %d of %d", dial.Link, port)
		delete(to.clients, name)
		w.client = to.client(name)
	}
	d.s.Connected(d.now, dial.Link, local, dial.Addr)
	d.rest()
}

// send carries bytes of either end of a wire to the other.
func (l *lab) send(from *driver, end wireEnd, data []byte) {
	w := l.wires[end]
	switch {
	case w == nil || w.cut:
	case w.client != nil:
		w.guard.Feed(data)
		l.serve(w)
	case end == w.from:
		w.to.s.Receive(w.to.now, w.bus, data)
		w.to.rest()
	default:
		back := l.nodes[w.from.port]
		back.s.Receive(back.now, w.from.link, data)
		back.rest()
	}
}

// serve runs the commands that arrived on a client's wire.
func (l *lab) serve(w *wire) {
	for !w.client.Blocked && !w.client.Closing {
		words, ok, err := w.guard.Next(nil)
		require.NoError(l.t, err)
		if !ok {
			return
		}
		w.to.s.Call(w.to.now, w.client, words)
		w.to.rest()
	}
}

// hangup closes a wire; the other end hears of it.
func (l *lab) hangup(end wireEnd) {
	w := l.wires[end]
	if w == nil {
		return
	}
	delete(l.wires, w.from)
	back := l.nodes[w.from.port]
	switch {
	case w.client != nil && end == w.from:
		w.to.s.Shut(w.to.now, w.client)
		w.to.rest()
	case end == w.from:
		delete(l.wires, wireEnd{w.to.s.config.Port, w.bus})
		w.to.s.Hangup(w.to.now, w.bus, errors.New("closed by the other end"))
		w.to.rest()
	default:
		back.s.Hangup(back.now, w.from.link, errors.New("closed by the other end"))
		back.rest()
	}
}

// settle carries everything that is under way, replies and streams included, to its end.
func (l *lab) settle() {
	for range 100000 {
		moved := len(l.queue) > 0
		if moved {
			first := l.queue[0]
			l.queue = l.queue[1:]
			first()
		}
		for _, w := range l.sorted() {
			moved = l.backward(w) || moved
		}
		if !moved {
			return
		}
	}
	l.t.Fatal("the lab never comes to rest")
}

func (l *lab) sorted() []*wire {
	var list []*wire
	for _, d := range l.order {
		for link := machine.LinkID(1); link < 4000; link += 2 {
			if w := l.wires[wireEnd{d.s.config.Port, link}]; w != nil && w.client != nil {
				list = append(list, w)
			}
		}
	}
	return list
}

// backward carries what a client was told back to the node behind it.
func (l *lab) backward(w *wire) bool {
	if len(w.client.Out) == 0 {
		if w.client.Closing {
			delete(l.wires, w.from)
			w.to.s.Shut(w.to.now, w.client)
			w.to.rest()
			back := l.nodes[w.from.port]
			back.s.Hangup(back.now, w.from.link, errors.New("closed by the other end"))
			back.rest()
			return true
		}
		return false
	}
	out := w.client.Out
	w.client.Out = nil
	back := l.nodes[w.from.port]
	if !w.cut {
		back.s.Receive(back.now, w.from.link, out)
		back.rest()
	}
	l.serve(w)
	return true
}

// pass lets time go by on all nodes in steps of 10 ms.
func (l *lab) pass(duration time.Duration) {
	l.settle()
	const step = 10 * time.Millisecond
	for at := step; at <= duration; at += step {
		for _, d := range l.order {
			d.now = d.now.Add(step)
			if d.now.Sub(birth)%(100*time.Millisecond) == 0 {
				d.s.Cron(d.now)
			}
			d.rest()
		}
		l.settle()
	}
}

// do runs a command on a node and lets everything it causes happen.
func (l *lab) do(d *driver, line string) string {
	l.t.Helper()
	reply := d.call("console", split(line)...)
	l.settle()
	return reply + d.heard("console")
}
