package lua

import "strings"

// maxMetaChain bounds how many tables __index leads through.
const maxMetaChain = 100

// metamethod is what a value's metatable has for an event, or nil.
func (s *State) metamethod(v Value, event string) Value {
	var meta *Table
	switch v.kind {
	case KindTable:
		meta = v.o.(*Table).meta
	case KindString:
		meta = s.stringMeta
	}
	if meta == nil {
		return Nil
	}
	return meta.getStr(eventName(event))
}

// eventNames are the events' names with their hashes.
var eventNames = func() map[string]*str {
	names := map[string]*str{}
	for _, n := range []string{"__index", "__newindex", "__call", "__add", "__sub", "__mul", "__div", "__mod", "__pow",
		"__unm", "__len", "__eq", "__lt", "__le", "__concat", "__tostring", "__metatable"} {
		name := &str{s: n}
		name.hash()
		names[n] = name
	}
	return names
}()

func eventName(event string) *str { return eventNames[event] }

// index is v[key] with metamethods; what names v in an error.
func (s *State) index(v, key Value, what string) Value {
	for range maxMetaChain {
		var h Value
		if v.kind == KindTable {
			t := v.o.(*Table)
			r := t.Get(key)
			if r.kind != KindNil || t.meta == nil {
				return r
			}
			if h = t.meta.getStr(eventName("__index")); h.kind == KindNil {
				return Nil
			}
		} else if h = s.metamethod(v, "__index"); h.kind == KindNil {
			s.typeError(v, "index", what)
		}
		if h.kind == KindFunction {
			return s.call1(h, v, key)
		}
		v, what = h, ""
	}
	s.fault("loop in gettable")
	return Nil
}

// setIndex is v[key] = value with metamethods.
func (s *State) setIndex(v, key, value Value, what string) {
	for range maxMetaChain {
		var h Value
		if v.kind == KindTable {
			t := v.o.(*Table)
			if t.readonly {
				s.fault("Attempt to modify a readonly table")
			}
			if t.meta == nil {
				s.rawSetChecked(t, key, value)
				return
			}
			h = t.meta.getStr(eventName("__newindex"))
			if h.kind == KindNil || t.Get(key).kind != KindNil {
				s.rawSetChecked(t, key, value)
				return
			}
		} else if h = s.metamethod(v, "__newindex"); h.kind == KindNil {
			s.typeError(v, "index", what)
		}
		if h.kind == KindFunction {
			s.Call(h, v, key, value)
			return
		}
		v, what = h, ""
	}
	s.fault("loop in settable")
}

// rawSetChecked stores and refuses keys that cannot be.
func (s *State) rawSetChecked(t *Table, key, value Value) {
	switch {
	case key.kind == KindNil:
		s.fault("table index is nil")
	case key.kind == KindNumber && key.n != key.n:
		s.fault("table index is NaN")
	}
	s.set(t, key, value)
}

// storeList moves the elements on the stack above base into a table behind the first n, and returns
// how many it then has (OP_SETLIST).
func (s *State) storeList(t *Table, base, n int) int {
	values := s.stack[base:]
	if last := n + len(values); last > len(t.array) {
		s.resize(t, last, t.hashSize())
	}
	for i, v := range values {
		s.set(t, Int(n+i+1), v)
	}
	s.drop(base)
	return n + len(values)
}

// hashSize is the size to ask for to keep the hash part as large as it is.
func (t *Table) hashSize() int { return len(t.nodes) }

// arithmetic is an operation whose operands are not both numbers.
func (s *State) arithmetic(event string, a, b Value, whatA, whatB string) Value {
	x, okX := s.toNumber(a)
	y, okY := s.toNumber(b)
	if okX && okY {
		return Num(applied(event, x, y))
	}
	h := s.metamethod(a, event)
	if h.kind == KindNil {
		h = s.metamethod(b, event)
	}
	if h.kind != KindNil {
		return s.call1(h, a, b)
	}
	if okX {
		a, whatA = b, whatB
	}
	s.typeError(a, "perform arithmetic on", whatA)
	return Nil
}

