package lua

import "strings"

func (s *State) openTable() {
	t := s.NewTable(0, 0)
	s.Register(t, map[string]Native{
		"concat": tabConcat, "foreach": tabForeach, "foreachi": tabForeachi, "getn": tabGetn, "insert": tabInsert,
		"maxn": tabMaxn, "remove": tabRemove, "setn": tabSetn, "sort": tabSort,
	})
	s.SetField(s.globals, "table", t.Value())
}

func tabConcat(s *State, args []Value) []Value {
	sep := ""
	t := s.CheckTable(args, 1)
	if arg(args, 2).kind != KindNil {
		sep = s.CheckText(args, 2)
	}
	from, to := s.OptInt(args, 3, 1), 0
	if arg(args, 4).kind == KindNil {
		to = t.Len()
	} else {
		to = s.CheckInt(args, 4)
	}
	var b strings.Builder
	for i := from; i <= to; i++ {
		v := t.At(i)
		text, ok := v.ToText()
		if !ok {
			s.Errorf("invalid value (%s) at index %d in table for 'concat'", v.kind, i)
		}
		s.take(len(text) + len(sep))
		s.Spend(1)
		s.Room(b.Len() + len(text) + len(sep))
		b.WriteString(text)
		if i != to {
			b.WriteString(sep)
		}
	}
	return s.Return(Str(b.String()))
}

func tabForeach(s *State, args []Value) []Value {
	t, fn := s.CheckTable(args, 1), s.CheckFunction(args, 2)
	k, v, more, _ := t.Next(Nil)
	for more {
		if r := s.call1(fn, k, v); r.kind != KindNil {
			return s.Return(r)
		}
		var ok bool
		if k, v, more, ok = t.Next(k); !ok {
			s.fault("invalid key to 'next'")
		}
	}
	return nil
}

func tabForeachi(s *State, args []Value) []Value {
	t, fn := s.CheckTable(args, 1), s.CheckFunction(args, 2)
	for i, n := 1, t.Len(); i <= n; i++ {
		if r := s.call1(fn, Int(i), t.At(i)); r.kind != KindNil {
			return s.Return(r)
		}
	}
	return nil
}

func tabGetn(s *State, args []Value) []Value { return s.Return(Int(s.CheckTable(args, 1).Len())) }

func tabSetn(s *State, args []Value) []Value {
	s.CheckTable(args, 1)
	s.Errorf("'setn' is obsolete")
	return nil
}

func tabMaxn(s *State, args []Value) []Value {
	t, most := s.CheckTable(args, 1), 0.0
	s.Spend((len(t.array) + len(t.nodes)) / 16)
	for k, v, more, _ := t.Next(Nil); more; k, v, more, _ = t.Next(k) {
		if v.kind != KindNil && k.kind == KindNumber {
			most = max(most, k.n)
		}
	}
	return s.Return(Num(most))
}

// change refuses to store in a readonly table.
func (s *State) change(t *Table) {
	if t.readonly {
		s.fault("Attempt to modify a readonly table")
	}
}

func tabInsert(s *State, args []Value) []Value {
	t := s.CheckTable(args, 1)
	end := t.Len() + 1
	at := end
	switch len(args) {
	case 2:
	case 3:
		at = s.CheckInt(args, 2)
		end = max(end, at)
		for i := end; i > at; i-- {
			s.Spend(1)
			s.change(t)
			s.set(t, Int(i), t.At(i-1))
		}
	default:
		s.Errorf("wrong number of arguments to 'insert'")
	}
	s.change(t)
	s.set(t, Int(at), args[len(args)-1])
	return nil
}

func tabRemove(s *State, args []Value) []Value {
	t := s.CheckTable(args, 1)
	end := t.Len()
	at := s.OptInt(args, 2, end)
	if at < 1 || at > end {
		return nil
	}
	s.change(t)
	v := t.At(at)
	for i := at; i < end; i++ {
		s.Spend(1)
		s.set(t, Int(i), t.At(i+1))
	}
	s.set(t, Int(end), Nil)
	return s.Return(v)
}

// sorter is one table.sort.
type sorter struct {
	s    *State
	t    *Table
	less Value
}

func tabSort(s *State, args []Value) []Value {
	o := &sorter{s: s, t: s.CheckTable(args, 1)}
	n := o.t.Len()
	if arg(args, 2).kind != KindNil {
		o.less = s.CheckFunction(args, 2)
	}
	if n > 1 {
		s.change(o.t)
	}
	o.sort(1, n)
	return nil
}

func (o *sorter) lessThan(a, b Value) bool {
	o.s.Spend(1)
	if o.less.kind != KindNil {
		return o.s.call1(o.less, a, b).Truth()
	}
	return o.s.less(a, b)
}

func (o *sorter) swap(i, j int, a, b Value) {
	o.s.set(o.t, Int(i), a)
	o.s.set(o.t, Int(j), b)
}

// sort is C's quicksort: the same comparisons in the same order, which scripts can see.
func (o *sorter) sort(lo, hi int) {
	for lo < hi {
		if a, b := o.t.At(lo), o.t.At(hi); o.lessThan(b, a) {
			o.swap(lo, hi, b, a)
		}
		if hi-lo == 1 {
			return
		}
		mid := (lo + hi) / 2
		if a, b := o.t.At(mid), o.t.At(lo); o.lessThan(a, b) {
			o.swap(mid, lo, b, a)
		} else if b := o.t.At(hi); o.lessThan(b, a) {
			o.swap(mid, hi, b, a)
		}
		if hi-lo == 2 {
			return
		}
		pivot := o.t.At(mid)
		o.swap(mid, hi-1, o.t.At(hi-1), pivot)
		i := o.partition(lo, hi, pivot)
		if i-lo < hi-i {
			o.sort(lo, i-1)
			lo = i + 1
		} else {
			o.sort(i+1, hi)
			hi = i - 1
		}
	}
}

func (o *sorter) partition(lo, hi int, pivot Value) int {
	i, j := lo, hi-1
	for {
		var a, b Value
		for i++; ; i++ {
			if a = o.t.At(i); !o.lessThan(a, pivot) {
				break
			}
			if i > hi {
				o.s.Errorf("invalid order function for sorting")
			}
		}
		for j--; ; j-- {
			if b = o.t.At(j); !o.lessThan(pivot, b) {
				break
			}
			if j < lo {
				o.s.Errorf("invalid order function for sorting")
			}
		}
		if j < i {
			break
		}
		o.swap(i, j, b, a)
	}
	o.swap(hi-1, i, o.t.At(i), o.t.At(hi-1))
	return i
}
