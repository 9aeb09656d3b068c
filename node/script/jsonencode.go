package script

import (
	"fmt"
	"math"
	"strconv"

	"clusterplay/node/lua"
)

// maxStack is the room on the stack of C's Lua, which its libraries ask for as they go down.
const maxStack = 8000

// jsonWriter writes one value as JSON.
type jsonWriter struct {
	*jsonConfig
	s   *lua.State
	buf []byte
}

func (c *jsonConfig) encode(s *lua.State, args []lua.Value) []lua.Value {
	if len(args) != 1 {
		s.ArgError(1, "expected 1 argument")
	}
	w := jsonWriter{jsonConfig: c, s: s}
	w.value(args[0], 0)
	return s.Return(s.Text(string(w.buf)))
}

func (w *jsonWriter) refuse(v lua.Value, reason string) {
	w.s.Errorf("Cannot serialise %s: %s", v.Kind(), reason)
}

func (w *jsonWriter) value(v lua.Value, depth int) {
	w.s.Spend(1)
	w.s.Room(len(w.buf))
	switch v.Kind() {
	case lua.KindString:
		text, _ := v.Text()
		w.string(text)
	case lua.KindNumber:
		w.number(v)
	case lua.KindBool:
		w.buf = strconv.AppendBool(w.buf, v.Truth())
	case lua.KindNil:
		w.buf = append(w.buf, "null"...)
	case lua.KindTable:
		w.table(v.Table(), depth+1)
	default:
		if !v.Is(null) {
			w.refuse(v, "type not supported")
		}
		w.buf = append(w.buf, "null"...)
	}
}

// escapes are how JSON writes some characters; others below 32 are \u00xx.
var escapes = [256]string{
	'\b': `\b`, '\t': `\t`, '\n': `\n`, '\f': `\f`, '\r': `\r`, '"': `\"`, '/': `\/`, '\\': `\\`, 0x7f: `\u007f`,
}

func (w *jsonWriter) string(text string) {
	w.s.Room(len(w.buf) + len(text))
	w.s.Read(len(text))
	w.buf = append(w.buf, '"')
	for _, c := range []byte(text) {
		switch e := escapes[c]; {
		case e != "":
			w.buf = append(w.buf, e...)
		case c < ' ':
			w.buf = fmt.Appendf(w.buf, `\u%04x`, c)
		default:
			w.buf = append(w.buf, c)
		}
	}
	w.buf = append(w.buf, '"')
}

func (w *jsonWriter) number(v lua.Value) {
	n, _ := v.Number()
	if finite := !math.IsInf(n, 0) && !math.IsNaN(n); !finite {
		switch w.encodeInvalid {
		case 0:
			w.refuse(v, "must not be NaN or Inf")
		case 2:
			w.buf = append(w.buf, "null"...)
			return
		}
		if math.IsNaN(n) {
			w.buf = append(w.buf, "nan"...)
			return
		}
	}
	w.buf = append(w.buf, lua.FormatDigits(n, w.precision)...)
}

func (w *jsonWriter) table(t *lua.Table, depth int) {
	if depth > w.encodeDepth || 2*depth+3 > maxStack {
		w.s.Errorf("Cannot serialise, excessive nesting (%d)", depth)
	}
	if n := w.length(t); n > 0 {
		w.array(t, n, depth)
	} else {
		w.object(t, depth)
	}
}

// length is the length of an array, -1 for what is none.
func (w *jsonWriter) length(t *lua.Table) int {
	most, items := 0, 0
	for k, _, more, _ := t.Next(lua.Nil); more; k, _, more, _ = t.Next(k) {
		w.s.Spend(1)
		n, ok := k.Number()
		if !ok || n < 1 || n != math.Floor(n) || n > math.MaxInt32 {
			return -1
		}
		most = max(most, int(n))
		items++
	}
	if w.sparseRatio > 0 && most > items*w.sparseRatio && most > w.sparseSafe {
		if !w.sparseConvert {
			w.refuse(t.Value(), "excessively sparse array")
		}
		return -1
	}
	return most
}

func (w *jsonWriter) array(t *lua.Table, n, depth int) {
	w.buf = append(w.buf, '[')
	for i := 1; i <= n; i++ {
		if i > 1 {
			w.buf = append(w.buf, ',')
		}
		w.value(t.At(i), depth)
	}
	w.buf = append(w.buf, ']')
}

func (w *jsonWriter) object(t *lua.Table, depth int) {
	w.buf = append(w.buf, '{')
	first := true
	for k, v, more, _ := t.Next(lua.Nil); more; k, v, more, _ = t.Next(k) {
		if !first {
			w.buf = append(w.buf, ',')
		}
		first = false
		switch k.Kind() {
		case lua.KindNumber:
			w.buf = append(w.buf, '"')
			w.number(k)
			w.buf = append(w.buf, '"')
		case lua.KindString:
			text, _ := k.Text()
			w.string(text)
		default:
			w.refuse(k, "table key must be a number or string")
		}
		w.buf = append(w.buf, ':')
		w.value(v, depth)
	}
	w.buf = append(w.buf, '}')
}
