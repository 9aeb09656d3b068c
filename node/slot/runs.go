package slot

import (
	"iter"
	"slices"
)

// Runs is a set of slots that is kept as its ranges, ascending and with gaps between them. A node's share of a
// large cluster is one range or a few, and everybody remembers everybody's: 4 bytes each instead of a Set's
// 2,048, and a single range no memory of its own. The zero Runs is empty. A copy shares the ranges: who changes the
// one has no use for the other.
type Runs struct {
	_    [0]func() // == would compare where ranges lie: see Same
	one  [1]Range  // the only one
	some bool      // there is one
	more *[]Range  // all of them, if they are several
}

// list is the ranges, which may be changed in place.
func (r *Runs) list() []Range {
	switch {
	case r.more != nil:
		return *r.more
	case r.some:
		return r.one[:]
	}
	return nil
}

// keep makes list the ranges.
func (r *Runs) keep(list []Range) {
	switch {
	case len(list) <= 1:
		copy(r.one[:], list)
		r.some, r.more = len(list) == 1, nil
	default:
		if r.more == nil {
			r.more = new([]Range)
		}
		*r.more = list
	}
}

// find is the place of the first range of a list that does not end before s, and whether s is in it.
func find(list []Range, s Slot) (at int, in bool) {
	at, _ = slices.BinarySearchFunc(list, s, func(run Range, s Slot) int { return int(run.Last) - int(s) })
	return at, at < len(list) && list[at].First <= s
}

// Has reports whether s is in the set.
func (r *Runs) Has(s Slot) bool {
	_, in := find(r.list(), s)
	return in
}

// Add puts s into the set.
func (r *Runs) Add(s Slot) {
	list := r.list()
	at, in := find(list, s)
	if in {
		return
	}
	before := at > 0 && list[at-1].Last+1 == s
	after := at < len(list) && list[at].First == s+1
	switch {
	case before && after:
		list[at-1].Last = list[at].Last
		r.keep(slices.Delete(list, at, at+1))
	case before:
		list[at-1].Last = s
	case after:
		list[at].First = s
	default:
		r.keep(slices.Insert(list, at, Range{First: s, Last: s}))
	}
}

// Remove takes s out of the set.
func (r *Runs) Remove(s Slot) {
	list := r.list()
	at, in := find(list, s)
	if !in {
		return
	}
	switch run := &list[at]; {
	case run.First == run.Last:
		r.keep(slices.Delete(list, at, at+1))
	case run.First == s:
		run.First++
	case run.Last == s:
		run.Last--
	default:
		rest := Range{First: s + 1, Last: run.Last}
		run.Last = s - 1
		r.keep(slices.Insert(list, at+1, rest))
	}
}

// Len counts the slots in the set.
func (r *Runs) Len() int {
	n := 0
	for _, run := range r.list() {
		n += run.Len()
	}
	return n
}

// Ranges returns the set as ascending, maximal ranges.
func (r *Runs) Ranges() []Range { return slices.Clone(r.list()) }

// Clone is a copy that shares nothing.
func (r *Runs) Clone() Runs {
	c := *r
	if r.more != nil {
		list := slices.Clone(*r.more)
		c.more = &list
	}
	return c
}

// All yields the slots in ascending order.
func (r *Runs) All() iter.Seq[Slot] {
	return func(yield func(Slot) bool) {
		for _, run := range r.list() {
			for s := int(run.First); s <= int(run.Last); s++ {
				if !yield(Slot(s)) {
					return
				}
			}
		}
	}
}

// Same reports whether both sets hold the same slots.
func (r *Runs) Same(other *Runs) bool { return slices.Equal(r.list(), other.list()) }

// Intersects reports whether a slot is in both sets.
func (r *Runs) Intersects(other *Runs) bool {
	a, b := r.list(), other.list()
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].Last < b[0].First:
			a = a[1:]
		case b[0].Last < a[0].First:
			b = b[1:]
		default:
			return true
		}
	}
	return false
}

// Append appends the ranges as CLUSTER NODES prints them, with a separator between them.
func (r *Runs) Append(b []byte, between byte) []byte {
	for i, run := range r.list() {
		if i > 0 {
			b = append(b, between)
		}
		b = run.Append(b)
	}
	return b
}

// Set returns the set with a bit for each slot.
func (r *Runs) Set() (set Set) {
	r.AddTo(&set)
	return set
}

// AddTo adds the slots to a Set.
func (r *Runs) AddTo(set *Set) {
	for _, run := range r.list() {
		set.AddRange(run)
	}
}

// Equal reports whether both sets hold the same slots.
func (r *Runs) Equal(set *Set) bool {
	from := 0
	for _, run := range r.list() {
		if set.next(from, 0) != int(run.First) {
			return false
		}
		from = int(run.Last) + 1
		if set.next(int(run.First), ^uint64(0)) != from {
			return false
		}
	}
	return set.next(from, 0) == Count
}
