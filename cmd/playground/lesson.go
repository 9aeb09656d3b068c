package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"clusterplay/playground"
	"clusterplay/scenarios"
)

func lessonCommand() *cobra.Command {
	cmd := &cobra.Command{Use: "lesson", Short: "List and run lessons"}
	cmd.AddCommand(lessonList(), lessonRun())
	return cmd
}

func lessonList() *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List the built-in lessons", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			lib, err := scenarios.NewLibrary()
			if err != nil {
				return err
			}
			for _, s := range lib.List("en") {
				fmt.Fprintf(cmd.OutOrStdout(), "%-16s %s  (level %d, %d minutes, %s)\n",
					s.ID, s.Title, s.Level, s.Minutes, strings.Join(s.Languages, " "))
			}
			return nil
		},
	}
}

func lessonRun() *cobra.Command {
	var speed float64
	var port int
	cmd := &cobra.Command{
		Use:     "run FILE|ID",
		Short:   "Run a lesson on a lab of its own and check every step",
		Long:    "Run a lesson on a lab of its own and check every step.\nExit code 3 means that a check failed, 2 that the lesson cannot be read.",
		Example: "  playground lesson run a-master-dies\n  playground lesson run --speed 10 my-lesson/en.md",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return runLesson(cmd.OutOrStdout(), args[0], speed, port)
		},
	}
	cmd.Flags().Float64Var(&speed, "speed", 1, "how many times faster than life the lab runs, 0.01 to 100")
	cmd.Flags().IntVar(&port, "port", 7000, "the first client port to try")
	return cmd
}

// runLesson launches the lab a lesson asks for, runs every fence, and ends the lab.
func runLesson(out io.Writer, name string, speed float64, port int) error {
	lesson, err := findLesson(name)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	lab, err := playground.Launch(ctx, lessonTopology(lesson, port))
	if err != nil {
		return err
	}
	defer lab.Close()
	if speed != 1 {
		action, err := playground.Parse("speed", []string{fmt.Sprint(speed)})
		if err != nil {
			return &exitError{exitUsage, err}
		}
		if _, err := lab.Do(ctx, action); err != nil {
			return err
		}
	}
	began := time.Now()
	runner := scenarios.NewRunner(lab, lesson.Rebase(lab.BasePort()), func(p scenarios.Progress) { printProgress(out, p) })
	defer runner.Close()
	if err := runner.Run(ctx); err != nil {
		return &exitError{exitCheck, fmt.Errorf("lesson %s: %w", lesson.ID, err)}
	}
	fmt.Fprintf(out, "passed: %s, %.1f s\n", lesson.Title, time.Since(began).Seconds())
	return nil
}

// findLesson reads a file, or finds a built-in lesson by its id.
func findLesson(name string) (*scenarios.Lesson, error) {
	if source, err := os.ReadFile(name); err == nil {
		language := strings.TrimSuffix(filepath.Base(name), ".md")
		return scenarios.Parse(name, language, source)
	} else if !errors.Is(err, os.ErrNotExist) || strings.HasSuffix(name, ".md") {
		return nil, fmt.Errorf("read the lesson: %w", err)
	}
	lib, err := scenarios.NewLibrary()
	if err != nil {
		return nil, err
	}
	if lesson := lib.Get(name, "en"); lesson != nil {
		return lesson, nil
	}
	return nil, fmt.Errorf("there is neither a file nor a lesson %q; playground lesson list names them", name)
}

func lessonTopology(l *scenarios.Lesson, port int) playground.Topology {
	return playground.Topology{
		Masters: l.Cluster.Masters, Replicas: l.Cluster.Replicas, Port: port, Seed: l.Seed,
		NodeTimeout: l.Cluster.NodeTimeout, Settings: l.Cluster.Settings,
	}
}

func printProgress(out io.Writer, p scenarios.Progress) {
	switch {
	case p.Caption != "":
		fmt.Fprintf(out, "      %s\n", p.Caption)
	case p.State == scenarios.StateFailed:
		fmt.Fprintf(out, "[%s] FAILED\n", p.Fence)
	case p.State == scenarios.StatePassed:
		fmt.Fprintf(out, "[%s] ok\n", p.Fence)
	case p.Text != "" && p.State == scenarios.StateWaiting:
		fmt.Fprintf(out, "      … until %s\n", p.Text)
	case p.Text != "":
		fmt.Fprintf(out, "      %s\n", strings.ReplaceAll(p.Text, "\n", "\n      "))
	}
}
