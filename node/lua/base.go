package lua

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// openBase sets the functions that stand alone.
func (s *State) openBase() {
	s.Register(s.globals, map[string]Native{
		"assert": assert, "collectgarbage": collectGarbage, "error": raise, "gcinfo": gcInfo,
		"getmetatable": getMetatable, "ipairs": ipairs, "load": load, "loadstring": loadString,
		"pcall": pcall, "rawequal": rawEqualFunc, "rawget": rawGet, "rawset": rawSet, "select": selectArgs,
		"setmetatable": setMetatable, "tonumber": toNumber, "tostring": toString, "type": typeOf,
		"unpack": unpack, "xpcall": xpcall,
	})
	next := s.Native(next)
	s.SetField(s.globals, "next", next)
	s.SetField(s.globals, "pairs", s.Native(func(s *State, args []Value) []Value {
		return s.Return(next, s.CheckTable(args, 1).Value(), Nil)
	}))
	s.SetField(s.globals, "_G", s.globals.Value())
	s.SetField(s.globals, "_VERSION", Str("Lua 5.1"))
}

func sortedNames(functions map[string]Native) []string { return slices.Sorted(maps.Keys(functions)) }

func arg(args []Value, i int) Value {
	if i <= len(args) {
		return args[i-1]
	}
	return Nil
}

func assert(s *State, args []Value) []Value {
	if !s.CheckAny(args, 1).Truth() {
		text := "assertion failed!"
		if arg(args, 2).kind != KindNil {
			text = s.CheckText(args, 2)
		}
		s.Errorf("%s", text)
	}
	return s.Return(args...)
}

// collectGarbage answers as if it had done something: Go's collector needs no advice.
func collectGarbage(s *State, args []Value) []Value {
	option := "collect"
	if arg(args, 1).kind != KindNil {
		option = s.CheckText(args, 1)
	}
	switch option {
	case "stop", "restart", "collect", "setpause", "setstepmul":
		return s.Return(Num(0))
	case "step":
		return s.Return(True)
	case "count":
		return s.Return(Num(float64(s.mem) / 1024))
	}
	s.ArgError(1, "invalid option '"+option+"'")
	return nil
}

func gcInfo(s *State, _ []Value) []Value { return s.Return(Int(s.mem / 1024)) }

func raise(s *State, args []Value) []Value {
	level := s.OptInt(args, 2, 1)
	v := arg(args, 1)
	if text, ok := v.ToText(); ok && level > 0 {
		v = s.Text(s.where(level) + text)
	}
	s.Throw(v)
	return nil
}

func (s *State) metatable(v Value) *Table {
	switch v.kind {
	case KindTable:
		return v.o.(*Table).meta
	case KindString:
		return s.stringMeta
	}
	return nil
}

func getMetatable(s *State, args []Value) []Value {
	meta := s.metatable(s.CheckAny(args, 1))
	if meta == nil {
		return s.Return(Nil)
	}
	if shown := meta.getStr(eventName("__metatable")); shown.kind != KindNil {
		return s.Return(shown)
	}
	return s.Return(meta.Value())
}

func setMetatable(s *State, args []Value) []Value {
	t := s.CheckTable(args, 1)
	if k := arg(args, 2).kind; len(args) < 2 || k != KindNil && k != KindTable {
		s.ArgError(2, "nil or table expected")
	}
	if t.meta != nil && t.meta.getStr(eventName("__metatable")).kind != KindNil {
		s.Errorf("cannot change a protected metatable")
	}
	if t.readonly {
		s.fault("Attempt to modify a readonly table")
	}
	t.meta = args[1].Table()
	return s.Return(args[0])
}

func ipairs(s *State, args []Value) []Value {
	t := s.CheckTable(args, 1).Value()
	return s.Return(s.Native(ipairsNext), t, Num(0))
}

func ipairsNext(s *State, args []Value) []Value {
	i := s.CheckInt(args, 2) + 1
	v := s.CheckTable(args, 1).At(i)
	if v.kind == KindNil {
		return nil
	}
	return s.Return(Int(i), v)
}

func next(s *State, args []Value) []Value {
	k, v, more, ok := s.CheckTable(args, 1).Next(arg(args, 2))
	if !ok {
		s.fault("invalid key to 'next'")
	}
	if !more {
		return s.Return(Nil)
	}
	return s.Return(k, v)
}

func load(s *State, args []Value) []Value {
	reader := s.CheckFunction(args, 1)
	name := "=(load)"
	if arg(args, 2).kind != KindNil {
		name = s.CheckText(args, 2)
	}
	var source strings.Builder
	for {
		piece := s.call1(reader)
		text, ok := piece.ToText()
		switch {
		case piece.kind == KindNil || ok && text == "":
			return s.loaded(source.String(), name)
		case !ok:
			return s.Return(Nil, s.Text("reader function must return a string"))
		}
		s.take(len(text))
		source.WriteString(text)
	}
}

