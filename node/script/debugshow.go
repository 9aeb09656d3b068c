package script

import (
	"bytes"
	"fmt"

	"clusterplay/node/lua"
	"clusterplay/node/resp"
)

// maxShownDepth is how deep tables are shown (LDB_MAX_VALUES_DEPTH).
const maxShownDepth = 10

// valueText writes a Lua value as a debugger shows it. Behind limit it ends: what follows will be cut.
type valueText struct {
	out   []byte
	limit int
}

func (t *valueText) full() bool { return len(t.out) > t.limit }

func (t *valueText) value(v lua.Value, depth int) {
	if depth == maxShownDepth {
		t.out = append(t.out, "<max recursion level reached! Nested table?>"...)
		return
	}
	switch v.Kind() {
	case lua.KindString:
		text, _ := v.Text()
		t.out = resp.AppendQuoted(t.out, []byte(text[:min(len(text), t.limit)]))
	case lua.KindBool:
		t.out = fmt.Append(t.out, v.Truth())
	case lua.KindNumber:
		n, _ := v.Number()
		t.out = append(t.out, lua.FormatShort(n)...)
	case lua.KindNil:
		t.out = append(t.out, "nil"...)
	case lua.KindTable:
		t.table(v.Table(), depth+1)
	case lua.KindUserdata:
		t.out = append(t.out, `"light-userdata@(nil)"`...) // the only one, cjson.null, is C's NULL
	default:
		t.out = fmt.Appendf(t.out, `"%s@%s"`, v.Kind(), lua.Address(v))
	}
}

// table writes a table: only the values if its keys are 1, 2, 3 … in this order.
func (t *valueText) table(table *lua.Table, depth int) {
	array, n := true, 0
	for k, v, more, _ := table.Next(lua.Nil); more && array; k, v, more, _ = table.Next(k) {
		n++
		i, number := k.Number()
		array = number && i == float64(n)
		_ = v
	}
	t.out = append(t.out, '{')
	first := true
	for k, v, more, _ := table.Next(lua.Nil); more && !t.full(); k, v, more, _ = table.Next(k) {
		if !first {
			t.out = append(t.out, "; "...)
		}
		first = false
		if !array {
			t.out = append(t.out, '[')
			t.value(k, depth)
			t.out = append(t.out, "]="...)
		}
		t.value(v, depth)
	}
	t.out = append(t.out, '}')
}

// replyText writes a reply as a debugger shows it (ldbRedisProtocolToHuman). Behind limit it ends.
type replyText struct {
	b     []byte
	out   []byte
	limit int
}

// line takes the rest of the line, its sign included.
func (t *replyText) line() []byte {
	end := bytes.IndexByte(t.b, '\r')
	line := t.b[:end]
	t.b = t.b[end+2:]
	return line
}

func (t *replyText) number() int {
	r := replyReader{b: t.b}
	n := r.number()
	t.b = r.b
	return n
}

func (t *replyText) value() {
	if len(t.b) == 0 || len(t.out) > t.limit {
		return
	}
	switch t.b[0] {
	case ':':
		t.out = append(t.out, t.line()[1:]...)
	case '$':
		t.bulk()
	case '+', '-':
		t.out = resp.AppendQuoted(t.out, t.line())
	case '*':
		t.many("[", "]", "", 1)
	case '~':
		t.many("~(", ")", "", 1)
	case '%':
		t.many("{", "}", " => ", 2)
	case '_':
		t.line()
		t.out = append(t.out, "(null)"...)
	case '#':
		word := "#false"
		if t.line()[1] == 't' {
			word = "#true"
		}
		t.out = append(t.out, word...)
	case ',':
		t.out = append(t.out, "(double) "...)
		t.out = append(t.out, t.line()[1:]...)
	}
}

func (t *replyText) bulk() {
	n := t.number()
	if n < 0 {
		t.out = append(t.out, "NULL"...)
		return
	}
	t.out = resp.AppendQuoted(t.out, t.b[:min(n, t.limit)])
	t.b = t.b[n+2:]
}

// many writes values, or pairs of them with a sign between.
func (t *replyText) many(open, end, between string, each int) {
	n := t.number()
	if n < 0 {
		t.out = append(t.out, "NULL"...)
		return
	}
	t.out = append(t.out, open...)
	for i := 0; i < n && len(t.out) <= t.limit; i++ {
		if i > 0 {
			t.out = append(t.out, ',')
		}
		if t.value(); each == 2 {
			t.out = append(t.out, between...)
			t.value()
		}
	}
	t.out = append(t.out, end...)
}
