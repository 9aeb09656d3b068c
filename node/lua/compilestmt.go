package lua

func compileStmt(s stmtNode) exec {
	switch s := s.(type) {
	case *localStmt:
		return compileLocalStmt(s)
	case *assignStmt:
		return compileAssign(s)
	case *callStmt:
		call := compileCall(s.call)
		return func(f *frame) flow {
			call(f)
			return flowNext
		}
	case *doStmt:
		body := compileBlock(s.body)
		return func(f *frame) flow { return execute(f, body) }
	case *whileStmt:
		return compileWhile(s)
	case *repeatStmt:
		return compileRepeat(s)
	case *ifStmt:
		return compileIf(s)
	case *numForStmt:
		return compileNumericFor(s)
	case *genForStmt:
		return compileGenericFor(s)
	case *localFuncStmt:
		p, set := compileFunc(s.f), compileSet(s.v)
		return func(f *frame) flow {
			set(f, Nil)
			if s.m != nil {
				s.m.pass(f)
			}
			fn := functionValue(f.closure(p))
			if s.v.captured {
				f.regs[s.v.slot].o.(*cell).v = fn
			} else {
				f.regs[s.v.slot] = fn
			}
			return flowNext
		}
	case *returnStmt:
		return compileReturn(s)
	case *breakStmt:
		if s.m != nil {
			return func(f *frame) flow {
				s.m.pass(f)
				return flowBreak
			}
		}
		return func(*frame) flow { return flowBreak }
	case *markStmt:
		return compileMarkStmt(s)
	case *enterStmt:
		return enterCall
	}
	panic("lua: no such statement")
}

// compileSet begins the life of a local with a value.
func compileSet(l *local) func(f *frame, v Value) {
	i := l.slot
	if l.captured {
		return func(f *frame, v Value) { f.regs[i] = f.s.newCell(v) }
	}
	return func(f *frame, v Value) { f.regs[i] = v }
}

func compileLocalStmt(s *localStmt) exec {
	sets := make([]func(*frame, Value), len(s.vars))
	for i, l := range s.vars {
		sets[i] = compileSet(l)
	}
	if len(s.vars) == 1 && len(s.exprs) == 1 {
		e, set := compileOne(s.exprs[0]), sets[0]
		if !s.vars[0].captured {
			return storeLocal(s.vars[0].slot, e)
		}
		return func(f *frame) flow {
			set(f, e(f))
			return flowNext
		}
	}
	l := compileList(s.exprs).marked(s.m)
	return func(f *frame) flow {
		st := f.s
		base := len(st.stack)
		l.push(f)
		for i, set := range sets {
			v := Nil
			if base+i < len(st.stack) {
				v = st.stack[base+i]
			}
			set(f, v)
		}
		st.drop(base)
		return flowNext
	}
}

// storeLocal puts a value into a register.
func storeLocal(slot int, value eval) exec {
	return func(f *frame) flow {
		f.regs[slot] = value(f)
		return flowNext
	}
}

// place is what can be assigned to. prepare evaluates its table and key and puts them on the stack.
type place struct {
	operands int
	prepare  push
	set      func(f *frame, operands []Value, v Value)
}

func compilePlace(e exprNode, line int) place {
	switch e := e.(type) {
	case *localExpr:
		i := e.l.slot
		if e.l.captured {
			return place{set: func(f *frame, _ []Value, v Value) { f.regs[i].o.(*cell).v = v }}
		}
		return place{set: func(f *frame, _ []Value, v Value) { f.regs[i] = v }}
	case *upExpr:
		i := e.index
		return place{set: func(f *frame, _ []Value, v Value) { f.fn.ups[i].v = v }}
	case *globalExpr:
		key := Value{kind: KindString, o: e.name}
		return place{set: func(f *frame, _ []Value, v Value) {
			f.line = line
			f.s.setIndex(tableValue(f.s.globals), key, v, "")
		}}
	}
	x := e.(*indexExpr)
	table, key, what := compileOne(x.table), compileOne(x.key), describe(x.table)
	return place{
		operands: 2,
		prepare: func(f *frame) {
			t := table(f)
			f.s.stack = append(f.s.stack, t)
			k := key(f)
			f.s.stack = append(f.s.stack, k)
		},
		set: func(f *frame, operands []Value, v Value) {
			f.line = line
			f.s.setIndex(operands[0], operands[1], v, what)
		},
	}
}

func compileAssign(s *assignStmt) exec {
	if len(s.targets) == 1 && len(s.exprs) == 1 {
		return compileAssignOne(s)
	}
	places := make([]place, len(s.targets))
	operands := 0
	for i, t := range s.targets {
		places[i] = compilePlace(t, s.line)
		operands += places[i].operands
	}
	l := compileList(s.exprs).marked(s.m)
	return func(f *frame) flow {
		st := f.s
		base := len(st.stack)
		for i := range places {
			if places[i].prepare != nil {
				places[i].prepare(f)
			}
		}
		values := len(st.stack)
		l.push(f)
		for len(st.stack) < values+len(places) {
			st.stack = append(st.stack, Nil)
		}
		at := base + operands
		for i := len(places) - 1; i >= 0; i-- { // the last place first, as C's code does
			at -= places[i].operands
			places[i].set(f, st.stack[at:], st.stack[values+i])
		}
		st.drop(base)
		return flowNext
	}
}

