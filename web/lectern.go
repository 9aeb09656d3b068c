package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"sync"
	"time"

	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web/api"
)

// lectern is where the lab's lesson is given, one at a time. What goes on belongs to the lectern and
// not to the request that asked for it: a browser that goes away ends nothing.
type lectern struct {
	lab  scenarios.Lab
	tell func(scenarios.Progress) // to every viewer
	base context.Context          // ends with the console

	mu     sync.Mutex // guards what follows
	turn   *turn      // what goes on: a start, a run or an end; nil when nothing does
	lesson *scenarios.Lesson
	runner *scenarios.Runner // used by the turn
	now    standing
}

// turn lasts while something goes on.
type turn struct {
	ctx    context.Context
	cancel context.CancelFunc
	done   chan struct{} // closed when it is over
	err    error         // read after done
}

// stopPatience bounds how long a turn may take to notice that it is to end.
const stopPatience = time.Second

func newLectern(base context.Context, lab scenarios.Lab, tell func(scenarios.Progress)) *lectern {
	return &lectern{base: base, lab: lab, tell: tell}
}

// start gives the lab what a lesson wants. A lesson under way ends.
func (l *lectern) start(ctx context.Context, lesson *scenarios.Lesson) (playground.Result, error) {
	l.stop()
	var result playground.Result // of the turn until it is over
	err := l.do(ctx, func(ctx context.Context) (err error) {
		l.forget()
		runner := scenarios.NewRunner(l.lab, lesson, l.heard)
		if result, err = runner.Start(ctx); err != nil {
			runner.Close()
			return err
		}
		l.give(lesson, runner)
		return nil
	})
	if err != nil {
		return playground.Result{}, err
	}
	return result, nil
}

// give makes a lesson the one that is given. The caller has the turn.
func (l *lectern) give(lesson *scenarios.Lesson, runner *scenarios.Runner) {
	l.mu.Lock()
	l.lesson, l.runner, l.now = lesson, runner, standing{}
	l.mu.Unlock()
	l.tell(scenarios.Progress{Lesson: lesson.ID, State: scenarios.StateReady})
}

// run runs what work says of the lesson that has been started, and answers when it has ended. When
// ctx ends before, the run goes on.
func (l *lectern) run(ctx context.Context, id string, work func(context.Context, *scenarios.Runner) error) error {
	return l.do(ctx, func(ctx context.Context) error {
		l.mu.Lock()
		runner, lesson := l.runner, l.lesson
		l.mu.Unlock()
		if runner == nil || lesson.ID != id {
			return refuse(http.StatusConflict, "lesson", "the lab is not set for lesson "+strconv.Quote(id), "POST /api/lessons/"+id+"/start first")
		}
		return work(ctx, runner)
	})
}

// end gives the lab its first shape back.
func (l *lectern) end(ctx context.Context) (playground.Result, error) {
	l.stop()
	var result playground.Result // of the turn until it is over
	err := l.do(ctx, func(ctx context.Context) (err error) {
		l.mu.Lock()
		given := l.lesson
		l.mu.Unlock()
		if given == nil {
			return refuse(http.StatusConflict, "lesson", "no lesson has been started", "POST /api/lessons/{lesson}/start starts one")
		}
		if result, err = l.lab.Do(ctx, playground.Setup{}); err != nil {
			return err
		}
		l.forget()
		l.tell(scenarios.Progress{Lesson: given.ID, State: scenarios.StateIdle})
		return nil
	})
	if err != nil {
		return playground.Result{}, err
	}
	return result, nil
}

// do takes the turn for what is to be done, and waits until that is over or ctx is.
func (l *lectern) do(ctx context.Context, what func(context.Context) error) error {
	t, err := l.take()
	if err != nil {
		return err
	}
	go func() {
		err := what(t.ctx)
		if err != nil && t.ctx.Err() != nil {
			err = context.Canceled // whatever it said, this is why
		}
		t.cancel()
		l.mu.Lock()
		l.turn = nil
		l.mu.Unlock()
		t.err = err
		close(t.done)
	}()
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// take takes the turn, or says who has it.
func (l *lectern) take() (*turn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.turn != nil {
		return nil, l.busy()
	}
	ctx, cancel := context.WithCancel(l.base)
	l.turn = &turn{ctx: ctx, cancel: cancel, done: make(chan struct{})}
	return l.turn, nil
}

// busy is what the second is told: there is one lab. The caller holds mu.
func (l *lectern) busy() error {
	what := "a lesson is starting or ending"
	if l.lesson != nil {
		what = fmt.Sprintf("the lesson %s is running: fence %s, line %d", l.lesson.ID, l.now.last.Fence, l.now.last.Line+1)
	}
	return refuse(http.StatusConflict, "", what, "wait until it has ended, or POST /api/lesson/stop")
}

// stop ends what goes on, and waits until it has ended or its patience has.
func (l *lectern) stop() {
	l.mu.Lock()
	t := l.turn
	l.mu.Unlock()
	if t == nil {
		return
	}
	t.cancel()
	select {
	case <-t.done:
	case <-time.After(stopPatience):
	}
}

// close ends what goes on and the lesson, when the console is closing.
func (l *lectern) close() {
	l.stop()
	l.forget()
}

// standsAt is the lesson the lab is set for and how far it is.
func (l *lectern) standsAt() api.LessonNow {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lesson == nil {
		return api.LessonNow{Running: l.turn != nil, Fences: map[string]string{}}
	}
	n := l.now.tell()
	n.Id, n.Running = l.lesson.ID, l.turn != nil
	return n
}

// heard notes a step and tells it on.
func (l *lectern) heard(p scenarios.Progress) {
	l.mu.Lock()
	l.now.note(p)
	l.mu.Unlock()
	l.tell(p)
}

// forget closes the lesson that was given.
func (l *lectern) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.runner != nil {
		l.runner.Close()
	}
	l.lesson, l.runner, l.now = nil, nil, standing{}
}

// stepFailed is why a step did not pass, for the one who asked.
func stepFailed(err error) error {
	var check *scenarios.CheckError
	var f *fail
	var wrong *playground.Error
	switch {
	case err == nil, errors.As(err, &f), errors.As(err, &wrong) && !errors.As(err, &check):
		return err
	case errors.As(err, &check):
		return refuse(http.StatusUnprocessableEntity, "fence", check.Error(), "look at the stage, or start the lesson again")
	case errors.Is(err, context.Canceled):
		return refuse(http.StatusConflict, "fence", "the step was stopped", "run it again, or start the lesson again")
	}
	return refuse(http.StatusUnprocessableEntity, "fence", err.Error(), "")
}
