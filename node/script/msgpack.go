package script

import (
	"encoding/binary"
	"math"

	"clusterplay/node/lua"
)

// maxPackDepth is how deep tables are packed; one deeper is nil.
const maxPackDepth = 16

func openMessagePack(s *lua.State) {
	t := s.NewTable(0, 0)
	s.Register(t, map[string]lua.Native{
		"pack": pack, "unpack": unpackAll, "unpack_one": unpackOne, "unpack_limit": unpackLimit,
	})
	for name, text := range map[string]string{
		"_NAME": "cmsgpack", "_VERSION": "lua-cmsgpack 0.4.0", "_COPYRIGHT": "Copyright (C) 2012, Salvatore Sanfilippo",
		"_DESCRIPTION": "MessagePack C implementation for Lua",
	} {
		s.SetField(t, name, lua.Str(text))
	}
	s.SetField(s.Globals(), "cmsgpack", t.Value())
}

// packer writes values as MessagePack.
type packer struct {
	s   *lua.State
	buf []byte
}

func pack(s *lua.State, args []lua.Value) []lua.Value {
	if len(args) == 0 {
		s.ArgError(0, "MessagePack pack needs input.")
	}
	if 2*len(args) > maxStack {
		s.ArgError(0, "Too many arguments for MessagePack pack.")
	}
	p := packer{s: s}
	for _, a := range args {
		p.value(a, 0)
	}
	return s.Return(s.Text(string(p.buf)))
}

func (p *packer) value(v lua.Value, level int) {
	p.s.Spend(1)
	p.s.Room(len(p.buf))
	switch v.Kind() {
	case lua.KindString:
		text, _ := v.Text()
		p.text(text)
	case lua.KindBool:
		if v.Truth() {
			p.buf = append(p.buf, 0xc3)
		} else {
			p.buf = append(p.buf, 0xc2)
		}
	case lua.KindNumber:
		n, _ := v.Number()
		p.number(n)
	case lua.KindTable:
		if level < maxPackDepth {
			p.table(v.Table(), level)
			return
		}
		p.buf = append(p.buf, 0xc0)
	default:
		p.buf = append(p.buf, 0xc0)
	}
}

// sized writes a length of one, two or four bytes after the code that says which; 0 is a code that
// does not exist.
func (p *packer) sized(n int, code8, code16, code32 byte) {
	switch {
	case n <= math.MaxUint8 && code8 != 0:
		p.buf = append(p.buf, code8, byte(n))
	case n <= math.MaxUint16:
		p.buf = binary.BigEndian.AppendUint16(append(p.buf, code16), uint16(n))
	default:
		p.buf = binary.BigEndian.AppendUint32(append(p.buf, code32), uint32(n))
	}
}

func (p *packer) text(text string) {
	p.s.Room(len(p.buf) + len(text))
	p.s.Copied(len(text))
	if len(text) < 32 {
		p.buf = append(p.buf, 0xa0|byte(len(text)))
	} else {
		p.sized(len(text), 0xd9, 0xda, 0xdb)
	}
	p.buf = append(p.buf, text...)
}

func (p *packer) number(n float64) {
	if i := truncated(n); float64(i) == n {
		p.integer(i)
		return
	}
	if f := float32(n); float64(f) == n {
		p.buf = binary.BigEndian.AppendUint32(append(p.buf, 0xca), math.Float32bits(f))
		return
	}
	p.buf = binary.BigEndian.AppendUint64(append(p.buf, 0xcb), math.Float64bits(n))
}

func (p *packer) integer(n int64) {
	switch {
	case n >= -32 && n <= 127:
		p.buf = append(p.buf, byte(n))
	case n >= 0 && n <= math.MaxUint8:
		p.buf = append(p.buf, 0xcc, byte(n))
	case n >= 0 && n <= math.MaxUint16:
		p.buf = binary.BigEndian.AppendUint16(append(p.buf, 0xcd), uint16(n))
	case n >= 0 && n <= math.MaxUint32:
		p.buf = binary.BigEndian.AppendUint32(append(p.buf, 0xce), uint32(n))
	case n >= 0:
		p.buf = binary.BigEndian.AppendUint64(append(p.buf, 0xcf), uint64(n))
	case n >= math.MinInt8:
		p.buf = append(p.buf, 0xd0, byte(n))
	case n >= math.MinInt16:
		p.buf = binary.BigEndian.AppendUint16(append(p.buf, 0xd1), uint16(n))
	case n >= math.MinInt32:
		p.buf = binary.BigEndian.AppendUint32(append(p.buf, 0xd2), uint32(n))
	default:
		p.buf = binary.BigEndian.AppendUint64(append(p.buf, 0xd3), uint64(n))
	}
}

// isArray reports whether the keys of a table are exactly 1 to n.
func (p *packer) isArray(t *lua.Table) bool {
	count, most := 0, 0
	for k, _, more, _ := t.Next(lua.Nil); more; k, _, more, _ = t.Next(k) {
		p.s.Spend(1)
		n, ok := k.Number()
		if !ok || n <= 0 || float64(int32(truncated(n))) != n {
			return false
		}
		count++
		most = max(most, int(n))
	}
	return count == most
}

func (p *packer) table(t *lua.Table, level int) {
	if p.isArray(t) {
		n := t.Len()
		if n <= 15 {
			p.buf = append(p.buf, 0x90|byte(n))
		} else {
			p.sized(n, 0, 0xdc, 0xdd)
		}
		for i := 1; i <= n; i++ {
			p.value(t.At(i), level+1)
		}
		return
	}
	n := 0
	for k, _, more, _ := t.Next(lua.Nil); more; k, _, more, _ = t.Next(k) {
		n++
	}
	if n <= 15 {
		p.buf = append(p.buf, 0x80|byte(n))
	} else {
		p.sized(n, 0, 0xde, 0xdf)
	}
	for k, v, more, _ := t.Next(lua.Nil); more; k, v, more, _ = t.Next(k) {
		p.value(k, level+1)
		p.value(v, level+1)
	}
}
