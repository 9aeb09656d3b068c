package web

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"sync"
	"time"

	"clusterplay/playground"
	"clusterplay/scenarios"
	"clusterplay/web/api"
)

// lectern is where the lab's lesson is given, one at a time. What runs belongs to the lectern and
// not to the request that asked for it: a browser that goes away ends nothing.
type lectern struct {
	lab  scenarios.Lab
	tell func(scenarios.Progress) // to every viewer
	base context.Context          // ends with the console

	turn sync.Mutex // held by whoever starts, runs or ends a lesson

	mu     sync.Mutex // guards what follows
	lesson *scenarios.Lesson
	runner *scenarios.Runner
	fences map[string]scenarios.State
	last   scenarios.Progress
	cancel context.CancelFunc // of the run under way; nil when there is none
}

// stopPatience bounds how long a run may take to notice that it is to end.
const stopPatience = time.Second

func newLectern(base context.Context, lab scenarios.Lab, tell func(scenarios.Progress)) *lectern {
	return &lectern{base: base, lab: lab, tell: tell}
}

// start gives the lab what a lesson wants. A lesson under way ends.
func (l *lectern) start(lesson *scenarios.Lesson) (playground.Result, error) {
	l.stop()
	if !l.take() {
		return playground.Result{}, errBusy
	}
	defer l.turn.Unlock()
	l.forget()
	runner := scenarios.NewRunner(l.lab, lesson, l.heard)
	result, err := runner.Start(l.base)
	if err != nil {
		runner.Close()
		return result, err
	}
	l.give(lesson, runner)
	return result, nil
}

// give makes a lesson the one that is given. The caller has the turn.
func (l *lectern) give(lesson *scenarios.Lesson, runner *scenarios.Runner) {
	l.mu.Lock()
	l.lesson, l.runner, l.fences = lesson, runner, map[string]scenarios.State{}
	l.last = scenarios.Progress{Lesson: lesson.ID, State: scenarios.StateReady}
	said := l.last
	l.mu.Unlock()
	l.tell(said)
}

// run runs what work says of the lesson that has been started, and answers when it has ended. When
// ctx ends before, the run goes on.
func (l *lectern) run(ctx context.Context, id string, work func(context.Context, *scenarios.Runner) error) error {
	if !l.turn.TryLock() {
		return errBusy
	}
	l.mu.Lock()
	runner := l.runner
	if runner == nil || l.lesson.ID != id {
		l.mu.Unlock()
		l.turn.Unlock()
		return refuse(http.StatusConflict, "lesson", "the lab is not set for lesson "+strconv.Quote(id), "POST /api/lessons/"+id+"/start first")
	}
	run, cancel := context.WithCancel(l.base)
	l.cancel = cancel
	l.mu.Unlock()
	done := make(chan error, 1)
	go func() {
		err := work(run, runner)
		l.mu.Lock()
		l.cancel = nil
		l.mu.Unlock()
		cancel()
		l.turn.Unlock()
		done <- err
	}()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop ends the run under way, if there is one.
func (l *lectern) stop() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cancel != nil {
		l.cancel()
	}
}

// end gives the lab its first shape back.
func (l *lectern) end() (playground.Result, error) {
	l.stop()
	if !l.take() {
		return playground.Result{}, errBusy
	}
	defer l.turn.Unlock()
	l.mu.Lock()
	given := l.lesson
	l.mu.Unlock()
	if given == nil {
		return playground.Result{}, refuse(http.StatusConflict, "lesson", "no lesson has been started", "POST /api/lessons/{lesson}/start starts one")
	}
	l.forget()
	result, err := l.lab.Do(l.base, playground.Setup{})
	l.tell(scenarios.Progress{Lesson: given.ID, State: scenarios.StateIdle})
	return result, err
}

// now is the lesson the lab is set for and how far it is.
func (l *lectern) now() api.LessonNow {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := api.LessonNow{Running: l.cancel != nil, Fences: map[string]string{}}
	if l.lesson == nil {
		return n
	}
	n.Id, n.Fence, n.Line = l.lesson.ID, l.last.Fence, l.last.Line
	for fence, state := range l.fences {
		n.Fences[fence] = string(state)
	}
	return n
}

// heard notes a step and tells it on.
func (l *lectern) heard(p scenarios.Progress) {
	l.mu.Lock()
	l.last = p
	if l.fences != nil {
		l.fences[p.Fence] = p.State
	}
	l.mu.Unlock()
	l.tell(p)
}

// forget closes the lesson that was given. The caller has the turn.
func (l *lectern) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.runner != nil {
		l.runner.Close()
	}
	l.lesson, l.runner, l.fences, l.last = nil, nil, nil, scenarios.Progress{}
}

// take waits for the turn as long as a run that has been told to end may need.
func (l *lectern) take() bool {
	for deadline := time.Now().Add(stopPatience); ; {
		if l.turn.TryLock() {
			return true
		}
		if time.Now().After(deadline) {
			return false
		}
		time.Sleep(time.Millisecond) // the run is about to see that it has ended
	}
}

// errBusy is what the second is told: there is one lab.
var errBusy = refuse(http.StatusConflict, "", "a step of a lesson is running", "wait until it has ended, or POST /api/lesson/stop")

// stepFailed is why a step did not pass, for the one who asked.
func stepFailed(err error) error {
	var check *scenarios.CheckError
	var f *fail
	switch {
	case err == nil, errors.As(err, &f):
		return err
	case errors.As(err, &check):
		return refuse(http.StatusUnprocessableEntity, "fence", check.Error(), "look at the stage, or start the lesson again")
	case errors.Is(err, context.Canceled):
		return refuse(http.StatusConflict, "fence", "the step was stopped", "run it again, or start the lesson again")
	}
	return refuse(http.StatusUnprocessableEntity, "fence", err.Error(), "")
}
