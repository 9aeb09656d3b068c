package world

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"clusterplay/node/slot"
)

// moveBatch is how many keys one MIGRATE of the mover takes, as redis-cli does.
const moveBatch = 10

// moverPatience is how long an operator's tool waits for one answer; a MIGRATE may take its own
// timeout of two seconds twice.
const moverPatience = 5 * time.Second

// mover is the operator who moves slots as redis-cli does: IMPORTING, MIGRATING, keys in
// batches, NODE at the target, the source and everyone. It stops where a fault leaves it.
type mover struct {
	w    *World
	rng  *rand.Rand
	busy bool
	// Open lists the slots whose move was begun and not ended: what an operator must repair.
	Open map[slot.Slot]bool
}

func newMover(w *World, rng *rand.Rand) *mover {
	return &mover{w: w, rng: rng, Open: map[slot.Slot]bool{}}
}

// move is one slot on its way.
type move struct {
	slot     slot.Slot
	from, to int
}

// begin opens one slot that holds keys of the workload at a master that does not own it, and goes on
// from there.
func (m *mover) begin(then func(move)) {
	if m.busy {
		return
	}
	s := slot.OfString(keyName(m.rng.IntN(64)))
	from, to := m.owner(s), m.otherMaster(s)
	if from < 0 || to < 0 {
		return
	}
	m.busy = true
	m.Open[s] = true
	mv := move{s, from, to}
	m.act(to, func(string) { then(mv) }, "CLUSTER", "SETSLOT", fmt.Sprint(s), "IMPORTING", m.w.ID(from))
}

// act sends one admin command over the network and goes on if it succeeds.
func (m *mover) act(host int, then func(reply string), args ...string) {
	caller := m.w.Caller(host, host)
	caller.Do(moverPatience, func(reply []byte, err error) {
		m.w.forget(caller)
		if err != nil || strings.HasPrefix(string(reply), "-") {
			m.busy = false
			return
		}
		then(string(reply))
	}, args...)
}

// moveElsewhere leaves the target that was opened with its mark and moves the slot to a third master.
func (m *mover) moveElsewhere(mv move) {
	third := m.otherMaster(mv.slot, mv.to)
	if third < 0 {
		m.busy = false
		return
	}
	m.act(third, func(string) { m.openSource(move{mv.slot, mv.from, third}) },
		"CLUSTER", "SETSLOT", fmt.Sprint(mv.slot), "IMPORTING", m.w.ID(mv.from))
}

func (m *mover) openSource(mv move) {
	m.act(mv.from, func(string) { m.list(mv) }, "CLUSTER", "SETSLOT", fmt.Sprint(mv.slot), "MIGRATING", m.w.ID(mv.to))
}

// list asks the source which keys remain.
func (m *mover) list(mv move) {
	m.act(mv.from, func(reply string) {
		keys := array(reply)
		if len(keys) == 0 {
			m.close(mv)
			return
		}
		m.carry(mv, keys)
	}, "CLUSTER", "GETKEYSINSLOT", fmt.Sprint(mv.slot), fmt.Sprint(moveBatch))
}

func (m *mover) carry(mv move, keys []string) {
	addr := m.w.hosts[mv.to].addr
	args := append([]string{"MIGRATE", addr.Addr().String(), fmt.Sprint(addr.Port()), "", "0", "2000", "KEYS"}, keys...)
	m.act(mv.from, func(string) { m.list(mv) }, args...)
}

// close gives the slot to the target: first at the target, so that it bumps its epoch.
func (m *mover) close(mv move) {
	id := m.w.ID(mv.to)
	if id == "" {
		m.busy = false
		return
	}
	m.act(mv.to, func(string) {
		m.act(mv.from, func(string) {
			delete(m.Open, mv.slot)
			m.busy = false
		}, "CLUSTER", "SETSLOT", fmt.Sprint(mv.slot), "NODE", id)
	}, "CLUSTER", "SETSLOT", fmt.Sprint(mv.slot), "NODE", id)
}

// owner is the running host that believes itself to own a slot, or -1.
func (m *mover) owner(s slot.Slot) int {
	for i := range m.w.hosts {
		if reply := m.w.Do(i, "CLUSTER", "COUNTKEYSINSLOT", fmt.Sprint(s)); reply == "" {
			continue
		}
		if m.isMaster(i) && m.owns(i, s) {
			return i
		}
	}
	return -1
}

func (m *mover) isMaster(i int) bool { return strings.Contains(m.w.Do(i, "ROLE"), "master") }

// owns reports whether host i lists the slot as its own.
func (m *mover) owns(i int, s slot.Slot) bool { return m.w.Server(i).OwnsSlot(s) }

// otherMaster is a running master that does not own s and is none of those hosts, or -1.
func (m *mover) otherMaster(s slot.Slot, but ...int) int {
	start := m.rng.IntN(len(m.w.hosts))
	for n := range m.w.hosts {
		i := (start + n) % len(m.w.hosts)
		if !slices.Contains(but, i) && m.w.Server(i) != nil && !m.w.Frozen(i) && m.isMaster(i) && !m.owns(i, s) && m.w.Server(i).OwnsAnySlot() {
			return i
		}
	}
	return -1
}
