package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"clusterplay/scenarios"
)

// testSpeed is how much faster than written lessons are tested: fast enough to wait for, slow enough
// for a node timeout of five seconds on a busy computer.
const testSpeed = 5

func lessonTest() *cobra.Command {
	f := lessonFlags{headless: true, language: "en"}
	var verbose bool
	cmd := &cobra.Command{
		Use:   "test [PATH…]",
		Short: "Run lessons without a console, each on a lab of its own, and sum up",
		Long: "Lint lessons, run each on a lab of its own without a console, and sum up. Without a path the built-in\n" +
			"lessons are tested. The languages of a lesson do the same, so it runs once.\n" +
			"Exit code 3 means that a check failed, 2 that a lesson cannot be read or does not pass lint.",
		Example: "  playground lesson test\n  playground lesson test my-lessons --junit report.xml",
		RunE: func(cmd *cobra.Command, args []string) error {
			tell := func(scenarios.Progress) {}
			if verbose {
				tell = stepPrinter(cmd.OutOrStdout(), false)
			}
			return f.test(cmd.OutOrStdout(), args, tell)
		},
	}
	flags := cmd.Flags()
	flags.Float64Var(&f.speed, "speed", testSpeed, "how many times faster than written the lab's time runs, 0.01 to 100")
	flags.IntVar(&f.port, "port", 7000, "the first client port; when taken, 17000 and 30001 are tried")
	flags.StringVar(&f.junit, "junit", "", "write a report in JUnit's XML to this file")
	flags.BoolVarP(&verbose, "verbose", "v", false, "print every step")
	return cmd
}

// test runs lessons one after the other: labs that run at once would make each other slow.
func (f *lessonFlags) test(out io.Writer, names []string, tell func(scenarios.Progress)) error {
	if err := f.check(); err != nil {
		return err
	}
	libs, problems, err := openAll(names)
	if err != nil {
		return unusable(err)
	}
	for _, lib := range libs {
		problems = append(problems, lib.Lint()...)
	}
	if len(problems) > 0 {
		return unusable(problems)
	}
	ctx, stop := interrupted()
	defer stop()
	var reports []*lessonReport
	for _, lib := range libs {
		for _, s := range lib.List(f.language) {
			if ctx.Err() != nil {
				break
			}
			report := newReport(lib.Get(s.ID, f.language))
			reports = append(reports, report)
			f.testOne(ctx, out, lib, report, tell)
		}
	}
	return errors.Join(writeJUnit(f.junit, reports), summary(ctx, out, reports))
}

// testOne runs one lesson and prints a line about it.
func (f *lessonFlags) testOne(ctx context.Context, out io.Writer, lib *scenarios.Library, r *lessonReport, tell func(scenarios.Progress)) {
	stage := &lessonStage{flags: f, lessons: lib, out: out, err: out}
	if err := stage.give(ctx, r, tell); err != nil {
		fmt.Fprintf(out, "FAIL  %-28s %5.1f s  %s: %v\n", r.lesson.ID, r.took.Seconds(), r.lesson.Source, err)
		return
	}
	fmt.Fprintf(out, "ok    %-28s %5.1f s\n", r.lesson.ID, r.took.Seconds())
}

// summary counts, and chooses the exit code: what broke weighs more than what failed.
func summary(ctx context.Context, out io.Writer, reports []*lessonReport) error {
	var check *scenarios.CheckError
	passed, failed, broke := 0, 0, 0
	for _, r := range reports {
		switch {
		case r.err == nil:
			passed++
		case errors.As(r.err, &check):
			failed++
		default:
			broke++
		}
	}
	if ctx.Err() != nil {
		return &exitError{exitInterrupt, errors.New("interrupted")}
	}
	fmt.Fprintf(out, "%d passed, %d failed", passed, failed)
	if broke > 0 {
		fmt.Fprintf(out, ", %d broke", broke)
	}
	fmt.Fprintln(out)
	switch {
	case broke > 0:
		return fmt.Errorf("%s broke", counted(broke, "lesson"))
	case failed > 0:
		return &exitError{exitCheck, fmt.Errorf("%s failed", counted(failed, "lesson"))}
	}
	return nil
}
