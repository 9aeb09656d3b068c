package script

import (
	"math"

	"clusterplay/node/lua"
)

// unpacker reads MessagePack.
type unpacker struct {
	s     *lua.State
	in    string
	depth int
}

func unpackAll(s *lua.State, args []lua.Value) []lua.Value {
	return unpackFrom(s, args, 0, 0)
}

func unpackOne(s *lua.State, args []lua.Value) []lua.Value {
	return unpackFrom(s, args, 1, s.OptInt(args, 2, 0))
}

func unpackLimit(s *lua.State, args []lua.Value) []lua.Value {
	limit := s.CheckInt(args, 2)
	return unpackFrom(s, args, limit, s.OptInt(args, 3, 0))
}

// unpackFrom reads up to limit values from offset on, all of them when both are 0. What could be gone
// on with comes first otherwise: the next offset, -1 at the end.
func unpackFrom(s *lua.State, args []lua.Value, limit, offset int) []lua.Value {
	text := s.CheckText(args, 1)
	all := limit == 0 && offset == 0
	switch {
	case offset < 0 || limit < 0:
		s.Errorf("Invalid request to unpack with offset of %d and limit of %d.", int32(offset), len(text))
	case offset > len(text):
		s.Errorf("Start offset %d greater than input length %d.", int32(offset), len(text))
	}
	if all {
		limit = math.MaxInt32
	}
	u := unpacker{s: s, in: text[offset:]}
	var out []lua.Value
	for n := 0; len(u.in) > 0 && n < limit; n++ {
		if len(out) >= maxStack-10 {
			s.Errorf("stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)")
		}
		out = append(out, u.value())
	}
	if all {
		return s.Return(out...)
	}
	next := len(text) - len(u.in)
	if len(u.in) == 0 {
		next = -1
	}
	return s.Return(append([]lua.Value{lua.Int(next)}, out...)...)
}

// take takes n bytes.
func (u *unpacker) take(n int) string {
	if n > len(u.in) {
		u.s.Errorf("Missing bytes in input.")
	}
	taken := u.in[:n]
	u.in = u.in[n:]
	return taken
}

// number takes a number of n bytes.
func (u *unpacker) number(n int) (v uint64) {
	for _, b := range []byte(u.take(n)) {
		v = v<<8 | uint64(b)
	}
	return v
}

func (u *unpacker) value() lua.Value {
	u.s.Spend(1)
	code := u.number(1)
	switch {
	case code < 0x80:
		return lua.Num(float64(code))
	case code >= 0xe0:
		return lua.Num(float64(int8(code)))
	case code&0xe0 == 0xa0:
		return u.s.Text(u.take(int(code & 0x1f)))
	case code&0xf0 == 0x90:
		return u.array(code & 0xf)
	case code&0xf0 == 0x80:
		return u.hash(code & 0xf)
	}
	return u.coded(code)
}

func (u *unpacker) coded(code uint64) lua.Value {
	switch code {
	case 0xc0:
		return lua.Nil
	case 0xc2:
		return lua.False
	case 0xc3:
		return lua.True
	case 0xca:
		return lua.Num(float64(math.Float32frombits(uint32(u.number(4)))))
	case 0xcb:
		return lua.Num(math.Float64frombits(u.number(8)))
	case 0xcc, 0xcd, 0xce, 0xcf:
		v := u.number(1 << (code - 0xcc))
		if code == 0xcf {
			return lua.Num(float64(int64(v))) // C pushes it as a signed integer
		}
		return lua.Num(float64(v))
	case 0xd0:
		return lua.Num(float64(int8(u.number(1))))
	case 0xd1:
		return lua.Num(float64(int16(u.number(2))))
	case 0xd2:
		return lua.Num(float64(int32(u.number(4))))
	case 0xd3:
		return lua.Num(float64(int64(u.number(8))))
	case 0xd9, 0xda, 0xdb:
		return u.s.Text(u.take(int(u.number(1 << (code - 0xd9)))))
	case 0xdc, 0xdd:
		return u.array(u.number(2 << (code - 0xdc)))
	case 0xde, 0xdf:
		return u.hash(u.number(2 << (code - 0xde)))
	}
	u.s.Errorf("Bad data format in input.")
	return lua.Nil
}

// descend counts nesting, for which C's Lua has no more room than its stack.
func (u *unpacker) descend() {
	if u.depth++; 2*u.depth > maxStack {
		u.s.Errorf("stack overflow (too many return values at once; use unpack_one or unpack_limit instead.)")
	}
}

func (u *unpacker) array(n uint64) lua.Value {
	u.descend()
	t := u.s.NewTable(0, 0)
	for i := 1; uint64(i) <= n; i++ {
		u.s.SetAt(t, i, u.value())
	}
	u.depth--
	return t.Value()
}

func (u *unpacker) hash(n uint64) lua.Value {
	u.descend()
	t := u.s.NewTable(0, 0)
	for ; n > 0; n-- {
		k := u.value()
		v := u.value()
		u.s.SetChecked(t, k, v)
	}
	u.depth--
	return t.Value()
}
