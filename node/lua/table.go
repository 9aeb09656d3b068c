package lua

import (
	"math"
	"math/bits"
)

// Table is Lua 5.1's table: a part that is an array and a part that is a hash with chained scatter,
// sized by the same rules, so that pairs and # go the way they go in Redis.
type Table struct {
	s        *State // whose script pays for long searches
	array    []Value
	nodes    []node // a power of two of them, or none
	lastFree int
	meta     *Table
	readonly bool
	id       uint32
	epoch    uint32
}

// node is one place of the hash part.
type node struct {
	key, value Value
	next       int32 // of the chain; -1 ends it
}

// nodeSize and valueSize are what places cost, for the count of memory.
const (
	nodeSize  = 72
	valueSize = 32
)

// Get looks a key up without metamethods.
func (t *Table) Get(key Value) Value {
	switch key.kind {
	case KindNil:
		return Nil
	case KindString:
		return t.getStr(key.o.(*str))
	case KindNumber:
		return t.getNum(key.n)
	}
	if i := t.find(key); i >= 0 {
		return t.nodes[i].value
	}
	return Nil
}

// replace stores a value in the place that an element of a plain table has already. It reports false
// when there is none, and for everything that is not so simple.
func (v Value) replace(key, value Value) bool {
	if v.kind != KindTable {
		return false
	}
	t := v.o.(*Table)
	i := arrayIndex(key)
	if i == 0 || i > len(t.array) || t.meta != nil || t.readonly {
		return false
	}
	t.array[i-1] = value
	return true
}

// Field looks a string key up without metamethods.
func (t *Table) Field(name string) Value { return t.getStr(&str{s: name}) }

// At looks an integer key up without metamethods.
func (t *Table) At(i int) Value {
	if uint(i-1) < uint(len(t.array)) {
		return t.array[i-1]
	}
	return t.getHashed(float64(i))
}

func (t *Table) getStr(key *str) Value {
	if i := t.findStr(key); i >= 0 {
		return t.nodes[i].value
	}
	return Nil
}

// findStr is find for a string.
func (t *Table) findStr(key *str) int32 {
	if len(t.nodes) == 0 {
		return -1
	}
	hops := 0
	i := int32(key.hash() & uint32(len(t.nodes)-1))
	for i >= 0 {
		n := &t.nodes[i]
		if n.key.kind == KindString {
			if k := n.key.o.(*str); k == key || k.hash() == key.h && t.same(k, key) {
				break
			}
		}
		i = n.next
		hops++
	}
	t.walked(hops)
	return i
}

// same compares two texts of one hash, which follows from a few characters only.
func (t *Table) same(a, b *str) bool {
	t.s.owe(min(len(a.s), len(b.s)) / bytesPerStep)
	return a.s == b.s
}

// walked counts the way along a chain as work. A script can make all its keys meet in one: that costs it its own
// time, which the hook measures, and nothing else.
func (t *Table) walked(hops int) {
	if hops > placesPerStep {
		t.s.owe(hops / looksPerStep)
	}
}

func (t *Table) getNum(n float64) Value {
	if i := int(n); float64(i) == n && uint(i-1) < uint(len(t.array)) {
		return t.array[i-1]
	}
	return t.getHashed(n)
}

func (t *Table) getHashed(n float64) Value {
	if i := t.findNum(n); i >= 0 {
		return t.nodes[i].value
	}
	return Nil
}

func (t *Table) findNum(n float64) int32 {
	if len(t.nodes) == 0 {
		return -1
	}
	i, hops := t.mainNum(n), 0
	for i >= 0 && (t.nodes[i].key.kind != KindNumber || t.nodes[i].key.n != n) {
		i = t.nodes[i].next
		hops++
	}
	t.walked(hops)
	return i
}

// main is the place where a key would like to be, -1 when there is no hash part.
func (t *Table) main(key Value) int32 {
	if len(t.nodes) == 0 {
		return -1
	}
	mask := uint32(len(t.nodes) - 1)
	switch key.kind {
	case KindString:
		return int32(key.o.(*str).hash() & mask)
	case KindNumber:
		return t.mainNum(key.n)
	case KindBool:
		return int32(uint32(key.n) & mask)
	}
	return int32(identity(key) * 32 % (mask | 1)) // Redis takes the address, which differs from run to run
}

func (t *Table) mainNum(n float64) int32 {
	if n == 0 {
		return 0
	}
	b := math.Float64bits(n)
	return int32((uint32(b) + uint32(b>>32)) % (uint32(len(t.nodes)-1) | 1))
}

// find is the node of a key that is not in the array part, -1 when there is none.
func (t *Table) find(key Value) int32 {
	switch key.kind {
	case KindString:
		return t.findStr(key.o.(*str))
	case KindNumber:
		return t.findNum(key.n)
	}
	i, hops := t.main(key), 0
	for i >= 0 && !rawEqual(t.nodes[i].key, key) {
		i = t.nodes[i].next
		hops++
	}
	t.walked(hops)
	return i
}

// arrayIndex is a key as a position in the array part, 0 when it is none.
func arrayIndex(key Value) int {
	if key.kind == KindNumber {
		if i := int(key.n); float64(i) == key.n && i > 0 {
			return i
		}
	}
	return 0
}

// Len is a border of the table, which one follows from the sizes of its parts (luaH_getn).
func (t *Table) Len() int {
	j := len(t.array)
	if j > 0 && t.array[j-1].kind == KindNil {
		i := 0
		for j-i > 1 {
			if m := (i + j) / 2; t.array[m-1].kind == KindNil {
				j = m
			} else {
				i = m
			}
		}
		return i
	}
	if len(t.nodes) == 0 {
		return j
	}
	return t.unbound(j)
}

func (t *Table) unbound(i int) int {
	j := i + 1
	for t.At(j).kind != KindNil {
		i = j
		if j > math.MaxInt32/2 {
			for i = 1; t.At(i).kind != KindNil; i++ {
			}
			t.s.owe(i / placesPerStep)
			return i - 1
		}
		j *= 2
	}
	for j-i > 1 {
		if m := (i + j) / 2; t.At(m).kind == KindNil {
			j = m
		} else {
			i = m
		}
	}
	return i
}

// Next returns the pair after key in the table's order; nil begins. ok is false when key is not in
// the table; more is false behind the last pair.
func (t *Table) Next(key Value) (k, v Value, more, ok bool) {
	i := 0
	if key.kind != KindNil {
		if at := arrayIndex(key); at > 0 && at <= len(t.array) {
			i = at
		} else if n := t.find(key); n >= 0 {
			i = len(t.array) + int(n) + 1
		} else {
			return Nil, Nil, false, false
		}
	}
	from := i
	for i < len(t.array) && t.array[i].kind == KindNil {
		i++
	}
	if i < len(t.array) {
		t.s.owe((i - from) / placesPerStep)
		return Int(i + 1), t.array[i], true, true
	}
	n := i - len(t.array)
	for n < len(t.nodes) && t.nodes[n].value.kind == KindNil {
		n++
	}
	t.s.owe((len(t.array) + n - from) / placesPerStep)
	if n < len(t.nodes) {
		return t.nodes[n].key, t.nodes[n].value, true, true
	}
	return Nil, Nil, false, true
}

// ceilLog2 is the exponent of the smallest power of two that is at least n.
func ceilLog2(n int) int { return bits.Len(uint(n - 1)) }
