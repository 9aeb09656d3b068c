package lua

// Function is a Lua function with what it captured, or one of Go.
type Function struct {
	proto  *proto
	ups    []*cell
	native Native
	id     uint32
	epoch  uint32
}

// Native is a function in Go. args are valid until it returns; what it returns is read at once.
type Native func(s *State, args []Value) []Value

// cell is a variable that more than one function uses.
type cell struct {
	v     Value
	epoch uint32
}

// proto is a function's code.
type proto struct {
	source  string
	line    int
	params  []*local
	vararg  bool
	traced  bool // it has marks
	arg     *local
	slots   int
	weight  int // of a call: how much of Go's stack it may take, in frames
	body    []exec
	ups     []upRef
	upNames []string
	cost    int // of a call besides the step that it is: what it does without another call or a turn of a loop
	size    int // about what its code occupies; a chunk's is that of all its functions
	epoch   uint32
}

// frame is one call. Frames are kept and used again, registers and all.
type frame struct {
	s       *State
	fn      *Function
	regs    []Value
	varargs []Value
	out     []Value // what return left
	site    *callee // where it was called, unless by Go
	line    int
	tails   int // tail calls that led here: levels that the caller's line is not known for
	tail    *Function
	scratch []Value
	right   Value // of an operation whose left side is late

	at     int    // of a traced function: the line of the last mark
	back   bool   // a loop has gone back since
	jumped bool   // what comes next was jumped to
	scope  *local // what is visible at it
}

// thread is a coroutine, or the main line of a State.
type thread struct {
	frames []*frame
	depth  int
	native int // calls from Go into Lua that are open: nothing yields across them
	weight int // of all open calls
	co     *coroutine
	id     uint32
	epoch  uint32
}

// The limits of calls, as in C.
const (
	maxCalls   = 16384 // Lua's own stack of calls ends at 20,000 and grows by doubling
	maxNatives = 200   // C calls Lua calls C …
	// maxWeight bounds the frames on Go's stacks, coroutines' included: about 100 MB. Beyond a gigabyte
	// the whole process would end.
	maxWeight = 400_000
	// callWeight is how many frames a call takes besides those of its deepest expression.
	callWeight = 8
)

// push opens a frame.
func (t *thread) push(s *State, fn *Function) *frame {
	if t.depth == len(t.frames) {
		t.frames = append(t.frames, &frame{})
	}
	f := t.frames[t.depth]
	t.depth++
	f.s, f.fn, f.line, f.tails, f.site = s, fn, -1, 0, s.site
	s.site = nil
	return f
}

// Call calls a function from Go; an error passes through it as a panic.
func (s *State) Call(fn Value, args ...Value) []Value {
	t := s.thread
	if t.native++; t.native >= maxNatives {
		t.native--
		s.fault("C stack overflow")
	}
	out := s.call(s.callable(fn, &args), args)
	t.native--
	return out
}

// call1 is Call for one result.
func (s *State) call1(fn Value, args ...Value) Value {
	if out := s.Call(fn, args...); len(out) > 0 {
		return out[0]
	}
	return Nil
}

// callable is the function behind a value: itself, or its __call, which gets the value first.
func (s *State) callable(fn Value, args *[]Value) *Function {
	if fn.kind == KindFunction {
		return fn.o.(*Function)
	}
	if h := s.metamethod(fn, "__call"); h.kind == KindFunction {
		*args = append([]Value{fn}, *args...)
		return h.o.(*Function)
	}
	s.fault("attempt to call a %s value", fn.kind)
	return nil
}

// call runs a function. Its results are valid until the next call at this depth.
func (s *State) call(fn *Function, args []Value) []Value {
	t := s.thread
	if t.depth >= maxCalls {
		s.fault("stack overflow")
	}
	s.owe(1 + len(args)/placesPerStep)
	if fn.proto != nil {
		s.owe(fn.proto.cost)
	}
	if s.steps < 0 {
		s.tick()
	}
	f := t.push(s, fn)
	if fn.native != nil {
		out := fn.native(s, args)
		t.depth--
		return out
	}
	s.weigh(fn.proto.weight)
	out := f.run(args)
	s.weigh(-f.fn.proto.weight)
	t.depth--
	return out
}

// weigh counts what a call takes of Go's stack, or gives it back.
func (s *State) weigh(n int) {
	if s.weight+n > maxWeight {
		s.fault("stack overflow")
	}
	s.weight += n
	s.thread.weight += n
}

// unweigh forgets the calls of a thread down to what was open before an error.
func (s *State) unweigh(t *thread, before int) {
	s.weight -= t.weight - before
	t.weight = before
}

// run executes a Lua function and those it calls in its own place.
func (f *frame) run(args []Value) []Value {
	f.begin(args)
	for {
		switch execute(f, f.fn.proto.body) {
		case flowReturn:
			f.end()
			return f.out
		case flowTail:
			f.s.weigh(f.tail.proto.weight - f.fn.proto.weight)
			f.fn, f.tail = f.tail, nil
			f.tails++
			args := f.scratch
			f.s.Spend(1 + f.fn.proto.cost + len(args)/placesPerStep)
			f.scratch = nil
			f.begin(args)
			clear(args)
			f.scratch = args[:0]
		default:
			f.end()
			return nil
		}
	}
}

// begin gives the function its registers and arguments.
func (f *frame) begin(args []Value) {
	p := f.fn.proto
	if cap(f.regs) < p.slots {
		f.regs = make([]Value, p.slots, p.slots+4)
	}
	f.regs = f.regs[:p.slots]
	n := copy(f.regs[:len(p.params)], args)
	clear(f.regs[n:])
	f.varargs = nil
	if p.vararg && len(args) > len(p.params) {
		f.varargs = append([]Value(nil), args[len(p.params):]...)
	}
	if p.arg != nil {
		f.regs[p.arg.slot] = f.argTable()
	}
	for _, l := range p.params {
		if l.captured {
			f.regs[l.slot] = f.s.newCell(f.regs[l.slot])
		}
	}
	if p.arg != nil && p.arg.captured {
		f.regs[p.arg.slot] = f.s.newCell(f.regs[p.arg.slot])
	}
}

// end lets go of what the registers hold.
func (f *frame) end() {
	clear(f.regs)
	f.varargs = nil
}

// argTable is the table "arg" of a function that takes extra arguments and never says "...".
func (f *frame) argTable() Value {
	t := f.s.NewTable(len(f.varargs), 1)
	for i, v := range f.varargs {
		f.s.SetAt(t, i+1, v)
	}
	f.s.SetField(t, "n", Int(len(f.varargs)))
	return tableValue(t)
}

const cellSize = 48

func (s *State) newCell(v Value) Value {
	s.take(cellSize)
	return Value{kind: kindCell, o: &cell{v: v}}
}
