// Package door bounds how many connections the console holds, so that strangers who open
// connections and say nothing keep nobody out.
package door

import (
	"net/netip"
	"slices"
	"sync"
	"time"
)

// Limits are the bounds of a door.
type Limits struct {
	Open   int           // connections, in all
	Each   int           // of them, from one address; this computer has no such bound
	Kept   int           // of Open, for this computer alone
	Body   time.Duration // for the body of a request to come
	Answer time.Duration // for a piece of an answer to be taken
	Talk   int           // bytes a second that a connection may send once it is a socket
}

// Classroom are the bounds of a console. Two hundred people fit in, each with two pages open and a
// third that loads, and may come through one router. Together with the nodes' links that stays far
// below the descriptors of a process, which Go raises to what the system allows.
func Classroom() Limits {
	return Limits{Open: 1536, Each: 768, Kept: 64, Body: 10 * time.Second, Answer: time.Minute, Talk: 256 << 10}
}

// Door lets connections in within its limits. Where one would be too many, the one that has been
// without a request for longest makes room: that is somebody who says nothing, or a browser's
// spare connection, which it replaces when it needs it. Where all are busy the new one is closed.
type Door struct {
	limits Limits

	mu     sync.Mutex
	quiet  []*visitor // no whole request of theirs is under way; the longest first
	open   map[netip.Addr]int
	all    int
	counts Counts
}

// Counts is how the door stands, and what it has done so far.
type Counts struct {
	Open, Quiet     int
	Refused, Closed uint64 // new ones for which there was no room, and quiet ones that made room
}

// New makes a door.
func New(limits Limits) *Door { return &Door{limits: limits, open: map[netip.Addr]int{}} }

// Counts tells how the door stands.
func (d *Door) Counts() Counts {
	d.mu.Lock()
	defer d.mu.Unlock()
	c := d.counts
	c.Open, c.Quiet = d.all, len(d.quiet)
	return c
}

// enter lets a connection in if there is room, and names the one that makes room for it.
func (d *Door) enter(v *visitor) (gone *visitor, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if rivals := d.full(v); rivals != nil {
		i := slices.IndexFunc(d.quiet, rivals)
		if i < 0 {
			d.counts.Refused++
			return nil, false
		}
		gone = d.quiet[i]
		d.counts.Closed++
		d.forget(gone)
	}
	d.quiet = append(d.quiet, v)
	d.open[v.from]++
	d.all++
	v.inside = true
	return gone, true
}

// full tells, where one more would be too many, whose connections may make room for it. The caller
// holds mu.
func (d *Door) full(next *visitor) func(*visitor) bool {
	near := next.from.IsLoopback()
	switch {
	case !near && d.open[next.from] >= d.limits.Each:
		return func(v *visitor) bool { return v.from == next.from }
	case !near && d.all >= d.limits.Open-d.limits.Kept:
		return func(v *visitor) bool { return !v.from.IsLoopback() }
	case d.all >= d.limits.Open:
		return func(*visitor) bool { return true }
	}
	return nil
}

// forget takes a connection off the lists, once. The caller holds mu.
func (d *Door) forget(v *visitor) {
	if !v.inside {
		return
	}
	v.inside = false
	d.busy(v)
	d.all--
	if d.open[v.from]--; d.open[v.from] == 0 {
		delete(d.open, v.from)
	}
}

// busy notes that a request of a connection is under way. The caller holds mu.
func (d *Door) busy(v *visitor) {
	if i := slices.Index(d.quiet, v); i >= 0 {
		d.quiet = slices.Delete(d.quiet, i, i+1)
	}
}

// rest notes that a connection waits for its next request.
func (d *Door) rest(v *visitor) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if v.inside && !slices.Contains(d.quiet, v) {
		d.quiet = append(d.quiet, v)
	}
}
