package playground

import (
	"context"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"

	"clusterplay/node/resp"
	"clusterplay/node/slot"
)

// A move that runs carries several slots at a time: each node is told in one piece what concerns all of them,
// as by a client with a pipeline, and some MIGRATEs are under way at once. Slot by slot it is the same protocol
// in the same order; a move that is stepped shows it command by command.
const (
	// slotsPerBatch bounds the slots that are open at once, and so for how long a node hears of nothing else.
	slotsPerBatch = 64
	// migratesAtOnce keeps the source and the target at work at the same time. With more of them clients wait at the
	// nodes' locks behind MIGRATEs that wait for each other.
	migratesAtOnce = 4
	// slotsPerRest is how many slots' keys go until the next rest.
	slotsPerRest = 32
	// restShare is how many times longer the work takes than the rest after it, in which clients come first: as long
	// as goroutines have work for each other, Go looks only every 10 ms whether something has come from outside.
	restShare = 16
)

// carryBatch moves slots together.
func (v *mover) carryBatch(m *move, slots []slot.Slot) error {
	from, to, err := v.ends(m)
	if err != nil {
		return err
	}
	v.begin(m, slots[0])
	if err := v.tell(m, to, each(slots, "IMPORTING", from.identity())); err != nil {
		return err
	}
	if err := v.tell(m, from, each(slots, "MIGRATING", to.identity())); err != nil {
		return err
	}
	keys, err := v.carryAllKeys(m, from, to, slots)
	if err != nil {
		return err
	}
	for _, on := range v.informed(from, to) {
		if err := v.tell(m, on, each(slots, "NODE", to.identity())); err != nil && on == to {
			return err
		}
	}
	v.end(m, slots, keys)
	return nil
}

// each is a CLUSTER SETSLOT for every slot.
func each(slots []slot.Slot, words ...string) [][]string {
	commands := make([][]string, len(slots))
	for i, s := range slots {
		commands[i] = append([]string{"CLUSTER", "SETSLOT", strconv.Itoa(int(s))}, words...)
	}
	return commands
}

// carryAllKeys moves the keys of all slots and counts them.
func (v *mover) carryAllKeys(m *move, from, to *member, slots []slot.Slot) (count int, err error) {
	for {
		queries := make([][]string, len(slots))
		for i, s := range slots {
			queries[i] = []string{"CLUSTER", "GETKEYSINSLOT", strconv.Itoa(int(s)), strconv.Itoa(keysPerMigrate)}
		}
		found, err := v.ask(m, from, queries)
		if err != nil {
			return count, err
		}
		found = slices.DeleteFunc(found, func(keys resp.Value) bool { return len(keys.List) == 0 })
		if len(found) == 0 {
			return count, nil
		}
		for some := range slices.Chunk(found, slotsPerRest) {
			var tasks errgroup.Group
			tasks.SetLimit(migratesAtOnce)
			for _, keys := range some {
				count += len(keys.List)
				tasks.Go(func() error { return v.migrate(m, from, to, keys) })
			}
			if err := tasks.Wait(); err != nil {
				return count, err
			}
			m.rest()
		}
	}
}

// migrate carries out one MIGRATE.
func (v *mover) migrate(m *move, from, to *member, keys resp.Value) error {
	words := migrateWords(to, keys)
	n := v.note(m, from.Name(), "running", words)
	_, err := v.call(m, from, words)
	v.noteEnd(m, n, err)
	return err
}

// tell has a node carry out commands whose replies say nothing.
func (v *mover) tell(m *move, on *member, commands [][]string) error {
	_, err := v.ask(m, on, commands)
	return err
}

// ask shows commands, has a node carry them out in one piece and returns their replies.
func (v *mover) ask(m *move, on *member, commands [][]string) ([]resp.Value, error) {
	first := v.note(m, on.Name(), "running", commands...)
	ctx, cancel := context.WithTimeout(m.ctx, moveCallLimit)
	defer cancel()
	replies, err := on.CallAll(ctx, commands...)
	for i := range commands {
		why := err
		if i < len(replies) {
			why = refusal(on, replies[i])
		}
		if err == nil {
			err = why
		}
		v.noteEnd(m, first+i, why)
	}
	return replies, err
}

// breakOff ends an aborted move: one that shall die as a broken tool does opens the next slot and leaves it so.
func (v *mover) breakOff(m *move, s slot.Slot) error {
	v.mu.Lock()
	dies := m.dies
	v.mu.Unlock()
	if !dies {
		return nil
	}
	from, to, err := v.ends(m)
	if err != nil {
		return err
	}
	v.begin(m, s)
	one := []slot.Slot{s}
	if err := v.tell(m, to, each(one, "IMPORTING", from.identity())); err != nil {
		return err
	}
	if err := v.tell(m, from, each(one, "MIGRATING", to.identity())); err != nil {
		return err
	}
	m.leave()
	return m.ctx.Err()
}
