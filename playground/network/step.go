package network

import (
	"context"
	"fmt"
	"time"
)

// Next is the frame that a step would let pass: the earliest due of those that neither a hand nor
// a cut holds and whose receiver is not frozen.
func (n *Network) Next() (Waiting, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	w := n.earliest()
	if w == nil {
		return Waiting{}, false
	}
	return Waiting{Frame: w.Frame, Due: w.due, Reason: n.reason(w, n.clock.Now())}, true
}

// earliest is the frame of Next. The caller holds mu.
func (n *Network) earliest() *waiting {
	var first *waiting
	now := n.clock.Now()
	for _, id := range n.waitingIDs() {
		w := n.waiting[id]
		if reason := n.reason(w, now); reason == "hold" || reason == "cut" || n.stalled[w.To] {
			continue
		}
		if first == nil || w.due.Before(first.due) {
			first = w
		}
	}
	return first
}

// StepFrame lets one waiting frame pass and returns when its node has handled it.
func (n *Network) StepFrame(ctx context.Context, id uint64) error {
	n.mu.Lock()
	w := n.waiting[id]
	if w == nil {
		n.mu.Unlock()
		return fmt.Errorf("no frame %d is waiting", id)
	}
	h := n.answerIt(w, deliver)
	tracked := n.handling[id] == h
	n.mu.Unlock()
	if !tracked {
		return nil
	}
	select {
	case <-h.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("frame %d: %s has not handled it: %w", id, w.To, ctx.Err())
	}
}

const (
	// settleLook is how often Settle looks: often enough that a step feels immediate.
	settleLook = 200 * time.Microsecond
	// settleLooks is how many quiet looks in a row make it believe: what a goroutine that was
	// woken needs to get going, also on a busy machine.
	settleLooks = 5
)

// Settle returns when nothing moves between the nodes: every byte written has been read and
// either handled or made to wait. It is for a paused network; a moving one has no such moment.
func (n *Network) Settle(ctx context.Context) error {
	look := time.NewTicker(settleLook)
	defer look.Stop()
	for quiet := 0; quiet < settleLooks; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-look.C:
		}
		if n.quiet() {
			quiet++
		} else {
			quiet = 0
		}
	}
	return nil
}

func (n *Network) quiet() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.dialling) > 0 {
		return false
	}
	for _, h := range n.handling {
		if !n.stalled[h.to] {
			return false
		}
	}
	for l := range n.links {
		if !l.settled(n.stalled) {
			return false
		}
	}
	return true
}