func loadString(s *State, args []Value) []Value {
	source := s.CheckText(args, 1)
	name := source
	if arg(args, 2).kind != KindNil {
		name = s.CheckText(args, 2)
	}
	return s.loaded(source, name)
}

func (s *State) loaded(source, name string) []Value {
	s.Spend(len(source) / 16)
	fn, err := s.Load(source, name)
	if err != nil {
		return s.Return(Nil, s.Text(err.Error()))
	}
	return s.Return(functionValue(fn))
}

// Protect calls a function and catches its error, as pcall does.
func (s *State) Protect(fn Value, args ...Value) (out []Value, err *Error) {
	return s.protect(func() []Value { return s.Call(fn, args...) })
}

func pcall(s *State, args []Value) []Value {
	s.CheckAny(args, 1)
	out, err := s.Protect(args[0], args[1:]...)
	if err != nil {
		return s.Return(False, err.Value)
	}
	return s.Return(append([]Value{True}, out...)...)
}

func xpcall(s *State, args []Value) []Value {
	handler := s.CheckAny(args, 2)
	out, err := s.Protect(args[0])
	if err == nil {
		return s.Return(append([]Value{True}, out...)...)
	}
	if out, err = s.Protect(handler, err.Value); err != nil {
		return s.Return(False, err.Value)
	}
	return s.Return(append([]Value{False}, out...)...)
}

func rawEqualFunc(s *State, args []Value) []Value {
	return s.Return(Bool(s.rawEqual(s.CheckAny(args, 1), s.CheckAny(args, 2))))
}

func rawGet(s *State, args []Value) []Value {
	t := s.CheckTable(args, 1)
	return s.Return(t.Get(s.CheckAny(args, 2)))
}

func rawSet(s *State, args []Value) []Value {
	t, k, v := s.CheckTable(args, 1), s.CheckAny(args, 2), s.CheckAny(args, 3)
	if t.readonly {
		s.fault("Attempt to modify a readonly table")
	}
	s.rawSetChecked(t, k, v)
	return s.Return(args[0])
}

func selectArgs(s *State, args []Value) []Value {
	if text, ok := arg(args, 1).Text(); ok && strings.HasPrefix(text, "#") {
		return s.Return(Int(len(args) - 1))
	}
	i := s.CheckInt(args, 1)
	switch {
	case i < 0:
		i += len(args)
	case i > len(args):
		i = len(args)
	}
	if i < 1 {
		s.ArgError(1, "index out of range")
	}
	return s.Return(args[i:]...)
}

func toNumber(s *State, args []Value) []Value {
	base := s.OptInt(args, 2, 10)
	if base == 10 {
		if n, ok := s.toNumber(s.CheckAny(args, 1)); ok {
			return s.Return(Num(n))
		}
		return s.Return(Nil)
	}
	text := s.CheckText(args, 1)
	if base < 2 || base > 36 {
		s.ArgError(2, "base out of range")
	}
	s.Read(len(text))
	if n, ok := parseInBase(text, base); ok {
		return s.Return(Num(n))
	}
	return s.Return(Nil)
}

func toString(s *State, args []Value) []Value {
	v := s.CheckAny(args, 1)
	if h := s.metamethod(v, "__tostring"); h.kind != KindNil {
		return s.Return(s.call1(h, v))
	}
	return s.Return(s.Text(Display(v)))
}

// Display is a value as tostring shows it. What has no text is named by its kind and a number, where
// C prints an address.
func Display(v Value) string {
	switch v.kind {
	case KindNil:
		return "nil"
	case KindBool:
		if v.n != 0 {
			return "true"
		}
		return "false"
	case KindUserdata:
		return "userdata: (nil)" // the only one, cjson.null, is C's NULL
	case KindString, KindNumber:
		text, _ := v.ToText()
		return text
	}
	return v.kind.String() + ": " + Address(v)
}

// Address is what stands for the address of a table, function or thread.
func Address(v Value) string { return fmt.Sprintf("0x%014x", 0x5600_0000_0000+64*uint64(identity(v))) }

// identity is the number of a value that has one.
func identity(v Value) uint32 {
	switch o := v.o.(type) {
	case *Table:
		return o.id
	case *Function:
		return o.id
	case *thread:
		return o.id
	}
	return 0
}

func typeOf(s *State, args []Value) []Value { return s.Return(Str(s.CheckAny(args, 1).kind.String())) }

// maxResults is how many values a function of C can return: the rest of its stack.
const maxResults = 8000

func unpack(s *State, args []Value) []Value {
	t := s.CheckTable(args, 1)
	from := s.OptInt(args, 2, 1)
	to := t.Len()
	if arg(args, 3).kind != KindNil {
		to = s.CheckInt(args, 3)
	}
	from, to = int(int32(from)), int(int32(to))
	if from > to {
		return nil
	}
	if to-from+1+len(args) > maxResults {
		s.Errorf("too many results to unpack")
	}
	s.Spend((to - from) / placesPerStep)
	s.ret = s.ret[:0]
	for i := from; i <= to; i++ {
		s.ret = append(s.ret, t.At(i))
	}
	return s.ret
}
