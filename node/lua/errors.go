package lua

import "fmt"

// Error is an error of a script: any value, and where it came from as Redis' handler of errors finds
// it: the function that raised it, or its caller when that one is not written in Lua.
type Error struct {
	Value  Value
	Known  bool   // there was such a function
	Source string // "@user_script"
	Line   int
}

// Error is the error as text.
func (e *Error) Error() string {
	if text, ok := e.Value.ToText(); ok {
		return text
	}
	return "(error object is a " + e.Value.kind.String() + " value)"
}

// Throw raises an error.
func (s *State) Throw(v Value) { panic(s.located(v)) }

// located makes an error that knows where it comes from.
func (s *State) located(v Value) *Error {
	e := &Error{Value: v}
	f, tail := s.thread.level(0)
	if f != nil && f.fn.native != nil {
		f, tail = s.thread.level(1)
	}
	switch {
	case tail:
		e.Known, e.Source, e.Line = true, "=(tail call)", -1
	case f == nil:
	case f.fn.native != nil:
		e.Known, e.Source, e.Line = true, "=[C]", -1
	default:
		e.Known, e.Source, e.Line = true, "@"+f.fn.proto.source, f.line
	}
	return e
}

// level is the frame that many calls down; tail is true for one of the calls that took their caller's
// place, of which nothing is known.
func (t *thread) level(n int) (f *frame, tail bool) {
	i := t.depth - 1
	for ; n > 0 && i >= 0; i-- {
		n -= 1 + t.frames[i].tails
	}
	switch {
	case n < 0:
		return nil, true
	case i < 0:
		return nil, false
	}
	return t.frames[i], false
}

// where is the place of a call as errors begin with it: "user_script:1: ", or nothing.
func (s *State) where(level int) string {
	f, _ := s.thread.level(level)
	if f == nil || f.fn.native != nil || f.line <= 0 {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", f.fn.proto.source, f.line)
}

// Errorf raises an error from a native function; it begins with the place of the call (luaL_error).
func (s *State) Errorf(format string, args ...any) {
	s.Throw(s.Text(s.where(1) + fmt.Sprintf(format, args...)))
}

// fault raises an error of the language itself (luaG_runerror).
func (s *State) fault(format string, args ...any) {
	s.Throw(s.Text(s.where(0) + fmt.Sprintf(format, args...)))
}

// typeError complains about a value that cannot be used like that; what names it, or is empty.
func (s *State) typeError(v Value, verb, what string) {
	if what != "" {
		s.fault("attempt to %s %s (a %s value)", verb, what, v.kind)
	}
	s.fault("attempt to %s a %s value", verb, v.kind)
}

// ArgError complains about an argument of the running native function.
func (s *State) ArgError(i int, text string) {
	name := "?"
	if f, _ := s.thread.level(0); f != nil && f.site != nil && f.site.name != "" {
		name = f.site.name
		if f.site.method != nil {
			i--
		}
		if i < 0 || i == 0 && f.site.method != nil {
			s.Errorf("calling '%s' on bad self (%s)", name, text)
		}
	}
	s.Errorf("bad argument #%d to '%s' (%s)", i, name, text)
}

func (s *State) typeArg(args []Value, i int, want string) {
	got := "no value"
	if i <= len(args) {
		got = args[i-1].kind.String()
	}
	s.ArgError(i, want+" expected, got "+got)
}

// CheckText is argument i as a string.
func (s *State) CheckText(args []Value, i int) string {
	if i <= len(args) {
		if text, ok := args[i-1].ToText(); ok {
			return text
		}
	}
	s.typeArg(args, i, "string")
	return ""
}

// toNumber is ToNumber, counted as work.
func (s *State) toNumber(v Value) (n float64, ok bool) {
	if v.kind == KindString {
		s.owe(len(v.o.(*str).s) / digitsPerStep)
	}
	return v.ToNumber()
}

// CheckNumber is argument i as a number.
func (s *State) CheckNumber(args []Value, i int) float64 {
	if i <= len(args) {
		if n, ok := s.toNumber(args[i-1]); ok {
			return n
		}
	}
	s.typeArg(args, i, "number")
	return 0
}

// CheckInt is argument i as an integer.
func (s *State) CheckInt(args []Value, i int) int { return integer(s.CheckNumber(args, i)) }

// OptInt is argument i as an integer, or def when it is absent or nil.
func (s *State) OptInt(args []Value, i, def int) int {
	if i > len(args) || args[i-1].kind == KindNil {
		return def
	}
	return s.CheckInt(args, i)
}

// CheckTable is argument i as a table.
func (s *State) CheckTable(args []Value, i int) *Table {
	if i <= len(args) && args[i-1].kind == KindTable {
		return args[i-1].o.(*Table)
	}
	s.typeArg(args, i, "table")
	return nil
}

// CheckFunction is argument i as a function.
func (s *State) CheckFunction(args []Value, i int) Value {
	if i <= len(args) && args[i-1].kind == KindFunction {
		return args[i-1]
	}
	s.typeArg(args, i, "function")
	return Nil
}

// CheckAny is argument i, which must be there.
func (s *State) CheckAny(args []Value, i int) Value {
	if i > len(args) {
		s.ArgError(i, "value expected")
	}
	return args[i-1]
}
