package node

import (
	"fmt"

	"clusterplay/node/machine"
)

// maxRounds bounds how often a machine may answer Saved with more to save in one turn.
const maxRounds = 1000

// settle asks the machine what to do and does it, again for as long as finished saves are
// reported back. The lock is held.
func (l *life) settle() {
	for range maxRounds {
		todo := l.m.BeforeSleep(l.now)
		saved, ok := l.perform(todo)
		if !ok || len(saved) == 0 {
			return
		}
		for _, s := range saved {
			l.m.Saved(l.now, s.token, s.err)
		}
	}
	panic("the machine answers every Saved with another Save")
}

// savedToken is a Save whose end the machine wants to hear of.
type savedToken struct {
	token uint64
	err   error
}

// perform does everything in todo, in its order. It reports false when the life is over.
func (l *life) perform(todo *machine.Todo) (saved []savedToken, ok bool) {
	if todo == nil {
		return nil, true
	}
	if len(todo.Save) > 0 {
		if saved, ok = l.save(todo.Save); !ok {
			return nil, false
		}
	}
	for _, d := range todo.Dial {
		l.dial(d)
	}
	for _, s := range todo.Send {
		l.send(s)
	}
	for _, id := range todo.Close {
		l.closeLink(id)
	}
	for _, c := range todo.Flush {
		l.flushed(c)
	}
	for _, e := range todo.Emit {
		l.cfg.OnEvent(Stamped{Node: l.cfg.Name, Now: l.now, Event: e})
	}
	l.timers.setWake(todo.Wake)
	if todo.Exit != nil {
		l.exit(*todo.Exit)
		return nil, false
	}
	return saved, true
}

// save writes files. A promise that cannot be kept must not be given either: when a Save without
// a token fails, nobody will handle it and the node ends before anything is sent (as Redis does
// when nodes.conf cannot be written).
func (l *life) save(ops []machine.Save) (saved []savedToken, ok bool) {
	for _, op := range ops {
		err := save(l.disk, op)
		if op.Token != 0 {
			saved = append(saved, savedToken{op.Token, err})
		} else if err != nil {
			l.exit(machine.Exit{Code: 1, Reason: err.Error()})
			return nil, false
		}
	}
	return saved, true
}

// exit ends the life because the machine wants it; the lock is held. What was sent before goes
// out as far as the connections take it.
func (l *life) exit(e machine.Exit) {
	for _, box := range l.kicks {
		box.flush(false)
	}
	why := Status{State: Stopped, Why: e.Reason}
	if e.Code != 0 {
		why = Status{State: Crashed, Why: fmt.Sprintf("exit %d: %s", e.Code, e.Reason)}
	}
	l.end(why)
}
