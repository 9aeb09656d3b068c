package lua

// A chunk that is loaded for a debugger has marks: one where C's compiler puts an instruction, with that
// instruction's line. Running over a mark whose line is another than that of the mark before it in the
// call, or that a loop has come back to, is what C's line hook hears (luaV_execute: traceexec). A chunk
// that is loaded to be run has none, and costs nothing.

// mark is one place where a debugger may stop.
type mark struct {
	line  int
	scope *local // the last of the variables that are visible there
	jump  bool   // it jumps, and what would jump to it goes where it goes (luaK_jump: jpc)
}

// Stopper hears of each line that a traced function begins.
type Stopper interface {
	Line(s *State, source string, line int)
}

// pass runs over a mark.
func (m *mark) pass(f *frame) {
	if m.jump && f.jumped {
		return
	}
	f.jumped = m.jump
	f.line, f.scope = m.line, m.scope
	if m.line == f.at && !f.back {
		return
	}
	f.at, f.back = m.line, false
	if s := f.s; s.Stops != nil && !s.stopped {
		s.stop(f)
	}
}

// stop tells the debugger of a line. What it runs meanwhile is not traced (allowhook).
func (s *State) stop(f *frame) {
	s.stopped = true
	defer func() { s.stopped = false }()
	s.Stops.Line(s, f.fn.proto.source, f.at)
}

type (
	// markExpr is an expression before or after whose evaluation there is a mark.
	markExpr struct {
		e     exprNode
		m     *mark
		after bool
		not   bool    // the instruction negates, and goes when the value is only tested
		when  landing // it is there only if the value decides the whole expression; without m, there is a jump
	}
	// markStmt is a mark between statements; back says that a loop goes back from there.
	markStmt struct {
		m    *mark
		back bool
	}
	// enterStmt begins a call: its first mark is heard of whatever line it has.
	enterStmt struct{}
	// branchExpr is a condition that jumps when it does not hold: forward, or, at the end of a loop, back.
	branchExpr struct {
		e    exprNode
		back bool
	}
)

// bare is an expression without its marks.
func bare(e exprNode) exprNode {
	for {
		m, marked := e.(*markExpr)
		if !marked {
			return e
		}
		e = m.e
	}
}

func compileMark(e *markExpr) eval {
	one, m := compileOne(e.e), e.m
	if when := e.when; when != 0 {
		return func(f *frame) Value {
			v := one(f)
			switch decides := v.Truth() && when&ifTrue != 0 || !v.Truth() && when&ifFalse != 0; {
			case decides && m != nil:
				m.pass(f)
			case decides:
				f.jumped = true
			}
			return v
		}
	}
	if e.after {
		return func(f *frame) Value {
			v := one(f)
			m.pass(f)
			return v
		}
	}
	return func(f *frame) Value {
		m.pass(f)
		return one(f)
	}
}

func compileBranch(e *branchExpr) eval {
	one, back := compileOne(e.e), e.back
	return func(f *frame) Value {
		v := one(f)
		if !v.Truth() {
			f.back, f.jumped = f.back || back, !back
		}
		return v
	}
}

func compileMarkStmt(s *markStmt) exec {
	m, back := s.m, s.back
	return func(f *frame) flow {
		m.pass(f)
		if back {
			f.back, f.jumped = true, false
		}
		return flowNext
	}
}

// enterCall is what an enterStmt does.
func enterCall(f *frame) flow {
	f.at, f.back, f.jumped, f.scope = -1, false, false, nil
	return flowNext
}

// marked has a list of values followed by a mark.
func (l list) marked(m *mark) list {
	if m == nil {
		return l
	}
	last := l.last
	l.last = func(f *frame) {
		if last != nil {
			last(f)
		}
		m.pass(f)
	}
	return l
}

// markedPush has a mark before any number of values.
func markedPush(m *mark, p push) push {
	if m == nil {
		return p
	}
	return func(f *frame) {
		m.pass(f)
		p(f)
	}
}

// compileMarkedFor is a numeric loop whose hidden variables a debugger can see.
func compileMarkedFor(s *numForStmt) exec {
	start, stop, step := compileOne(s.start), compileOne(s.stop), compileOne(s.step)
	set, body, line, base, cost := compileSet(s.v), compileBlock(s.body), s.line, s.base, s.body.cost()
	return func(f *frame) flow {
		r := f.regs[base : base+3]
		r[0] = start(f)
		r[1] = stop(f)
		r[2] = step(f)
		s.prepare.pass(f)
		i, ok1 := r[0].ToNumber()
		end, ok2 := r[1].ToNumber()
		by, ok3 := r[2].ToNumber()
		if !ok1 || !ok2 || !ok3 {
			f.line = line
			f.s.loopError(ok1, ok2)
		}
		i -= by
		r[0], r[1], r[2] = Num(i), Num(end), Num(by)
		for {
			s.turn.pass(f)
			f.step(line, cost)
			if i += by; !(by > 0 && i <= end || by <= 0 && end <= i) {
				return flowNext
			}
			r[0], f.back = Num(i), true
			set(f, Num(i))
			if how := execute(f, body); how == flowBreak {
				return flowNext
			} else if how != flowNext {
				return how
			}
		}
	}
}

// compileMarkedIn is a loop over what a function returns, with its marks.
func compileMarkedIn(s *genForStmt) exec {
	l, body, line, base, cost := compileList(s.exprs), compileBlock(s.body), s.line, s.base, s.body.cost()
	sets := make([]func(*frame, Value), len(s.vars))
	for i, v := range s.vars {
		sets[i] = compileSet(v)
	}
	return func(f *frame) flow {
		st := f.s
		at := len(st.stack)
		l.push(f)
		n := copy(f.regs[base:base+3], st.stack[at:])
		clear(f.regs[base+n : base+3])
		st.drop(at)
		s.prepare.pass(f)
		for {
			s.turn.pass(f)
			f.line = line
			f.step(line, cost)
			out := f.iterate(base)
			if len(out) == 0 || out[0].kind == KindNil {
				return flowNext
			}
			f.regs[base+2], f.back = out[0], true
			for i, set := range sets {
				v := Nil
				if i < len(out) {
					v = out[i]
				}
				set(f, v)
			}
			if how := execute(f, body); how == flowBreak {
				return flowNext
			} else if how != flowNext {
				return how
			}
		}
	}
}
