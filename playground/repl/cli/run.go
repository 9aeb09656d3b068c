package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"slices"
	"strconv"
	"time"

	"clusterplay/playground/repl"
)

// The exit codes of redis-cli.
const (
	done   = 0
	failed = 1
)

// maxLine bounds a line of a pipe: a value of 64 MB is not typed.
const maxLine = 64 << 20

// Program is one run of the command line.
type Program struct {
	In          io.Reader
	Out, Err    io.Writer
	ShownOut    bool // the output is a terminal
	Env         func(name string) string
	DefaultPort func() int // the port when none is given
	Version     string
	// Talk serves a person at a terminal with a shell; nil when the input is none.
	Talk func(*repl.Shell) error
}

// Run does what the arguments say and returns the exit code.
func (p *Program) Run(ctx context.Context, args []string) int {
	o, err := parse(args)
	switch {
	case err != nil:
		fmt.Fprintln(p.Err, err)
		return failed
	case o.help:
		fmt.Fprint(p.Out, Usage)
		return done
	case o.version:
		fmt.Fprintln(p.Out, "playground cli "+p.Version)
		return done
	}
	fmt.Fprint(p.Err, o.notes)
	if o.password == "" {
		o.password = p.Env("REDISCLI_AUTH")
	}
	if o.unsafe && !o.silent {
		fmt.Fprintln(p.Err, "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.")
	}
	s := p.session(o)
	defer func() { _ = s.Close() }()
	switch {
	case len(o.words) > 0:
		return p.command(ctx, s, o)
	case p.Talk != nil:
		return p.talk(s)
	}
	return p.pipe(ctx, s)
}

// session prepares the conversation that the options ask for.
func (p *Program) session(o options) *repl.Session {
	if !o.portGiven {
		o.port = p.DefaultPort()
	}
	s := repl.New(net.JoinHostPort(o.host, strconv.Itoa(o.port)), o.cluster)
	s.User, s.Password, s.DB = o.user, o.password, o.db
	s.Between, s.After = o.between, o.after
	s.Style = o.style
	if !o.styled && !p.ShownOut {
		s.Style = repl.Raw
	}
	json := s.Style == repl.JSON || s.Style == repl.QuotedJSON
	s.RESP3 = o.resp3 || json && !o.resp2
	s.HidePushes = o.pushes == "no" || o.pushes == "" && !p.ShownOut
	s.Push = func(text string) { fmt.Fprint(p.Out, text) }
	s.Complain = func(text string) { fmt.Fprint(p.Err, text) }
	return s
}

// command runs the command of the command line as often as is asked for.
func (p *Program) command(ctx context.Context, s *repl.Session, o options) int {
	s.Silent = true
	if text, _ := s.Open(ctx); !s.Connected() {
		fmt.Fprint(p.Out, text)
		return failed
	}
	words, ok := p.complete(o)
	if !ok {
		return failed
	}
	for n := 0; n != o.repeat; n++ {
		if n > 0 && !pause(ctx, o.interval) {
			return failed
		}
		output, wrong, err := s.Run(ctx, words)
		if wrong != "" && o.exitOnError {
			fmt.Fprintln(p.Err, wrong)
			return failed
		}
		fmt.Fprint(p.Out, output)
		if err != nil {
			return failed
		}
		if ended := s.Streaming(); ended != nil {
			<-ended
			fmt.Fprintln(p.Err, "Error: Server closed the connection")
			return failed
		}
	}
	return done
}

// pause waits between two runs; false when the program is to end.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// complete makes the words of the command from the arguments and, with -x and -X, the input. What
// is wrong with them is said where redis-cli says it.
func (p *Program) complete(o options) (words []string, ok bool) {
	for _, w := range o.words {
		if o.quoted {
			plain, ok := repl.Unquote(w)
			if !ok {
				fmt.Fprintln(p.Out, "Invalid quoted string")
				return nil, false
			}
			w = plain
		}
		words = append(words, w)
	}
	if !o.fromInput && o.tag == "" {
		return words, true
	}
	input, err := io.ReadAll(p.In)
	if err != nil {
		fmt.Fprintln(p.Err, err)
		return nil, false
	}
	if o.fromInput {
		return append(words, string(input)), true
	}
	at := slices.Index(words, o.tag)
	if at < 0 {
		fmt.Fprintln(p.Err, "Using -X option but stdin tag not match.")
		return nil, false
	}
	words[at] = string(input)
	return words, true
}

// pipe reads a command a line.
func (p *Program) pipe(ctx context.Context, s *repl.Session) int {
	text, _ := s.Open(ctx)
	fmt.Fprint(p.Out, text)
	lines := bufio.NewScanner(p.In)
	lines.Buffer(nil, maxLine)
	for lines.Scan() {
		output, _, err := s.Eval(ctx, lines.Text())
		fmt.Fprint(p.Out, output)
		if ended := s.Streaming(); ended != nil {
			<-ended
			fmt.Fprintln(p.Err, "Error: Server closed the connection")
		}
		if err != nil {
			break
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(p.Err, err)
		return failed
	}
	return done
}

// talk serves a person.
func (p *Program) talk(s *repl.Session) int {
	s.Complain = nil // the screen is the only place
	if err := p.Talk(&repl.Shell{Session: s, Leaves: true}); err != nil {
		fmt.Fprintln(p.Err, err)
		return failed
	}
	return done
}
