package lua

import "strconv"

// Kind is the type of a Value.
type Kind uint8

// The kinds of value.
const (
	KindNil Kind = iota
	KindBool
	KindNumber
	KindString
	KindTable
	KindFunction
	KindThread
	KindUserdata
	kindCell // a captured variable in its register; no script sees one
)

var kindNames = [...]string{"nil", "boolean", "number", "string", "table", "function", "thread", "userdata", "cell"}

// String is the kind's name as type() returns it.
func (k Kind) String() string { return kindNames[k] }

// Value is any Lua value. The zero Value is nil.
type Value struct {
	kind Kind
	n    float64 // a number, or 1 for true
	o    any     // *str, *Table, *Function, *thread, *Userdata or *cell
}

// str is a string with its hash, which is computed when a table first wants it.
type str struct {
	s      string
	h      uint32
	hashed bool
	epoch  uint32 // of the last measuring of memory that has seen it
}

// Userdata is an opaque value, equal only to itself, such as cjson.null.
type Userdata struct{ Name string }

// Nil, True and False are the constants of the language.
var (
	Nil   = Value{}
	True  = Value{kind: KindBool, n: 1}
	False = Value{kind: KindBool}
)

// Num is a number.
func Num(n float64) Value { return Value{kind: KindNumber, n: n} }

// Int is a number.
func Int(n int) Value { return Value{kind: KindNumber, n: float64(n)} }

// Str is a string. State.Str is the one that counts its memory.
func Str(s string) Value { return Value{kind: KindString, o: &str{s: s}} }

// Bool is true or false.
func Bool(b bool) Value {
	if b {
		return True
	}
	return False
}

// Opaque is a userdata.
func Opaque(u *Userdata) Value { return Value{kind: KindUserdata, o: u} }

func tableValue(t *Table) Value       { return Value{kind: KindTable, o: t} }
func functionValue(f *Function) Value { return Value{kind: KindFunction, o: f} }

// Kind is the value's type.
func (v Value) Kind() Kind { return v.kind }

// IsNil reports whether v is nil.
func (v Value) IsNil() bool { return v.kind == KindNil }

// Truth is whether a condition holds: everything but nil and false is true.
func (v Value) Truth() bool { return v.kind > KindBool || v.kind == KindBool && v.n != 0 }

// Table is the table v is, or nil.
func (v Value) Table() *Table {
	if v.kind != KindTable {
		return nil
	}
	return v.o.(*Table)
}

// Function is the function v is, or nil.
func (v Value) Function() *Function {
	if v.kind != KindFunction {
		return nil
	}
	return v.o.(*Function)
}

// Text is the string v is; ok is false for everything else, numbers included.
func (v Value) Text() (s string, ok bool) {
	if v.kind != KindString {
		return "", false
	}
	return v.o.(*str).s, true
}

// Number is the number v is, strings not converted.
func (v Value) Number() (n float64, ok bool) { return v.n, v.kind == KindNumber }

// Is reports whether v is the userdata u.
func (v Value) Is(u *Userdata) bool { return v.kind == KindUserdata && v.o == any(u) }

// ToText is v as a string when it is a string or a number (lua_tolstring).
func (v Value) ToText() (s string, ok bool) {
	switch v.kind {
	case KindString:
		return v.o.(*str).s, true
	case KindNumber:
		return FormatNumber(v.n), true
	}
	return "", false
}

// ToNumber is v as a number when it is a number or a string that reads as one (lua_tonumber).
func (v Value) ToNumber() (n float64, ok bool) {
	switch v.kind {
	case KindNumber:
		return v.n, true
	case KindString:
		return ParseNumber(v.o.(*str).s)
	}
	return 0, false
}

// rawEqual compares without metamethods.
func rawEqual(a, b Value) bool {
	if a.kind != b.kind {
		return false
	}
	switch a.kind {
	case KindNil:
		return true
	case KindBool, KindNumber:
		return a.n == b.n
	case KindString:
		x, y := a.o.(*str), b.o.(*str)
		return x == y || x.s == y.s
	}
	return a.o == b.o
}

// hash is Lua 5.1's hash of a string: the order of pairs follows from it.
func (t *str) hash() uint32 {
	if t.hashed {
		return t.h
	}
	h := uint32(len(t.s))
	step := len(t.s)>>5 + 1
	for i := len(t.s); i >= step; i -= step {
		h ^= h<<5 + h>>2 + uint32(t.s[i-1])
	}
	t.h, t.hashed = h, true
	return h
}

// FormatNumber is a number as print and .. write it: C's %.14g.
func FormatNumber(n float64) string {
	if n == float64(int64(n)) && n > -1e14 && n < 1e14 && (n != 0 || !negativeZero(n)) {
		return strconv.FormatInt(int64(n), 10)
	}
	return formatG(n, 14)
}
