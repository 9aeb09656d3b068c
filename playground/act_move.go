package playground

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"clusterplay/node/slot"
)

// joinLimit bounds the wait for a new node to be known, in the computer's time.
const joinLimit = 10 * time.Second

func itoa(n int) string { return strconv.Itoa(n) }

// untilSoon is until with a bound.
func (l *Lab) untilSoon(ctx context.Context, what string, met func() bool) error {
	ctx, cancel := context.WithTimeout(ctx, joinLimit)
	defer cancel()
	return inVain(what, l.until(ctx, what, met))
}

// inVain tells an operator about a wait that took too long.
func inVain(what string, err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return wrong("", "a cut, a hold, a frozen node or a slow clock may be in the way: heal, thaw or speed 1",
			"waited %v in vain for %s", joinLimit, what)
	}
	return err
}

// MoveSlots moves slots with their keys: so many (Count) or these (Slots: "0-99,200").
type MoveSlots struct {
	From  string `json:"from"`
	To    string `json:"to"`
	Slots string `json:"slots,omitempty"`
	Count int    `json:"count,omitempty"`
	Mode  string `json:"mode,omitempty"`
}

// Verb is "move-slots".
func (MoveSlots) Verb() string { return "move-slots" }

// Do queues the move.
func (a MoveSlots) Do(_ context.Context, l *Lab) (Result, error) {
	from, err := l.find("from", a.From)
	if err != nil {
		return Result{}, err
	}
	to, err := l.find("to", a.To)
	if err != nil {
		return Result{}, err
	}
	if err := l.movable(from, to, a.Mode); err != nil {
		return Result{}, err
	}
	m, err := l.moves.claim(from.Name(), to.Name(), a.Mode == "step", func(taken map[slot.Slot]*move) ([]slot.Slot, error) {
		return a.which(l.viewOf(from), taken) // looked at now: what has been carried is no longer taken, and no longer there
	})
	if err != nil {
		return Result{}, err
	}
	text := fmt.Sprintf("%d slots move from %s to %s.", len(m.slots), from.Name(), to.Name())
	if a.Mode == "step" {
		text += " Each move-step carries out one command."
	}
	return Result{Text: text, Data: m.view.ID}, nil
}

// movable refuses moves that cannot work.
func (l *Lab) movable(from, to *member, mode string) error {
	switch {
	case !l.Topology().clustered():
		return l.noSlots()
	case from == to:
		return wrong("to", "", "%s owns them already", to.Name())
	case mode != "" && mode != "run" && mode != "step":
		return wrong("mode", "run or step", "mode %q is not known", mode)
	case !from.up():
		return wrong("from", "", "%s is not running: it is %s", from.Name(), from.Status().State)
	case !to.up():
		return wrong("to", "", "%s is not running: it is %s", to.Name(), to.Status().State)
	case l.viewOf(to).Role != "master":
		return wrong("to", "slots belong to masters", "%s is a replica", to.Name())
	}
	return nil
}

// which lists the slots that the action means; of a number of slots, the first that no other move has.
func (a MoveSlots) which(from Node, taken map[slot.Slot]*move) ([]slot.Slot, error) {
	if a.Slots != "" {
		return a.named(from, taken)
	}
	owned, free := 0, []slot.Slot(nil)
	for _, r := range from.Slots {
		for s := r[0]; s <= r[1]; s++ {
			owned++
			if taken[slot.Slot(s)] == nil {
				free = append(free, slot.Slot(s))
			}
		}
	}
	switch {
	case a.Count >= 1 && a.Count <= len(free):
		return free[:a.Count], nil
	case a.Count >= 1 && a.Count <= owned:
		return nil, wrong("count", "wait for the moves under way, or move-abort", "%s owns %d slots, of which %d are moving already; %d cannot be moved",
			from.Name, owned, owned-len(free), a.Count)
	}
	return nil, wrong("count", "", "%s owns %d slots; %d cannot be moved", from.Name, owned, a.Count)
}

// named reads the list of slots and checks that the source owns them and no other move has them.
func (a MoveSlots) named(from Node, taken map[slot.Slot]*move) ([]slot.Slot, error) {
	var slots []slot.Slot
	seen := map[slot.Slot]bool{}
	for _, part := range strings.Split(a.Slots, ",") {
		r, err := slot.ParseRange(strings.TrimSpace(part))
		if err != nil {
			return nil, wrong("slots", "such as 0-99,200", "%q: %v", part, err)
		}
		for s := int(r.First); s <= int(r.Last); s++ {
			if !from.owns(s) {
				return nil, wrong("slots", "", "%s does not own slot %d", from.Name, s)
			}
			if m := taken[slot.Slot(s)]; m != nil {
				return nil, wrong("slots", "wait for it, or move-abort", "slot %d is moving to %s already", s, m.view.To)
			}
			if !seen[slot.Slot(s)] {
				seen[slot.Slot(s)] = true
				slots = append(slots, slot.Slot(s))
			}
		}
	}
	return slots, nil
}

// MoveStep carries out the next command of a stepped move.
type MoveStep struct{}

// Verb is "move-step".
func (MoveStep) Verb() string { return "move-step" }

// Do lets one command happen.
func (MoveStep) Do(ctx context.Context, l *Lab) (Result, error) {
	m, err := l.presentMove()
	if err != nil {
		return Result{}, err
	}
	if closed(m.run) {
		return Result{}, wrong("", "start it with --mode step", "the move is not stepped")
	}
	ctx, cancel := context.WithTimeout(ctx, callLimit)
	defer cancel()
	select {
	case m.step <- struct{}{}:
		return said("The next command is carried out."), nil
	case <-m.ctx.Done():
		return Result{}, wrong("", "", "the move has ended")
	case <-ctx.Done():
		return Result{}, wrong("", "", "the command before is still running")
	}
}

func (l *Lab) presentMove() (*move, error) {
	if !l.Topology().clustered() {
		return nil, l.noSlots()
	}
	if m := l.moves.present(); m != nil {
		return m, nil
	}
	return nil, wrong("", "move-slots starts one", "no slots are being moved")
}

// MoveRun lets a stepped move run on.
type MoveRun struct{}

// Verb is "move-run".
func (MoveRun) Verb() string { return "move-run" }

// Do lets it run.
func (MoveRun) Do(_ context.Context, l *Lab) (Result, error) {
	m, err := l.presentMove()
	if err != nil {
		return Result{}, err
	}
	l.moves.mu.Lock()
	defer l.moves.mu.Unlock()
	if !closed(m.run) {
		close(m.run)
	}
	return said("The move runs."), nil
}

// MoveAbort ends the moves: after the present slot, or at once with the slot left open.
type MoveAbort struct {
	Leave bool `json:"leave,omitempty"`
}

// Verb is "move-abort".
func (MoveAbort) Verb() string { return "move-abort" }

// Do ends them.
func (a MoveAbort) Do(_ context.Context, l *Lab) (Result, error) {
	m, err := l.presentMove()
	if err != nil {
		return Result{}, err
	}
	l.moves.mu.Lock()
	defer l.moves.mu.Unlock()
	for _, other := range l.moves.moves {
		if other != m && other.view.State == Queued {
			other.view.State = Aborted
			other.leave()
		}
	}
	if !closed(m.abort) {
		close(m.abort)
	}
	if a.Leave {
		if m.dies = true; !closed(m.run) {
			m.leave()
		}
		return said("The move ends at once; the slot stays open."), nil
	}
	if !closed(m.run) {
		close(m.run)
	}
	return said("The move ends after the present slot."), nil
}
