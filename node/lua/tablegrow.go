package lua

// set stores a value without metamethods; key is neither nil nor NaN. A key with the value nil takes
// its place too: Lua does the same, and sizes follow from it.
func (s *State) set(t *Table, key, value Value) {
	if i := arrayIndex(key); i > 0 && i <= len(t.array) {
		t.array[i-1] = value
		return
	}
	if i := t.find(key); i >= 0 {
		t.nodes[i].value = value
		return
	}
	s.add(t, key, value)
}

// add gives a new key its place (newkey): its main position, or the last free one when that is taken
// by a key that belongs there.
func (s *State) add(t *Table, key, value Value) {
	at := t.main(key)
	if at < 0 || t.nodes[at].value.kind != KindNil {
		free := t.freePlace()
		if free < 0 {
			s.rehash(t, key)
			s.set(t, key, value)
			return
		}
		other := t.main(t.nodes[at].key)
		if other != at {
			hops := 0
			for t.nodes[other].next != at {
				other = t.nodes[other].next
				hops++
			}
			t.walked(hops)
			t.nodes[other].next = free
			t.nodes[free] = t.nodes[at]
			t.nodes[at].next = -1
		} else {
			t.nodes[free].next = t.nodes[at].next
			t.nodes[at].next = free
			at = free
		}
	}
	t.nodes[at].key, t.nodes[at].value = key, value
}

func (t *Table) freePlace() int32 {
	for t.lastFree > 0 {
		t.lastFree--
		if t.nodes[t.lastFree].key.kind == KindNil {
			return int32(t.lastFree)
		}
	}
	return -1
}

// maxBits bounds the array part: 2^26 places, as in C.
const maxBits = 26

// rehash finds new sizes for both parts when there is no place for key: the array part is the largest
// n of which more than half is in use.
func (s *State) rehash(t *Table, key Value) {
	s.owe((len(t.array) + 2*len(t.nodes)) / placesPerStep)
	var counts [maxBits + 1]int
	used := t.countArray(&counts)
	total := used
	for i := range t.nodes {
		if t.nodes[i].value.kind != KindNil {
			used += count(t.nodes[i].key, &counts)
			total++
		}
	}
	used += count(key, &counts)
	total++
	size, within := arraySize(&counts, used)
	s.resize(t, size, total-within)
}

// count notes a key that could be in the array part.
func count(key Value, counts *[maxBits + 1]int) int {
	i := arrayIndex(key)
	if i == 0 || i > 1<<maxBits {
		return 0
	}
	counts[ceilLog2(i)]++
	return 1
}

func (t *Table) countArray(counts *[maxBits + 1]int) (used int) {
	i := 1
	for lg, limit := 0, 1; lg <= maxBits; lg, limit = lg+1, limit*2 {
		end := min(limit, len(t.array))
		if i > end && end < limit {
			break
		}
		for ; i <= end; i++ {
			if t.array[i-1].kind != KindNil {
				counts[lg]++
				used++
			}
		}
	}
	return used
}

func arraySize(counts *[maxBits + 1]int, used int) (size, within int) {
	sum := 0
	for i, n := 0, 1; i <= maxBits && n/2 < used; i, n = i+1, n*2 {
		if counts[i] > 0 {
			if sum += counts[i]; sum > n/2 {
				size, within = n, sum
			}
		}
		if sum == used {
			break
		}
	}
	return size, within
}

// resize gives both parts their sizes and puts everything in its place again, in C's order.
func (s *State) resize(t *Table, arraySize, hashSize int) {
	old, gone := t.nodes, []Value(nil)
	if arraySize > len(t.array) {
		s.take(valueSize * (arraySize - len(t.array)))
		grown := make([]Value, arraySize)
		copy(grown, t.array)
		t.array = grown
	} else if arraySize < len(t.array) {
		gone = t.array[arraySize:]
		t.array = append([]Value(nil), t.array[:arraySize]...)
	}
	s.setNodes(t, hashSize)
	for i, v := range gone {
		if v.kind != KindNil {
			s.set(t, Int(arraySize+i+1), v)
		}
	}
	for i := len(old) - 1; i >= 0; i-- {
		if old[i].value.kind != KindNil {
			s.set(t, old[i].key, old[i].value)
		}
	}
}

func (s *State) setNodes(t *Table, size int) {
	if size == 0 {
		t.nodes, t.lastFree = nil, 0
		return
	}
	n := 1 << ceilLog2(size)
	s.take(nodeSize * n)
	t.nodes, t.lastFree = make([]node, n), n
	for i := range t.nodes {
		t.nodes[i].next = -1
	}
}

// tableSize is the cost of an empty table.
const tableSize = 96

// NewTable makes an empty table with room for that many elements and fields.
func (s *State) NewTable(elements, fields int) *Table {
	s.take(tableSize)
	t := &Table{s: s, id: s.newID()}
	if elements > 0 || fields > 0 {
		s.resize(t, elements, fields)
	}
	return t
}

// SetField stores under a string key without metamethods.
func (s *State) SetField(t *Table, name string, v Value) { s.set(t, Str(name), v) }

// SetAt stores under an integer key without metamethods.
func (s *State) SetAt(t *Table, i int, v Value) { s.set(t, Int(i), v) }

// Set stores under any key but nil and NaN without metamethods.
func (s *State) Set(t *Table, key, v Value) { s.set(t, key, v) }

// SetChecked is Set for any key; nil and NaN are errors of the script.
func (s *State) SetChecked(t *Table, key, v Value) { s.rawSetChecked(t, key, v) }

// roundSize is what a size in a table constructor becomes on its way through one byte of code
// (luaO_int2fb).
func roundSize(n int) int {
	e := 0
	for ; n >= 16; e++ {
		n = (n + 1) >> 1
	}
	return n << e
}