// concat joins values from right to left, numbers as they are printed. Its size is counted before
// anything is joined.
func (s *State) concat(values []Value, whats []string) Value {
	n := len(values)
	acc := values[n-1]
	for i := n - 2; i >= 0; {
		if !joins(acc) || !joins(values[i]) {
			acc = s.concatMeta(values[i], acc, whats, i, n)
			i--
			continue
		}
		first := i
		for first > 0 && joins(values[first-1]) {
			first--
		}
		acc = s.join(values[first:i+1], acc)
		i = first - 1
	}
	return acc
}

func joins(v Value) bool { return v.kind == KindString || v.kind == KindNumber }

func (s *State) join(values []Value, last Value) Value {
	tail, _ := last.ToText()
	size := len(tail)
	var few [8]string
	texts := few[:0]
	for _, v := range values {
		text, _ := v.ToText()
		texts = append(texts, text)
		size += len(text)
	}
	s.take(stringSize + size)
	var b strings.Builder
	b.Grow(size)
	for _, text := range texts {
		b.WriteString(text)
	}
	b.WriteString(tail)
	return Str(b.String())
}

func (s *State) concatMeta(a, b Value, whats []string, i, n int) Value {
	h := s.metamethod(a, "__concat")
	if h.kind == KindNil {
		h = s.metamethod(b, "__concat")
	}
	if h.kind != KindNil {
		return s.call1(h, a, b)
	}
	what := whats[i]
	if joins(a) {
		a, what = b, ""
		if i == n-2 {
			what = whats[n-1]
		}
	}
	s.typeError(a, "concatenate", what)
	return Nil
}

// rawEqual is == without metamethods.
func (s *State) rawEqual(a, b Value) bool {
	if a.kind == KindString && b.kind == KindString {
		s.oweComparison(a, b)
	}
	return rawEqual(a, b)
}

// oweComparison counts the comparison of two texts as work.
func (s *State) oweComparison(a, b Value) {
	s.owe(min(len(a.o.(*str).s), len(b.o.(*str).s)) / bytesPerStep)
}

// equal is == with metamethods.
func (s *State) equal(a, b Value) bool {
	if a.kind != KindTable || b.kind != KindTable || a.o == b.o {
		return s.rawEqual(a, b)
	}
	h := s.metamethod(a, "__eq")
	if h.kind == KindNil || !rawEqual(h, s.metamethod(b, "__eq")) {
		return false
	}
	return s.call1(h, a, b).Truth()
}

func (s *State) less(a, b Value) bool {
	switch {
	case a.kind == KindNumber && b.kind == KindNumber:
		return a.n < b.n
	case a.kind == KindString && b.kind == KindString:
		s.oweComparison(a, b)
		return a.o.(*str).s < b.o.(*str).s
	}
	h, ok := s.comparison(a, b, "__lt")
	if !ok {
		s.compareError(a, b)
	}
	return s.call1(h, a, b).Truth()
}

func (s *State) lessOrEqual(a, b Value) bool {
	switch {
	case a.kind == KindNumber && b.kind == KindNumber:
		return a.n <= b.n
	case a.kind == KindString && b.kind == KindString:
		s.oweComparison(a, b)
		return a.o.(*str).s <= b.o.(*str).s
	}
	if h, ok := s.comparison(a, b, "__le"); ok {
		return s.call1(h, a, b).Truth()
	}
	h, ok := s.comparison(b, a, "__lt")
	if !ok {
		s.compareError(a, b)
	}
	return !s.call1(h, b, a).Truth()
}

// comparison is the metamethod that both values have in common.
func (s *State) comparison(a, b Value, event string) (h Value, ok bool) {
	if a.kind != b.kind {
		return Nil, false
	}
	h = s.metamethod(a, event)
	return h, h.kind != KindNil && rawEqual(h, s.metamethod(b, event))
}

func (s *State) compareError(a, b Value) {
	if a.kind == b.kind {
		s.fault("attempt to compare two %s values", a.kind)
	}
	s.fault("attempt to compare %s with %s", a.kind, b.kind)
}
