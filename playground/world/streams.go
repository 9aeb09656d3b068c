package world

import (
	"clusterplay/node/event"
	"clusterplay/node/replication"
	"clusterplay/node/slot"
	"clusterplay/playground/invariant"
)

// holdEvent holds what a node says of its replication against the promises.
func (w *World) holdEvent(c *invariant.Checker, host int, e event.Event) {
	switch e := e.(type) {
	case event.ReplIDChanged:
		c.Renamed(w.Now(), host, e)
	case event.MasterMode:
		c.Ruling(w.Now(), host, e)
	case event.PsyncPartial:
		r := w.hosts[host].server.Replication()
		c.Continued(w.Now(), host, e, r.History(), r.View(w.hosts[host].clock()).Backlog.First)
	case event.SyncDone:
		c.Loaded(host)
		c.Disturbed()
	case event.ReplicaOf:
		c.Disturbed()
	}
}

// holdBirth holds what a process found against what the one before it had.
func (w *World) holdBirth(c *invariant.Checker, host int) {
	c.Revived(w.Now(), host, w.hosts[host].server.Replication().History())
}

// holdStream holds a host's replication stream, and what it heard from its replicas, against what the
// others know.
func (w *World) holdStream(c *invariant.Checker, host int, scratch []byte) []byte {
	r := w.hosts[host].server.Replication()
	history := r.History()
	c.History(w.Now(), host, history, func(from replication.Offset) ([]byte, replication.Offset) {
		var first replication.Offset
		scratch, first = r.ReadStream(scratch[:0], from)
		return scratch, first
	})
	if r.IsMaster() && r.Kept() == 0 && r.View(w.hosts[host].clock()).Backlog.First == 0 {
		c.Unkept(w.Now(), host, history)
	}
	r.Acks(func(port int, ack replication.Offset) {
		if i := port - w.cfg.Port; i >= 0 && i < len(w.hosts) && w.hosts[i].server != nil {
			c.Acknowledged(w.Now(), host, i, history.ReplID, ack, w.hosts[i].server.Replication().History())
		}
	})
	return scratch
}

// holdKeys holds a host's keys against those of every other that is at the same byte of the same
// history.
func (w *World) holdKeys(c *invariant.Checker, host int, slots []slot.Slot) {
	mine := w.hosts[host].server.Replication().History()
	if mine.Offset == 0 {
		return
	}
	for i, h := range w.hosts {
		if i == host || h.server == nil {
			continue
		}
		if other := h.server.Replication().History(); other.ReplID != mine.ReplID || other.Offset != mine.Offset {
			continue
		}
		for _, sl := range slots {
			c.Alike(w.Now(), host, i, sl, w.keysIn(host, sl), w.keysIn(i, sl))
		}
	}
}
