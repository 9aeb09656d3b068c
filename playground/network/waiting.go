package network

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"clusterplay/node/machine"
)

// verdict is how the waiting of a frame ends.
type verdict uint8

const (
	deliver verdict = iota
	drop
	timeout // of a connect
)

// waiting is a frame that may not pass yet. Its fields are guarded by the network's mu.
type waiting struct {
	Frame
	due    time.Time // when it has travelled
	held   bool      // by hand or by a rule: only Release or Drop ends that
	back   Pair      // a connect needs the way back too
	answer chan verdict
	timers []func()
}

// handling is a frame that passed and that its node has not done with.
type handling struct {
	to   string
	done chan struct{}
}

// gate makes w wait as long as it must, on the caller's goroutine, and counts it as being
// handled when it passes. c may be nil; when its own end is closed the waiting ends.
func (n *Network) gate(c *conn, w *waiting) (verdict, error) {
	n.mu.Lock()
	if n.admit(w) {
		n.handle(w)
		n.mu.Unlock()
		n.late.note(w.Arrived.Sub(w.due))
		return deliver, nil
	}
	if w.Dropped {
		n.mu.Unlock()
		return drop, dropError(w.Kind)
	}
	n.park(c, w)
	n.mu.Unlock()
	return n.await(c, w)
}

// admit numbers and stamps a frame and applies its pair's rules; true lets it pass at once.
func (n *Network) admit(w *waiting) bool {
	w.ID = n.serial.Add(1)
	now := n.clock.Now()
	if w.Sent.IsZero() || w.Sent.After(now) {
		w.Sent = now
	}
	p := Pair{w.From, w.To}
	name := TypeName(w.Type)
	for _, r := range n.matching(p) {
		if takes(&r.DropNext, r.DropType, name) {
			n.edit(r.Pair, func(*Rule) {})
			w.Dropped = true
			n.trace.push(&w.Frame)
			return false
		}
		if takes(&r.HoldNext, r.HoldType, name) {
			n.edit(r.Pair, func(*Rule) {})
			w.held, w.Held = true, true
		}
	}
	w.due = n.dueAt(p, w.Sent, w.Bytes)
	if w.back != (Pair{}) {
		w.due = n.dueAt(w.back, w.due, 0)
	}
	return n.reason(w, now) == ""
}

// reason says why a frame may not pass: "hold", "cut", "pause" or "delay"; "" when it may. The
// caller holds mu.
func (n *Network) reason(w *waiting, now time.Time) string {
	switch {
	case w.held:
		return "hold"
	case n.cut(Pair{w.From, w.To}) || (w.back != Pair{} && n.cut(w.back)):
		return "cut"
	case n.paused:
		return "pause"
	case w.due.After(now):
		return "delay"
	}
	return ""
}

// park puts w among those that wait. The caller holds mu.
func (n *Network) park(c *conn, w *waiting) {
	w.answer = make(chan verdict, 1)
	n.waiting[w.ID] = w
	if c != nil && c.link != nil {
		c.block(true)
	}
	now := n.clock.Now()
	switch {
	case n.reason(w, now) == "": // it has arrived since it was admitted, and nothing else would let it pass
		n.answerIt(w, deliver)
	case w.due.After(now):
		w.timers = append(w.timers, n.clock.At(w.due, "", func() {
			n.mu.Lock()
			defer n.mu.Unlock()
			n.recheck()
		}))
	}
}

// await ends when w gets its answer, its link is closed at this end, or the network is closed.
func (n *Network) await(c *conn, w *waiting) (verdict, error) {
	var gone <-chan struct{}
	if c != nil {
		n.mu.Lock()
		gone = c.end()
		n.mu.Unlock()
		if c.link != nil {
			defer c.block(false)
		}
	}
	v, err := drop, error(nil)
	select {
	case v = <-w.answer:
		if v == drop {
			err = dropError(w.Kind)
		}
	case <-gone:
		err = errClosed
	case <-n.done:
		err = errClosed
	}
	for _, cancel := range w.timers {
		cancel()
	}
	n.mu.Lock()
	delete(n.waiting, w.ID)
	if errors.Is(err, errClosed) {
		n.handled(w.ID) // it was let pass at the moment its link ended, and nobody will handle it
	}
	n.mu.Unlock()
	return v, err
}

// dropError is nil for a bus packet, which may be missed, and closes any other link.
func dropError(kind machine.LinkKind) error {
	if kind == machine.Bus {
		return nil
	}
	return ErrDropped
}

// handle counts a frame that passes as being handled and shows it to those who watch. The caller
// holds mu.
func (n *Network) handle(w *waiting) *handling {
	w.Arrived = n.clock.Now()
	n.trace.push(&w.Frame)
	h := &handling{to: w.To, done: make(chan struct{})}
	if w.Type != TypeConnect && w.Type != TypeClose {
		n.handling[w.ID] = h
		n.tracked.Add(1)
	}
	return h
}

// handled ends what handle began. The caller holds mu.
func (n *Network) handled(id uint64) {
	if h := n.handling[id]; h != nil {
		delete(n.handling, id)
		n.tracked.Add(-1)
		close(h.done)
	}
}

// answerIt ends the waiting of w. The caller holds mu.
func (n *Network) answerIt(w *waiting, v verdict) *handling {
	if n.waiting[w.ID] != w {
		return nil
	}
	delete(n.waiting, w.ID)
	var h *handling
	switch v {
	case deliver:
		h = n.handle(w)
	case drop:
		w.Dropped = true
		n.trace.push(&w.Frame)
	}
	w.answer <- v
	return h
}

// recheck lets pass what nothing stops any more, in the order of arrival. The caller holds mu.
func (n *Network) recheck() {
	now := n.clock.Now()
	for _, id := range n.waitingIDs() {
		if w := n.waiting[id]; n.reason(w, now) == "" {
			n.answerIt(w, deliver)
		}
	}
}

func (n *Network) waitingIDs() []uint64 {
	ids := make([]uint64, 0, len(n.waiting))
	for id := range n.waiting {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

// Waiting is a frame that may not pass yet, and why.
type Waiting struct {
	Frame
	Due    time.Time
	Reason string // "hold", "cut", "pause" or "delay"
}

// Held lists the frames that wait, oldest first.
func (n *Network) Held() []Waiting {
	n.mu.Lock()
	defer n.mu.Unlock()
	now := n.clock.Now()
	held := make([]Waiting, 0, len(n.waiting))
	for _, id := range n.waitingIDs() {
		w := n.waiting[id]
		held = append(held, Waiting{Frame: w.Frame, Due: w.due, Reason: n.reason(w, now)})
	}
	return held
}

// Release lets one waiting frame pass, also while the lab is paused. A frame on a cut link stays.
func (n *Network) Release(id uint64) error {
	return n.end(id, deliver)
}

// Drop throws one waiting frame away; a piece of a stream closes its link.
func (n *Network) Drop(id uint64) error {
	return n.end(id, drop)
}

func (n *Network) end(id uint64, v verdict) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	w := n.waiting[id]
	if w == nil {
		return fmt.Errorf("no frame %d is waiting", id)
	}
	w.held = false
	if v == deliver && n.reason(w, n.clock.Now()) == "cut" {
		return fmt.Errorf("the link from %s to %s is cut: heal it first", w.From, w.To)
	}
	n.answerIt(w, v)
	return nil
}
