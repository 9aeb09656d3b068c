package world

import (
	"net/netip"

	"clusterplay/node/machine"
)

// dial opens a connection to whoever listens at d.Addr.
func (w *World) dial(h *host, d machine.Dial) {
	target := w.listener(d)
	c := &conn{kind: d.Kind, open: true}
	c.end[0] = end{host: h, life: h.life, link: d.Link}
	h.links[d.Link] = linkEnd{c, 0}
	if target == nil {
		c.end[1] = end{host: h, life: h.life, closed: true}
		w.agenda.add(w.now+w.cfg.Latency, func() { w.arrive(c, 0, delivery{hangup: errRefused}) })
		return
	}
	c.end[1] = end{host: target, closed: true}
	w.conns = append(w.conns, c)
	there, back := w.pathOf(h, target), w.pathOf(target, h)
	if there.cut || back.cut {
		w.agenda.add(w.now+dialPatience, func() { w.arrive(c, 0, delivery{hangup: errTimeout}) })
		return
	}
	w.agenda.add(w.now+w.latency(there), func() { w.accept(c, h, target) })
}

// listener finds the host whose bus or client port d dials.
func (w *World) listener(d machine.Dial) *host {
	for _, h := range w.hosts {
		if d.Kind == machine.Bus && h.bus == d.Addr || d.Kind != machine.Bus && h.addr == d.Addr {
			return h
		}
	}
	return nil
}

// accept lets target's process take the connection. A frozen process accepts too: the kernel
// does it; a dead one refuses.
func (w *World) accept(c *conn, from, target *host) {
	if c.end[0].closed || !from.alive(c.end[0].life) {
		return
	}
	if target.machine == nil {
		w.agenda.add(w.now+w.cfg.Latency, func() { w.arrive(c, 0, delivery{hangup: errRefused}) })
		return
	}
	e := &c.end[1]
	e.closed, e.life = false, target.life
	local, remote := target.addr, netip.AddrPortFrom(from.addr.Addr(), uint16(40000+w.ports%20000))
	w.ports++
	if c.kind == machine.Bus {
		target.accepted += 2
		e.link, local = target.accepted, target.bus
		target.links[e.link] = linkEnd{c, 1}
	}
	w.whenThawed(target, func() { w.welcome(c, local, remote) })
	c.end[0].last = w.now + w.latency(w.pathOf(target, from))
	w.agenda.add(c.end[0].last, func() { w.opened(c, remote, local) })
}

// welcome tells the accepting machine of its new link or client.
func (w *World) welcome(c *conn, local, remote netip.AddrPort) {
	e := &c.end[1]
	h := e.host
	if e.closed || !h.alive(e.life) {
		return
	}
	if c.kind == machine.Bus {
		w.door(h, "accepted", nil, func() { h.machine.Accepted(h.clock(), e.link, local, remote) })
		return
	}
	e.client = h.newClient(local, remote)
	w.streams[e.client] = linkEnd{c, 1}
	w.door(h, "open", nil, func() { h.machine.Open(h.clock(), e.client) })
}

func (h *host) newClient(local, remote netip.AddrPort) *machine.Client {
	h.clients++
	return &machine.Client{ID: h.clients, Addr: remote.String(), LocalAddr: local.String()}
}

// opened tells the dialling machine that its link stands.
func (w *World) opened(c *conn, local, remote netip.AddrPort) {
	e := &c.end[0]
	if e.closed || !e.host.alive(e.life) {
		return
	}
	w.whenThawed(e.host, func() {
		if !e.closed && e.host.alive(e.life) {
			w.door(e.host, "connected", nil, func() { e.host.machine.Connected(e.host.clock(), e.link, local, remote) })
		}
	})
}
