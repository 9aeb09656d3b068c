package playground

import (
	"context"
	"fmt"
	"sort"

	"clusterplay/node/slot"
)

// Rebalance gives every running master the same number of slots.
type Rebalance struct{}

// Verb is "rebalance".
func (Rebalance) Verb() string { return "rebalance" }

// Do queues the moves that it takes.
func (Rebalance) Do(_ context.Context, l *Lab) (Result, error) {
	if !l.Topology().clustered() {
		return Result{}, l.noSlots()
	}
	plan := l.moves.claimAll(func(taken map[slot.Slot]*move) []transfer {
		var masters []Node
		for _, n := range l.Nodes() {
			if n.State == "up" && n.Role == "master" {
				masters = append(masters, n)
			}
		}
		return balance(masters, taken)
	})
	slots := 0
	for _, p := range plan {
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

// balance plans the fewest moved slots after which no two masters differ by more than one, once the
// moves under way have ended, too.
func balance(masters []Node, taken map[slot.Slot]*move) []transfer {
	var givers, takers []*account
	for _, a := range accounts(masters, taken) {
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
func accounts(masters []Node, taken map[slot.Slot]*move) []*account {
	have, total := holdings(masters, taken)
	order := make([]int, len(masters))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(a, b int) bool { return have[order[a]].will > have[order[b]].will })
	var list []*account
	for rank, i := range order {
		part := total / len(masters)
		if rank < total%len(masters) {
			part++
		}
		a := &account{name: masters[i].Name}
		if extra := have[i].will - part; extra > 0 {
			a.spare = have[i].free[max(0, len(have[i].free)-extra):]
		} else {
			a.lacks = -extra
		}
		list = append(list, a)
	}
	return list
}

// holding is how many slots a master will own when all moves have ended, and those among them that no
// move has.
type holding struct {
	will int
	free []slot.Slot
}

// holdings are those of the masters, and their sum.
func holdings(masters []Node, taken map[slot.Slot]*move) (list []holding, total int) {
	list = make([]holding, len(masters))
	index := map[string]int{}
	for i, n := range masters {
		index[n.Name] = i
	}
	for i, n := range masters {
		for _, r := range n.Slots {
			for s := slot.Slot(r[0]); int(s) <= r[1]; s++ {
				owner := i
				if m := taken[s]; m == nil {
					list[i].free = append(list[i].free, s)
				} else if to, known := index[m.view.To]; known {
					owner = to
				}
				list[owner].will++
				total++
			}
		}
	}
	return list, total
}
