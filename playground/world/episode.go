package world

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Verdict is what became of one seed.
type Verdict struct {
	Seed     uint64
	Shape    string // who lived in the world
	Plan     Plan
	Trace    uint64
	Steps    uint64
	Lived    time.Duration // virtual time
	Rested   time.Duration // how long it took to come to rest once faults had ended
	Ledger   Ledger
	Unhealed string // why the world did not come to rest, or ""
}

// healPatience bounds the liveness phase of a cluster: ten node timeouts and half a minute, as the
// promise "everything converges once faults stop" is worded.
func healPatience(nt time.Duration) time.Duration { return 10*nt + 30*time.Second }

// Episode makes a world from cfg, lets plan happen to it under load, mends everything and waits
// until all is whole again. rest, when set, is called twice while everything stands still, some time
// apart.
func Episode(cfg Config, plan Plan, observers []Observer, rest func(*World)) (Verdict, error) {
	cfg.defaults()
	v := Verdict{Seed: cfg.Seed, Plan: plan, Shape: cfg.shape()}
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
	mended := w.now
	op := w.order.keeper(w, plan)
	w.settle(op, &v)
	v.Rested = w.now - mended
	load.Stop()
	w.Run(2 * patience)
	w.settle(op, &v) // what the storm left on its way may have come to light only now
	if v.Unhealed == "" {
		if v.Ledger, err = load.Verify(); err != nil {
			v.Unhealed = err.Error()
		}
	}
	for range 2 { // a replica may still migrate to a master that has none: that is no unrest
		if w.settle(op, &v); rest != nil && v.Unhealed == "" {
			rest(w)
		}
		w.Run(2 * w.cfg.NodeTimeout)
	}
	v.Trace, v.Steps, v.Lived = w.TraceHash(), w.steps, w.now
	return v, nil
}

// settle waits until nothing is left to repair.
func (w *World) settle(op keeper, v *Verdict) {
	if v.Unhealed == "" && !w.RunUntil(w.order.patience(w.cfg.NodeTimeout), op.atRest) {
		v.Unhealed = op.complaint()
	}
}

// mend ends every fault: paths heal, frozen processes go on, dead ones start again.
func (w *World) mend() {
	w.HealAll()
	for i, h := range w.hosts {
		h.skew = 0
		w.Thaw(i)
		if err := w.Restart(i); err != nil {
			panic(err)
		}
	}
}

// everybody is the number of every host.
func (w *World) everybody() (all []int) {
	for i := range w.hosts {
		all = append(all, i)
	}
	return all
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
