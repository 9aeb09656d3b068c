package server

import (
	"time"

	"clusterplay/node/command"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/script"
)

// scripting is what a server needs to run scripts.
type scripting struct {
	engine *script.Engine // made when first needed: most nodes never run a script
	inner  *client        // runs the commands that scripts call

	caller  *client       // whose script runs
	started time.Time     // when it began
	spent   time.Duration // what it has computed, by the stopwatch, until it was last interrupted
	resumed time.Duration // what the stopwatch showed when it went on
	slot    int           // of the keys it has used so far; -1 when it has not used any
	oom     bool          // memory was full when it began
	lenient bool          // DEBUG SET-DISABLE-DENY-SCRIPTS 1
	counted bool          // the error it ended with was counted when it arose

	debug    *debugging // of the running script, if somebody steps through it
	ended    bool       // by its ScriptLimit
	busy     bool       // it has run for so long that others are let in, to be answered BUSY
	deferred []func()   // what links brought meanwhile that changes the data
	breath   func(open bool) (now time.Time, alive bool)
	refs     []command.KeyRef // room for the keys of a command
}

// scriptHost is the server as its scripts see it.
type scriptHost struct{ s *Server }

// scripts is the engine.
func (s *Server) scripts() *script.Engine {
	if s.script.engine == nil {
		s.script.engine = script.New(scriptHost{s})
		inner := &client{conn: &machine.Client{Addr: "lua"}, authenticated: true}
		inner.ctx = command.Context{Space: s.space, DB: s.space.DB(0), Host: s, Room: &s.unit.room, NoBlock: true, Script: true}
		s.script.inner = inner
	}
	return s.script.engine
}

// running is the script that runs now, or nil.
func (s *Server) running() *script.Run {
	if s.script.engine == nil {
		return nil
	}
	return s.script.engine.Running()
}

// scriptKeys reads the number of keys of EVAL and FCALL; problem is the refusal of one that cannot be.
func scriptKeys(n int64, args [][]byte) (keys, rest [][]byte, problem string) {
	switch {
	case n > int64(len(args)):
		return nil, nil, "ERR Number of keys can't be greater than number of args"
	case n < 0:
		return nil, nil, "ERR Number of keys can't be negative"
	}
	return args[:n], args[n:], ""
}

// runScript runs what was found and checked: call does it.
func (s *Server) runScript(c *client, run *script.Run, keys, args [][]byte, call func(script.Call)) {
	sc := &s.script
	sc.caller, sc.started, sc.slot, sc.counted, sc.busy = c, s.now, -1, false, false
	sc.spent, sc.resumed, sc.ended = 0, s.elapsed(), false
	sc.oom = s.outOfMemory()
	if s.cluster != nil && len(keys) > 0 {
		sc.slot = slotOf(keys[0])
	}
	inner := sc.inner
	inner.user = c.user
	inner.ctx.DB, inner.ctx.Master, inner.ctx.Now = c.ctx.DB, c.ctx.Master, s.nowMs
	mark := len(c.ctx.Buf)
	call(script.Call{Keys: keys, Args: args, Reply: &c.ctx.Writer, OnError: func(text string, counted bool) {
		switch {
		case len(c.ctx.Buf) == mark: // the reply itself, which is counted as that of any command
			sc.counted = counted
		case !counted:
			s.stats.countError(text)
		}
	}})
	switch {
	case sc.ended:
		s.todo.Emit = append(s.todo.Emit, event.ScriptOver{Killed: true, Limit: s.config.ScriptLimit})
	case sc.busy:
		s.todo.Emit = append(s.todo.Emit, event.ScriptOver{Killed: run.Killed})
	}
	sc.caller, sc.busy = nil, false
	s.current = c
}
