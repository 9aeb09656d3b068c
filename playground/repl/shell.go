package repl

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"time"

	"clusterplay/playground/repl/edit"
)

const (
	interrupt = 0x03 // what Ctrl-C sends
	// maxAhead bounds what may be typed while a command runs: a pasted page.
	maxAhead = 64 << 10
	// openPatience is how long a node may take to greet us before the person gets a prompt all the same.
	openPatience = time.Second
)

// Shell is a session with a person at a terminal: it shows the prompt, edits the line, evaluates
// it and shows what came of it, until the person leaves. Set its fields before Run.
//
// Everything but reading and evaluating happens on Run's own goroutine.
type Shell struct {
	Session *Session
	In      io.Reader  // what is typed; Run ends when it does
	Out     io.Writer  // the screen
	Widths  <-chan int // the columns of the screen, now and when they change; nil means 80
	Kept    *edit.History
	At      func(addr string, cluster bool) // told before each prompt where the session is; may be nil
	Leaves  bool                            // Ctrl-C on an empty line leaves, as it does in redis-cli

	editor    edit.Editor
	typed     chan []byte
	pushed    chan string
	evaluated chan evaluation
	learned   chan []Command
	commands  []Command
	asking    bool
	tasks     sync.WaitGroup     // all goroutines but the reader
	stop      context.CancelFunc // of the command that runs; nil at the prompt
	ahead     []byte             // what was typed while a command ran
	last      byte               // what was written last
	failed    error              // of writing
}

// evaluation is what came of one line.
type evaluation struct {
	output, prompt string
	err            error
}

// Run serves the person until they leave, In ends or ctx does. The session is closed then.
func (sh *Shell) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	sh.typed, sh.pushed = make(chan []byte), make(chan string)
	sh.evaluated, sh.learned = make(chan evaluation, 1), make(chan []Command, 1)
	sh.Session.Push = func(text string) {
		select {
		case sh.pushed <- text:
		case <-ctx.Done():
		}
	}
	sh.editor = edit.Editor{History: sh.Kept, Secret: secret, Complete: sh.complete, Hint: sh.hint}
	go sh.read(ctx)
	sh.evaluate(ctx, sh.open)
	err := sh.serve(ctx)
	cancel()
	sh.tasks.Wait()
	return errors.Join(err, sh.Session.Close())
}

func (sh *Shell) complete(line string) []string { return completions(sh.commands, line) }

func (sh *Shell) hint(line string) string {
	if !sh.Session.Hints {
		return ""
	}
	return hint(sh.commands, line)
}

// serve is the loop. Only one of a command, a stream and the editor is alive at a time.
func (sh *Shell) serve(ctx context.Context) error {
	for sh.failed == nil {
		pushed, ended := sh.pushed, (<-chan struct{})(nil)
		if sh.stop != nil {
			pushed = nil // what a command prints stands before the messages that it brings
		} else {
			ended = sh.Session.Streaming()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case n := <-sh.Widths:
			sh.editor.Width = n
		case b, ok := <-sh.typed:
			if !ok {
				return nil
			}
			sh.take(b)
		case text := <-pushed:
			sh.write(text)
		case <-ended:
			sh.Session.Interrupt()
			sh.write("Error: Server closed the connection\n")
			sh.prompt(sh.Session.Prompt())
		case sh.commands = <-sh.learned:
			sh.asking = false
		case e := <-sh.evaluated:
			if sh.settle(ctx, e) {
				return nil
			}
		}
		if sh.consume(ctx) {
			return nil
		}
	}
	return sh.failed
}

// take keeps what was typed until it can be used; Ctrl-C is kept whatever there is already.
func (sh *Shell) take(b []byte) {
	if bytes.IndexByte(b, interrupt) >= 0 && len(sh.ahead)+len(b) > maxAhead {
		sh.ahead = nil
	}
	sh.ahead = append(sh.ahead, b[:min(len(b), maxAhead-len(sh.ahead))]...)
}

