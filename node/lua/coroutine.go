package lua

import (
	"iter"
	"slices"
)

// coroutine is what a thread needs to stop in the middle and go on. It is one of Go's own (iter.Pull):
// whoever resumes it waits until it yields or ends, so that one thing happens at a time, in one order.
type coroutine struct {
	s      *State
	t      *thread
	parent *thread // whoever resumed it, while it runs
	resume func() ([]Value, bool)
	stop   func()
	yield  func([]Value) bool
	in     []Value
	stack  []Value // the State's stack while the thread does not run
	state  string
	nested int
}

// abandoned unwinds a coroutine that nobody will resume.
type abandoned struct{}

func (s *State) openCoroutine() {
	t := s.NewTable(0, 0)
	s.Register(t, map[string]Native{
		"create": coCreate, "resume": coResume, "running": coRunning, "status": coStatus, "wrap": coWrap, "yield": coYield,
	})
	s.SetField(s.globals, "coroutine", t.Value())
}

func coCreate(s *State, args []Value) []Value { return s.Return(s.newCoroutine(args)) }

func (s *State) newCoroutine(args []Value) Value {
	fn := arg(args, 1)
	if f := fn.Function(); f == nil || f.native != nil {
		s.ArgError(1, "Lua function expected")
	}
	s.take(threadSize)
	co := &coroutine{s: s, state: "suspended"}
	co.t = &thread{co: co, id: s.newID()}
	co.resume, co.stop = iter.Pull(func(yield func([]Value) bool) {
		defer func() {
			if e := recover(); e != nil && e != (abandoned{}) {
				panic(e)
			}
		}()
		co.yield = yield
		out := slices.Clone(s.call(fn.o.(*Function), co.in))
		co.state = "dead"
		yield(out)
	})
	s.coroutines = append(s.coroutines, co)
	return Value{kind: KindThread, o: co.t}
}

// run resumes a coroutine until it yields or ends.
func (co *coroutine) run(args []Value) (out []Value, err *Error) {
	s := co.s
	co.in, co.parent = slices.Clone(args), s.thread
	co.nested = 1
	if up := s.thread.co; up != nil {
		up.state = "normal"
		co.nested += up.nested
	}
	outer := s.stack
	s.thread, s.stack, co.state = co.t, co.stack, "running"
	defer func() {
		s.thread, co.stack, s.stack = co.parent, s.stack, outer
		co.parent = nil
		if up := s.thread.co; up != nil {
			up.state = "running"
		}
		switch e := recover().(type) {
		case nil:
		case *Error:
			s.unweigh(co.t, 0)
			co.state, out, err = "dead", nil, e
		default:
			panic(e)
		}
	}()
	out, _ = co.resume()
	return out, nil
}

func (s *State) checkThread(args []Value) *coroutine {
	if t, ok := arg(args, 1).o.(*thread); ok {
		return t.co
	}
	s.ArgError(1, "coroutine expected")
	return nil
}

// step resumes if that is possible.
func (co *coroutine) step(args []Value) (out []Value, err *Error) {
	s := co.s
	if co.state != "suspended" {
		return nil, &Error{Value: s.Text("cannot resume " + co.status() + " coroutine")}
	}
	if up := s.thread.co; up != nil && up.nested >= maxNatives {
		return nil, &Error{Value: s.Text("C stack overflow")}
	}
	out, err = co.run(args)
	if s.dying != nil {
		panic(s.dying)
	}
	return out, err
}

func (co *coroutine) status() string {
	if co.state == "running" && co.s.thread != co.t {
		return "non-suspended"
	}
	return co.state
}

func coResume(s *State, args []Value) []Value {
	co := s.checkThread(args)
	out, err := co.step(args[1:])
	if err != nil {
		return s.Return(False, err.Value)
	}
	return s.Return(append([]Value{True}, out...)...)
}

func coWrap(s *State, args []Value) []Value {
	co := s.newCoroutine(args).o.(*thread).co
	return s.Return(s.Native(func(s *State, args []Value) []Value {
		out, err := co.step(args)
		if err == nil {
			return out
		}
		v := err.Value
		if text, ok := v.Text(); ok {
			v = s.Text(s.where(1) + text)
		}
		s.Throw(v)
		return nil
	}))
}

func coYield(s *State, args []Value) []Value {
	t := s.thread
	if t.co == nil || t.native > 0 {
		s.fault("attempt to yield across metamethod/C-call boundary")
	}
	t.co.state = "suspended"
	if !t.co.yield(slices.Clone(args)) {
		panic(abandoned{})
	}
	return s.Return(t.co.in...)
}

func coStatus(s *State, args []Value) []Value { return s.Return(Str(s.checkThread(args).state)) }

func coRunning(s *State, _ []Value) []Value {
	if s.thread.co == nil {
		return s.Return(Nil)
	}
	return s.Return(Value{kind: KindThread, o: s.thread})
}

// abandon ends all coroutines of a script that is over.
func (s *State) abandon() {
	for _, co := range s.coroutines {
		co.state = "dead"
		co.stop()
	}
	s.coroutines = nil
}