func compileAssignOne(s *assignStmt) exec {
	value := compileOne(s.exprs[0])
	switch x := s.targets[0].(type) {
	case *indexExpr:
		table, key, what, line := compileOperand(x.table), compileOperand(x.key), describe(x.table), s.line
		lateTable, lateKey := late(x.table), late(x.key)
		return func(f *frame) flow {
			t, k := table.value(f), key.value(f)
			v := value(f)
			if lateTable {
				t = table.value(f)
			}
			if lateKey {
				k = key.value(f)
			}
			if t.replace(k, v) {
				return flowNext
			}
			f.line = line
			f.s.setIndex(t, k, v, what)
			return flowNext
		}
	case *localExpr:
		if !x.l.captured {
			return storeLocal(x.l.slot, value)
		}
	}
	set := compilePlace(s.targets[0], s.line).set
	return func(f *frame) flow {
		set(f, nil, value(f))
		return flowNext
	}
}

func compileIf(s *ifStmt) exec {
	conds, then := make([]test, len(s.conds)), make([][]exec, len(s.conds))
	for i := range s.conds {
		conds[i], then[i] = compileTest(s.conds[i]), compileBlock(s.then[i])
	}
	var other []exec
	if s.other != nil {
		other = compileBlock(s.other)
	}
	return func(f *frame) flow {
		for i, c := range conds {
			if c(f) {
				return execute(f, then[i])
			}
		}
		return execute(f, other)
	}
}

// step counts one turn of a loop, whose body costs that many steps more.
func (f *frame) step(line, cost int) {
	if f.s.steps -= 1 + cost; f.s.steps < 0 {
		f.tick(line)
	}
}

func (f *frame) tick(line int) {
	f.line = line
	f.s.tick()
}

func compileWhile(s *whileStmt) exec {
	cond, body, line, cost := compileTest(s.cond), compileBlock(s.body), s.line, s.body.cost()
	return func(f *frame) flow {
		for cond(f) {
			f.step(line, cost)
			if how := execute(f, body); how == flowBreak {
				break
			} else if how != flowNext {
				return how
			}
		}
		return flowNext
	}
}

func compileRepeat(s *repeatStmt) exec {
	cond, body, line, cost := compileTest(s.cond), compileBlock(s.body), s.line, s.body.cost()
	return func(f *frame) flow {
		for {
			f.step(line, cost)
			if how := execute(f, body); how == flowBreak {
				break
			} else if how != flowNext {
				return how
			}
			if cond(f) {
				break
			}
		}
		return flowNext
	}
}

func compileNumericFor(s *numForStmt) exec {
	if s.turn != nil {
		return compileMarkedFor(s)
	}
	start, stop, step := compileOne(s.start), compileOne(s.stop), eval(func(*frame) Value { return Num(1) })
	if s.step != nil {
		step = compileOne(s.step)
	}
	set, body, line, cost := compileSet(s.v), compileBlock(s.body), s.line, s.body.cost()
	slot, captured := s.v.slot, s.v.captured
	return func(f *frame) flow {
		a, b, c := start(f), stop(f), step(f)
		i, ok1 := f.s.toNumber(a)
		end, ok2 := f.s.toNumber(b)
		by, ok3 := f.s.toNumber(c)
		if !ok1 || !ok2 || !ok3 {
			f.line = line
			f.s.loopError(ok1, ok2)
		}
		for i = firstTurn(i, by); by > 0 && i <= end || by <= 0 && end <= i; i += by {
			f.step(line, cost)
			if captured {
				set(f, Num(i))
			} else {
				f.regs[slot] = Num(i)
			}
			if how := execute(f, body); how == flowBreak {
				break
			} else if how != flowNext {
				return how
			}
		}
		return flowNext
	}
}

// firstTurn is what a loop's variable begins with: C's loop goes one step back before it goes forward the first
// time, and what is lost by rounding is lost (OP_FORPREP).
func firstTurn(start, step float64) float64 { return (start - step) + step }

func (s *State) loopError(start, stop bool) {
	switch {
	case !start:
		s.fault("'for' initial value must be a number")
	case !stop:
		s.fault("'for' limit must be a number")
	}
	s.fault("'for' step must be a number")
}

func compileGenericFor(s *genForStmt) exec {
	if s.turn != nil {
		return compileMarkedIn(s)
	}
	l, body, line, base, cost := compileList(s.exprs), compileBlock(s.body), s.line, s.base, s.body.cost()
	sets := make([]func(*frame, Value), len(s.vars))
	for i, v := range s.vars {
		sets[i] = compileSet(v)
	}
	return func(f *frame) flow {
		s := f.s
		at := len(s.stack)
		l.push(f)
		n := copy(f.regs[base:base+3], s.stack[at:])
		clear(f.regs[base+n : base+3])
		s.drop(at)
		for {
			f.line = line
			f.step(line, cost)
			out := f.iterate(base)
			if len(out) == 0 || out[0].kind == KindNil {
				return flowNext
			}
			f.regs[base+2] = out[0]
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

// generator is where the function of a loop is called.
var generator = callee{name: "(for generator)"}

// iterate calls a loop's function.
func (f *frame) iterate(base int) []Value {
	s := f.s
	fn := f.regs[base]
	at := len(s.stack)
	s.stack = append(s.stack, f.regs[base+1], f.regs[base+2])
	if fn.kind == KindFunction {
		s.site = &generator
		out := s.callAcross(fn.o.(*Function), s.stack[at:])
		s.drop(at)
		return out
	}
	h := s.metamethod(fn, "__call")
	if h.kind != KindFunction {
		s.typeError(fn, "call", "")
	}
	out := s.callAcross(h.o.(*Function), append([]Value{fn}, s.stack[at:]...))
	s.drop(at)
	return out
}

// callAcross calls from where C would call: nothing yields across it.
func (s *State) callAcross(fn *Function, args []Value) []Value {
	t := s.thread
	if t.native++; t.native >= maxNatives {
		t.native--
		s.fault("C stack overflow")
	}
	out := s.call(fn, args)
	t.native--
	return out
}
