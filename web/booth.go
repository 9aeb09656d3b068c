package web

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web/hub"
	"clusterplay/web/seats"
	"clusterplay/web/tty"
)

// booth is one lab with all that the console keeps for it. Two booths share nothing but the seats.
type booth struct {
	lab       *playground.Lab
	hub       *hub.Hub
	terminals *tty.Server
	lectern   *lectern
	loads     slotAnswer // what every open map of the slots is told
}

// seating is the seats for sockets, which the booths share: somebody who watches many labs takes no more
// than who watches one.
type seating struct{ viewers, terminals *seats.Seats }

// newBooth makes a booth around a lab. base ends with the console.
func newBooth(base context.Context, lab *playground.Lab, room seating) *booth {
	b := &booth{lab: lab, terminals: tty.New(room.terminals)}
	// The routes have judged the upgrade's session, Origin and ticket before the hub sees it.
	b.hub = hub.New(lab, room.viewers, func(*http.Request) bool { return true })
	b.lectern = newLectern(base, lab, b.tellLesson)
	return b
}

// close ends all that the console keeps for a lab, and not the lab.
func (b *booth) close() {
	b.lectern.close()
	b.hub.Close()
	b.terminals.Close()
}

// tellLesson tells every viewer how far the lesson has come.
func (b *booth) tellLesson(p scenarios.Progress) {
	b.hub.Tell(struct {
		Type string `json:"type"`
		scenarios.Progress
	}{"lesson", p})
}

// booths are those of all labs, in the order in which the labs were opened.
type booths struct {
	mu     sync.Mutex
	list   []*booth
	closed bool
}

// add adds a booth, unless the console has been closed.
func (bs *booths) add(b *booth) bool {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	if !bs.closed {
		bs.list = append(bs.list, b)
	}
	return !bs.closed
}

// remove takes a booth out.
func (bs *booths) remove(b *booth) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	bs.list = slices.DeleteFunc(bs.list, func(other *booth) bool { return other == b })
}

// all are the booths there are.
func (bs *booths) all() []*booth {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	return slices.Clone(bs.list)
}

// close ends all booths at the same time.
func (bs *booths) close() {
	bs.mu.Lock()
	bs.closed = true
	bs.mu.Unlock()
	var group sync.WaitGroup
	for _, b := range bs.all() {
		group.Go(b.close)
	}
	group.Wait()
}

// main is the booth of the main lab.
func (s *Server) main() *booth { return s.booths.all()[0] }

// booth finds the booth of the lab that a request names; one that names none means the main lab.
func (s *Server) booth(name string) (*booth, error) {
	all := s.booths.all()
	if name == "" {
		return all[0], nil
	}
	var names []string
	for _, b := range all {
		if b.lab.ID() == name {
			return b, nil
		}
		names = append(names, b.lab.ID())
	}
	return nil, refuse(http.StatusNotFound, "lab", "there is no lab "+strconv.Quote(name), "there is "+strings.Join(names, ", "))
}

// lab finds the lab a path names.
func (s *Server) lab(name string) (*playground.Lab, error) {
	b, err := s.booth(name)
	if err != nil {
		return nil, err
	}
	return b.lab, nil
}

// everywhere does something in every booth.
func (s *Server) everywhere(f func(*booth)) {
	for _, b := range s.booths.all() {
		f(b)
	}
}
