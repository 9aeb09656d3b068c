package lua

// The compiler turns the tree into Go closures: each knows its operands, so that running a script
// is calling them.

type (
	eval func(f *frame) Value // one value
	push func(f *frame)       // any number of values, put on the State's stack
	exec func(f *frame) flow  // a statement
)

// flow says how a statement ended.
type flow uint8

const (
	flowNext flow = iota
	flowBreak
	flowReturn
	flowTail
)

// execute runs statements up to the first that does not just end.
func execute(f *frame, body []exec) flow {
	for _, s := range body {
		if how := s(f); how != flowNext {
			return how
		}
	}
	return flowNext
}

func compileFunc(b *funcBody) *proto {
	return &proto{
		source: b.source, line: b.line, params: b.params, vararg: b.vararg, traced: b.traced, arg: b.arg, slots: b.slots, weight: callWeight + b.weight,
		cost: b.body.cost(), body: compileBlock(b.body), ups: b.ups, upNames: b.upNames,
	}
}

func compileBlock(b *block) []exec {
	body := make([]exec, len(b.stmts))
	for i, s := range b.stmts {
		body[i] = compileStmt(s)
	}
	return body
}

// compileOne makes an expression that has exactly one value.
func compileOne(e exprNode) eval {
	switch e := e.(type) {
	case *constExpr:
		v := e.v
		return func(*frame) Value { return v }
	case *localExpr:
		return compileLocal(e.l)
	case *upExpr:
		i := e.index
		return func(f *frame) Value { return f.fn.ups[i].v }
	case *globalExpr:
		return compileGlobal(e)
	case *indexExpr:
		return compileIndex(e)
	case *callExpr:
		return compileCallOne(e)
	case *dotsExpr:
		return compileDots(e)
	case *funcExpr:
		p := compileFunc(e.f)
		if m := e.m; m != nil {
			return func(f *frame) Value {
				m.pass(f)
				return functionValue(f.closure(p))
			}
		}
		return func(f *frame) Value { return functionValue(f.closure(p)) }
	case *markExpr:
		return compileMark(e)
	case *branchExpr:
		return compileBranch(e)
	case *parenExpr:
		return compileOne(e.e)
	case *unaryExpr:
		return compileUnary(e)
	case *binaryExpr:
		return compileBinary(e)
	case *tableExpr:
		return compileTable(e)
	}
	panic("lua: no such expression")
}

// compileDots is the first of a function's extra arguments.
func compileDots(e *dotsExpr) eval {
	m := e.m
	return func(f *frame) Value {
		if m != nil {
			m.pass(f)
		}
		if len(f.varargs) == 0 {
			return Nil
		}
		return f.varargs[0]
	}
}

// compileMany makes an expression that has any number of values, or nil when it has exactly one.
func compileMany(e exprNode) push {
	switch e := e.(type) {
	case *callExpr:
		call := compileCall(e)
		return func(f *frame) {
			out := call(f)
			f.s.stack = append(f.s.stack, out...)
		}
	case *dotsExpr:
		return markedPush(e.m, func(f *frame) { f.s.stack = append(f.s.stack, f.varargs...) })
	}
	return nil
}

// list is a list of expressions, the last of which may have many values.
type list struct {
	ones []eval
	last push
}

func compileList(exprs []exprNode) list {
	l := list{ones: make([]eval, 0, len(exprs))}
	for i, e := range exprs {
		if i == len(exprs)-1 {
			if l.last = compileMany(e); l.last != nil {
				break
			}
		}
		l.ones = append(l.ones, compileOne(e))
	}
	return l
}

// push puts all values on the State's stack.
func (l *list) push(f *frame) {
	s := f.s
	for _, e := range l.ones {
		v := e(f)
		s.stack = append(s.stack, v)
	}
	if l.last != nil {
		l.last(f)
	}
}

func compileLocal(l *local) eval {
	i := l.slot
	if l.captured {
		return func(f *frame) Value { return f.regs[i].o.(*cell).v }
	}
	return func(f *frame) Value { return f.regs[i] }
}

