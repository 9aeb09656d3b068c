package lua

import "math"

func compileUnary(e *unaryExpr) eval {
	a, line, what := compileOne(e.e), e.line, describe(e.e)
	switch e.op {
	case tokNot:
		holds := compileTest(e.e)
		return func(f *frame) Value { return Bool(!holds(f)) }
	case '-':
		return func(f *frame) Value {
			v := a(f)
			if v.kind == KindNumber {
				return Num(-v.n)
			}
			f.line = line
			return f.s.arithmetic("__unm", v, v, what, what)
		}
	}
	return func(f *frame) Value {
		v := a(f)
		switch v.kind {
		case KindTable:
			return Int(v.o.(*Table).Len())
		case KindString:
			return Int(len(v.o.(*str).s))
		}
		f.line = line
		if h := f.s.metamethod(v, "__len"); h.kind != KindNil {
			return f.s.call1(h, v)
		}
		f.s.typeError(v, "get length of", what)
		return Nil
	}
}

func compileBinary(e *binaryExpr) eval {
	switch e.op {
	case tokAnd:
		a, b := compileOne(e.a), compileOne(e.b)
		return func(f *frame) Value {
			if v := a(f); !v.Truth() {
				return v
			}
			return b(f)
		}
	case tokOr:
		a, b := compileOne(e.a), compileOne(e.b)
		return func(f *frame) Value {
			if v := a(f); v.Truth() {
				return v
			}
			return b(f)
		}
	case tokConcat:
		return compileConcat(e)
	case tokEq, tokNe, '<', tokLe, '>', tokGe:
		holds := compileTest(e)
		return func(f *frame) Value { return Bool(holds(f)) }
	}
	return compileArithmetic(e)
}

// operators are the arithmetic ones: what they do, and their metamethods.
var operators = map[tokenKind]struct {
	event string
	f     func(a, b float64) float64
}{
	'+': {"__add", func(a, b float64) float64 { return a + b }},
	'-': {"__sub", func(a, b float64) float64 { return a - b }},
	'*': {"__mul", func(a, b float64) float64 { return a * b }},
	'/': {"__div", func(a, b float64) float64 { return a / b }},
	'%': {"__mod", modulo},
	'^': {"__pow", math.Pow},
}

func modulo(a, b float64) float64 { return a - math.Floor(a/b)*b }

// applied is the arithmetic of a metamethod's name.
func applied(event string, a, b float64) float64 {
	if event == "__unm" {
		return -a
	}
	for _, op := range operators {
		if op.event == event {
			return op.f(a, b)
		}
	}
	panic("lua: no such operator " + event)
}

func compileArithmetic(e *binaryExpr) eval {
	a, b := compileOperands(e.a, e.b)
	op, wa, wb, line := operators[e.op], describe(e.a), describe(e.b), e.line
	slow := func(f *frame, x, y Value) Value {
		f.line = line
		return f.s.arithmetic(op.event, x, y, wa, wb)
	}
	switch e.op {
	case '+':
		return func(f *frame) Value {
			x, y := a.value(f), b.value(f)
			if x.kind == KindNumber && y.kind == KindNumber {
				return Num(x.n + y.n)
			}
			return slow(f, x, y)
		}
	case '-':
		return func(f *frame) Value {
			x, y := a.value(f), b.value(f)
			if x.kind == KindNumber && y.kind == KindNumber {
				return Num(x.n - y.n)
			}
			return slow(f, x, y)
		}
	case '*':
		return func(f *frame) Value {
			x, y := a.value(f), b.value(f)
			if x.kind == KindNumber && y.kind == KindNumber {
				return Num(x.n * y.n)
			}
			return slow(f, x, y)
		}
	}
	calc := op.f
	return func(f *frame) Value {
		x, y := a.value(f), b.value(f)
		if x.kind == KindNumber && y.kind == KindNumber {
			return Num(calc(x.n, y.n))
		}
		return slow(f, x, y)
	}
}

// compileConcat makes one operation of a whole chain a .. b .. c, as C does.
func compileConcat(e *binaryExpr) eval {
	var operands []eval
	var whats []string
	var next exprNode = e
	for {
		b, ok := next.(*binaryExpr)
		if !ok || b.op != tokConcat {
			operands, whats = append(operands, compileOne(next)), append(whats, describe(next))
			break
		}
		operands, whats = append(operands, compileOne(b.a)), append(whats, describe(b.a))
		next = b.b
	}
	line := e.line
	return func(f *frame) Value {
		s := f.s
		base := len(s.stack)
		for _, o := range operands {
			v := o(f)
			s.stack = append(s.stack, v)
		}
		f.line = line
		v := s.concat(s.stack[base:], whats)
		s.drop(base)
		return v
	}
}
