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

// Remove takes s out of the set.
func (set *Set) Remove(s Slot) { set[s>>3] &^= 1 << (s & 7) }

// AddRange puts all slots of r into the set.
func (set *Set) AddRange(r Range) {
	for s := int(r.First); s <= int(r.Last); s++ {
		set.Add(Slot(s))
	}
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
	for s := range set.All() {
		if last := len(ranges) - 1; last >= 0 && ranges[last].Last+1 == s {
			ranges[last].Last = s
			continue
		}
		ranges = append(ranges, Range{First: s, Last: s})
	}
	return ranges
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
