package lua

// Which part of an expression of and, or and not decides it, and which of them leave a value for C's compiler.

// jumps reports whether an expression is a comparison, which jumps and has no value yet.
func jumps(e exprNode) bool {
	switch x := bare(e).(type) {
	case *parenExpr:
		return jumps(x.e)
	case *unaryExpr:
		return x.op == tokNot && jumps(x.e)
	case *binaryExpr:
		switch x.op {
		case tokEq, tokNe, '<', tokLe, '>', tokGe:
			return true
		}
	}
	return false
}

// leaps reports whether a part that may decide an expression jumps without leaving a value, so that one is
// made at the end (need_value).
func leaps(e exprNode) (found bool) {
	deciders(&e, ifTrue|ifFalse, true, false, func(part *exprNode, when landing, last, negated bool) {
		found = found || when != 0 && lacks(*part, negated && !last)
	})
	return found
}

// lacks reports whether a part of an expression that decides leaves no value.
func lacks(part exprNode, negated bool) bool {
	_, known := constant(bare(part))
	return !known && (jumps(part) || negated)
}

func junction(x *binaryExpr) bool { return x.op == tokAnd || x.op == tokOr }

// decider is the part of an expression that is its value when the others have not decided.
func decider(e *exprNode) *exprNode {
	switch x := (*e).(type) {
	case *parenExpr:
		if d := decider(&x.e); d != &x.e {
			return d
		}
	case *binaryExpr:
		if junction(x) {
			return decider(&x.b)
		}
	}
	return e
}

// landing says for which truth of a part of an expression it decides the whole.
type landing uint8

const (
	ifTrue landing = 1 << iota
	ifFalse
)

// turned is a landing behind not.
func (w landing) turned() landing { return w&ifTrue<<1 | w&ifFalse>>1 }

// deciders calls f for each part that can decide an expression: for which truth it does, whether it is the
// one that decides when no other has, and whether it stands under not, where no part leaves a value.
func deciders(e *exprNode, when landing, last, bare bool, f func(part *exprNode, when landing, last, negated bool)) {
	switch x := (*e).(type) {
	case *parenExpr:
		deciders(&x.e, when, last, bare, f)
		return
	case *unaryExpr:
		if x.op == tokNot && !jumps(x) {
			deciders(&x.e, when.turned(), last, true, f)
			return
		}
	case *binaryExpr:
		if junction(x) {
			deciders(&x.b, when, last, bare, f)
			if x.op == tokAnd {
				when &= ifFalse
			} else {
				when &= ifTrue
			}
			deciders(&x.a, when, false, bare, f)
			return
		}
	}
	f(e, when, last, bare)
}

// decided is the value of and, or and not over them (luaK_exp2reg): of the part that comes last, or, where
// another has decided by jumping, one that is made at the end.
func (p *parser) decided(e exprNode) exprNode {
	leap := leaps(e)
	d := decider(&e)
	if u, negation := e.(*unaryExpr); negation {
		d = decider(&u.e)
	}
	if *d = p.value(*d); !leap {
		return e
	}
	*d = p.then(*d)
	m := p.here()
	deciders(&e, ifTrue|ifFalse, true, false, func(part *exprNode, when landing, _, bare bool) {
		if when != 0 && lacks(*part, bare) {
			*part = &markExpr{e: *part, m: m, after: true, when: when}
		}
	})
	return e
}
