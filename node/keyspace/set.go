package keyspace

import (
	"iter"
	"slices"
	"strconv"
)

// SetValue is a set of byte strings: an ascending list of integers while it is small and holds
// nothing else, a hash table afterwards. Members it hands out are valid until the next member is
// handed out or the set changes.
type SetValue struct {
	ints    intset
	table   *Dict[struct{}] // nil while the set is a list of integers
	size    int             // bytes of the members in table
	scratch [longestInt]byte
}

// NewSet returns an empty set.
func NewSet() *SetValue { return &SetValue{} }

// Kind says that this is a set.
func (s *SetValue) Kind() Kind { return Set }

// Encoding is intset or hashtable.
func (s *SetValue) Encoding() string {
	if s.table == nil {
		return "intset"
	}
	return "hashtable"
}

// Len is the number of members.
func (s *SetValue) Len() int {
	if s.table == nil {
		return len(s.ints)
	}
	return s.table.Len()
}

// Footprint estimates the bytes the set occupies.
func (s *SetValue) Footprint() int {
	if s.table == nil {
		return valueBytes + 8*len(s.ints)
	}
	return valueBytes + s.size + dictBytes(s.table)
}

// Copy returns a deep copy.
func (s *SetValue) Copy() Value {
	dup := &SetValue{ints: slices.Clone(s.ints), size: s.size}
	if s.table != nil {
		dup.table = NewDict[struct{}](s.table.seed)
		for member := range s.table.All() {
			dup.table.Add(bytesOf(member))
		}
	}
	return dup
}

// Add puts member in and tells whether it is new.
func (s *SetValue) Add(member []byte, lim *Limits) bool {
	if s.table == nil {
		if n, ok := ParseInt(member); ok {
			added := s.ints.add(n)
			if added && len(s.ints) > lim.SetInts {
				s.widen(lim)
			}
			return added
		}
		s.widen(lim)
	}
	_, added := s.table.Add(member)
	if added {
		s.size += len(member)
	}
	return added
}

// Remove takes member out and tells whether it was there.
func (s *SetValue) Remove(member []byte) bool {
	if s.table == nil {
		n, ok := ParseInt(member)
		return ok && s.ints.remove(n)
	}
	removed := s.table.Delete(member)
	if removed {
		s.size -= len(member)
	}
	return removed
}

// Has tells whether member is in the set.
func (s *SetValue) Has(member []byte) bool {
	if s.table == nil {
		n, ok := ParseInt(member)
		return ok && s.ints.has(n)
	}
	return s.table.Has(member)
}

// All yields the members: integers ascending, others in table order.
func (s *SetValue) All() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, n := range s.ints {
			if !yield(s.text(n)) {
				return
			}
		}
		if s.table == nil {
			return
		}
		for member := range s.table.All() {
			if !yield(bytesOf(member)) {
				return
			}
		}
	}
}

// Random returns a member of a set that is not empty. rnd returns a number in [0, n).
func (s *SetValue) Random(rnd func(n int) int) []byte {
	if s.table == nil {
		return s.text(s.ints[rnd(len(s.ints))])
	}
	return bytesOf(s.table.Fair(rnd).Key())
}

// Sample returns count different members, at most all of them, which stay valid.
func (s *SetValue) Sample(count int, rnd func(n int) int) [][]byte {
	count = min(count, s.Len())
	if count*sampleShare >= s.Len() {
		return choose(s.copies(), count, rnd)
	}
	return distinct(count, func() (string, []byte) {
		member := string(s.Random(rnd))
		return member, bytesOf(member)
	})
}

// Scan visits the members behind cursor and returns the next cursor, as Dict.Scan does. A list
// of integers is visited at once.
func (s *SetValue) Scan(cursor uint64, count int, visit func(member []byte)) uint64 {
	if s.table != nil {
		return s.table.Scan(cursor, count, func(item *Item[struct{}]) { visit(bytesOf(item.Key())) })
	}
	for member := range s.All() {
		visit(member)
	}
	return 0
}

// widen turns the list of integers into a table.
func (s *SetValue) widen(lim *Limits) {
	s.table = NewDict[struct{}](lim.Seed)
	for _, n := range s.ints {
		b := s.text(n)
		s.table.Add(b)
		s.size += len(b)
	}
	s.ints = nil
}

func (s *SetValue) copies() [][]byte {
	all := make([][]byte, 0, s.Len())
	for member := range s.All() {
		all = append(all, slices.Clone(member))
	}
	return all
}

func (s *SetValue) text(n int64) []byte { return strconv.AppendInt(s.scratch[:0], n, 10) }
