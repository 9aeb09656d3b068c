package scenarios

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"clusterplay/playground"
	"clusterplay/playground/repl"
)

// State is how far a fence has come.
type State string

// The states of a fence.
const (
	StateIdle    State = "idle" // with no fence: the lesson is over
	StateRunning State = "running"
	StateWaiting State = "waiting"
	StateReady   State = "ready" // stopped between two lines, Line is the next one; with no fence: the lesson begins
	StatePassed  State = "passed"
	StateFailed  State = "failed"
	StateStopped State = "stopped" // somebody ended it
)

// Progress is told to whoever watches a lesson run: the page, the command line, a test.
type Progress struct {
	Lesson   string   `json:"id"`
	Fence    string   `json:"fence"`
	Line     int      `json:"line"` // within the fence, from 0
	State    State    `json:"state"`
	Text     string   `json:"text,omitempty"` // what was printed, or why it failed
	Expected []string `json:"expected,omitempty"`
	Got      []string `json:"got,omitempty"` // with Expected: a reply that differs
	Focus    []string `json:"focus,omitempty"`
	Caption  string   `json:"caption,omitempty"`
	Panel    string   `json:"panel,omitempty"`
}

// Lab is what a lesson needs of a lab.
type Lab interface {
	Do(ctx context.Context, action playground.Action) (playground.Result, error)
	Snapshot() playground.Snapshot
	Subscribe(buffer int) *playground.Subscription
	Addr(node string) (string, error)
}

// Runner runs the fences of one lesson on one lab. It is not safe for use by two at once.
type Runner struct {
	lab    Lab
	lesson *Lesson
	tell   func(Progress)
	shells map[string]*repl.Session
	budget *budget   // nil for lessons of our own
	scale  float64   // how many times faster than written the lab's time runs
	now    *fenceRun // the fence under way, or in which the last step was
}

// fenceRun is the fence under way.
type fenceRun struct {
	ctx   context.Context
	block *Block
	line  int
	since uint64 // the number of the last event before the fence
}

// CheckError is a check that failed: the lab is not as the lesson says.
type CheckError struct {
	Fence string
	Line  int // of the lesson's file
	Err   error
}

// Error names the fence and line.
func (e *CheckError) Error() string { return fmt.Sprintf("line %d: %v", e.Line, e.Err) }

// Unwrap gives the reason.
func (e *CheckError) Unwrap() error { return e.Err }

// NewRunner prepares a lesson for a lab. tell is called for every step, never concurrently.
func NewRunner(lab Lab, lesson *Lesson, tell func(Progress)) *Runner {
	r := &Runner{lab: lab, lesson: lesson, tell: tell, shells: map[string]*repl.Session{}, scale: 1}
	if lesson.Foreign {
		r.budget = newBudget()
	}
	return r
}

// Hurry makes the lab's time run so many times faster than the lesson says, wherever it says it.
func (r *Runner) Hurry(factor float64) { r.scale = factor }

// Close ends the runner's connections.
func (r *Runner) Close() {
	for _, shell := range r.shells {
		_ = shell.Close() // a connection that fails to close is closed all the same
	}
	clear(r.shells)
}

// Start gives the lab what the lesson wants: every lesson begins from a reset of its own.
func (r *Runner) Start(ctx context.Context) (playground.Result, error) {
	r.Close()
	r.now = nil
	setup := r.lesson.Setup()
	setup.Speed = r.scaled(setup.Speed)
	return r.lab.Do(ctx, setup)
}

// Run runs every live fence in order and stops at the first that fails.
func (r *Runner) Run(ctx context.Context) error {
	for i := range r.lesson.Blocks {
		if err := r.runBlock(ctx, &r.lesson.Blocks[i], 0, false); err != nil {
			return err
		}
	}
	return nil
}

// RunFence runs one fence by its number, from one of its lines on.
func (r *Runner) RunFence(ctx context.Context, fence string, from int) error {
	return r.runFence(ctx, fence, from, false)
}

// Step runs one line of a fence: the first at or after line.
func (r *Runner) Step(ctx context.Context, fence string, line int) error {
	return r.runFence(ctx, fence, line, true)
}

