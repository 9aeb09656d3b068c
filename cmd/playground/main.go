// Command playground runs a Redis Cluster of many real nodes in one process, with a console in
// the browser in which they can be watched, broken and healed.
package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// version is what `playground --version` says; a release sets it at build time.
var version = "0.1.0-dev"

// The exit codes, beside 0.
const (
	exitFailure = 1
	exitUsage   = 2
	exitCheck   = 3 // a lesson's check or an invariant failed
)

// exitError is an error that chooses its exit code.
type exitError struct {
	code int
	err  error
}

// Error is the wrapped error's text.
func (e *exitError) Error() string { return e.err.Error() }

// Unwrap gives the wrapped error.
func (e *exitError) Unwrap() error { return e.err }

func main() {
	if as, is := calledAs(os.Args); is {
		os.Exit(as())
	}
	err := root().Execute()
	if err == nil {
		return
	}
	fmt.Fprintln(visible{os.Stderr}, "playground:", err)
	var chosen *exitError
	if errors.As(err, &chosen) {
		os.Exit(chosen.code)
	}
	os.Exit(exitFailure)
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:           "playground",
		Short:         "A playground for Redis Cluster: real nodes to watch, break and heal",
		Version:       version,
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          usage(cobra.NoArgs),
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.SetOut(visible{os.Stdout})
	cmd.SetErr(visible{os.Stderr})
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return &exitError{exitUsage, plainFlag(cmd, err)} })
	cmd.AddCommand(runCommand(), ctlCommand(), cliCommand(), lessonCommand(), nodeCommand(), simCommand(), commandsCommand())
	return cmd
}

// usage makes a mistake in the arguments a mistake in the usage.
func usage(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return &exitError{exitUsage, fmt.Errorf("%w (%s)", err, cmd.UseLine())}
		}
		return nil
	}
}

// plainFlag says without Go's words what is wrong with a flag, and what to write instead.
func plainFlag(cmd *cobra.Command, err error) error {
	var bad *pflag.InvalidValueError
	if !errors.As(err, &bad) {
		return fmt.Errorf("%w (%s --help lists the flags)", err, cmd.CommandPath())
	}
	way := ""
	switch kind := bad.GetFlag().Value.Type(); kind {
	case "duration":
		way = "a time, such as 15s or 500ms"
	case "int", "int64", "uint64":
		way = "a whole number"
	default:
		return err
	}
	return fmt.Errorf("--%s %q: write %s", bad.GetFlag().Name, bad.GetValue(), way)
}
