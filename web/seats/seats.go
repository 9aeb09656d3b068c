// Package seats counts the sockets of a console, whichever lab they belong to, so that one person
// cannot take those of all others.
package seats

import (
	"fmt"
	"sync"
)

// Limits are how many seats there are.
type Limits struct {
	All  int // of everybody
	Each int // of one session; a program, which has the token and no session, has no such bound
	Kept int // of All, for the teacher alone
}

// Seats are taken and given back.
type Seats struct {
	limits Limits

	mu    sync.Mutex
	taken map[string]int // by session
	all   int
}

// New makes seats that are all free.
func New(limits Limits) *Seats { return &Seats{limits: limits, taken: map[string]int{}} }

// Take takes a seat for a session, "" for a program; the error says why there is none.
func (s *Seats) Take(session string, teacher bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	room := s.limits.All
	if !teacher {
		room -= s.limits.Kept
	}
	switch own := s.taken[session]; {
	case session != "" && own >= s.limits.Each:
		return fmt.Errorf("%d of this session are open; close one", own)
	case s.all >= room:
		return fmt.Errorf("%d are open; there is no room for another", s.all)
	}
	s.taken[session]++
	s.all++
	return nil
}

// Free gives a seat back.
func (s *Seats) Free(session string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all--
	if s.taken[session]--; s.taken[session] == 0 {
		delete(s.taken, session)
	}
}
