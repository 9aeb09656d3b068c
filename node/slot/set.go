package slot

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"strings"
)

// Bytes is the size of a Set: one bit for each slot.
const Bytes = Count / 8

// Set is a set of slots: slot s is bit s%8, counted from the least significant, of byte s/8. That
// is the form in which a bus packet carries it, so a *Set may point into a packet. Sets compare
// with ==, and the zero Set is empty.
type Set [Bytes]byte

// Has reports whether s is in the set.
func (set *Set) Has(s Slot) bool { return set[s>>3]&(1<<(s&7)) != 0 }

// Add puts s into the set.
func (set *Set) Add(s Slot) { set[s>>3] |= 1 << (s & 7) }

// Intersects reports whether a slot is in both sets.
func (set *Set) Intersects(other *Set) bool {
	for i, b := range set {
		if b&other[i] != 0 {
			return true
		}
	}
	return false
}

// Union is the slots that are in either set.
func (set *Set) Union(other *Set) Set {
	both := *set
	for i, b := range other {
		both[i] |= b
	}
	return both
}

// Remove takes s out of the set.
func (set *Set) Remove(s Slot) { set[s>>3] &^= 1 << (s & 7) }

// AddRange puts all slots of r into the set.
func (set *Set) AddRange(r Range) {
	first, last := int(r.First)>>3, int(r.Last)>>3
	head, tail := byte(0xff)<<(r.First&7), byte(0xff)>>(7-r.Last&7)
	if first >= last { // also when r ends before it begins
		if r.First <= r.Last {
			set[first] |= head & tail
		}
		return
	}
	set[first] |= head
	for i := first + 1; i < last; i++ {
		set[i] = 0xff
	}
	set[last] |= tail
}

// Len is the number of slots in the set.
func (set *Set) Len() int {
	n := 0
	for i := 0; i < Bytes; i += 8 {
		n += bits.OnesCount64(binary.LittleEndian.Uint64(set[i:]))
	}
	return n
}

// All yields the slots of the set in ascending order.
func (set *Set) All() iter.Seq[Slot] {
	return func(yield func(Slot) bool) {
		for i := 0; i < Bytes; i += 8 {
			word := binary.LittleEndian.Uint64(set[i:])
			for word != 0 {
				if !yield(Slot(i*8 + bits.TrailingZeros64(word))) {
					return
				}
				word &= word - 1
			}
		}
	}
}

// Ranges returns the set as the fewest ranges, in ascending order.
func (set *Set) Ranges() []Range {
	var ranges []Range
	for from := set.next(0, 0); from < Count; {
		end := set.next(from, ^uint64(0))
		ranges = append(ranges, Range{First: Slot(from), Last: Slot(end - 1)})
		from = set.next(end, 0)
	}
	return ranges
}

// next is the first slot from `from` on that is in the set, or with flip all ones that is not; Count
// when there is none.
func (set *Set) next(from int, flip uint64) int {
	for from < Count {
		for from%256 == 0 && from < Count && set.all256(from, flip) {
			from += 256
		}
		if from == Count {
			break
		}
		word := (binary.LittleEndian.Uint64(set[from/64*8:]) ^ flip) >> (from % 64)
		if word != 0 {
			return from + bits.TrailingZeros64(word)
		}
		from = from/64*64 + 64
	}
	return Count
}

// all256 reports whether the 256 slots from from on all are in the set, with flip 0 whether none is.
func (set *Set) all256(from int, flip uint64) bool {
	b := set[from/8 : from/8+32]
	return binary.LittleEndian.Uint64(b) == flip && binary.LittleEndian.Uint64(b[8:]) == flip &&
		binary.LittleEndian.Uint64(b[16:]) == flip && binary.LittleEndian.Uint64(b[24:]) == flip
}

// String is the set as CLUSTER NODES prints it: "0-99 200 300-400".
func (set *Set) String() string {
	var text strings.Builder
	for i, r := range set.Ranges() {
		if i > 0 {
			text.WriteByte(' ')
		}
		text.WriteString(r.String())
	}
	return text.String()
}
