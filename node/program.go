package node

import (
	"errors"
	"time"

	"clusterplay/node/machine"
)

// Program is a running program that a machine asked for.
type Program struct {
	PID  int
	Kill func()                // ends it at once, if it has not ended
	Wait func() machine.Ending // returns when it has ended; called once
}

// errNoPrograms is what a machine is told that asks for a program where none may be run.
var errNoPrograms = errors.New("this node runs no programs")

// startProgram starts a program and tells the machine of its process and, later, of its end; the lock is held. The
// programs of a life outlive it: nobody waits for them.
func (l *life) startProgram(r machine.Run) {
	parent, ok := l.m.(machine.Parent)
	if !ok {
		return
	}
	p, err := Program{}, errNoPrograms
	if l.cfg.Run != nil {
		p, err = l.cfg.Run(r.Argv)
	}
	l.report(func(now time.Time) { parent.Started(now, r.Job, p.PID, err) })
	if err != nil {
		return
	}
	l.programs[r.Job] = p
	l.spawn(func() {
		var how machine.Ending
		l.tasks.outside(func() { how = p.Wait() })
		l.turn(func(now time.Time) {
			delete(l.programs, r.Job)
			parent.Ended(now, r.Job, how)
		})
	})
}

// killProgram ends the program of a job, if it still runs; the lock is held.
func (l *life) killProgram(job uint64) {
	if p, runs := l.programs[job]; runs {
		p.Kill()
	}
}
