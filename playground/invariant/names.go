package invariant

import (
	"time"

	"clusterplay/node/event"
	"clusterplay/node/replication"
)

// begun is how a history began.
type begun struct {
	from string // the history it continues; "" for none
	upTo replication.Offset
}

// Renamed keeps the first half of promise 33: a name is given to one history only, and a history that
// is renamed shares with its former name what there was at that moment and nothing behind it.
func (c *Checker) Renamed(now time.Time, host int, e event.ReplIDChanged) {
	h := &c.hosts[host]
	if e.Why == event.FullSync || e.Why == event.MasterChangedID {
		return // its master has given it that name
	}
	if _, known := c.begun[e.New]; known {
		c.fail(33, now, host, "named its history %s, a name that has been used", short(e.New))
	}
	c.begun[e.New] = begun{e.Old, replication.Offset(e.Offset)}
	h.renamed = e.New
}

// Ruling keeps the other half of promise 33: who becomes master goes on under a new name, whose former
// one ends with the byte it had.
func (c *Checker) Ruling(now time.Time, host int, e event.MasterMode) {
	h := &c.hosts[host]
	if h.renamed != e.ReplID {
		c.fail(33, now, host, "became master and goes on as %s, which is not new", short(e.ReplID))
	}
	if b := c.begun[e.ReplID]; b.from != "" && (b.from != e.ReplID2 || int64(b.upTo)+1 != e.Second) {
		c.fail(33, now, host, "became master behind byte %d of %s and says that byte %d of %s is the first of its own",
			b.upTo, short(b.from), e.Second, short(e.ReplID2))
	}
	h.renamed = ""
	c.promoted(now, host, e)
}

// Continued keeps promise 32: a replica continues where it stopped only if what it has is a part of
// this history, and what it lacks is still kept.
func (c *Checker) Continued(now time.Time, host int, e event.PsyncPartial, is replication.History, first replication.Offset) {
	from := replication.Offset(e.Offset)
	if from < first || from > is.Offset+1 {
		c.fail(32, now, host, "let a replica continue at byte %d although it keeps %d to %d", from, first, is.Offset)
	}
	if e.ReplID == is.ReplID {
		return
	}
	if b, known := c.begun[is.ReplID]; known && (b.from != e.ReplID || from > b.upTo+1) {
		c.fail(32, now, host, "let a replica continue at byte %d of %s although it shares only %d bytes of %s",
			from, short(e.ReplID), b.upTo, short(b.from))
	}
}

// Ended tells with which history a process died.
func (c *Checker) Ended(host int, was replication.History) { c.hosts[host].reach(was) }

// reach remembers how far a host has been in a history.
func (h *hostMemory) reach(is replication.History) {
	h.been[is.ReplID] = max(h.been[is.ReplID], is.Offset)
}

// Revived keeps the end of promise 30 for a process that has just been born: it goes on with a history
// that it had, no further than it was, or with a new one.
func (c *Checker) Revived(now time.Time, host int, is replication.History) {
	h := &c.hosts[host]
	had, mine := h.been[is.ReplID]
	mine = mine && h.disk != Blank
	_, known := c.begun[is.ReplID]
	switch {
	case mine && is.Offset > had:
		c.fail(30, now, host, "came back at byte %d of %s and had been at %d", is.Offset, short(is.ReplID), had)
	case known && !mine:
		c.fail(30, now, host, "came back with %s, a history that it never had", short(is.ReplID))
	}
	if had, mine := h.been[is.ReplID2]; (!mine || h.disk == Blank) && is.SecondOffset > 0 || mine && is.SecondOffset > had+1 {
		c.fail(30, now, host, "came back as the continuation of %s behind byte %d and had been at %d", short(is.ReplID2), is.SecondOffset-1, had)
	}
	if !known {
		c.begun[is.ReplID] = begun{is.ReplID2, is.SecondOffset - 1}
	}
}
