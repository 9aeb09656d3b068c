package scenarios

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"rsc.io/script"

	"clusterplay/playground"
	"clusterplay/playground/repl"
)

// State is how far a fence has come.
type State string

// The states of a fence.
const (
	StateRunning State = "running"
	StateWaiting State = "waiting"
	StatePassed  State = "passed"
	StateFailed  State = "failed"
)

// Progress is told to whoever watches a lesson run: the page, the command line, a test.
type Progress struct {
	Lesson  string   `json:"id"`
	Fence   string   `json:"fence"`
	Line    int      `json:"line"` // within the fence, from 0
	State   State    `json:"state"`
	Text    string   `json:"text,omitempty"` // what was printed, or why it failed
	Focus   []string `json:"focus,omitempty"`
	Caption string   `json:"caption,omitempty"`
	Panel   string   `json:"panel,omitempty"`
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
	engine *script.Engine
	shells map[string]*repl.Session
	now    *fenceRun
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
	r := &Runner{lab: lab, lesson: lesson, tell: tell, shells: map[string]*repl.Session{}}
	r.engine = &script.Engine{Cmds: r.commands(), Conds: map[string]script.Cond{}, Quiet: true}
	return r
}

// Close ends the runner's connections.
func (r *Runner) Close() {
	for _, shell := range r.shells {
		_ = shell.Close() // a connection that fails to close is closed all the same
	}
}

// Run runs every live fence in order and stops at the first that fails.
func (r *Runner) Run(ctx context.Context) error {
	for i := range r.lesson.Blocks {
		if err := r.runBlock(ctx, &r.lesson.Blocks[i]); err != nil {
			return err
		}
	}
	return nil
}

// RunFence runs one fence by its number.
func (r *Runner) RunFence(ctx context.Context, fence string) error {
	for i := range r.lesson.Blocks {
		if r.lesson.Blocks[i].Fence == fence && fence != "" {
			return r.runBlock(ctx, &r.lesson.Blocks[i])
		}
	}
	return fmt.Errorf("lesson %s has no fence %q", r.lesson.ID, fence)
}

func (r *Runner) runBlock(ctx context.Context, b *Block) error {
	run := &fenceRun{ctx: ctx, block: b, since: r.lab.Snapshot().Seq}
	r.now = run
	var err error
	switch b.Kind {
	case KindRedis:
		err = r.runTranscript(run)
	case KindPlay:
		err = r.runPlay(run)
	default:
		return nil
	}
	if err != nil {
		r.report(run, StateFailed, err.Error())
		return &CheckError{Fence: b.Fence, Line: b.Line + run.line, Err: err}
	}
	r.report(run, StatePassed, "")
	return nil
}

func (r *Runner) report(f *fenceRun, s State, text string) {
	r.tell(Progress{Lesson: r.lesson.ID, Fence: f.block.Fence, Line: f.line, State: s, Text: text})
}

// runPlay executes a play fence a line at a time.
func (r *Runner) runPlay(f *fenceRun) error {
	for i, line := range f.block.Lines {
		f.line = i
		if len(playWords(line)) == 0 {
			continue
		}
		r.report(f, StateRunning, strings.TrimSpace(line))
		state, err := script.NewState(f.ctx, "/", nil)
		if err != nil {
			return err
		}
		err = r.engine.Execute(state, "lesson", bufio.NewReader(strings.NewReader(line+"\n")), io.Discard)
		if err = errors.Join(err, state.CloseAndWait(io.Discard)); err != nil {
			return cleanScriptError(err)
		}
	}
	return nil
}

// cleanScriptError takes the engine's own "lesson:1: verb args: " off a message.
func cleanScriptError(err error) error {
	var usage *script.CommandError
	if errors.As(err, &usage) && usage.Err != nil {
		return usage.Err
	}
	return err
}

// commands registers the lesson's verbs and the lab's, and nothing else: the engine's own
// commands could run programs and write files.
func (r *Runner) commands() map[string]script.Cmd {
	cmds := map[string]script.Cmd{}
	add := func(name, args, help string, run func(words []string) error) {
		cmds[name] = script.Command(script.CmdUsage{Args: args, Summary: help},
			func(_ *script.State, words ...string) (script.WaitFunc, error) { return nil, run(words) })
	}
	for _, v := range lessonVerbs() {
		add(v.name, v.args, v.help, func(words []string) error { return v.run(r, r.now, words) })
	}
	for _, spec := range playground.Verbs() {
		add(spec.Verb, "", spec.Help, func(words []string) error { return r.act(spec.Verb, words) })
	}
	return cmds
}