func compileGlobal(e *globalExpr) eval {
	name, key, line := e.name, Value{kind: KindString, o: e.name}, e.line
	return func(f *frame) Value {
		if v := f.s.globals.getStr(name); v.kind != KindNil || f.s.globals.meta == nil {
			return v
		}
		f.line = line
		return f.s.index(tableValue(f.s.globals), key, "")
	}
}

func compileIndex(e *indexExpr) eval {
	line, what := e.line, describe(e.table)
	if c, ok := e.key.(*constExpr); ok && c.v.kind == KindString {
		table, name, key := compileOperand(e.table), c.v.o.(*str), c.v
		return func(f *frame) Value {
			v := table.value(f)
			if v.kind == KindTable {
				t := v.o.(*Table)
				if r := t.getStr(name); r.kind != KindNil || t.meta == nil {
					return r
				}
			}
			f.line = line
			return f.s.index(v, key, what)
		}
	}
	table, key := compileOperands(e.table, e.key)
	return func(f *frame) Value {
		v, k := table.value(f), key.value(f)
		if v.kind == KindTable {
			t := v.o.(*Table)
			if r := t.Get(k); r.kind != KindNil || t.meta == nil {
				return r
			}
		}
		f.line = line
		return f.s.index(v, k, what)
	}
}

// describe is how an error calls the value of an expression: "local 'x'", or nothing.
func describe(e exprNode) string {
	switch e := e.(type) {
	case *localExpr:
		return "local '" + e.l.name + "'"
	case *upExpr:
		return "upvalue '" + e.name + "'"
	case *globalExpr:
		return "global '" + e.name.s + "'"
	case *indexExpr:
		if c, ok := e.key.(*constExpr); ok && c.v.kind == KindString {
			return "field '" + cString(c.v.o.(*str).s) + "'"
		}
		return "field '?'"
	case *parenExpr:
		return describe(e.e)
	case *markExpr:
		return describe(e.e)
	}
	return ""
}

// closure makes a function of a proto, with what it captures.
func (f *frame) closure(p *proto) *Function {
	f.s.take(functionSize + 8*len(p.ups))
	fn := &Function{proto: p, id: f.s.newID()}
	if len(p.ups) > 0 {
		fn.ups = make([]*cell, len(p.ups))
	}
	for i, u := range p.ups {
		if u.outer != nil {
			fn.ups[i] = f.regs[u.outer.slot].o.(*cell)
		} else {
			fn.ups[i] = f.fn.ups[u.index]
		}
	}
	return fn
}

const functionSize = 80

// compileTable makes a constructor. Elements are stored fifty at a time, as in C.
func compileTable(e *tableExpr) eval {
	array, hash, line := roundSize(e.array), roundSize(e.hash), e.line
	type item struct {
		key, value eval
		many       push
	}
	items := make([]item, len(e.items))
	for i, it := range e.items {
		if it.key != nil {
			items[i].key = compileOne(it.key)
		} else if i == len(e.items)-1 {
			items[i].many = compileMany(it.value)
		}
		items[i].value = compileOne(it.value)
	}
	m, end := e.m, e.end
	return func(f *frame) Value {
		if m != nil {
			m.pass(f)
		}
		t := f.s.NewTable(array, hash)
		base, stored := len(f.s.stack), 0
		for i := range items {
			switch it := &items[i]; {
			case it.key != nil:
				k := it.key(f)
				v := it.value(f)
				f.line = line
				f.s.rawSetChecked(t, k, v)
			case it.many != nil:
				it.many(f)
			default:
				if len(f.s.stack)-base == 50 {
					stored = f.s.storeList(t, base, stored)
				}
				v := it.value(f)
				f.s.stack = append(f.s.stack, v)
			}
		}
		if end != nil {
			end.pass(f)
		}
		f.s.storeList(t, base, stored)
		return tableValue(t)
	}
}
