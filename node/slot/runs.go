package slot

import "slices"

// Runs is a set of slots that is kept as its ranges, ascending and with gaps between them. A node's share of a
// large cluster is one range or a few, and everybody remembers everybody's: 4 bytes each instead of a Set's
// 2,048. The zero Runs is empty. A copy shares the ranges: who changes the one has no use for the other.
type Runs struct{ list []Range }

// find is the place of the first range that does not end before s, and whether s is in it.
func (r *Runs) find(s Slot) (at int, in bool) {
	at, _ = slices.BinarySearchFunc(r.list, s, func(run Range, s Slot) int { return int(run.Last) - int(s) })
	return at, at < len(r.list) && r.list[at].First <= s
}

// Has reports whether s is in the set.
func (r *Runs) Has(s Slot) bool {
	_, in := r.find(s)
	return in
}

// Add puts s into the set.
func (r *Runs) Add(s Slot) {
	at, in := r.find(s)
	if in {
		return
	}
	before := at > 0 && r.list[at-1].Last+1 == s
	after := at < len(r.list) && r.list[at].First == s+1
	switch {
	case before && after:
		r.list[at-1].Last = r.list[at].Last
		r.list = slices.Delete(r.list, at, at+1)
	case before:
		r.list[at-1].Last = s
	case after:
		r.list[at].First = s
	default:
		r.list = slices.Insert(r.list, at, Range{First: s, Last: s})
	}
}

// Remove takes s out of the set.
func (r *Runs) Remove(s Slot) {
	at, in := r.find(s)
	if !in {
		return
	}
	switch run := &r.list[at]; {
	case run.First == run.Last:
		r.list = slices.Delete(r.list, at, at+1)
	case run.First == s:
		run.First++
	case run.Last == s:
		run.Last--
	default:
		rest := Range{First: s + 1, Last: run.Last}
		run.Last = s - 1
		r.list = slices.Insert(r.list, at+1, rest)
	}
}

// Len counts the slots in the set.
func (r *Runs) Len() int {
	n := 0
	for _, run := range r.list {
		n += run.Len()
	}
	return n
}

// Ranges returns the set as ascending, maximal ranges.
func (r *Runs) Ranges() []Range { return slices.Clone(r.list) }

// Is reports whether the ranges are those of the list.
func (r *Runs) Is(list []Range) bool { return slices.Equal(r.list, list) }

// Set returns the set with a bit for each slot.
func (r *Runs) Set() (set Set) {
	r.AddTo(&set)
	return set
}

// AddTo adds the slots to a Set.
func (r *Runs) AddTo(set *Set) {
	for _, run := range r.list {
		set.AddRange(run)
	}
}

// Equal reports whether both sets hold the same slots.
func (r *Runs) Equal(set *Set) bool {
	from := 0
	for _, run := range r.list {
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
