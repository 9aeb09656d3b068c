package server

import (
	"bytes"
	"net/netip"
	"time"

	"clusterplay/node/machine"
)

// links knows what is spoken on each open or dialled link, and names new ones.
type links struct {
	kinds map[machine.LinkID]machine.LinkKind
	last  machine.LinkID // the latest dialled link; dialled links are odd
	gauge func(machine.LinkID) (unwritten int)
}

func newLinks() links { return links{kinds: map[machine.LinkID]machine.LinkKind{}} }

// NextLink names a link about to be dialled.
func (l *links) nextLink() machine.LinkID {
	if l.last == 0 {
		l.last = 1
	} else {
		l.last += 2
	}
	return l.last
}

// SetLinkGauge gives the server what tells how much waits on a link (machine.Measurer).
func (s *Server) SetLinkGauge(gauge func(machine.LinkID) (unwritten int)) { s.links.gauge = gauge }

// unwritten is how much waits on a link, as far as that is known.
func (s *Server) unwritten(link machine.LinkID) int {
	if s.links.gauge == nil {
		return 0
	}
	return s.links.gauge(link)
}

// Accepted tells of an inbound bus link.
func (s *Server) Accepted(now time.Time, link machine.LinkID, local, remote netip.AddrPort) {
	s.input(now, func() {
		if s.cluster == nil {
			s.todo.Close = append(s.todo.Close, link)
			return
		}
		s.links.kinds[link] = machine.Bus
		s.cluster.Accepted(s.now, link, local, remote)
	})
}

// Connected tells of a dialled link that opened.
func (s *Server) Connected(now time.Time, link machine.LinkID, local, remote netip.AddrPort) {
	s.linkInput(now, link, func() {
		switch s.links.kinds[link] {
		case machine.Bus:
			s.cluster.Connected(s.now, link, local, remote)
		case machine.Replication:
			s.repl.Connected(s.now, link)
		case machine.Migration:
			s.migrationConnected(link)
		}
	})
}

// Hangup tells that a link died or could not be dialled.
func (s *Server) Hangup(now time.Time, link machine.LinkID, err error) {
	s.linkInput(now, link, func() {
		kind := s.links.kinds[link]
		delete(s.links.kinds, link)
		switch kind {
		case machine.Bus:
			s.cluster.Hangup(s.now, link, err)
		case machine.Replication:
			s.repl.Hangup(s.now, link, err)
		case machine.Migration:
			s.migrationHangup(link, err)
		}
	})
}

// Receive hands over one frame that arrived on a link.
func (s *Server) Receive(now time.Time, link machine.LinkID, frame []byte) {
	s.enter(now)
	switch {
	case s.asleep():
		kept := bytes.Clone(frame)
		s.sleep.held = append(s.sleep.held, func() { s.receive(link, kept) })
		return
	case s.defers(link):
		kept := bytes.Clone(frame)
		s.script.deferred = append(s.script.deferred, func() { s.receive(link, kept) })
	default:
		s.receive(link, frame)
	}
	s.settle()
	s.leave(nil)
}

func (s *Server) receive(link machine.LinkID, frame []byte) {
	switch s.links.kinds[link] {
	case machine.Bus:
		s.cluster.Receive(s.now, link, frame)
	case machine.Replication:
		s.repl.Receive(s.now, link, frame)
	case machine.Migration:
		s.migrationReceive(link, frame)
	}
}

// linkInput is input for what a link brings, which may have to wait for a script's end.
func (s *Server) linkInput(now time.Time, link machine.LinkID, do func()) {
	s.input(now, func() {
		if s.defers(link) {
			s.script.deferred = append(s.script.deferred, do)
			return
		}
		do()
	})
}

// input runs what came from the world with what belongs before and after it, or keeps it while
// the node sleeps.
func (s *Server) input(now time.Time, do func()) {
	s.enter(now)
	if s.asleep() {
		s.sleep.held = append(s.sleep.held, do)
		return
	}
	do()
	s.settle()
	s.leave(nil)
}
