package lua

import "strings"

// callee is the part of a call that says what is called.
type callee struct {
	fn     eval
	method *str
	key    Value
	what   string // how an error calls the function
	object string // how an error calls the object of a method
	name   string // how an error about an argument calls the function
	line   int
}

func compileCallee(e *callExpr) callee {
	c := callee{fn: compileOne(e.fn), method: e.method, line: e.line, what: describe(e.fn)}
	if e.method != nil {
		c.key = Value{kind: KindString, o: e.method}
		c.object, c.what = c.what, "method '"+e.method.s+"'"
	}
	if _, name, named := strings.Cut(strings.TrimSuffix(c.what, "'"), "'"); named {
		c.name = name
	}
	return c
}

// find evaluates the function and, for a method, puts the object on the stack as first argument.
func (c *callee) find(f *frame) Value {
	v := c.fn(f)
	if c.method == nil {
		return v
	}
	f.s.stack = append(f.s.stack, v)
	f.line = c.line
	if v.kind == KindTable {
		t := v.o.(*Table)
		if r := t.getStr(c.method); r.kind != KindNil || t.meta == nil {
			return r
		}
	}
	return f.s.index(v, c.key, c.object)
}

// function is what will be called; args may gain one in front.
func (c *callee) function(f *frame, v Value, base int) *Function {
	if v.kind == KindFunction {
		return v.o.(*Function)
	}
	h := f.s.metamethod(v, "__call")
	if h.kind != KindFunction {
		f.s.typeError(v, "call", c.what)
	}
	f.s.stack = append(f.s.stack, Nil)
	copy(f.s.stack[base+1:], f.s.stack[base:])
	f.s.stack[base] = v
	return h.o.(*Function)
}

// compileCall makes a call; its results are valid until the next one.
func compileCall(e *callExpr) func(f *frame) []Value {
	c, args := compileCallee(e), compileList(e.args).marked(e.m)
	return func(f *frame) []Value {
		s := f.s
		base := len(s.stack)
		v := c.find(f)
		args.push(f)
		f.line = c.line
		fn := c.function(f, v, base)
		s.site = &c
		out := s.call(fn, s.stack[base:])
		s.drop(base)
		return out
	}
}

// drop takes the stack back to where it was.
func (s *State) drop(base int) {
	clear(s.stack[base:])
	s.stack = s.stack[:base]
}

func compileCallOne(e *callExpr) eval {
	call := compileCall(e)
	return func(f *frame) Value {
		if out := call(f); len(out) > 0 {
			return out[0]
		}
		return Nil
	}
}

// compileReturn makes a return; a call alone is a tail call and takes the place of its caller.
func compileReturn(e *returnStmt) exec {
	if len(e.exprs) == 1 {
		if call, ok := e.exprs[0].(*callExpr); ok {
			return compileTail(call, e.m)
		}
		if !isMulti(e.exprs[0]) {
			one := compileOne(e.exprs[0])
			if e.m != nil {
				one = compileMark(&markExpr{e: e.exprs[0], m: e.m, after: true})
			}
			return func(f *frame) flow {
				v := one(f)
				f.out = append(f.out[:0], v)
				return flowReturn
			}
		}
	}
	l := compileList(e.exprs).marked(e.m)
	return func(f *frame) flow {
		s := f.s
		base := len(s.stack)
		l.push(f)
		f.out = append(f.out[:0], s.stack[base:]...)
		s.drop(base)
		return flowReturn
	}
}

// m is where it returns when what it calls has not taken its place.
func compileTail(e *callExpr, m *mark) exec {
	c, args := compileCallee(e), compileList(e.args).marked(e.m)
	return func(f *frame) flow {
		s := f.s
		base := len(s.stack)
		v := c.find(f)
		args.push(f)
		f.line = c.line
		fn := c.function(f, v, base)
		if fn.native != nil {
			s.site = &c
			f.out = append(f.out[:0], s.call(fn, s.stack[base:])...)
			s.drop(base)
			if m != nil {
				m.pass(f)
			}
			return flowReturn
		}
		f.tail, f.scratch = fn, append(f.scratch[:0], s.stack[base:]...)
		s.drop(base)
		return flowTail
	}
}
