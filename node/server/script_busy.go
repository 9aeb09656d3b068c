package server

import (
	"fmt"
	"time"

	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/script"
)

// maxInterrupts ends a script where nobody lets others in who could, as in the simulator: some minutes of computing.
// Elsewhere a script ends by itself, is killed, or has computed for ScriptLimit: a hundred thousand cheap looks at a
// large key are interrupted as often as long work is.
const maxInterrupts = 300_000

// SetBreath gives the server what lets others in while a script runs for long (machine.Breather).
func (s *Server) SetBreath(breath func(open bool) (now time.Time, alive bool)) {
	s.script.breath = breath
}

// Interrupt is called by a running script about every millisecond. For as long as it may (busy-reply-
// threshold) only those are let in who look and change nothing; afterwards everybody is, to hear BUSY.
func (h scriptHost) Interrupt(run *script.Run) {
	s, sc := h.s, &h.s.script
	if sc.debug != nil {
		sc.debug.interrupt()
		return
	}
	if sc.breath == nil {
		run.Killed = run.Killed || run.Interrupts > maxInterrupts
		return
	}
	sc.spent += s.elapsed() - sc.resumed
	if s.config.ScriptLimit > 0 && sc.spent > s.config.ScriptLimit {
		s.endScript(run)
		return
	}
	h.letIn(run)
	sc.resumed = s.elapsed()
}

// endScript ends a script that has computed for as long as it may. What it wrote stays, and is replicated, as that of any
// script that ends with an error.
func (s *Server) endScript(run *script.Run) {
	limit := s.config.ScriptLimit
	run.Killed, s.script.ended = true, true
	run.KilledText = fmt.Sprintf("The script has computed for %v, all that it may here (script-limit), and was ended. "+
		"What it has written stays.", limit)
	s.log(event.Warning, "Lua script ended: it has computed for %v. Script name is: %s.", limit, run.Name)
}

// letIn lets others in for a moment: who only looks, or everybody, once the script is slow.
func (h scriptHost) letIn(run *script.Run) {
	s, sc := h.s, &h.s.script
	if !sc.busy {
		now, alive := sc.breath(false)
		threshold := time.Duration(s.settings.number("busy-reply-threshold")) * time.Millisecond
		run.Killed = run.Killed || !alive
		if !alive || threshold == 0 || now.Sub(sc.started) < threshold {
			return
		}
		sc.busy = true
		s.todo.Emit = append(s.todo.Emit, event.ScriptBusy{Script: run.Name, Kill: killCommand(run)})
		s.log(event.Warning, "Slow script detected: still in execution after %d milliseconds. You can try killing the script using "+
			"the %s command. Script name is: %s.", now.Sub(sc.started).Milliseconds(), killCommand(run), run.Name)
	}
	s.yield(run)
	if run.Killed {
		s.log(event.Warning, "Lua script killed by user with SCRIPT KILL.")
	}
}

// killCommand is what ends a script of its kind.
func killCommand(run *script.Run) string {
	if run.Eval {
		return "SCRIPT KILL"
	}
	return "FUNCTION KILL"
}

// yield opens the doors for a moment in the middle of a script. What the door being served has begun is
// put aside meanwhile: the reply buffers it has open, its unit, its time.
func (s *Server) yield(run *script.Run) {
	touched, work, current, forced := s.touched, s.unit, s.current, s.forced
	now, expiry := s.now, s.space.Expiry
	s.touched, s.unit, s.current, s.forced = nil, unit{}, nil, false
	_, alive := s.script.breath(true)
	run.Killed = run.Killed || !alive
	s.touched, s.unit, s.current, s.forced = touched, work, current, forced
	s.now, s.nowMs, s.space.Expiry = now, now.UnixMilli(), expiry
	if s.taken {
		s.taken = false
		s.recycle()
	}
}

// defers reports whether what a link brings waits for the end of a busy script: what a master sends, or
// a node that keys move to, changes the data. The cluster bus is served.
func (s *Server) defers(link machine.LinkID) bool {
	return s.script.busy && s.links.kinds[link] != machine.Bus
}

// catchUp does what was deferred, once the script is over.
func (s *Server) catchUp() {
	for !s.script.busy && len(s.script.deferred) > 0 {
		do := s.script.deferred[0]
		s.script.deferred = s.script.deferred[1:]
		do()
	}
}
