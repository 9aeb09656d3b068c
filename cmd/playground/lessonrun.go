package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"clusterplay/playground"
	"clusterplay/playground/clock"
	"clusterplay/scenarios"
)

// lessonFlags is what a run of lessons was asked for.
type lessonFlags struct {
	language string
	speed    float64
	port     int
	addr     string
	headless bool
	keep     bool
	open     bool
	asJSON   bool
	junit    string
}

func lessonRun() *cobra.Command {
	var f lessonFlags
	cmd := &cobra.Command{
		Use:   "run FILE|ID|DIR",
		Short: "Run a lesson on a lab of its own, to watch in the browser, and check every step",
		Long: "Run a lesson on a lab of its own and check every step. The link that is printed opens the console, where\n" +
			"the lesson can be watched; with --headless there is none.\n" +
			"A file may send every command to the nodes of its lab; bring the lesson of a stranger on the page instead,\n" +
			"where it may do less. Exit code 3 means that a check failed, 2 that the lesson cannot be read.",
		Example: "  playground lesson run a-master-dies\n  playground lesson run my-lesson --lang zh --keep\n" +
			"  playground lesson run my-lesson/en.md --headless --speed 5",
		Args: usage(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error { return f.run(cmd, args[0]) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.language, "lang", "en", "the language: en or zh; another when the lesson has no such")
	flags.Float64Var(&f.speed, "speed", 1, "how many times faster than written the lab's time runs, 0.01 to 100")
	flags.IntVar(&f.port, "port", 7000, "the first client port; when taken, 17000 and 30001 are tried")
	flags.StringVar(&f.addr, "addr", loopbackConsole, "where the console listens")
	flags.BoolVar(&f.headless, "headless", false, "run without a console")
	flags.BoolVar(&f.keep, "keep", false, "keep the lab and the console after the lesson, until Ctrl-C")
	flags.BoolVar(&f.open, "open", false, "open the console in the browser of this computer")
	flags.BoolVar(&f.asJSON, "json", false, "print every step as a line of JSON")
	flags.StringVar(&f.junit, "junit", "", "write a report in JUnit's XML to this file")
	return cmd
}

// check refuses flags that cannot be.
func (f *lessonFlags) check() error {
	switch {
	case f.speed < clock.MinSpeed || f.speed > clock.MaxSpeed:
		return unusable(fmt.Errorf("--speed %v: it is outside %v to %v", f.speed, clock.MinSpeed, float64(clock.MaxSpeed)))
	case f.headless && (f.keep || f.open):
		return unusable(errors.New("--headless has no console: leave out --keep and --open"))
	}
	return checkLanguage(f.language)
}

// run runs one lesson.
func (f *lessonFlags) run(cmd *cobra.Command, name string) error {
	if err := f.check(); err != nil {
		return err
	}
	lib, err := openLessons(name)
	if err != nil {
		return unusable(err)
	}
	all := lib.List(f.language)
	if len(all) != 1 {
		return unusable(fmt.Errorf("%s holds %d lessons: name one of them, or run: playground lesson test %s", name, len(all), name))
	}
	ctx, stop := interrupted()
	defer stop()
	stage := &lessonStage{flags: f, lessons: lib, out: cmd.OutOrStdout(), err: cmd.ErrOrStderr()}
	if !f.headless {
		if stage.listener, err = listenConsole(f.addr, false); err != nil {
			return unusable(err)
		}
		defer stage.listener.Close()
	}
	report := newReport(lib.Get(all[0].ID, f.language))
	err = stage.give(ctx, report, stepPrinter(cmd.OutOrStdout(), f.asJSON))
	f.conclude(cmd.OutOrStdout(), report)
	if wrote := writeJUnit(f.junit, []*lessonReport{report}); wrote != nil {
		return errors.Join(err, wrote)
	}
	return err
}

// conclude prints how a run ended that went well; what went wrong is the command's error.
func (f *lessonFlags) conclude(out io.Writer, r *lessonReport) {
	switch {
	case f.asJSON:
		_ = json.NewEncoder(out).Encode(map[string]any{"id": r.lesson.ID, "passed": r.err == nil, "seconds": r.took.Seconds()})
	case r.err == nil:
		fmt.Fprintf(out, "passed: %s, %.1f s\n", r.lesson.Title, r.took.Seconds())
	}
}

// topology is the lab that a lesson asks for, as fast as the flags say.
func (f *lessonFlags) topology(l *scenarios.Lesson) playground.Topology {
	t := l.Topology(f.port)
	t.Speed = min(max(t.Speed*f.speed, clock.MinSpeed), clock.MaxSpeed)
	if t.Seed == 0 {
		t.Seed = drawSeed()
	}
	return t
}

// lessonStage is where a lesson is given: a lab of its own and, with a listener, a console.
type lessonStage struct {
	flags    *lessonFlags
	lessons  *scenarios.Library
	listener net.Listener // nil without a console
	out, err io.Writer
}

// give launches a lab, runs a lesson on it and ends the lab. The error has its exit code.
func (s *lessonStage) give(ctx context.Context, r *lessonReport, tell func(scenarios.Progress)) error {
	began := time.Now()
	lab, err := playground.Launch(ctx, s.flags.topology(r.lesson))
	if err != nil {
		r.end(err, time.Since(began))
		if ctx.Err() != nil {
			return &exitError{exitInterrupt, err}
		}
		return launchError(ctx, err)
	}
	defer lab.Close()
	lesson := r.lesson.Rebase(lab.BasePort())
	hear := func(p scenarios.Progress) {
		r.note(p)
		tell(p)
	}
	run := s.alone
	if s.listener != nil {
		run = s.watched
	}
	began = time.Now()
	err = run(ctx, lab, lesson, hear, func(err error) { r.end(err, time.Since(began)) })
	if err != nil && r.err == nil { // it broke before or after the lesson
		r.end(err, time.Since(began))
	}
	return verdictOf(ctx, lesson, err)
}

// verdictOf gives an error its exit code.
func verdictOf(ctx context.Context, l *scenarios.Lesson, err error) error {
	var check *scenarios.CheckError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &check):
		return &exitError{exitCheck, fmt.Errorf("lesson %s: %w", l.ID, err)}
	case ctx.Err() != nil:
		return &exitError{exitInterrupt, fmt.Errorf("lesson %s: interrupted", l.ID)}
	}
	return fmt.Errorf("lesson %s: %w", l.ID, err)
}

