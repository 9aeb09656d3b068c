package world

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"clusterplay/node/slot"
)

// Verdict is what became of one seed.
type Verdict struct {
	Seed     uint64
	Plan     Plan
	Trace    uint64
	Steps    uint64
	Lived    time.Duration // virtual time
	Ledger   Ledger
	Unhealed string // why the world did not come to rest, or ""
}

// healPatience bounds the liveness phase: ten node timeouts and half a minute, as the promise
// "everything converges once faults stop" is worded.
func healPatience(nt time.Duration) time.Duration { return 10*nt + 30*time.Second }

// Episode makes a world from cfg, lets plan happen to it under load, mends everything and waits
// until the cluster is whole again. judge, when set, is called while the world still stands.
func Episode(cfg Config, plan Plan, observers []Observer, judge func(*World, *Workload)) (Verdict, error) {
	v := Verdict{Seed: cfg.Seed, Plan: plan}
	w, err := New(cfg, observers...)
	if err != nil {
		return v, err
	}
	if err := w.Form(); err != nil {
		return v, err
	}
	load := NewWorkload(w, plan.Clients, plan.Keys)
	load.Start(plan.OpsPerSec)
	w.Storm(plan)
	w.Run(plan.Duration)
	w.mend()
	if !w.RunUntil(healPatience(w.cfg.NodeTimeout), w.repaired) {
		v.Unhealed = w.complaint()
	}
	load.Stop()
	w.Run(2 * patience)
	if v.Unhealed == "" {
		if v.Ledger, err = load.Verify(); err != nil {
			v.Unhealed = err.Error()
		}
	}
	if judge != nil {
		judge(w, load)
	}
	v.Trace, v.Steps, v.Lived = w.TraceHash(), w.steps, w.now
	return v, nil
}

// mend ends every fault: paths heal, frozen processes go on, dead ones start again.
func (w *World) mend() {
	w.HealAll()
	for i := range w.hosts {
		w.Thaw(i)
		if err := w.Restart(i); err != nil {
			panic(err)
		}
	}
}

// repaired does what an operator does after the storm, and reports whether nothing is left to do:
// forget the ids that no process has any more, give empty nodes a master, close open slots.
func (w *World) repaired() bool {
	if w.now < w.repairAgain {
		return false
	}
	w.repairAgain = w.now + time.Second
	w.forgetGhosts()
	w.adoptEmpty()
	w.closeSlots()
	w.lookAgain = 0
	return w.Healthy() && w.Agreed()
}

// forgetGhosts makes every node forget the ids of processes whose disks were wiped.
func (w *World) forgetGhosts() {
	alive := map[string]bool{}
	for i := range w.hosts {
		alive[w.ID(i)] = true
	}
	for i := range w.hosts {
		for _, line := range w.nodesLines(i) {
			if fields := strings.Fields(line); len(fields) > 2 && !alive[fields[0]] && !strings.Contains(fields[2], "handshake") {
				w.Do(i, "CLUSTER", "FORGET", fields[0])
			}
		}
	}
}

// adoptEmpty lets a master without slots replicate the first master that has some.
func (w *World) adoptEmpty() {
	for i := range w.hosts {
		if !w.Server(i).OwnsAnySlot() && strings.Contains(w.Do(i, "ROLE"), "master") {
			if id := w.firstOwner(); id != "" {
				w.Do(i, "CLUSTER", "REPLICATE", id)
			}
		}
	}
}

func (w *World) firstOwner() string {
	for i := range w.hosts {
		if w.Server(i).OwnsAnySlot() {
			return w.ID(i)
		}
	}
	return ""
}

// closeSlots ends every migration that a fault left open: the keys go to the owner, the marks go.
func (w *World) closeSlots() {
	for s := range slot.Slot(slot.Count) {
		owner, open := w.openAt(s)
		if !open || owner < 0 {
			continue
		}
		for i := range w.hosts {
			if i != owner {
				w.carryHome(i, owner, s)
			}
		}
		for i := range w.hosts {
			w.Do(i, "CLUSTER", "SETSLOT", fmt.Sprint(s), "STABLE")
		}
	}
}

// openAt finds who owns a slot and whether anybody has it marked migrating or importing.
func (w *World) openAt(s slot.Slot) (owner int, open bool) {
	owner = -1
	for i := range w.hosts {
		if w.Server(i).OwnsSlot(s) {
			owner = i
		}
		open = open || w.Server(i).SlotOpen(s)
	}
	return owner, open
}

// carryHome migrates the keys of a slot that a master holds without owning it.
func (w *World) carryHome(from, owner int, s slot.Slot) {
	if !strings.Contains(w.Do(from, "ROLE"), "master") {
		return
	}
	lines := strings.Split(w.Do(from, "CLUSTER", "GETKEYSINSLOT", fmt.Sprint(s), "100"), "\r\n")
	if len(lines) < 3 {
		return
	}
	w.Do(owner, "CLUSTER", "SETSLOT", fmt.Sprint(s), "STABLE")
	addr := w.hosts[owner].addr
	args := []string{"MIGRATE", addr.Addr().String(), fmt.Sprint(addr.Port()), "", "0", "2000", "REPLACE", "KEYS"}
	for i := 2; i < len(lines); i += 2 {
		args = append(args, lines[i])
	}
	w.Do(from, args...)
}

// Agreed reports whether all nodes hold the same view: who owns which slots, who is whose replica.
func (w *World) Agreed() bool {
	first := w.signature(0)
	for i := range w.hosts {
		if w.signature(i) != first || w.openSomewhere(i) {
			return false
		}
	}
	return strings.Count(first, "\n") >= len(w.hosts)
}

// openSomewhere reports whether a node has a slot marked migrating or importing.
func (w *World) openSomewhere(i int) bool { return strings.Contains(w.Do(i, "CLUSTER", "NODES"), "[") }

// signature is a node's view in a form in which equal views are equal strings.
func (w *World) signature(i int) string {
	lines := w.nodesLines(i)
	for n, line := range lines {
		fields := strings.Fields(line)
		if len(fields) < 8 {
			continue
		}
		flags := strings.TrimPrefix(fields[2], "myself,")
		lines[n] = strings.Join(append([]string{fields[0], flags, fields[3], fields[6]}, fields[8:]...), " ") + "\n"
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// nodesLines is a node's CLUSTER NODES, a line each.
func (w *World) nodesLines(i int) []string {
	text := bulk(w.Do(i, "CLUSTER", "NODES"))
	return strings.Split(strings.TrimRight(text, "\n"), "\n")
}

// complaint says what is still wrong, for a verdict.
func (w *World) complaint() string {
	var b strings.Builder
	for i := range w.hosts {
		fmt.Fprintf(&b, "%s: %s", w.hosts[i].name, w.signature(i))
		info := w.Do(i, "CLUSTER", "INFO")
		if at := strings.Index(info, "cluster_state:"); at >= 0 {
			b.WriteString(strings.SplitN(info[at:], "\r\n", 2)[0] + "\n")
		}
	}
	return b.String()
}
