package world

import (
	"iter"
	"slices"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/slot"
	"clusterplay/playground/invariant"
)

// forever is an end that has not come.
const forever = time.Duration(1<<63 - 1)

// mishap is something that happened to a host and that may cost it acknowledged writes.
type mishap struct {
	window   Window
	from, to time.Duration
}

// journey is a slot's keys on their way from one host to another.
type journey struct {
	slot     slot.Slot
	from, to int
}

// fates remembers what happened to each host, so that a lost write can be explained: by what
// happened to the node that acknowledged it, or to those to which its slot moved later.
type fates struct {
	Nothing
	mishaps  [][]mishap
	journeys []journey
	drops    []drop
}

// drop is a host that lost a slot to a newer claim, and with it the slot's keys.
type drop struct {
	slot slot.Slot
	host int
	at   time.Duration
}

func newFates(hosts int) *fates { return &fates{mishaps: make([][]mishap, hosts)} }

// begin notes that a mishap began at a host; one of the same kind that goes on is left alone.
func (f *fates) begin(now time.Duration, host int, w Window) {
	for _, m := range f.mishaps[host] {
		if m.window == w && m.to == forever {
			return
		}
	}
	f.mishaps[host] = append(f.mishaps[host], mishap{w, now, forever})
}

// end notes that a mishap is over.
func (f *fates) end(now time.Duration, host int, w Window) {
	for i := range f.mishaps[host] {
		if m := &f.mishaps[host][i]; m.window == w && m.to == forever {
			m.to = now
		}
	}
}

// forget drops the latest mishap of a kind: it cost nothing after all.
func (f *fates) forget(host int, w Window) {
	for i := len(f.mishaps[host]) - 1; i >= 0; i-- {
		if f.mishaps[host][i].window == w {
			f.mishaps[host] = slices.Delete(f.mishaps[host], i, i+1)
			return
		}
	}
}

// remembers reports whether the process just born must have everything that the one before it has
// acknowledged: it keeps an append only file, whose writes precede replies, and the disk has lost
// nothing of it (51).
func (w *World) remembers(host int) bool {
	if w.cfg.Settings["appendonly"] != "yes" {
		return false
	}
	switch w.hosts[host].found {
	case invariant.Kept:
		return true
	case invariant.Unsynced:
		return w.cfg.Settings["appendfsync"] == "always"
	}
	return false
}

// Life notes deaths and pauses.
func (f *fates) Life(w *World, host int, what Life) {
	switch what {
	case Died:
		f.begin(w.now, host, Restarted)
	case Born:
		f.end(w.now, host, Restarted)
		if w.remembers(host) {
			f.forget(host, Restarted)
		}
	case Froze:
		f.begin(w.now, host, Apart)
	case Thawed:
		f.end(w.now, host, Apart)
	}
}

// Event notes who lost its place to whom, and where slots went.
func (f *fates) Event(w *World, host int, e event.Event) {
	switch e := e.(type) {
	case event.Promoted:
		f.end(w.now, host, Replaced)
		if old := w.hostAt(e.Primary.Addr); old >= 0 {
			f.begin(w.now, old, Replaced) // until it hears of that, it may go on as before
		}
	case event.Demoted:
		f.end(w.now, host, Replaced)
	case event.SlotsDropped:
		f.dropped(w.now, host, e.Slots)
	case event.OpenSlot:
		if with := w.hostAt(e.With.Addr); with >= 0 && e.State == "importing" {
			for sl := range slotsOf(e.Slots) {
				f.journeys = append(f.journeys, journey{sl, with, host})
			}
		}
	}
}

// dropped notes slots whose keys a host deleted.
func (f *fates) dropped(now time.Duration, host int, slots string) {
	for sl := range slotsOf(slots) {
		f.drops = append(f.drops, drop{sl, host, now})
	}
}

// slotsOf yields the slots of an event's list.
func slotsOf(list string) iter.Seq[slot.Slot] {
	set, _ := slot.ParseSet(list) // the machine has written it
	return set.All()
}

// hostAt is the host with a client address, or -1.
func (w *World) hostAt(addr string) int {
	for i, h := range w.hosts {
		if h.addr.String() == addr {
			return i
		}
	}
	return -1
}

// explain finds the window through which a write that was sent at a time and acknowledged by a host
// was lost: the worst that happened to that host from then on, or to those to or from which its slot
// was moved.
func (f *fates) explain(sl slot.Slot, host int, sent time.Duration) Window {
	worst := Unexplained
	for _, d := range f.drops {
		if d.slot == sl && d.host == host && d.at >= sent {
			return Dropped
		}
	}
	for _, m := range f.mishaps[host] {
		if m.to >= sent {
			worst = max(worst, m.window)
		}
	}
	for i, j := range f.journeys {
		if j.slot != sl || j.from != host && j.to != host {
			continue
		}
		rest := fates{mishaps: f.mishaps, journeys: f.journeys[i+1:], drops: f.drops}
		switch there := rest.explain(sl, j.from+j.to-host, sent); there {
		case Unexplained:
		case Dropped:
			return Dropped
		default:
			return Moved
		}
	}
	return worst
}

// pathChanged notes whether the two ends of a path are apart from somebody now.
func (w *World) pathChanged(a, b int) {
	w.troubled()
	for _, i := range [2]int{a, b} {
		if w.apart(i) || w.hosts[i].frozen {
			w.fates.begin(w.now, i, Apart)
		} else {
			w.fates.end(w.now, i, Apart)
		}
	}
}

// troubled notes that something happened, or ended, that keeps hosts from hearing each other.
func (w *World) troubled() { w.trouble = w.now }

// wholeSince is since when every process has run, every path been as it should, and no connection been
// broken; the zero time while that is not so.
func (w *World) wholeSince() time.Time {
	for i, h := range w.hosts {
		if h.machine == nil || h.frozen || w.apart(i) {
			return time.Time{}
		}
	}
	return birth.Add(w.trouble)
}

// apart reports whether a path to or from a host is cut or slow.
func (w *World) apart(i int) bool {
	for j := range w.hosts {
		out, in := w.pathOf(w.hosts[i], w.hosts[j]), w.pathOf(w.hosts[j], w.hosts[i])
		if out.cut || in.cut || out.delay > 0 || in.delay > 0 {
			return true
		}
	}
	return false
}
