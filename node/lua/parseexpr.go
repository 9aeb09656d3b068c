package lua

// exprList reads expressions. Those before the last have their values then.
func (p *parser) exprList() []exprNode {
	list := []exprNode{p.expr()}
	for p.accept(',') {
		list[len(list)-1] = p.value(list[len(list)-1])
		list = append(list, p.expr())
	}
	return list
}

// values reads expressions that all have their values then.
func (p *parser) values() []exprNode { return p.lastValue(p.exprList()) }

func (p *parser) lastValue(list []exprNode) []exprNode {
	if last := len(list) - 1; !isMulti(list[last]) {
		list[last] = p.value(list[last])
	}
	return list
}

func (p *parser) expr() exprNode { return p.subExpr(0) }

// binding says how tightly operators bind to what stands left and right of them.
var binding = map[tokenKind]struct{ left, right int }{
	'+': {6, 6}, '-': {6, 6}, '*': {7, 7}, '/': {7, 7}, '%': {7, 7}, '^': {10, 9}, tokConcat: {5, 4},
	tokNe: {3, 3}, tokEq: {3, 3}, '<': {3, 3}, tokLe: {3, 3}, '>': {3, 3}, tokGe: {3, 3}, tokAnd: {2, 2}, tokOr: {1, 1},
}

// unaryBinding is that of not, - and #.
const unaryBinding = 8

// subExpr reads an expression whose operators bind more tightly than limit.
func (p *parser) subExpr(limit int) (e exprNode) {
	p.enter()
	switch op := p.tok.kind; op {
	case tokNot, '-', '#':
		p.next()
		operand := p.single(op, p.subExpr(unaryBinding))
		e = foldUnary(&unaryExpr{op, operand, p.last})
	default:
		e = p.simpleExpr()
	}
	for n := 1; ; n++ {
		op := p.tok.kind
		b, known := binding[op]
		if !known || b.left <= limit {
			break
		}
		p.link(n)
		p.next()
		e = p.left(op, e)
		right := p.right(op, e, p.subExpr(b.right))
		e = foldBinary(&binaryExpr{op, e, right, p.last})
	}
	p.leave()
	return e
}

// constant is the value of an expression that is known already.
func constant(e exprNode) (v Value, ok bool) {
	if paren, is := e.(*parenExpr); is {
		return constant(paren.e)
	}
	if c, is := e.(*constExpr); is {
		return c.v, true
	}
	return Nil, false
}

// foldUnary makes a constant of what is known already. What C's compiler folds shows in the texts of errors.
func foldUnary(u *unaryExpr) exprNode {
	v, known := constant(u.e)
	switch {
	case known && u.op == '-' && v.kind == KindNumber:
		return &constExpr{Num(-v.n)}
	case known && u.op == tokNot:
		return &constExpr{Bool(!v.Truth())}
	}
	return u
}

// foldBinary makes a constant of two numbers, and leaves out the first operand of and and or when it is
// known to be of no account.
func foldBinary(b *binaryExpr) exprNode {
	v, known := constant(b.a)
	if !known {
		return b
	}
	if b.op == tokAnd && v.Truth() || b.op == tokOr && !v.Truth() {
		return &parenExpr{b.b}
	}
	w, known := constant(b.b)
	op, arithmetic := operators[b.op]
	if !known || !arithmetic || v.kind != KindNumber || w.kind != KindNumber || w.n == 0 && (b.op == '/' || b.op == '%') {
		return b
	}
	if n := op.f(v.n, w.n); n == n {
		return &constExpr{Num(n)}
	}
	return b
}

func (p *parser) simpleExpr() (e exprNode) {
	switch p.tok.kind {
	case tokNumber:
		e = &constExpr{Num(p.tok.num)}
	case tokString:
		e = p.constant(p.tok.text)
	case tokNil:
		e = &constExpr{Nil}
	case tokTrue:
		e = &constExpr{True}
	case tokFalse:
		e = &constExpr{False}
	case tokDots:
		if !p.fn.dots {
			p.errorHere("cannot use '...' outside a vararg function")
		}
		p.fn.arg = nil
		e = &dotsExpr{p.here()}
	case '{':
		return p.tableConstructor()
	case tokFunction:
		p.next()
		f := p.functionBody(false, p.line)
		return &funcExpr{f, p.here()}
	default:
		return p.primaryExpr()
	}
	p.next()
	return e
}

func (p *parser) prefixExpr() exprNode {
	switch p.tok.kind {
	case '(':
		line := p.line
		p.next()
		e := p.expr()
		p.match(')', '(', line)
		return &parenExpr{p.fetch(e)}
	case tokName:
		name := p.tok.text
		p.next()
		return p.resolve(name, p.last)
	}
	p.errorHere("unexpected symbol")
	return nil
}

