package playground

import (
	"context"
	"errors"
)

// Action is something a person may do to a lab. Its fields are its arguments, under the names
// that REST, lessons and the command line use. Lab.Do records it and carries it out.
type Action interface {
	Verb() string
	Do(ctx context.Context, l *Lab) (Result, error)
}

// Result is what came of an action.
type Result struct {
	Verb    string `json:"verb"`
	Command string `json:"command"`        // the same action as a command line
	Text    string `json:"text"`           // what happened, in a sentence
	Data    any    `json:"data,omitempty"` // what a program may want to know of it
}

// said is a Result with a sentence.
func said(text string) Result { return Result{Text: text} }

// Do records an action as an input and carries it out. Its errors are *Error: whoever asked for the
// action is told what stood in its way.
func (l *Lab) Do(ctx context.Context, a Action) (Result, error) {
	command := l.commandToShow(a)
	l.publish("", l.clock.Now(), Input{Verb: a.Verb(), Command: command})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(l.ctx, cancel)
	defer stop()
	if !rebuilds(a) {
		leave := l.enterScene(cancel)
		defer leave()
	}
	if l.ctx.Err() != nil {
		return Result{}, errClosed()
	}
	r, err := a.Do(ctx, l)
	r.Verb, r.Command = a.Verb(), command
	if err != nil {
		err = l.operatorError(err)
		l.publish("", l.clock.Now(), Refused{Verb: a.Verb(), Reason: err.Error()})
	}
	return r, err
}

// rebuilds tells whether an action replaces all nodes, and so cannot be one among them.
func rebuilds(a Action) bool {
	switch a.(type) {
	case Reset, Setup:
		return true
	}
	return false
}

// enterScene begins an action among the nodes that there are; a reset waits for its end and does
// not let it take long.
func (l *Lab) enterScene(cancel context.CancelFunc) (leave func()) {
	l.stage.RLock()
	l.mu.Lock()
	scene := l.scene
	l.mu.Unlock()
	stop := context.AfterFunc(scene.ctx, cancel)
	return func() {
		stop()
		l.stage.RUnlock()
	}
}

// scene lasts from one building of the lab to the next.
type scene struct {
	ctx context.Context
	end context.CancelFunc
}

func newScene() scene {
	ctx, end := context.WithCancel(context.Background())
	return scene{ctx, end}
}

// endScene ends what is going on among the nodes; the caller is about to replace them.
func (l *Lab) endScene() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.scene.end()
}

// operatorError is what an operator is told of an error.
func (l *Lab) operatorError(err error) *Error {
	var e *Error
	switch {
	case errors.As(err, &e):
		return e
	case errors.Is(err, context.Canceled):
		return wrong("", "", "the action was given up: the lab was reset or closed meanwhile")
	}
	return &Error{Message: err.Error()}
}

// AsError is the operator's error in err, or one made of its text.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Message: err.Error()}
}
