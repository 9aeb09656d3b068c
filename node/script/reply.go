package script

import (
	"bytes"
	"strconv"

	"clusterplay/node/lua"
)

// replyReader turns a reply of our own server into Lua values.
type replyReader struct {
	s *lua.State
	b []byte
}

// line takes the rest of the current line.
func (r *replyReader) line() []byte {
	end := bytes.IndexByte(r.b, '\r')
	line := r.b[1:end]
	r.b = r.b[end+2:]
	return line
}

// number takes a line that is a number.
func (r *replyReader) number() int {
	line := r.line()
	n, negative := 0, false
	for i, c := range line {
		if i == 0 && c == '-' {
			negative = true
			continue
		}
		n = 10*n + int(c-'0')
	}
	if negative {
		return -n
	}
	return n
}

func (r *replyReader) bulk(n int) string {
	text := string(r.b[:n])
	r.b = r.b[n+2:]
	return text
}

// wrapped is a table with one field.
func (r *replyReader) wrapped(name string, v lua.Value) lua.Value {
	t := r.s.NewTable(0, 1)
	r.s.SetField(t, name, v)
	return t.Value()
}

// value takes one value.
func (r *replyReader) value() lua.Value {
	s := r.s
	switch r.b[0] {
	case ':':
		return lua.Num(float64(r.number()))
	case '+':
		return r.wrapped("ok", s.Text(string(r.line())))
	case '-':
		t := errorTable(s, "-"+string(r.line()))
		ignoreStats(s, t)
		return t.Value()
	case '$':
		n := r.number()
		if n < 0 {
			return lua.False
		}
		return s.Text(r.bulk(n))
	case '*', '>':
		return r.array()
	case '%':
		return r.wrapped("map", r.pairs().Value())
	case '~':
		return r.wrapped("set", r.members().Value())
	}
	return r.special()
}

// special takes what only RESP3 has.
func (r *replyReader) special() lua.Value {
	s := r.s
	switch r.b[0] {
	case '#':
		return lua.Bool(r.line()[0] == 't')
	case ',':
		n, _ := strconv.ParseFloat(string(r.line()), 64)
		return r.wrapped("double", lua.Num(n))
	case '(':
		return r.wrapped("big_number", s.Text(string(r.line())))
	case '=':
		text := r.bulk(r.number())
		t := s.NewTable(0, 2)
		s.SetField(t, "string", s.Text(text[4:]))
		s.SetField(t, "format", s.Text(text[:3]))
		return r.wrapped("verbatim_string", t.Value())
	case '|':
		for n := 2 * r.number(); n > 0; n-- {
			r.value()
		}
		return r.value()
	}
	r.line() // _
	return lua.Nil
}

func (r *replyReader) array() lua.Value {
	n := r.number()
	if n < 0 {
		return lua.False
	}
	t := r.s.NewTable(0, 0)
	for i := 1; i <= n; i++ {
		r.s.SetAt(t, i, r.value())
	}
	return t.Value()
}

func (r *replyReader) pairs() *lua.Table {
	t := r.s.NewTable(0, 0)
	for n := r.number(); n > 0; n-- {
		k := r.value()
		r.s.Set(t, k, r.value())
	}
	return t
}

func (r *replyReader) members() *lua.Table {
	t := r.s.NewTable(0, 0)
	for n := r.number(); n > 0; n-- {
		r.s.Set(t, r.value(), lua.True)
	}
	return t
}
