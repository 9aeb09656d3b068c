package node

import (
	"fmt"
	"time"

	"clusterplay/node/machine"
)

// settle asks the machine what to do and does everything, in the Todo's order. The lock is held.
func (l *life) settle() {
	if l.dead {
		return
	}
	for _, c := range l.feeds {
		c.Unsent = c.box.waiting() // the machine gives a slow replica no more than its window
	}
	todo := l.m.BeforeSleep(l.now)
	if todo == nil || !l.save(todo.Save) {
		return
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
	for _, r := range todo.Run {
		l.startProgram(r)
	}
	for _, job := range todo.Kill {
		l.killProgram(job)
	}
	for _, host := range todo.Resolve {
		l.resolve(host)
	}
	l.timers.setWake(todo.Wake)
	if todo.Exit != nil {
		l.exit(*todo.Exit)
	}
	l.tellRefused()
}

// tellRefused tells the machine of what the disk has refused just now, before anything else does.
func (l *life) tellRefused() {
	list := l.refused
	l.refused = nil
	for _, r := range list {
		if !l.dead {
			l.m.Saved(l.now, r.token, r.err)
			l.settle()
		}
	}
}

// save writes files. A promise that cannot be kept must not be given either: when a Save without
// a token fails, nobody will handle it and the node ends before anything is sent (as Redis does
// when nodes.conf cannot be written). It reports false then.
func (l *life) save(ops []machine.Save) bool {
	for _, op := range ops {
		if op.Beside || op.Op == machine.Sync {
			l.beside(op)
			continue
		}
		err := save(l.disk, op)
		switch {
		case op.Quiet && err == nil:
		case op.Quiet:
			l.refused = append(l.refused, refused{op.Token, err})
		case op.Token != 0:
			l.report(func(now time.Time) { l.m.Saved(now, op.Token, err) })
		case err != nil:
			l.exit(machine.Exit{Code: 1, Reason: err.Error()})
			return false
		}
	}
	return true
}

// refused is a Save that failed and of which the machine must hear at once.
type refused struct {
	token uint64
	err   error
}

// report tells the machine in a turn of its own what became of something it asked for. One that answers
// an ended Save with the next piece of a long file must let clients in between. Where a loop serves these it tells
// the reports as well, at the beginning of a turn: a goroutine for each piece would have the lock again and again
// before the loop is awake. The lock is held.
func (l *life) report(tell func(now time.Time)) {
	l.reports = append(l.reports, tell)
	switch {
	case l.loop != nil && !l.loop.over:
		l.loop.comeAgain()
	case !l.telling:
		l.telling = true
		l.spawn(l.tellReports)
	}
}

// tellReports is the goroutine that lives while reports wait and no loop is there.
func (l *life) tellReports() {
	for l.reportOne() {
		continue
	}
}

// reportOne tells the oldest report; it reports whether another waits.
func (l *life) reportOne() bool {
	if !l.enter() {
		return false
	}
	defer l.leave()
	l.tellOne()
	l.settle()
	l.telling = len(l.reports) > 0 && !l.dead
	return l.telling
}

// tellOne tells the machine the oldest report, if one is left; the lock is held.
func (l *life) tellOne() {
	if len(l.reports) == 0 || l.dead {
		return
	}
	tell := l.reports[0]
	l.reports[0], l.reports = nil, l.reports[1:]
	tell(l.now)
}

// exit ends the life because the machine wants it; the lock is held. What was sent before goes
// out as far as the connections take it.
func (l *life) exit(e machine.Exit) {
	for _, box := range l.kicks {
		box.flush(false)
	}
	why := Status{State: Stopped, Why: e.Reason}
	if e.Code != 0 {
		why = Status{State: Crashed, Why: fmt.Sprintf("exit %d: %s", e.Code, e.Reason), Code: e.Code}
	}
	l.end(why)
}