// alone runs a lesson without a console.
func (s *lessonStage) alone(ctx context.Context, lab *playground.Lab, l *scenarios.Lesson, tell func(scenarios.Progress), ended func(error)) error {
	runner := scenarios.NewRunner(lab, l, tell)
	defer runner.Close()
	runner.Hurry(s.flags.speed)
	err := runner.Run(ctx)
	ended(err)
	return err
}

// watched runs a lesson where a browser can watch it.
func (s *lessonStage) watched(ctx context.Context, lab *playground.Lab, l *scenarios.Lesson, tell func(scenarios.Progress), ended func(error)) error {
	server, forget, err := openConsole(playground.Around(lab), s.listener, s.lessons, false)
	if err != nil {
		return err
	}
	defer forget()
	defer server.Close()
	served := make(chan error, 1)
	go func() { served <- server.Serve(s.listener) }()
	link := strings.Replace(server.Link(ownAddress(s.listener)), "/#", "/?view=learn&lesson="+l.ID+"#", 1)
	if !s.flags.asJSON {
		fmt.Fprintf(s.out, "watch: %s\n\n", link)
	} else {
		_ = json.NewEncoder(s.out).Encode(map[string]any{"link": link})
	}
	if s.flags.open {
		if err := showInBrowser(link); err != nil {
			fmt.Fprintln(s.err, err)
		}
	}
	err = server.GiveLesson(ctx, l, s.flags.speed, tell)
	ended(err)
	if !s.flags.keep || ctx.Err() != nil {
		return err
	}
	if err != nil {
		fmt.Fprintln(s.err, err)
	}
	fmt.Fprintln(s.err, "the lab stays until Ctrl-C")
	select {
	case <-ctx.Done():
	case broke := <-served:
		err = errors.Join(err, broke)
	}
	return err
}

// stepPrinter prints the steps of a lesson, to read or as JSON.
func stepPrinter(out io.Writer, asJSON bool) func(scenarios.Progress) {
	if asJSON {
		lines := json.NewEncoder(out)
		return func(p scenarios.Progress) { _ = lines.Encode(p) }
	}
	return func(p scenarios.Progress) { printProgress(out, p) }
}

func printProgress(out io.Writer, p scenarios.Progress) {
	verb, _, _ := strings.Cut(p.Text, " ")
	switch {
	case p.Caption != "":
		fmt.Fprintf(out, "      %s\n", p.Caption)
	case p.State == scenarios.StateFailed:
		fmt.Fprintf(out, "[%s] FAILED\n", p.Fence)
	case p.State == scenarios.StatePassed:
		fmt.Fprintf(out, "[%s] ok\n", p.Fence)
	case p.Text != "" && p.State == scenarios.StateWaiting:
		fmt.Fprintf(out, "      … until %s\n", p.Text)
	case p.Text == "" || verb == "wait" || verb == "caption" || verb == "$": // said by what follows or precedes
	default:
		fmt.Fprintf(out, "      %s\n", strings.ReplaceAll(p.Text, "\n", "\n      "))
	}
}
