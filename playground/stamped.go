package playground

import (
	"sync"
	"time"

	"clusterplay/node/event"
)

// storyLength is how many lines a snapshot's story has: what a person scrolls back through.
const storyLength = 200

// Stamped is an event with its number, the lab's time, the computer's time and its node.
type Stamped struct {
	Seq   uint64
	T     time.Time
	Wall  time.Time
	Node  string // the node's name; "" for the lab itself
	Event event.Event
	// Missed is how many events before this one were dropped because this subscriber was late.
	Missed uint64
}

// journal numbers events, keeps the end of the story and tells subscribers. It never waits.
type journal struct {
	mu    sync.Mutex
	seq   uint64
	story []Line // a ring once it is full
	first int    // where the oldest line of a full ring is
	told  []Line // the story in order, as it was last asked for; nil after an event
	subs  map[*Subscription]struct{}
	wake  chan struct{} // closed at the next event
	ended bool
}

// Subscription is one reader of events.
type Subscription struct {
	C       <-chan Stamped // closed by Close and at the end of the lab
	c       chan Stamped
	journal *journal
	missed  uint64
}

func newJournal() *journal {
	return &journal{subs: map[*Subscription]struct{}{}, wake: make(chan struct{})}
}

// subscribe adds a reader whose channel holds so many events.
func (j *journal) subscribe(buffer int) *Subscription {
	c := make(chan Stamped, max(buffer, 1))
	s := &Subscription{C: c, c: c, journal: j}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.ended {
		close(c)
		return s
	}
	j.subs[s] = struct{}{}
	return s
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.journal.mu.Lock()
	defer s.journal.mu.Unlock()
	if _, open := s.journal.subs[s]; open {
		delete(s.journal.subs, s)
		close(s.c)
	}
}

// publish numbers an event and tells everybody, dropping it for those who are late.
func (j *journal) publish(e Stamped, line func(Stamped) Line) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.ended {
		return
	}
	j.seq++
	e.Seq = j.seq
	j.keep(line(e))
	for s := range j.subs {
		e.Missed = s.missed
		select {
		case s.c <- e:
			s.missed = 0
		default:
			s.missed++
		}
	}
	close(j.wake)
	j.wake = make(chan struct{})
}

// keep adds a line to the story unless it is only a detail. The caller holds mu.
func (j *journal) keep(l Line) {
	if l.Level == Detail {
		return
	}
	j.told = nil
	if len(j.story) < storyLength {
		j.story = append(j.story, l)
		return
	}
	j.story[j.first] = l
	j.first = (j.first + 1) % storyLength
}

// lines is the story, oldest first, and the number of the last event. Whoever asks before the next event
// gets the same list, and must not change it.
func (j *journal) lines() ([]Line, uint64) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.told == nil {
		j.told = make([]Line, 0, len(j.story))
		j.told = append(j.told, j.story[j.first:]...)
		j.told = append(j.told, j.story[:j.first]...)
	}
	return j.told, j.seq
}

// last is the number of the last event.
func (j *journal) last() uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.seq
}

// next is closed when the next event is published.
func (j *journal) next() <-chan struct{} {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.wake
}

// close ends all subscriptions.
func (j *journal) close() {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.ended = true
	for s := range j.subs {
		close(s.c)
	}
	clear(j.subs)
}
