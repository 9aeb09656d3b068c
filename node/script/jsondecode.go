package script

import (
	"strings"
	"unicode/utf8"

	"clusterplay/node/lua"
)

// jsonToken is what a text of JSON is made of; its name stands in errors.
type jsonToken struct {
	kind string
	at   int // where it began
	v    lua.Value
}

// The kinds of token as cjson names them.
const (
	jsonObjectBegin = "T_OBJ_BEGIN"
	jsonObjectEnd   = "T_OBJ_END"
	jsonArrayBegin  = "T_ARR_BEGIN"
	jsonArrayEnd    = "T_ARR_END"
	jsonString      = "T_STRING"
	jsonNumber      = "T_NUMBER"
	jsonBoolean     = "T_BOOLEAN"
	jsonNull        = "T_NULL"
	jsonColon       = "T_COLON"
	jsonComma       = "T_COMMA"
	jsonEnd         = "T_END"
)

var jsonPunctuation = map[byte]string{
	'{': jsonObjectBegin, '}': jsonObjectEnd, '[': jsonArrayBegin, ']': jsonArrayEnd, ':': jsonColon, ',': jsonComma,
}

// jsonReader reads one value. Like C it takes a NUL for the end of the text.
type jsonReader struct {
	*jsonConfig
	s     *lua.State
	in    string
	pos   int
	depth int
}

func (c *jsonConfig) decode(s *lua.State, args []lua.Value) []lua.Value {
	if len(args) != 1 {
		s.ArgError(1, "expected 1 argument")
	}
	text := s.CheckText(args, 1)
	if len(text) >= 2 && (text[0] == 0 || text[1] == 0) {
		s.Errorf("JSON parser does not support UTF-16 or UTF-32")
	}
	r := jsonReader{jsonConfig: c, s: s, in: text}
	v := r.value(r.next())
	if t := r.next(); t.kind != jsonEnd {
		r.unexpected("the end", t)
	}
	return s.Return(v)
}

func (r *jsonReader) at(i int) byte {
	if i < len(r.in) {
		return r.in[i]
	}
	return 0
}

func (r *jsonReader) unexpected(want string, got jsonToken) {
	r.s.Errorf("Expected %s but found %s at character %d", want, got.kind, got.at+1)
}

// next reads one token. One that is wrong is named by what is wrong with it.
func (r *jsonReader) next() jsonToken {
	from := r.pos
	for c := r.at(r.pos); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = r.at(r.pos) {
		r.pos++
	}
	r.s.Spend(1)
	r.s.Read(r.pos - from)
	t := jsonToken{at: r.pos}
	c := r.at(r.pos)
	rest := r.in[min(r.pos, len(r.in)):]
	switch {
	case c == 0:
		t.kind = jsonEnd
	case jsonPunctuation[c] != "":
		t.kind = jsonPunctuation[c]
		r.pos++
	case c == '"':
		r.string(&t)
	case c == '-' || c >= '0' && c <= '9':
		r.number(&t, r.decodeInvalid || !r.invalidNumber())
	case strings.HasPrefix(rest, "true"):
		t.kind, t.v = jsonBoolean, lua.True
		r.pos += 4
	case strings.HasPrefix(rest, "false"):
		t.kind, t.v = jsonBoolean, lua.False
		r.pos += 5
	case strings.HasPrefix(rest, "null"):
		t.kind, t.v = jsonNull, lua.Opaque(null)
		r.pos += 4
	case strings.IndexByte("fiInNt+", c) >= 0 && r.decodeInvalid && r.invalidNumber():
		r.number(&t, true)
	default:
		t.kind = "invalid token"
	}
	return t
}

func (r *jsonReader) number(t *jsonToken, allowed bool) {
	n, length := lua.NumberPrefix(r.in[r.pos:])
	r.s.Read(length)
	if !allowed || length == 0 {
		t.kind = "invalid number"
		return
	}
	t.kind, t.v = jsonNumber, lua.Num(n)
	r.pos += length
}

// invalidNumber recognises numbers that JSON does not have: with a plus, zeros in front or in
// hexadecimal, infinities and NaN.
func (r *jsonReader) invalidNumber() bool {
	p := r.pos
	if r.at(p) == '+' {
		return true
	}
	if r.at(p) == '-' {
		p++
	}
	c := r.at(p)
	if c == '0' {
		next := r.at(p + 1)
		return next|0x20 == 'x' || next >= '0' && next <= '9'
	}
	if c <= '9' {
		return false
	}
	word := strings.ToLower(r.in[p:min(p+3, len(r.in))])
	return word == "inf" || word == "nan"
}

