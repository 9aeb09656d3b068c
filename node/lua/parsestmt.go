package lua

// chunk reads statements up to what ends a block.
func (p *parser) chunk() *block {
	b := &block{}
	p.enter()
	for last := false; !last && !p.blockEnds(); {
		var s stmtNode
		s, last = p.statement()
		p.accept(';')
		b.stmts = append(b.stmts, s)
	}
	p.leave()
	return b
}

func (p *parser) blockEnds() bool {
	switch p.tok.kind {
	case tokElse, tokElseif, tokEnd, tokEOS, tokUntil:
		return true
	}
	return false
}

func (p *parser) scoped(loop bool) *block {
	p.beginBlock(loop)
	b := p.chunk()
	p.endBlock()
	return b
}

// statement reads one statement; last is true when nothing may follow it.
func (p *parser) statement() (s stmtNode, last bool) {
	line := p.line
	switch p.tok.kind {
	case tokIf:
		return p.ifStatement(line), false
	case tokWhile:
		p.next()
		cond := p.expr()
		p.expect(tokDo)
		body := p.scoped(true)
		p.match(tokEnd, tokWhile, line)
		return &whileStmt{cond, body, line}, false
	case tokDo:
		p.next()
		body := p.scoped(false)
		p.match(tokEnd, tokDo, line)
		return &doStmt{body}, false
	case tokFor:
		return p.forStatement(line), false
	case tokRepeat:
		return p.repeatStatement(line), false
	case tokFunction:
		return p.functionStatement(line), false
	case tokLocal:
		p.next()
		if p.accept(tokFunction) {
			return p.localFunction(), false
		}
		return p.localStatement(), false
	case tokReturn:
		return p.returnStatement(line), true
	case tokBreak:
		p.next()
		p.checkBreak()
		return &breakStmt{}, true
	}
	return p.exprStatement(), false
}

func (p *parser) checkBreak() {
	for _, b := range p.fn.blocks {
		if b.loop {
			return
		}
	}
	p.errorHere("no loop to break")
}

func (p *parser) ifStatement(line int) stmtNode {
	s := &ifStmt{}
	for first := true; first || p.tok.kind == tokElseif; first = false {
		p.next()
		s.conds = append(s.conds, p.expr())
		p.expect(tokThen)
		s.then = append(s.then, p.scoped(false))
	}
	if p.accept(tokElse) {
		s.other = p.scoped(false)
	}
	p.match(tokEnd, tokIf, line)
	return s
}

func (p *parser) repeatStatement(line int) stmtNode {
	p.beginBlock(true)
	p.beginBlock(false)
	p.next()
	body := p.chunk()
	p.match(tokUntil, tokRepeat, line)
	cond := p.expr()
	p.endBlock()
	p.endBlock()
	return &repeatStmt{body, cond, line}
}

func (p *parser) forStatement(line int) (s stmtNode) {
	p.beginBlock(true)
	p.next()
	name := p.nameToken()
	switch p.tok.kind {
	case '=':
		s = p.numericFor(name, line)
	case ',', tokIn:
		s = p.genericFor(name, line)
	default:
		p.errorHere("'=' or 'in' expected")
	}
	p.match(tokEnd, tokFor, line)
	p.endBlock()
	return s
}

// hidden are the variables that C keeps for a loop; they count among the locals.
func (p *parser) hidden() {
	p.activate(&local{name: "(for 1)"}, &local{name: "(for 2)"}, &local{name: "(for 3)"})
}

func (p *parser) numericFor(name string, line int) stmtNode {
	p.next()
	s := &numForStmt{line: line}
	s.start = p.expr()
	p.expect(',')
	s.stop = p.expr()
	if p.accept(',') {
		s.step = p.expr()
	}
	p.hidden()
	p.expect(tokDo)
	p.beginBlock(false)
	s.v = p.declare(name)
	p.activate(s.v)
	s.body = p.chunk()
	p.endBlock()
	return s
}

func (p *parser) genericFor(name string, line int) stmtNode {
	names := []string{name}
	for p.accept(',') {
		names = append(names, p.nameToken())
	}
	p.expect(tokIn)
	s := &genForStmt{line: p.line}
	s.exprs = p.exprList()
	s.base = p.slot(3)
	p.hidden()
	p.expect(tokDo)
	p.beginBlock(false)
	for _, n := range names {
		s.vars = append(s.vars, p.declare(n))
	}
	p.activate(s.vars...)
	s.body = p.chunk()
	p.endBlock()
	return s
}

func (p *parser) functionStatement(line int) stmtNode {
	p.next()
	target := p.resolve(p.nameToken(), p.last)
	method := false
	for p.tok.kind == '.' || p.tok.kind == ':' {
		method = p.tok.kind == ':'
		p.next()
		target = &indexExpr{target, p.constant(p.nameToken()), p.last}
		if method {
			break
		}
	}
	f := p.functionBody(method, line)
	return &assignStmt{[]exprNode{target}, []exprNode{&funcExpr{f}}, line}
}

func (p *parser) localFunction() stmtNode {
	l := p.declare(p.nameToken())
	p.activate(l)
	return &localFuncStmt{l, p.functionBody(false, p.line)}
}

func (p *parser) localStatement() stmtNode {
	names := []string{p.nameToken()}
	for p.accept(',') {
		names = append(names, p.nameToken())
	}
	s := &localStmt{}
	if p.accept('=') {
		s.exprs = p.exprList()
	}
	for _, n := range names {
		s.vars = append(s.vars, p.declare(n))
	}
	p.activate(s.vars...)
	return s
}

func (p *parser) returnStatement(line int) stmtNode {
	p.next()
	s := &returnStmt{line: line}
	if !p.blockEnds() && p.tok.kind != ';' {
		s.exprs = p.exprList()
	}
	return s
}

// exprStatement reads a call or an assignment.
func (p *parser) exprStatement() stmtNode {
	e := p.primaryExpr()
	if call, ok := e.(*callExpr); ok {
		return &callStmt{call}
	}
	s := &assignStmt{targets: []exprNode{e}}
	p.assignable(e)
	for p.accept(',') {
		e := p.primaryExpr()
		s.targets = append(s.targets, e)
		p.assignable(e)
		if p.depth+len(s.targets) > maxNesting {
			p.fail("chunk has too many syntax levels", "")
		}
	}
	p.expect('=')
	s.exprs = p.exprList()
	s.line = p.last
	return s
}

func (p *parser) assignable(e exprNode) {
	switch e.(type) {
	case *localExpr, *upExpr, *globalExpr, *indexExpr:
		return
	}
	p.errorHere("syntax error")
}