// act does one of the lab's actions.
func (r *Runner) act(verb string, words []string) error {
	action, err := playground.Parse(verb, words)
	if err != nil {
		return err
	}
	result, err := r.lab.Do(r.now.ctx, action)
	if err == nil {
		r.report(r.now, StateRunning, "$ "+result.Command)
	}
	return err
}

func (r *Runner) focus(f *fenceRun, words []string) error {
	r.tell(Progress{Lesson: r.lesson.ID, Fence: f.block.Fence, Line: f.line, State: StateRunning, Focus: words})
	return nil
}

func (r *Runner) show(f *fenceRun, words []string) error {
	r.tell(Progress{Lesson: r.lesson.ID, Fence: f.block.Fence, Line: f.line, State: StateRunning, Panel: words[0]})
	return nil
}

func (r *Runner) caption(f *fenceRun, words []string) error {
	text := strings.Trim(strings.Join(words, " "), `"`)
	r.tell(Progress{Lesson: r.lesson.ID, Fence: f.block.Fence, Line: f.line, State: StateRunning, Caption: text})
	return nil
}

func (r *Runner) expect(f *fenceRun, words []string) error {
	c, err := parseCondition(words)
	if err != nil {
		return err
	}
	now := r.lab.Snapshot()
	m := moment{&now, f.since}
	if !c.holds(m) {
		return c.failure(m)
	}
	return nil
}

// wait goes on when the condition holds. The limit is the lab's time, so that a lesson at another
// speed or a lab that is paused does not fail for it.
func (r *Runner) wait(f *fenceRun, words []string) error {
	c, within, err := parseWait(words)
	if err != nil {
		return err
	}
	r.report(f, StateWaiting, c.text)
	var last moment
	held, err := r.until(f.ctx, within, func(s *playground.Snapshot) bool {
		last = moment{s, f.since}
		return c.holds(last)
	})
	if err == nil && !held {
		return fmt.Errorf("%s did not come to hold within %v: %w", c.text, within, c.failure(last))
	}
	return err
}

// lookEvery is how often a wait looks again when no event tells it to.
const lookEvery = 100 * time.Millisecond

// until looks at the lab after every event until done holds or within of the lab's time is over.
func (r *Runner) until(ctx context.Context, within time.Duration, done func(*playground.Snapshot) bool) (bool, error) {
	events := r.lab.Subscribe(64)
	defer events.Close()
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var began int64 = -1
	for {
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
			return false, ctx.Err()
		case <-events.C:
		case <-tick.C:
		}
	}
}

// runTranscript sends each prompt line and holds the reply against the lines below it.
func (r *Runner) runTranscript(f *fenceRun) error {
	parts, err := exchanges(f.block.Text)
	if err != nil {
		return err
	}
	for _, x := range parts {
		f.line = x.line
		r.report(f, StateRunning, x.prompt+x.send)
		if err := r.exchange(f, x); err != nil {
			return err
		}
	}
	return nil
}

// exchange sends one line until its reply matches or within has passed.
func (r *Runner) exchange(f *fenceRun, x exchange) error {
	var last error
	try := func(*playground.Snapshot) bool {
		got, err := r.send(f, x.send)
		if err != nil {
			last = err
			return false
		}
		if last = match(x.want, got); last == nil {
			r.report(f, StateRunning, strings.Join(got, "\n"))
		}
		return last == nil
	}
	held, err := r.until(f.ctx, f.block.Within, try)
	if err == nil && !held {
		return last
	}
	return err
}

// send evaluates one line at the fence's node and gives the reply's lines.
func (r *Runner) send(f *fenceRun, line string) ([]string, error) {
	addr, err := r.lab.Addr(f.block.Node)
	if err != nil {
		return nil, err
	}
	key := fmt.Sprint(addr, f.block.Cluster)
	shell := r.shells[key]
	if shell == nil {
		shell = repl.New(addr, f.block.Cluster)
		r.shells[key] = shell
	}
	output, _, err := shell.Eval(f.ctx, line)
	if err != nil {
		return nil, err
	}
	return strings.Split(strings.TrimRight(output, "\n"), "\n"), nil
}