// string reads a text in quotes; an error is placed where it is.
func (r *jsonReader) string(t *jsonToken) {
	var b strings.Builder
	defer func() { r.s.Read(r.pos - t.at) }()
	for r.pos++; ; r.pos++ {
		c := r.at(r.pos)
		switch c {
		case '"':
			r.pos++
			t.kind, t.v = jsonString, r.s.Text(b.String())
			return
		case 0:
			t.kind, t.at = "unexpected end of string", r.pos
			return
		case '\\':
			problem := r.escape(&b)
			if problem != "" {
				t.kind, t.at = problem, r.pos
				return
			}
		default:
			b.WriteByte(c)
		}
	}
}

// escape reads what follows a backslash and stops at its last character.
func (r *jsonReader) escape(b *strings.Builder) (problem string) {
	c := r.at(r.pos + 1)
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 't':
		c = '\t'
	case 'n':
		c = '\n'
	case 'f':
		c = '\f'
	case 'r':
		c = '\r'
	case 'u':
		code, length := r.codepoint()
		if length == 0 {
			return "invalid unicode escape code"
		}
		b.Write(appendUTF8(nil, code))
		r.pos += length - 1
		return ""
	default:
		return "invalid escape code"
	}
	b.WriteByte(c)
	r.pos++
	return ""
}

// codepoint reads \uXXXX, or two of them that are one character; length is 0 when it is wrong.
func (r *jsonReader) codepoint() (code, length int) {
	code = r.hex4(r.pos + 2)
	switch {
	case code < 0:
		return 0, 0
	case code&0xF800 != 0xD800:
		return code, 6
	case code&0x400 != 0 || r.at(r.pos+6) != '\\' || r.at(r.pos+7) != 'u':
		return 0, 0
	}
	low := r.hex4(r.pos + 8)
	if low < 0 || low&0xFC00 != 0xDC00 {
		return 0, 0
	}
	return (code&0x3FF<<10 | low&0x3FF) + 0x10000, 12
}

func (r *jsonReader) hex4(at int) int {
	n := 0
	for i := at; i < at+4; i++ {
		digit := strings.IndexByte("0123456789abcdef", r.at(i)|0x20)
		if c := r.at(i); digit < 0 || digit < 10 && (c < '0' || c > '9') {
			return -1
		}
		n = n<<4 | digit
	}
	return n
}

func appendUTF8(b []byte, code int) []byte { return utf8.AppendRune(b, rune(code)) }

func (r *jsonReader) value(t jsonToken) lua.Value {
	switch t.kind {
	case jsonString, jsonNumber, jsonBoolean, jsonNull:
		return t.v
	case jsonObjectBegin:
		return r.object()
	case jsonArrayBegin:
		return r.array()
	}
	r.unexpected("value", t)
	return lua.Nil
}

func (r *jsonReader) descend() {
	if r.depth++; r.depth > r.decodeDepth || 2*r.depth+3 > maxStack {
		r.s.Errorf("Found too many nested data structures (%d) at character %d", r.depth, r.pos)
	}
}

func (r *jsonReader) object() lua.Value {
	r.descend()
	o := r.s.NewTable(0, 0)
	t := r.next()
	for t.kind != jsonObjectEnd {
		if t.kind != jsonString {
			r.unexpected("object key string", t)
		}
		key := t.v
		if t = r.next(); t.kind != jsonColon {
			r.unexpected("colon", t)
		}
		r.s.Set(o, key, r.value(r.next()))
		if t = r.next(); t.kind == jsonObjectEnd {
			break
		}
		if t.kind != jsonComma {
			r.unexpected("comma or object end", t)
		}
		if t = r.next(); t.kind == jsonObjectEnd {
			r.unexpected("object key string", t)
		}
	}
	r.depth--
	return o.Value()
}

func (r *jsonReader) array() lua.Value {
	r.descend()
	a := r.s.NewTable(0, 0)
	t := r.next()
	for i := 1; t.kind != jsonArrayEnd; i++ {
		r.s.SetAt(a, i, r.value(t))
		if t = r.next(); t.kind == jsonArrayEnd {
			break
		}
		if t.kind != jsonComma {
			r.unexpected("comma or array end", t)
		}
		if t = r.next(); t.kind == jsonArrayEnd {
			r.unexpected("value", t)
		}
	}
	r.depth--
	return a.Value()
}
