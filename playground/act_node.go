package playground

import (
	"context"
	"errors"
	"fmt"

	"clusterplay/node"
)

// Kill ends a node as SIGKILL would.
type Kill struct {
	Node string `json:"node"`
}

// Verb is "kill".
func (Kill) Verb() string { return "kill" }

// Do kills the node.
func (a Kill) Do(_ context.Context, l *Lab) (Result, error) {
	m, err := l.find("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	if s := m.Status().State; s != node.Up && s != node.Frozen {
		return Result{}, wrong("node", "restart "+m.Name()+" starts it again", "%s is not running: it is %s", m.Name(), s)
	}
	m.Kill()
	return said(m.Name() + " is killed."), nil
}

// Restart starts a node again; one that runs is killed first.
type Restart struct {
	Node string `json:"node"`
}

// Verb is "restart".
func (Restart) Verb() string { return "restart" }

// Do starts the node.
func (a Restart) Do(_ context.Context, l *Lab) (Result, error) {
	m, err := l.find("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	m.Kill()
	if err := m.Start(); err != nil && !errors.Is(err, node.ErrRunning) {
		return Result{}, fmt.Errorf("restart %s: %w", m.Name(), err)
	}
	return said(m.Name() + " runs again, with the files it left."), nil
}

// Freeze stops a node as SIGSTOP would.
type Freeze struct {
	Node string `json:"node"`
}

// Verb is "freeze".
func (Freeze) Verb() string { return "freeze" }

// Do freezes the node.
func (a Freeze) Do(_ context.Context, l *Lab) (Result, error) {
	m, err := l.find("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	if err := m.Freeze(); err != nil {
		return Result{}, wrong("node", "", "%s cannot be frozen: %v", m.Name(), err)
	}
	return said(m.Name() + " is frozen: its sockets stay open and nothing answers."), nil
}

// Thaw lets a frozen node go on.
type Thaw struct {
	Node string `json:"node"`
}

// Verb is "thaw".
func (Thaw) Verb() string { return "thaw" }

// Do thaws the node.
func (a Thaw) Do(_ context.Context, l *Lab) (Result, error) {
	m, err := l.sleeper("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	if err := m.Thaw(); err != nil {
		return Result{}, wrong("node", "", "%s cannot be thawed: %v", m.Name(), err)
	}
	return said(m.Name() + " goes on."), nil
}
