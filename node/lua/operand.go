package lua

// operand is one side of an operation. A local that lives in a register, which most operands are, is
// read without a call.
type operand struct {
	eval eval // what has to be called; nil for a local
	slot int  // its register
}

func compileOperand(e exprNode) operand {
	if e, ok := e.(*localExpr); ok && !e.l.captured {
		return operand{slot: e.l.slot}
	}
	return operand{eval: compileOne(e)}
}

// value is small enough to become part of who asks.
func (o operand) value(f *frame) Value {
	if o.eval != nil {
		return o.eval(f)
	}
	return f.regs[o.slot]
}

// late reports whether an operand is read only after what stands right of it has run: C leaves a local in its
// register, where a function that captured it may change it meanwhile.
func late(e exprNode) bool {
	l, ok := e.(*localExpr)
	return ok && l.l.captured
}

// compileOperands makes the two sides of an operation, to be asked in their order.
func compileOperands(left, right exprNode) (a, b operand) {
	a, b = compileOperand(left), compileOperand(right)
	if !late(left) || b.eval == nil || late(right) {
		return a, b
	}
	first, second := a.eval, b.eval
	a.eval = func(f *frame) Value {
		f.right = second(f)
		return first(f)
	}
	b.eval = func(f *frame) (v Value) {
		v, f.right = f.right, Nil
		return v
	}
	return a, b
}

// test is a condition.
type test func(f *frame) bool

// compileTest makes an expression of which only the truth is wanted, without making a value of it
// where it can.
func compileTest(e exprNode) test {
	switch e := e.(type) {
	case *unaryExpr:
		if e.op == tokNot {
			t := compileTest(e.e)
			return func(f *frame) bool { return !t(f) }
		}
	case *binaryExpr:
		switch e.op {
		case tokAnd:
			a, b := compileTest(e.a), compileTest(e.b)
			return func(f *frame) bool { return a(f) && b(f) }
		case tokOr:
			a, b := compileTest(e.a), compileTest(e.b)
			return func(f *frame) bool { return a(f) || b(f) }
		case tokEq, tokNe:
			return compileEquality(e)
		case '<', tokLe, '>', tokGe:
			return compileOrder(e)
		}
	}
	one := compileOne(e)
	return func(f *frame) bool { return one(f).Truth() }
}

func compileEquality(e *binaryExpr) test {
	a, b := compileOperands(e.a, e.b)
	line, want := e.line, e.op == tokEq
	return func(f *frame) bool {
		x, y := a.value(f), b.value(f)
		if x.kind == KindNumber && y.kind == KindNumber {
			return (x.n == y.n) == want
		}
		f.line = line
		return f.s.equal(x, y) == want
	}
}

func compileOrder(e *binaryExpr) test {
	a, b := compileOperands(e.a, e.b)
	line := e.line
	orEqual, swapped := e.op == tokLe || e.op == tokGe, e.op == '>' || e.op == tokGe
	return func(f *frame) bool {
		x, y := a.value(f), b.value(f)
		if swapped {
			x, y = y, x
		}
		if x.kind == KindNumber && y.kind == KindNumber {
			return x.n < y.n || orEqual && x.n == y.n
		}
		f.line = line
		if orEqual {
			return f.s.lessOrEqual(x, y)
		}
		return f.s.less(x, y)
	}
}
