package lua

import "errors"

// StepsPerTick is how many steps pass between two calls of the hook: calls, turns of loops, and as much of everything
// else as takes about as long. It is some milliseconds at most.
const StepsPerTick = 10000

// DefaultMemory is how much what a script can reach may occupy.
const DefaultMemory = 64 << 20

// State is one interpreter: its globals and its running script. It belongs to one machine and is
// never used by two scripts at once.
type State struct {
	// Hook is called every StepsPerTick steps. It may end the script with Kill.
	Hook func()
	// Memory is the limit of what the script may hold, DefaultMemory when it is 0.
	Memory int
	// Stops hears of the lines of what was loaded with LoadTraced; nil: nobody does.
	Stops Stopper

	globals    *Table
	stringMeta *Table
	thread     *thread
	main       thread
	stack      []Value // arguments and operands on their way
	ret        []Value // what a native function returns
	roots      []Value // kept alive and counted for whoever uses the State

	site       *callee // of the call that is about to begin
	steps      int
	weight     int // of all open calls, in all threads
	mem        int // taken since the last measuring, and what was alive then
	ceiling    int
	epoch      uint32
	ids        uint32
	coroutines []*coroutine // of the running script
	dying      *Error       // set by Kill: nothing catches it
	stopped    bool         // Stops is hearing of a line
}

// New makes a State with the libraries base, table, string, math and coroutine.
func New() *State {
	s := &State{steps: StepsPerTick, Memory: DefaultMemory, ceiling: DefaultMemory / 8}
	s.thread = &s.main
	s.globals = s.NewTable(0, 0)
	s.openBase()
	s.openString()
	s.openTable()
	s.openMath()
	s.openCoroutine()
	return s
}

// Globals is the table of global variables.
func (s *State) Globals() *Table { return s.globals }

// SetGlobals replaces the table of global variables.
func (s *State) SetGlobals(t *Table) { s.globals = t }

// Keep counts v among what is alive for as long as the State is.
func (s *State) Keep(v Value) { s.roots = append(s.roots, v) }

// newID numbers tables and functions, which have no address that may be shown.
func (s *State) newID() uint32 {
	s.ids++
	return s.ids
}

// Meta is a table's metatable, or nil.
func (t *Table) Meta() *Table { return t.meta }

// SetMeta gives a table its metatable.
func (t *Table) SetMeta(meta *Table) { t.meta = meta }

// SetReadonly protects a table from every change, rawset included, or stops doing so.
func (t *Table) SetReadonly(on bool) { t.readonly = on }

// Readonly reports whether a table is protected.
func (t *Table) Readonly() bool { return t.readonly }

// Value is the table as a value.
func (t *Table) Value() Value { return tableValue(t) }

// Value is the function as a value.
func (f *Function) Value() Value { return functionValue(f) }

// Native makes a function of one in Go.
func (s *State) Native(f Native) Value {
	return functionValue(&Function{native: f, id: s.newID()})
}

// Register puts functions into a table.
func (s *State) Register(t *Table, functions map[string]Native) {
	for _, name := range sortedNames(functions) {
		s.SetField(t, name, s.Native(functions[name]))
	}
}

// Return is what a native function returns: the values are copied, so that arguments may be among
// them.
func (s *State) Return(values ...Value) []Value {
	s.ret = append(s.ret[:0], values...)
	return s.ret
}

// Text is a new string of the script's, counted as its memory.
func (s *State) Text(text string) Value {
	s.take(stringSize + len(text))
	return Str(text)
}

const stringSize = 40

// Kill ends the running script with an error that nothing catches. Only the hook may call it.
func (s *State) Kill(v Value) {
	if s.dying == nil {
		s.dying = s.located(v)
	}
	panic(s.dying)
}

// tick is called when the steps are used up.
func (s *State) tick() {
	if s.dying != nil {
		panic(s.dying)
	}
	s.steps = StepsPerTick
	if s.Hook != nil {
		s.Hook()
	}
}

// Spend counts work of a native function as that many steps.
func (s *State) Spend(steps int) {
	if s.steps -= steps; s.steps < 0 {
		s.tick()
	}
}

// Copied counts n bytes that a native function copies or compares.
func (s *State) Copied(n int) { s.Spend(n / bytesPerStep) }

// Read counts n bytes that it looks at one by one.
func (s *State) Read(n int) { s.Spend(n / readPerStep) }

// owe counts work as steps where the hook must not be called; whoever counts the next step calls it.
func (s *State) owe(steps int) { s.steps -= steps }

const (
	// bytesPerStep is how many bytes are copied or compared in the time of a step, readPerStep how many are looked
	// at one by one.
	bytesPerStep = 512
	readPerStep  = 64
	// digitsPerStep is how many digits become a number in it.
	digitsPerStep = 16
	// placesPerStep is how many values are moved or looked at in it.
	placesPerStep = 16
)

const (
	// maxSource bounds a chunk: what it becomes is many times as large.
	maxSource = 1 << 20
	// codeSize is about what a byte of a source becomes.
	codeSize = 40
)

// Load reads a chunk; name is a chunk's name as Lua writes it: "@file" or "=name" or the source.
func (s *State) Load(source, name string) (*Function, error) { return s.load(source, name, false) }

// LoadTraced is Load for a debugger: Stops hears of each line that the function, and those in it, begin.
func (s *State) LoadTraced(source, name string) (*Function, error) { return s.load(source, name, true) }

func (s *State) load(source, name string, traced bool) (*Function, error) {
	if len(source) > maxSource {
		return nil, errors.New("not enough memory")
	}
	body, err := parse(source, chunkID(name), traced)
	if err != nil {
		return nil, err
	}
	p := compileFunc(body)
	p.size = codeSize * len(source)
	s.take(functionSize + p.size)
	return &Function{proto: p, id: s.newID()}, nil
}

// Run calls a function from outside of any script. The results are valid until the next use of the
// State.
func (s *State) Run(fn *Function, args ...Value) (out []Value, err *Error) {
	defer func() {
		s.dying, s.thread = nil, &s.main
		s.abandon()
		s.main.depth, s.main.native, s.main.weight, s.weight = 0, 0, 0, 0
		s.drop(0)
		s.trim()
		s.settle()
	}()
	return s.protect(func() []Value { return s.call(fn, args) })
}

// Guard runs f, which may take memory of the State outside of any script, and returns the error it raises.
func (s *State) Guard(f func()) *Error {
	_, err := s.protect(func() []Value {
		f()
		return nil
	})
	return err
}

// trim gives back what a deep recursion has left.
func (s *State) trim() {
	const keep = 64
	if len(s.main.frames) > keep {
		s.main.frames = s.main.frames[:keep:keep]
	}
	if cap(s.stack) > 1<<14 {
		s.stack = nil
	}
	if cap(s.ret) > 1<<14 {
		s.ret = nil
	}
}

// protect runs f and catches its error. A script that is being killed is not held up.
func (s *State) protect(f func() []Value) (out []Value, err *Error) {
	t, depth, native, base := s.thread, s.thread.depth, s.thread.native, len(s.stack)
	weight := t.weight
	defer func() {
		switch e := recover().(type) {
		case nil:
		case *Error:
			s.thread, t.depth, t.native = t, depth, native
			s.unweigh(t, weight)
			s.drop(base)
			out, err = nil, e
			if s.dying != nil && depth > 0 {
				panic(s.dying)
			}
		default:
			panic(e)
		}
	}()
	return f(), nil
}
