package cluster

import (
	"net/netip"
	"time"
	"unique"

	"clusterplay/node/event"
	"clusterplay/node/machine"
)

// link is one connection to another node's bus. Each pair of nodes has two: pings go out, and
// pongs come back, on the one that we dialled; all that we have to say unasked goes out there too.
type link struct {
	id      machine.LinkID
	node    *node // who is at the other end; nil while that is not known
	inbound bool
	open    bool
	spoke   bool   // something valid
	port    uint16 // of the other end
	created instant
	way     way
	pending *[][]byte // packets waiting for the link to open, at most maxPending; nil for none
}

// way is between which addresses a link goes, for tables: links are many, and their ways few.
type way unique.Handle[addresses]

type addresses struct{ local, remote netip.Addr }

func wayOf(local, remote netip.AddrPort) way {
	return way(unique.Make(addresses{local.Addr(), remote.Addr()}))
}

// ends are the addresses in full; those of a link which has not opened are not valid.
func (w way) ends() addresses {
	if w == (way{}) {
		return addresses{}
	}
	return unique.Handle[addresses](w).Value()
}

// ipText is an address as nodes.conf has it; empty if there is none.
func ipText(addr netip.Addr) string {
	if addr.IsValid() {
		return addr.Unmap().String()
	}
	return ""
}

// await keeps a packet until the link opens, if there is room for it.
func (l *link) await(packet []byte) {
	if l.pending == nil {
		l.pending = new([][]byte)
	}
	if len(*l.pending) < maxPending {
		*l.pending = append(*l.pending, packet)
	}
}

// Accepted tells of a link that somebody dialled.
func (s *State) Accepted(now time.Time, id machine.LinkID, local, remote netip.AddrPort) {
	s.welcome(&link{
		id: id, inbound: true, open: true, created: instantOf(now),
		way: wayOf(local, remote), port: remote.Port(),
	})
}

// Connected tells that a link we dialled has opened. The node is greeted at once, with MEET if
// somebody told us to (clusterLinkConnectHandler).
func (s *State) Connected(now time.Time, id machine.LinkID, local, remote netip.AddrPort) {
	l := s.links[id]
	if l == nil || l.open {
		return
	}
	s.setOpen(l)
	l.way, l.port = wayOf(local, remote), remote.Port()
	if l.pending != nil {
		for _, packet := range *l.pending {
			s.todo.Send = append(s.todo.Send, machine.Send{Link: id, Data: packet})
		}
		l.pending = nil
	}
	s.greet(now, l)
	s.emit(event.LinkUp{Node: ref(l.node)})
	s.check()
}

// Hangup tells that a link died or never opened. Cron dials again.
func (s *State) Hangup(now time.Time, id machine.LinkID, err error) {
	l := s.links[id]
	if l == nil {
		return
	}
	s.forgetLink(l)
	s.unbind(l, "hangup", err)
	s.check()
}

// dial opens a link to a node. A node whose address cannot be dialled is as good as silent.
func (s *State) dial(now time.Time, n *node) {
	addr, ok := n.busAddr()
	if !ok {
		if n.pingSent == never {
			n.pingSent = instantOf(now)
		}
		return
	}
	l := &link{id: s.cfg.NextLink(), node: n, created: instantOf(now)}
	s.setLink(n, l)
	s.links[l.id] = l
	s.todo.Dial = append(s.todo.Dial, machine.Dial{Link: l.id, Kind: machine.Bus, Addr: addr})
}

// bind makes an inbound link the one from n, in place of an older one.
func (s *State) bind(l *link, n *node) {
	if n.inbound != nil && n.inbound != l {
		s.closeLink(n.inbound, "closed")
	}
	if l.stranger() {
		s.strangers--
	}
	l.node, n.inbound = n, l
}

// dropLink closes the link we dialled to n, if there is one. Cron dials again.
func (s *State) dropLink(n *node, why event.Reason, err error) {
	l := n.link
	if l == nil {
		return
	}
	s.forgetLink(l)
	s.todo.Close = append(s.todo.Close, l.id)
	s.unbind(l, why, err)
}

// closeLink closes any link.
func (s *State) closeLink(l *link, why event.Reason) {
	s.forgetLink(l)
	s.todo.Close = append(s.todo.Close, l.id)
	s.unbind(l, why, nil)
}

// unbind takes a dead link away from its node.
func (s *State) unbind(l *link, why event.Reason, err error) {
	n := l.node
	if n == nil {
		return
	}
	if n.inbound == l {
		n.inbound = nil
	}
	if n.link != l {
		return
	}
	s.setLink(n, nil)
	s.nodes.lookSoon(n)
	if l.open && why != "" {
		down := event.LinkDown{Node: ref(n), Reason: why}
		if err != nil {
			down.Error = err.Error()
		}
		s.emit(down)
	}
}

// enforceBufferLimit closes a link with too much waiting to be written.
func (s *State) enforceBufferLimit(l *link) {
	limit := s.cfg.LinkSendbufLimit
	if limit <= 0 || l == nil || s.cfg.Buffered == nil || s.cfg.Buffered(l.id) <= limit {
		return
	}
	s.stats.BufferLimitExceeded++
	s.closeLink(l, "buffer-limit")
}

// linkMemory is what a link takes beside what waits on it: a structure and a buffer to read into.
const linkMemory = 1 << 10

// LinksMemory is what the links of all known nodes occupy (mem_cluster_links).
func (s *State) LinksMemory() (bytes int) {
	for _, l := range s.LinkTable() {
		bytes += linkMemory + l.Queued
	}
	return bytes
}
