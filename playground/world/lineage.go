package world

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/replication"
)

// position is a point in a history: the data after that byte of the stream with that name.
type position struct {
	id     string
	offset replication.Offset
}

// branch is how a history began: it continues another up to a byte.
type branch struct {
	from  position
	at    time.Duration
	cause Window // why what came behind that byte is not in it
}

// lineage knows of every history from which it comes. A write that was acknowledged at a position is
// in every history that comes from there, and a history that has it not left it out at one branch.
type lineage struct {
	Nothing
	branches map[string]branch
}

func newLineage() *lineage { return &lineage{branches: map[string]branch{}} }

// Event notes that a node gave its history another name.
func (l *lineage) Event(w *World, host int, e event.Event) {
	changed, ok := e.(event.ReplIDChanged)
	if !ok {
		return
	}
	from := position{changed.Old, replication.Offset(changed.Offset)}
	switch changed.Why {
	case event.BecameMaster:
		l.begin(w, changed.New, from, Replaced)
	case event.FirstReplica, event.BacklogExpired, event.Forced:
		l.begin(w, changed.New, from, Unexplained)
	case event.FullSync, event.MasterChangedID:
		// the name is its master's, which is known
	default:
		l.begin(w, changed.New, position{}, Restarted)
	}
}

// Step notes with which history a process was born.
func (l *lineage) Step(w *World, host int) {
	h := w.hosts[host]
	if h.server == nil || w.now != h.bornAt {
		return
	}
	is := h.server.Replication().History()
	l.begin(w, is.ReplID, position{is.ReplID2, is.SecondOffset - 1}, Restarted)
}

// begin notes the beginning of a history, if it is new.
func (l *lineage) begin(w *World, id string, from position, cause Window) {
	if _, known := l.branches[id]; !known {
		l.branches[id] = branch{from, w.now, cause}
	}
}

// holds reports whether the data at a position include what happened at another and, where they do not,
// the branch at which that was left out, if the one comes from the other at all.
func (l *lineage) holds(at, event position) (held bool, cut *branch) {
	limit := at.offset
	for id := at.id; id != event.id; {
		b, known := l.branches[id]
		if !known || b.from.id == id {
			return false, nil
		}
		if b.from.offset < limit {
			limit, cut = b.from.offset, &b
		}
		id = b.from.id
	}
	return event.offset <= limit, cut
}

// whyLost finds the window through which a write went that is not in the master's history. A write that
// is in it cannot be lost.
func (w *World) whyLost(x Write) Window {
	is := w.hosts[w.official].server.Replication().History()
	held, cut := w.lineage.holds(position{is.ReplID, is.Offset}, x.Made)
	switch {
	case held:
		return Unexplained
	case cut != nil && cut.cause == Restarted:
		return Restarted
	case cut != nil && x.At >= cut.at:
		return Deposed
	case cut == nil && !w.fates.had(x.By, x.At, Restarted, Apart):
		return Deposed
	case w.fates.had(x.By, x.At, Restarted):
		return Restarted
	case w.fates.had(x.By, x.At, Apart):
		return Apart
	}
	return Replaced
}

// had reports whether one of some mishaps went on at a host at a time or later.
func (f *fates) had(host int, since time.Duration, any ...Window) bool {
	for _, m := range f.mishaps[host] {
		for _, window := range any {
			if m.window == window && m.to >= since {
				return true
			}
		}
	}
	return false
}