// primaryExpr reads a name or a parenthesis with its indices and calls.
func (p *parser) primaryExpr() exprNode {
	e := p.prefixExpr()
	for n := 1; ; n++ {
		p.link(n)
		switch p.tok.kind {
		case '.':
			e = p.anyRegister(e)
			p.next()
			line := p.line
			e = &indexExpr{table: e, key: p.constant(p.nameToken()), line: line}
		case '[':
			e = p.anyRegister(e)
			p.next()
			key := p.key(p.expr())
			p.expect(']')
			e = &indexExpr{table: e, key: p.operand(key), line: p.last}
		case ':':
			p.next()
			method := p.text(p.nameToken())
			if e = p.anyRegister(e); p.traced {
				e = p.then(e)
			}
			e = p.call(e, method)
		case '(', tokString, '{':
			e = p.call(p.value(e), nil)
		default:
			return e
		}
	}
}

// call reads the arguments of a call.
func (p *parser) call(fn exprNode, method *str) exprNode {
	line := p.line
	c := &callExpr{fn: fn, method: method, line: line}
	switch p.tok.kind {
	case '(':
		if line != p.last {
			p.errorHere("ambiguous syntax (function call x new statement)")
		}
		p.next()
		if p.tok.kind != ')' {
			c.args = p.exprList()
		}
		if p.match(')', '(', line); len(c.args) > 0 {
			c.args = p.lastValue(c.args)
		}
	case '{':
		c.args = []exprNode{p.tableConstructor()}
	case tokString:
		c.args = []exprNode{p.constant(p.tok.text)}
		p.next()
		c.args = p.lastValue(c.args)
	default:
		p.errorHere("function arguments expected")
	}
	c.m = p.at(line)
	return c
}

func (p *parser) tableConstructor() exprNode {
	line := p.line
	t := &tableExpr{line: line, m: p.here()}
	p.expect('{')
	for p.tok.kind != '}' {
		t.settle(p)
		item := p.tableItem()
		t.items = append(t.items, item)
		if item.key != nil {
			t.hash++
		} else {
			t.array++
		}
		if !p.accept(',') && !p.accept(';') {
			break
		}
	}
	p.match('}', '{', line)
	if n := len(t.items); n > 0 && t.items[n-1].key == nil && isMulti(t.items[n-1].value) {
		t.array--
		t.end = p.here()
	} else if t.settle(p); t.array > 0 {
		t.end = p.here()
	}
	return t
}

// settle has the last element so far in its register.
func (t *tableExpr) settle(p *parser) {
	if n := len(t.items); n > 0 && t.items[n-1].key == nil {
		t.items[n-1].value = p.value(t.items[n-1].value)
	}
}

func (p *parser) tableItem() tableItem {
	switch {
	case p.tok.kind == tokName && p.peek() == '=':
		key := p.constant(p.nameToken()).v
		p.expect('=')
		return tableItem{&constExpr{key}, p.field(p.expr())}
	case p.tok.kind == '[':
		p.next()
		key := p.key(p.expr())
		p.expect(']')
		p.expect('=')
		key = p.operand(key)
		return tableItem{key, p.field(p.expr())}
	}
	return tableItem{nil, p.expr()}
}

// isMulti reports whether an expression can have any number of values.
func isMulti(e exprNode) bool {
	switch e.(type) {
	case *callExpr, *dotsExpr:
		return true
	}
	return false
}

func (p *parser) functionBody(method bool, line int) *funcBody {
	p.open(&funcBody{line: line})
	p.expect('(')
	if method {
		p.parameter("self")
	}
	p.parameters()
	p.expect(')')
	p.fn.body = p.chunk()
	p.match(tokEnd, tokFunction, line)
	p.finish()
	return p.close()
}

func (p *parser) parameter(name string) *local {
	l := p.declare(name)
	p.activate(l)
	p.fn.params = append(p.fn.params, l)
	return l
}

func (p *parser) parameters() {
	if p.tok.kind == ')' {
		return
	}
	for {
		switch p.tok.kind {
		case tokName:
			p.parameter(p.nameToken())
		case tokDots:
			p.next()
			p.fn.vararg, p.fn.dots = true, true
			l := p.declare("arg") // a function that never says ... gets its extra arguments here
			p.activate(l)
			p.fn.arg = l
			return
		default:
			p.errorHere("<name> or '...' expected")
		}
		if !p.accept(',') {
			return
		}
	}
}
