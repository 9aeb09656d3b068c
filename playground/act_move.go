package playground

import (
	"context"
	"errors"
	"fmt"
	"sort"
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
	slots, err := a.which(l.viewOf(from))
	if err != nil {
		return Result{}, err
	}
	m := l.moves.add(from.Name(), to.Name(), slots, a.Mode == "step")
	text := fmt.Sprintf("%d slots move from %s to %s.", len(slots), from.Name(), to.Name())
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
		return wrong("from", "", "%s is not running", from.Name())
	case !to.up():
		return wrong("to", "", "%s is not running", to.Name())
	case l.viewOf(to).Role != "master":
		return wrong("to", "slots belong to masters", "%s is a replica", to.Name())
	}
	return nil
}

// which lists the slots that the action means.
func (a MoveSlots) which(from Node) ([]slot.Slot, error) {
	var owned []slot.Slot
	for _, r := range from.Slots {
		for s := r[0]; s <= r[1]; s++ {
			owned = append(owned, slot.Slot(s))
		}
	}
	if a.Slots != "" {
		return a.named(from)
	}
	if a.Count < 1 || a.Count > len(owned) {
		return nil, wrong("count", "", "%s owns %d slots; %d cannot be moved", from.Name, len(owned), a.Count)
	}
	return owned[:a.Count], nil
}

// named reads the list of slots and checks that the source owns them.
func (a MoveSlots) named(from Node) ([]slot.Slot, error) {
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
		m.leave()
		return said("The move ends at once; the slot stays open."), nil
	}
	if !closed(m.run) {
		close(m.run)
	}
	return said("The move ends after the present slot."), nil
}

// Rebalance gives every running master the same number of slots.
type Rebalance struct{}

// Verb is "rebalance".
func (Rebalance) Verb() string { return "rebalance" }

// Do queues the moves that it takes.
func (Rebalance) Do(_ context.Context, l *Lab) (Result, error) {
	if !l.Topology().clustered() {
		return Result{}, l.noSlots()
	}
	var masters []Node
	for _, n := range l.Nodes() {
		if n.State == "up" && n.Role == "master" {
			masters = append(masters, n)
		}
	}
	plan := balance(masters)
	slots := 0
	for _, p := range plan {
		l.moves.add(p.from, p.to, p.slots, false)
		slots += len(p.slots)
	}
	if slots == 0 {
		return said("Every master has its share already."), nil
	}
	return said(fmt.Sprintf("%d slots move in %d moves.", slots, len(plan))), nil
}

// transfer is a part of a plan: slots from one master to another.
type transfer struct {
	from, to string
	slots    []slot.Slot
}

// account is a master's slots against its share: those it has too many, or how many it lacks.
type account struct {
	name  string
	spare []slot.Slot
	lacks int
}

// balance plans the fewest moved slots after which no two masters differ by more than one.
func balance(masters []Node) []transfer {
	var givers, takers []*account
	for _, a := range accounts(masters) {
		if len(a.spare) > 0 {
			givers = append(givers, a)
		}
		if a.lacks > 0 {
			takers = append(takers, a)
		}
	}
	var plan []transfer
	for _, g := range givers {
		for _, t := range takers {
			n := min(len(g.spare), t.lacks)
			if n > 0 {
				plan = append(plan, transfer{from: g.name, to: t.name, slots: g.spare[:n]})
				g.spare, t.lacks = g.spare[n:], t.lacks-n
			}
		}
	}
	return plan
}

// accounts compares what masters own with their share; those that own most keep the remainder.
func accounts(masters []Node) []*account {
	owned := make([][]slot.Slot, len(masters))
	order := make([]int, len(masters))
	total := 0
	for i, n := range masters {
		order[i] = i
		for _, r := range n.Slots {
			for s := r[0]; s <= r[1]; s++ {
				owned[i] = append(owned[i], slot.Slot(s))
			}
		}
		total += len(owned[i])
	}
	sort.SliceStable(order, func(a, b int) bool { return len(owned[order[a]]) > len(owned[order[b]]) })
	var list []*account
	for rank, i := range order {
		part := total / len(masters)
		if rank < total%len(masters) {
			part++
		}
		a := &account{name: masters[i].Name}
		if extra := len(owned[i]) - part; extra > 0 {
			a.spare = owned[i][part:]
		} else {
			a.lacks = -extra
		}
		list = append(list, a)
	}
	return list
}
