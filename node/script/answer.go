package script

import (
	"math"
	"strings"

	"clusterplay/node/lua"
	"clusterplay/node/resp"
)

// maxDepth is how deep tables may stand in each other in a reply: the room on the stack of C's Lua.
const maxDepth = 7996

// maxReply bounds a script's reply.
const maxReply = 128 << 20

// answer writes what a script returned as the reply.
type answer struct {
	w       *resp.Writer
	proto   int // of the script: whether false is null
	depth   int
	limit   int // of the reply: a table that stands in many places is written as often
	onError func(text string, counted bool)
}

func (a *answer) value(v lua.Value) {
	if len(a.w.Buf) > a.limit {
		return
	}
	switch v.Kind() {
	case lua.KindString:
		text, _ := v.Text()
		a.w.BulkString(text)
	case lua.KindBool:
		a.boolean(v.Truth())
	case lua.KindNumber:
		n, _ := v.Number()
		a.w.Int(truncated(n))
	case lua.KindTable:
		if a.depth++; a.depth > maxDepth {
			a.error("ERR reached lua stack limit", false)
		} else {
			a.table(v.Table())
		}
		a.depth--
	default:
		a.w.Null()
	}
}

func (a *answer) boolean(b bool) {
	switch {
	case a.proto == 3:
		a.w.Bool(b)
	case b:
		a.w.Int(1)
	default:
		a.w.Null()
	}
}

// truncated is C's (long long)n.
func truncated(n float64) int64 {
	if n != n || n >= math.MaxInt64 || n <= math.MinInt64 {
		return math.MinInt64
	}
	return int64(n)
}

func (a *answer) error(text string, counted bool) {
	a.onError(text, counted)
	a.w.Error(text)
}

// table writes a table as what its fields say it is, an array when they say nothing.
func (a *answer) table(t *lua.Table) {
	if text, ok := t.Field("err").Text(); ok {
		a.error(cut(text), t.Field("ignore_error_stats_update").Truth())
		return
	}
	if text, ok := t.Field("ok").Text(); ok {
		a.w.Status(oneLine(cut(text)))
		return
	}
	if n, ok := t.Field("double").Number(); ok {
		a.w.Double(n)
		return
	}
	if text, ok := t.Field("big_number").Text(); ok {
		a.w.BigNumber(oneLine(text))
		return
	}
	if v := t.Field("verbatim_string").Table(); v != nil {
		format, ok1 := v.Field("format").Text()
		text, ok2 := v.Field("string").Text()
		if ok1 && ok2 {
			a.w.Verbatim((cut(format) + "   ")[:3], text)
			return
		}
	}
	if m := t.Field("map").Table(); m != nil {
		a.collection(m, a.w.Map, true)
		return
	}
	if m := t.Field("set").Table(); m != nil {
		a.collection(m, a.w.Set, false)
		return
	}
	a.array(t)
}

func oneLine(text string) string {
	return strings.NewReplacer("\r", " ", "\n", " ").Replace(text)
}

// collection writes the keys of a table, and its values with pairs.
func (a *answer) collection(t *lua.Table, head func(int), pairs bool) {
	n := 0
	for k, _, more, _ := t.Next(lua.Nil); more; k, _, more, _ = t.Next(k) {
		n++
	}
	head(n)
	for k, v, more, _ := t.Next(lua.Nil); more; k, v, more, _ = t.Next(k) {
		a.value(k)
		if pairs {
			a.value(v)
		}
	}
}

func (a *answer) array(t *lua.Table) {
	n := 0
	for !t.At(n + 1).IsNil() {
		n++
	}
	a.w.Array(n)
	for i := 1; i <= n; i++ {
		a.value(t.At(i))
	}
}