func (r *Runner) runFence(ctx context.Context, fence string, from int, one bool) error {
	for i := range r.lesson.Blocks {
		if b := &r.lesson.Blocks[i]; b.Fence == fence && fence != "" {
			if from < 0 || from > 0 && !slices.ContainsFunc(b.Steps, func(line int) bool { return line >= from }) {
				return fmt.Errorf("fence %s has no line %d", fence, from)
			}
			return r.runBlock(ctx, b, from, one)
		}
	}
	return fmt.Errorf("lesson %s has no fence %q", r.lesson.ID, fence)
}

// unit is one line of a fence that can be run by itself.
type unit struct {
	line int
	run  func(f *fenceRun) error
}

// units are the lines of a block that act.
func (r *Runner) units(b *Block) []unit {
	var out []unit
	if b.Kind == KindRedis {
		parts, _, _ := exchanges(b.Text) // parsed before
		for _, x := range parts {
			out = append(out, unit{x.line, func(f *fenceRun) error { return r.exchange(f, x) }})
		}
		return out
	}
	for i, line := range b.Lines {
		if d, _ := readDeed(line); d != nil {
			out = append(out, unit{i, func(f *fenceRun) error { return r.play(f, d, line) }})
		}
	}
	return out
}

// runBlock runs a block's lines from one on, or only that one.
func (r *Runner) runBlock(ctx context.Context, b *Block, from int, one bool) error {
	if b.Kind != KindRedis && b.Kind != KindPlay {
		return nil
	}
	if r.now == nil || r.now.block != b || from == 0 {
		r.now = &fenceRun{block: b, since: r.lab.Snapshot().Seq}
	}
	f := r.now
	ctx, done := r.budget.limit(ctx)
	defer done()
	f.ctx = ctx
	units := slices.DeleteFunc(r.units(b), func(u unit) bool { return u.line < from })
	for i, u := range units {
		f.line = u.line
		if err := r.runUnit(f, u); err != nil {
			return err
		}
		if one && i+1 < len(units) {
			f.line = units[i+1].line
			r.report(f, StateReady, "")
			return nil
		}
	}
	r.report(f, StatePassed, "")
	return nil
}

// runUnit runs one line and tells what came of it.
func (r *Runner) runUnit(f *fenceRun, u unit) error {
	err := context.Cause(f.ctx)
	if err == nil {
		err = r.budget.spend(f.ctx, r.lab)
	}
	if err == nil {
		err = u.run(f)
	}
	if err != nil && f.ctx.Err() != nil {
		err = context.Cause(f.ctx) // whatever it said, this is why
	}
	var differs *Mismatch
	switch {
	case err == nil:
		return nil
	case f.ctx.Err() != nil && !errors.Is(f.ctx.Err(), context.DeadlineExceeded):
		r.report(f, StateStopped, "stopped")
		return f.ctx.Err()
	case errors.As(err, &differs):
		p := r.progress(f, StateFailed, "")
		p.Expected, p.Got = differs.Expected, differs.Got
		r.tell(p)
	default:
		r.report(f, StateFailed, err.Error())
	}
	return &CheckError{Fence: f.block.Fence, Line: f.block.Line + f.line, Err: err}
}

func (r *Runner) progress(f *fenceRun, s State, text string) Progress {
	return Progress{Lesson: r.lesson.ID, Fence: f.block.Fence, Line: f.line, State: s, Text: text}
}

func (r *Runner) report(f *fenceRun, s State, text string) { r.tell(r.progress(f, s, text)) }

// lookEvery is how often a wait looks again when no event tells it to.
const lookEvery = 100 * time.Millisecond

// until looks at the lab after every event until done holds or within of the lab's time is over: a
// lesson at another speed, or in a lab that is paused, does not fail for it.
func (r *Runner) until(ctx context.Context, within time.Duration, done func(*playground.Snapshot) bool) (bool, error) {
	events := r.lab.Subscribe(64)
	defer events.Close()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var began int64 = -1
	for {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		s := r.lab.Snapshot()
		if began < 0 {
			began = s.Now
		}
		switch {
		case done(&s):
			return true, nil
		case time.Duration(s.Now-began)*time.Millisecond > within:
			return false, nil
		}
		select {
		case <-ctx.Done():
		case <-events.C:
		case <-tick.C:
		}
	}
}
