package invariant

import (
	"time"

	"clusterplay/node/replication"
)

// Summary is a host's data in a few words: equal data have equal summaries.
type Summary struct {
	Elements int    // of all lists
	Probe    string // one list's length and last element
	Left     int    // the lengths of two lists that only transactions write, each to both
	Right    int
}

// dataMemory is a host's data when they were last looked at.
type dataMemory struct {
	id       string
	offset   replication.Offset
	elements int
	loads    int
	replica  bool
}

// Data keeps promises 34, 35 and 42: the same byte of the same history means the same data, a
// replica's data change only with its history, and a transaction is there as a whole or not at all. A
// master whose backlog is freed writes without moving its offset.
// loads counts the times the host was given all data anew.
func (c *Checker) Data(now time.Time, host int, is replication.History, replica bool, loads int, s Summary) {
	if s.Left != s.Right {
		c.fail(42, now, host, "shows half a transaction: %d and %d elements", s.Left, s.Right)
	}
	h := &c.hosts[host]
	was := h.data
	h.data = dataMemory{is.ReplID, is.Offset, s.Elements, loads, replica}
	if replica && was.replica && was.id == is.ReplID && was.offset == is.Offset && was.loads == loads && was.elements != s.Elements {
		c.fail(35, now, host, "a replica went from %d to %d elements at byte %d of %s", was.elements, s.Elements, is.Offset, short(is.ReplID))
	}
}

// AlikeData keeps promise 34 for two hosts at the same byte of the same history.
func (c *Checker) AlikeData(now time.Time, host, other int, mine, its Summary) {
	if mine != its {
		c.fail(34, now, host, "has %v where host %d, at the same byte of the same history, has %v", mine, other, its)
	}
}

// ReadWhileLoading keeps the other half of promise 35: nobody reads data that are being replaced.
func (c *Checker) ReadWhileLoading(now time.Time, host int) {
	c.fail(35, now, host, "let a client read while it loads other data")
}

// WroteToReplica keeps the rest of promise 35: clients do not write to replicas.
func (c *Checker) WroteToReplica(now time.Time, host int) {
	c.fail(35, now, host, "a replica executed a client's write")
}

// Fleeting tells that a value that ends at a time was written.
func (c *Checker) Fleeting(value string, ends time.Time) { c.ends[value] = ends }

// ReadFleeting keeps promise 39: nobody shows a value that has ended by its own clock.
func (c *Checker) ReadFleeting(now, clock time.Time, host int, value string) {
	if ends, known := c.ends[value]; known && !clock.Before(ends) {
		c.fail(39, now, host, "shows %q, which ended %v ago", value, clock.Sub(ends))
	}
}
