package node

import (
	"fmt"
	"time"

	"clusterplay/node/machine"
)

// diskWork is an operation to be performed beside the machine's work, because it may take long.
type diskWork struct {
	op machine.Save
	do func() error
}

// beside has an operation performed on a goroutine of its own, after those before it. The lock is held.
func (l *life) beside(op machine.Save) {
	var work func() error
	if err := checkOp(op); err != nil {
		work = func() error { return err }
	} else {
		work = l.disk.Later(op)
	}
	l.works = append(l.works, diskWork{op, work})
	if len(l.works) == 1 {
		l.spawn(l.workBeside)
	}
}

// workBeside is the goroutine that lives while operations wait.
func (l *life) workBeside() {
	for l.workOne() {
		continue
	}
}

// workOne performs the oldest operation and reports it; it says whether another waits. A life that is
// over begins nothing more, and the next one waits for what was begun.
func (l *life) workOne() bool {
	l.mu.Lock()
	if l.dead {
		l.mu.Unlock()
		return false
	}
	w := l.works[0]
	l.disk.busy.Lock()
	l.mu.Unlock()
	err := w.do()
	l.disk.busy.Unlock()
	if err != nil {
		err = fmt.Errorf("save %s: %w", w.op.Name, err)
	}
	l.mu.Lock()
	defer l.seen()
	l.works = l.works[1:]
	if l.dead {
		return false
	}
	l.report(func(now time.Time) { l.m.Saved(now, w.op.Token, err) })
	return len(l.works) > 0
}
