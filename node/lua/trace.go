package lua

// Where the parser of a traced chunk puts marks. C's parser makes code while it reads, and gives each
// instruction the line of the token it has read last; the value of an expression is fetched as late as it
// can be (lcode.c: luaK_exp2nextreg and its kin). Each function here stands for one of those.

// here is an instruction made now; nil when nobody traces.
func (p *parser) here() *mark {
	if !p.traced {
		return nil
	}
	p.fn.marks++
	m := &mark{line: p.last}
	if n := len(p.fn.active); n > 0 {
		m.scope = p.fn.active[n-1]
	}
	return m
}

// at is an instruction made now that is given another line (luaK_fixline).
func (p *parser) at(line int) *mark {
	m := p.here()
	if m != nil {
		m.line = line
	}
	return m
}

// before has an instruction made now precede an expression, and then one follow it.
func (p *parser) before(e exprNode) exprNode { return &markExpr{e: e, m: p.here()} }
func (p *parser) then(e exprNode) exprNode   { return &markExpr{e: e, m: p.here(), after: true} }

// fetch gets the value of what is in no register and no constant (luaK_dischargevars).
func (p *parser) fetch(e exprNode) exprNode {
	if !p.traced {
		return e
	}
	switch x := e.(type) {
	case *upExpr, *globalExpr:
		return p.before(e)
	case *indexExpr:
		p.fetchIndex(x)
	case *parenExpr:
		x.e = p.fetch(x.e)
	}
	return e
}

// fetchIndex puts the mark behind the last of the two operands that has code.
func (p *parser) fetchIndex(x *indexExpr) {
	if x.fetched {
		return
	}
	x.fetched = true
	switch x.key.(type) {
	case *constExpr, *localExpr:
		x.table = p.then(x.table)
	default:
		x.key = p.then(x.key)
	}
}

// operand is a value in a register, or a constant (luaK_exp2RK).
func (p *parser) operand(e exprNode) exprNode {
	if _, known := constant(e); known {
		return e
	}
	return p.anyRegister(e)
}

// anyRegister is a value in a register, its own if it has one (luaK_exp2anyreg).
func (p *parser) anyRegister(e exprNode) exprNode {
	if _, own := e.(*localExpr); own {
		return e
	}
	return p.value(e)
}

// key is the value between brackets (luaK_exp2val).
func (p *parser) key(e exprNode) exprNode {
	if d := decider(&e); p.traced && (d != &e || leaps(e) && !jumps(e)) {
		return p.anyRegister(e)
	}
	return p.fetch(e)
}

// value is a value in a register of its own (luaK_exp2nextreg).
func (p *parser) value(e exprNode) exprNode {
	if !p.traced {
		return e
	}
	switch x := e.(type) {
	case *constExpr:
		if x.v.kind == KindNil && p.clears() {
			return e
		}
		return p.before(e)
	case *localExpr:
		return p.before(e)
	case *parenExpr:
		x.e = p.value(x.e)
		return e
	case *binaryExpr:
		switch {
		case junction(x):
			return p.decided(e)
		case jumps(e):
			return p.then(e)
		}
	case *unaryExpr:
		if leaps(e) {
			return p.decided(e)
		}
	}
	return p.fetch(e)
}

// tested is a value that decides: the left side of an operation, or with and also a condition
// (luaK_goiftrue, luaK_goiffalse).
func (p *parser) tested(op tokenKind, e exprNode) exprNode {
	if !p.traced || jumps(e) {
		return e
	}
	if v, known := constant(e); known {
		if v.Truth() == (op == tokAnd) { // it does not decide
			return e
		}
		return p.before(e)
	}
	switch x := e.(type) {
	case *localExpr:
		return p.before(e)
	case *parenExpr:
		x.e = p.tested(op, x.e)
		return e
	case *binaryExpr:
		if junction(x) {
			x.b = p.tested(op, x.b)
			return e
		}
	case *unaryExpr:
		if m, marked := (*decider(&x.e)).(*markExpr); marked && m.not {
			m.m.line = p.last
			return e
		}
		if x.op == tokNot {
			return e
		}
	}
	return p.then(p.fetch(e))
}

