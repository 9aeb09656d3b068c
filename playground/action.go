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

// Do records an action as an input and carries it out. Errors that an operator can do something
// about are *Error.
func (l *Lab) Do(ctx context.Context, a Action) (Result, error) {
	command := CommandLine(a)
	l.publish("", l.clock.Now(), Input{Verb: a.Verb(), Command: command})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(l.ctx, cancel)
	defer stop()
	if _, rebuilds := a.(Reset); !rebuilds {
		l.stage.RLock()
		defer l.stage.RUnlock()
	}
	if l.ctx.Err() != nil {
		return Result{}, wrong("", "", "the lab is closed")
	}
	r, err := a.Do(ctx, l)
	r.Verb, r.Command = a.Verb(), command
	if err != nil {
		l.publish("", l.clock.Now(), Refused{Verb: a.Verb(), Reason: err.Error()})
	}
	return r, err
}

// AsError is the operator's error in err, or one made of its text.
func AsError(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Message: err.Error()}
}
