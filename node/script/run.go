package script

import (
	"cmp"
	"fmt"

	"clusterplay/node/lua"
	"clusterplay/node/resp"
)

// Call is what to run a script with, and where its reply goes.
type Call struct {
	Keys, Args [][]byte
	Reply      *resp.Writer
	OnError    func(text string, counted bool) // told of each error in the reply
}

// Eval runs a cached script; run says under which rules.
func (e *Engine) Eval(script *Script, run *Run, call Call) {
	s, g := e.eval, e.eval.Globals()
	keys, args, ok := lists(s, call)
	if !ok {
		return
	}
	g.SetReadonly(false)
	s.Set(g, e.keys[0], keys)
	s.Set(g, e.keys[1], args)
	g.SetReadonly(true)
	e.start(s, script.fn, run, call)
}

// lists makes the tables of keys and arguments, or answers that there is no room for them.
func lists(s *lua.State, call Call) (keys, args lua.Value, ok bool) {
	size := 0
	for _, word := range call.Keys {
		size += len(word)
	}
	for _, word := range call.Args {
		size += len(word)
	}
	err := s.Guard(func() {
		s.Room(size)
		keys, args = list(s, call.Keys), list(s, call.Args)
	})
	if err != nil {
		call.fail("ERR "+err.Error(), false)
	}
	return keys, args, err == nil
}

// fail answers an error.
func (c *Call) fail(text string, counted bool) {
	c.OnError(text, counted)
	c.Reply.Error(text)
}

func list(s *lua.State, words [][]byte) lua.Value {
	t := s.NewTable(0, 0)
	for i, w := range words {
		s.SetAt(t, i+1, s.Text(string(w)))
	}
	return t.Value()
}

// start runs a function and writes its reply.
func (e *Engine) start(s *lua.State, fn *lua.Function, run *Run, call Call, args ...lua.Value) {
	run.Proto, run.Repl = 2, ReplAll
	e.run = run
	defer func() { e.run = nil }()
	out, err := s.Run(fn, args...)
	if err != nil {
		call.fail(describe(err, run.Name))
		return
	}
	v := lua.Nil
	if len(out) > 0 {
		v = out[0]
	}
	mark := len(call.Reply.Buf)
	a := answer{w: call.Reply, proto: run.Proto, onError: call.OnError, limit: mark + maxReply}
	a.value(v)
	if len(call.Reply.Buf) > a.limit {
		call.Reply.Buf = call.Reply.Buf[:mark]
		call.fail("ERR the reply of the script is larger than 128 MiB", false)
	}
}

// describe is the reply to an error that nobody caught: its text and where it happened.
func describe(err *lua.Error, name string) (text string, counted bool) {
	t := err.Value.Table()
	switch {
	case t == nil:
		text = "ERR " + cut(lua.Display(err.Value))
	default:
		msg, ok := t.Field("err").ToText()
		if !ok {
			msg = "(null)"
		}
		text, counted = cut(msg), t.Field("ignore_error_stats_update").Truth()
	}
	if err.Known {
		text += fmt.Sprintf(" script: %s, on %s:%d.", name, err.Source, err.Line)
	}
	return text, counted
}

// interrupt is the hook of both interpreters.
func (e *Engine) interrupt(s *lua.State) {
	run := e.run
	if run == nil {
		e.loadInterrupt(s)
		return
	}
	run.Interrupts++
	e.host.Interrupt(run)
	if run.Killed {
		s.Kill(errorTable(s, cmp.Or(run.KilledText, killedText)).Value())
	}
}

const killedText = "Script killed by user with SCRIPT KILL..."