// left is the first operand of an operation whose sign has been read (luaK_infix).
func (p *parser) left(op tokenKind, e exprNode) exprNode {
	switch {
	case !p.traced:
		return e
	case op == tokAnd || op == tokOr:
		return p.tested(op, e)
	case op == tokConcat:
		return p.value(e)
	}
	return p.operand(e)
}

// right is the second operand, behind which the operation is made (luaK_posfix).
func (p *parser) right(op tokenKind, a, b exprNode) exprNode {
	if !p.traced || op == tokAnd || op == tokOr {
		return p.fetch(b)
	}
	if op == tokConcat {
		if x, chain := b.(*binaryExpr); chain && x.op == tokConcat {
			return b
		}
		return p.then(p.value(b))
	}
	if _, folded := foldBinary(&binaryExpr{op: op, a: a, b: b}).(*constExpr); folded {
		return b
	}
	return p.then(p.operand(b))
}

// single is the operand of an operation with one (luaK_prefix).
func (p *parser) single(op tokenKind, e exprNode) exprNode {
	v, known := constant(e)
	switch {
	case !p.traced || known && (op == tokNot || op == '-' && v.kind == KindNumber):
		return e
	case op != tokNot:
		return p.then(p.anyRegister(e))
	}
	d := decider(&e)
	if _, known := constant(*d); !known && !jumps(*d) {
		*d = &markExpr{e: p.anyRegister(*d), m: p.here(), after: true, not: true}
	}
	return e
}

// stored is the value of an assignment to a place, and the storing (luaK_storevar).
func (p *parser) stored(target, e exprNode) exprNode {
	if !p.traced {
		return e
	}
	if _, register := target.(*localExpr); !register {
		return p.then(p.operand(e))
	}
	switch e.(type) {
	case *callExpr, *parenExpr, *tableExpr: // it is in a register, of which this is another
		return p.then(p.value(e))
	}
	return p.value(e)
}

// field is the value of a constructor's field, and its storing.
func (p *parser) field(e exprNode) exprNode {
	if !p.traced {
		return e
	}
	return p.then(p.operand(e))
}

// follow adds an instruction behind the statements of a block that has ended.
func (p *parser) follow(b *block) {
	if p.traced {
		b.stmts = append(b.stmts, &markStmt{m: p.here()})
	}
}

// jump is follow for a jump, which may go back to the beginning of a loop.
func (p *parser) jump(b *block, back bool) {
	if p.traced {
		b.stmts = append(b.stmts, &markStmt{p.jumping(), back})
	}
}

// jumping is a jump made now.
func (p *parser) jumping() *mark {
	m := p.here()
	if m != nil {
		m.jump = true
	}
	return m
}

// condition reads the condition of a statement (cond). At the end of a loop it jumps back.
func (p *parser) condition(back bool) exprNode {
	e := p.expr()
	if !p.traced {
		return e
	}
	e = p.tested(tokAnd, e)
	deciders(&e, ifTrue, true, false, func(part *exprNode, when landing, last, _ bool) {
		if when != 0 && !last {
			*part = &markExpr{e: *part, after: true, when: when}
		}
	})
	return &branchExpr{e, back}
}

// clears reports that variables are emptied without code of its own: at the very beginning of a function, or
// together with those before them (luaK_nil). Nothing may jump to between.
func (p *parser) clears() bool {
	f := p.fn
	if f.marks > f.target && (f.marks == 0 || f.marks == f.emptied) {
		return true
	}
	f.emptied = f.marks + 1
	return false
}

// target says that something jumps to what comes next.
func (p *parser) target() { p.fn.target = p.fn.marks }
