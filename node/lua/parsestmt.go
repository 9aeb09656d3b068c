package lua

// chunk reads statements up to what ends a block.
func (p *parser) chunk() *block {
	b, at := &block{}, p.pos
	p.enter()
	for last := false; !last && !p.blockEnds(); {
		var s stmtNode
		s, last = p.statement()
		p.accept(';')
		b.stmts = append(b.stmts, s)
	}
	p.leave()
	b.size = p.pos - at
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
	p.leaveBlock(b)
	return b
}

// leaveBlock ends the innermost block, whose statements b are.
func (p *parser) leaveBlock(b *block) {
	closes := p.closes()
	p.endBlock()
	if closes {
		p.follow(b)
	}
	p.target()
}

// statement reads one statement; last is true when nothing may follow it.
func (p *parser) statement() (s stmtNode, last bool) {
	line := p.line
	switch p.tok.kind {
	case tokIf:
		return p.ifStatement(line), false
	case tokWhile:
		return p.whileStatement(line), false
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
		return &breakStmt{p.jumping()}, true
	}
	return p.exprStatement(), false
}

func (p *parser) whileStatement(line int) stmtNode {
	p.target()
	at := p.pos
	p.next()
	cond := p.condition(false)
	p.expect(tokDo)
	body := p.scoped(true)
	p.jump(body, true)
	p.target()
	p.match(tokEnd, tokWhile, line)
	body.size = p.pos - at // every turn looks at the condition
	return &whileStmt{cond, body, line}
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
		s.conds = append(s.conds, p.condition(false))
		p.expect(tokThen)
		s.then = append(s.then, p.scoped(false))
		if p.tok.kind == tokElseif || p.tok.kind == tokElse {
			p.jump(s.then[len(s.then)-1], false) // over what is not to be done
		}
		p.target()
	}
	if p.accept(tokElse) {
		s.other = p.scoped(false)
		p.target()
	}
	p.match(tokEnd, tokIf, line)
	return s
}

func (p *parser) repeatStatement(line int) stmtNode {
	p.target()
	p.beginBlock(true)
	p.beginBlock(false)
	at := p.pos
	p.next()
	body := p.chunk()
	p.match(tokUntil, tokRepeat, line)
	cond := p.condition(true)
	p.target()
	p.endBlock()
	p.endBlock()
	body.size = p.pos - at
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
func (p *parser) hidden(base int, names ...string) {
	for i, name := range names {
		p.activate(&local{name: name, slot: base + i})
	}
}

func (p *parser) numericFor(name string, line int) stmtNode {
	p.next()
	s := &numForStmt{line: line}
	s.start = p.value(p.expr())
	p.expect(',')
	s.stop = p.value(p.expr())
	if p.accept(',') {
		s.step = p.value(p.expr())
	} else if p.traced {
		s.step = p.value(&constExpr{Num(1)})
	}
	if p.traced {
		s.base = p.slot(3)
	}
	p.hidden(s.base, "(for index)", "(for limit)", "(for step)")
	p.expect(tokDo)
	s.prepare = p.here()
	s.v, s.body = p.loopBody(name)
	s.turn = p.turn(line)
	return s
}

// loopBody reads the body of a numeric loop.
func (p *parser) loopBody(name string) (v *local, body *block) {
	p.beginBlock(false)
	v = p.declare(name)
	p.activate(v)
	p.target()
	body = p.chunk()
	p.leaveBlock(body)
	return v, body
}

// turn is the instruction that begins another turn of a loop; it has the line in which the loop begins.
func (p *parser) turn(line int) *mark {
	p.target()
	return p.at(line)
}

func (p *parser) genericFor(name string, line int) stmtNode {
	names := []string{name}
	for p.accept(',') {
		names = append(names, p.nameToken())
	}
	p.expect(tokIn)
	s := &genForStmt{line: p.line}
	s.exprs = p.values()
	s.base = p.slot(3)
	p.hidden(s.base, "(for generator)", "(for state)", "(for control)")
	p.expect(tokDo)
	s.prepare = p.here()
	p.beginBlock(false)
	for _, n := range names {
		s.vars = append(s.vars, p.declare(n))
	}
	p.activate(s.vars...)
	p.target()
	s.body = p.chunk()
	p.leaveBlock(s.body)
	s.turn = p.turn(s.line)
	return s
}

func (p *parser) functionStatement(line int) stmtNode {
	p.next()
	target := p.resolve(p.nameToken(), p.last)
	method := false
	for p.tok.kind == '.' || p.tok.kind == ':' {
		method = p.tok.kind == ':'
		target = p.anyRegister(target)
		p.next()
		target = &indexExpr{table: target, key: p.constant(p.nameToken()), line: p.last}
		if method {
			break
		}
	}
	return p.defined(target, p.functionBody(method, line), line)
}

func (p *parser) localFunction() stmtNode {
	l := p.declare(p.nameToken())
	p.activate(l)
	f := p.functionBody(false, p.line)
	m := p.here()
	if m != nil {
		m.scope = l.outer // it is seen only after this
	}
	return &localFuncStmt{l, f, m}
}

func (p *parser) localStatement() stmtNode {
	names := []string{p.nameToken()}
	for p.accept(',') {
		names = append(names, p.nameToken())
	}
	s := &localStmt{}
	if p.accept('=') {
		s.exprs = p.values()
	} else if p.traced && !p.clears() {
		s.m = p.here()
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
		s.exprs = p.returned()
	}
	s.m = p.here()
	return s
}

// returned are the values of a return.
func (p *parser) returned() []exprNode {
	list := p.exprList()
	switch last := len(list) - 1; {
	case last == 0:
		if !isMulti(list[0]) {
			list[0] = p.anyRegister(list[0])
		}
	case !isMulti(list[last]):
		list[last] = p.value(list[last])
	}
	return list
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
	if s.exprs = p.exprList(); len(s.exprs) == 1 && len(s.targets) == 1 {
		s.exprs[0] = p.stored(e, s.exprs[0])
	} else {
		s.exprs, s.m = p.lastValue(s.exprs), p.here()
	}
	s.line = p.last
	return s
}

// defined is a function statement: its storing happens in its first line.
func (p *parser) defined(target exprNode, f *funcBody, line int) stmtNode {
	made := &funcExpr{f: f, m: p.here()}
	var value exprNode = made
	if _, register := target.(*localExpr); register && p.traced {
		made.m.line = line
	} else if p.traced {
		value = &markExpr{e: made, m: p.at(line), after: true}
	}
	return &assignStmt{targets: []exprNode{target}, exprs: []exprNode{value}, line: line}
}

func (p *parser) assignable(e exprNode) {
	switch e.(type) {
	case *localExpr, *upExpr, *globalExpr, *indexExpr:
		return
	}
	p.errorHere("syntax error")
}