// settle shows what came of a line, and reports whether it was the last.
func (sh *Shell) settle(ctx context.Context, e evaluation) (over bool) {
	sh.stop()
	sh.stop = nil
	sh.write(e.output)
	switch {
	case errors.Is(e.err, ErrQuit):
		return true
	case errors.Is(e.err, context.Canceled):
		sh.evaluate(ctx, sh.open) // so that the prompt is a node's again
	case sh.Session.Streaming() == nil:
		sh.learn(ctx)
		sh.prompt(e.prompt)
	}
	return false
}

// learn asks the node what it understands, unless that is known.
func (sh *Shell) learn(ctx context.Context) {
	if sh.commands != nil || sh.asking || sh.Session.current() == nil {
		return
	}
	sh.asking = true
	docs := sh.Session.docs()
	sh.tasks.Go(func() {
		var list []Command
		defer func() { sh.learned <- list }()
		safely(func() { list = docs(ctx) })
	})
}

// prompt lets the person type a line.
func (sh *Shell) prompt(text string) {
	if sh.At != nil {
		sh.At(sh.Session.Addr(), sh.Session.Cluster)
	}
	sh.editor.Prompt = text
	sh.editor.Start()
	sh.flush()
}

// consume gives what was typed to whatever is alive, and reports whether the person leaves.
func (sh *Shell) consume(ctx context.Context) (leaves bool) {
	for len(sh.ahead) > 0 {
		switch {
		case sh.stop != nil:
			if !sh.skipTo(interrupt) {
				return false
			}
			sh.write("^C\n")
			sh.stop()
			return false
		case sh.Session.Streaming() != nil:
			if !sh.skipTo(interrupt) {
				sh.ahead = nil // keys mean nothing while messages come
				return false
			}
			sh.write("^C\n")
			sh.endStream()
			sh.evaluate(ctx, sh.open)
		default:
			if sh.edit(ctx) {
				return true
			}
		}
	}
	return false
}

// skipTo drops what was typed up to and including a key; false when it was not pressed.
func (sh *Shell) skipTo(key byte) bool {
	at := bytes.LastIndexByte(sh.ahead, key)
	if at < 0 {
		return false
	}
	sh.ahead = sh.ahead[at+1:]
	return true
}

// edit gives what was typed to the editor, up to the end of a line.
func (sh *Shell) edit(ctx context.Context) (leaves bool) {
	var outcome edit.Outcome
	sh.ahead, outcome = sh.editor.Feed(sh.ahead)
	sh.flush()
	line := sh.editor.Line()
	switch outcome {
	case edit.Ended:
		return true
	case edit.Interrupted:
		if sh.Leaves && line == "" {
			return true
		}
		sh.prompt(sh.editor.Prompt)
	case edit.Entered:
		if strings.TrimSpace(line) == "" {
			sh.prompt(sh.editor.Prompt)
			return false
		}
		sh.evaluate(ctx, func(ctx context.Context) evaluation {
			output, prompt, err := sh.Session.Eval(ctx, line)
			return evaluation{output, prompt, err}
		})
	}
	return false
}

// evaluate does something with the session on a goroutine of its own, which ends before the next.
func (sh *Shell) evaluate(ctx context.Context, do func(context.Context) evaluation) {
	ctx, sh.stop = context.WithCancel(ctx)
	prompt := sh.Session.Prompt()
	sh.tasks.Go(func() {
		e := evaluation{"Error: the terminal could not do that\n", prompt, nil}
		defer func() { sh.evaluated <- e }()
		safely(func() { e = do(ctx) })
	})
}

// open connects. A node that accepts and then says nothing costs the person a second, not the prompt.
func (sh *Shell) open(ctx context.Context) evaluation {
	ctx, cancel := context.WithTimeout(ctx, openPatience)
	defer cancel()
	output, prompt := sh.Session.Open(ctx)
	return evaluation{output, prompt, nil}
}

// endStream ends SUBSCRIBE or MONITOR; what still comes is dropped.
func (sh *Shell) endStream() {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		sh.Session.Interrupt()
	}()
	for {
		select {
		case <-sh.pushed:
		case <-ended:
			return
		}
	}
}
