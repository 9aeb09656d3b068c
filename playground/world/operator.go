package world

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"clusterplay/node/slot"
)

// operator is who comes after the storm and repairs what the nodes cannot repair alone: nodes with
// empty disks, ids that no process has any more, slots that a broken move left open.
type operator struct {
	w     *World
	slots []slot.Slot   // that may hold keys
	again time.Duration // does nothing sooner
	busy  bool          // keys are being carried
	ids   []string      // of the hosts, as of this round
	nodes [][]string    // the lines of their CLUSTER NODES
}

func newOperator(w *World, slots []slot.Slot) *operator { return &operator{w: w, slots: slots} }

func (o *operator) complaint() string { return o.w.complaint() }

// operatorPeriod is how often the operator looks: gossip needs about that long to show what was done.
const operatorPeriod = time.Second

// atRest repairs what it can and reports whether nothing is left to do.
func (o *operator) atRest() bool {
	w := o.w
	if o.busy || w.now < o.again {
		return false
	}
	o.again = w.now + operatorPeriod
	o.look()
	o.introduceStrangers()
	o.forgetGhosts()
	o.adoptEmpty()
	o.closeSlots()
	w.lookAgain = 0
	return !o.busy && w.Healthy() && w.Agreed()
}

// look asks every host who it is and whom it knows.
func (o *operator) look() {
	o.ids, o.nodes = o.ids[:0], o.nodes[:0]
	for i := range o.w.hosts {
		o.ids = append(o.ids, o.w.ID(i))
		o.nodes = append(o.nodes, o.w.nodesLines(i))
	}
}

// introduceStrangers lets a node meet whoever does not know it. To know somebody is not to be known:
// who answered its first MEET may have lost its disk before it told the others.
func (o *operator) introduceStrangers() {
	for i, id := range o.ids {
		for j, peer := range o.w.hosts {
			known := slices.ContainsFunc(o.nodes[j], func(line string) bool { return strings.HasPrefix(line, id) })
			if !known {
				o.w.Do(i, "CLUSTER", "MEET", peer.addr.Addr().String(), fmt.Sprint(peer.addr.Port()))
			}
		}
	}
}

// forgetGhosts makes every node forget the ids of processes whose disks were wiped.
func (o *operator) forgetGhosts() {
	if slices.Contains(o.ids, "") {
		return // somebody does not answer: its id is not a ghost's
	}
	for i, lines := range o.nodes {
		for _, line := range lines {
			fields := strings.Fields(line)
			if len(fields) > 2 && !slices.Contains(o.ids, fields[0]) && !strings.Contains(fields[2], "handshake") {
				o.w.Do(i, "CLUSTER", "FORGET", fields[0])
			}
		}
	}
}

// adoptEmpty lets a master without slots replicate the first master that has some.
func (o *operator) adoptEmpty() {
	w := o.w
	owner := slices.IndexFunc(w.hosts, func(h *host) bool { return h.server.OwnsAnySlot() })
	for i := range w.hosts {
		if owner >= 0 && !w.Server(i).OwnsAnySlot() && w.role(i) == "master" {
			w.Do(i, "CLUSTER", "REPLICATE", w.ID(owner))
		}
	}
}

// closeSlots ends every move that a fault left open: first the keys go home, then the marks go.
func (o *operator) closeSlots() {
	for _, s := range o.suspects() {
		owner, open := o.w.openAt(s)
		if owner < 0 || !open {
			continue
		}
		var holders []int
		for i := range o.w.hosts {
			if i != owner && o.w.role(i) == "master" && o.w.keysIn(i, s) > 0 {
				holders = append(holders, i)
			}
		}
		if len(holders) > 0 {
			o.carryHome(holders[0], owner, s)
			return // the others in the next round
		}
		for i := range o.w.hosts {
			if o.w.Server(i).SlotOpen(s) {
				o.w.Do(i, "CLUSTER", "SETSLOT", fmt.Sprint(s), "STABLE")
			}
		}
	}
}

// suspects is the slots that may be open or hold keys, in order.
func (o *operator) suspects() []slot.Slot {
	all := slices.Clone(o.slots)
	for _, h := range o.w.hosts {
		v := h.server.Cluster().View()
		for _, open := range slices.Concat(v.Migrating, v.Importing) {
			all = append(all, open.Slot)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// openAt finds who owns a slot, and whether a node has it marked or holds keys of it unasked.
func (w *World) openAt(s slot.Slot) (owner int, open bool) {
	owner = -1
	for i, h := range w.hosts {
		mine := h.server.OwnsSlot(s)
		if mine {
			owner = i
		}
		open = open || h.server.SlotOpen(s) || !mine && w.keysIn(i, s) > 0 && w.role(i) == "master"
	}
	return owner, open
}

// keysIn counts a host's keys of one slot.
func (w *World) keysIn(i int, s slot.Slot) int {
	return w.hosts[i].server.KeysPerSlot(slot.Range{First: s, Last: s})[0]
}

// carryHome moves the keys of a slot from a master that does not own it to its owner. A failover of
// the importer loses the mark but not the keys: then the mark is made again first.
func (o *operator) carryHome(from, owner int, s slot.Slot) {
	w := o.w
	if !w.Server(from).SlotOpen(s) {
		w.Do(from, "CLUSTER", "SETSLOT", fmt.Sprint(s), "IMPORTING", w.ID(owner))
	}
	if w.Server(owner).SlotOpen(s) {
		w.Do(owner, "CLUSTER", "SETSLOT", fmt.Sprint(s), "STABLE")
	}
	keys := array(w.Do(from, "CLUSTER", "GETKEYSINSLOT", fmt.Sprint(s), "100"))
	if len(keys) == 0 {
		return
	}
	o.busy = true
	o.carry(w.Caller(from, from), w.hosts[owner], keys)
}

// carry moves one key after the other. What the owner has is newer than the copy that a move left
// behind, so that a copy is thrown away when the owner has the key as well.
func (o *operator) carry(c *Caller, owner *host, keys []string) {
	if len(keys) == 0 {
		o.w.forget(c)
		o.busy = false
		return
	}
	next := func([]byte, error) { o.carry(c, owner, keys[1:]) }
	c.Do(moverPatience, func(reply []byte, _ error) {
		if !strings.Contains(string(reply), "BUSYKEY") {
			next(nil, nil)
			return
		}
		c.Do(moverPatience, func([]byte, error) { c.Do(moverPatience, next, "DEL", keys[0]) }, "ASKING")
	}, "MIGRATE", owner.addr.Addr().String(), fmt.Sprint(owner.addr.Port()), keys[0], "0", "2000")
}

// array is the content of a RESP2 array of bulk strings.
func array(reply string) (words []string) {
	lines := strings.Split(reply, "\r\n")
	for i := 2; i < len(lines); i += 2 {
		words = append(words, lines[i])
	}
	return words
}
