package lua

import "slices"

// Level is one open call as a debugger sees it.
type Level struct {
	Name   string // what the function was called by; "" when nobody knows
	Source string // the chunk's name as errors show it, "[C]" or "(tail call)"
	Line   int    // where it is; -1 when it is not known
	f      *frame
}

// Level is the n-th open call, 0 being the innermost (lua_getstack); ok is false when there are not so many.
func (s *State) Level(n int) (l Level, ok bool) {
	f, tail := s.thread.level(n)
	switch {
	case tail:
		return Level{Source: "(tail call)", Line: -1}, true
	case f == nil:
		return Level{}, false
	}
	l = Level{Source: "[C]", Line: -1, f: f}
	if f.site != nil && f.tails == 0 {
		l.Name = f.site.name
	}
	if f.fn.native == nil {
		l.Source, l.Line = f.fn.proto.source, f.line
	}
	return l, true
}

// Locals gives yield the variables that are visible there, in the order of their declaration. Only traced
// functions tell of theirs.
func (l Level) Locals(yield func(name string, v Value) bool) {
	if l.f == nil || l.f.fn.native != nil || !l.f.fn.proto.traced {
		return
	}
	var visible []*local
	for v := l.f.scope; v != nil; v = v.outer {
		visible = append(visible, v)
	}
	for _, v := range slices.Backward(visible) {
		if !yield(v.name, l.f.variable(v)) {
			return
		}
	}
}

// variable is the value of a local.
func (f *frame) variable(l *local) Value {
	v := f.regs[l.slot]
	if c, ok := v.o.(*cell); ok && v.kind == kindCell {
		return c.v
	}
	return v
}
