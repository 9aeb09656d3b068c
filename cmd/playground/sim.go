package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"clusterplay/playground/world"
)

// simFlags is what `playground sim` was asked for.
type simFlags struct {
	seeds    int
	seed     uint64
	kind     string
	timeout  time.Duration
	parallel int
	events   bool
	judge    func(world.Kind, uint64, time.Duration, ...world.Observer) (world.Verdict, error)
}

const (
	// maxFailures is how many broken seeds are reported before a run gives up: the first few explain
	// the others.
	maxFailures = 10
	// simGarbage is the garbage collector's target in percent. Worlds are small and live briefly, so
	// memory is traded for speed.
	simGarbage = 800
	// exitInterrupt is what a shell reports of a program that Ctrl-C ended.
	exitInterrupt = 130
	// minNodeTimeout is the least --node-timeout: below it the 100 ms timer itself looks like a failure.
	minNodeTimeout = 500 * time.Millisecond
	// everyKind is --kind's word for all of them in turn.
	everyKind = "all"
)

func simCommand() *cobra.Command {
	f := simFlags{judge: world.Judge}
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Run simulated worlds full of faults and hold them against the invariants",
		Example: "  playground sim --seeds 100\n" +
			"  playground sim --kind replication --seeds 100\n" +
			"  playground sim --seed 4711 --events   # replay one world and say what went wrong",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			debug.SetGCPercent(simGarbage)
			return f.run(ctx, cmd)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&f.seeds, "seeds", 100, "how many worlds, with the seeds 1, 2, 3, …")
	flags.Uint64Var(&f.seed, "seed", 0, "run only the world of this seed")
	flags.StringVar(&f.kind, "kind", everyKind, "what worlds to run: "+kindNames()+", or all in turn by seed")
	flags.DurationVar(&f.timeout, "node-timeout", 2*time.Second, "cluster-node-timeout of every node; other times follow it")
	flags.IntVar(&f.parallel, "parallel", runtime.NumCPU(), "how many worlds run at once; the output does not depend on it")
	flags.BoolVar(&f.events, "events", false, "print every event; needs --seed")
	return cmd
}

// run checks the flags and runs one world or many.
func (f *simFlags) run(ctx context.Context, cmd *cobra.Command) error {
	one := cmd.Flags().Changed("seed")
	switch {
	case f.events && !one:
		return &exitError{exitUsage, errors.New("--events tells the story of one world: give it a --seed")}
	case f.seeds < 1 || f.parallel < 1 || f.timeout < minNodeTimeout:
		return &exitError{exitUsage, fmt.Errorf("--seeds and --parallel begin at 1, --node-timeout at %v", minNodeTimeout)}
	case f.kind != everyKind && !slices.Contains(world.Kinds, world.Kind(f.kind)):
		return &exitError{exitUsage, fmt.Errorf("--kind is one of %s, %s", kindNames(), everyKind)}
	case one:
		return f.tell(cmd.OutOrStdout())
	}
	return f.many(ctx, cmd.OutOrStdout())
}

// kindNames lists the kinds of world.
func kindNames() string {
	var names []string
	for _, k := range world.Kinds {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// kindOf is the kind of a seed's world.
func (f *simFlags) kindOf(seed uint64) world.Kind {
	if f.kind == everyKind {
		return world.KindOf(seed)
	}
	return world.Kind(f.kind)
}

// tell runs one world and says everything about it.
func (f *simFlags) tell(out io.Writer) error {
	var watch []world.Observer
	if f.events {
		watch = append(watch, teller{out: out})
	}
	began := time.Now()
	kind := f.kindOf(f.seed)
	v, err := f.judge(kind, f.seed, f.timeout, watch...)
	fmt.Fprintf(out, "seed %d, %s, %s: %s\n", f.seed, kind, v.Shape, v.Plan)
	if err != nil {
		return f.broken(out, outcome{f.seed, v, err})
	}
	fmt.Fprintf(out, "trace %016x, %d steps, writes: %v\n", v.Trace, v.Steps, v.Ledger)
	fmt.Fprintf(out, "at rest %v after the last fault ended\n", v.Rested.Round(time.Millisecond))
	fmt.Fprintln(out, speed(1, v.Lived, v.Steps, time.Since(began)))
	return nil
}

// outcome is what became of one seed.
type outcome struct {
	seed    uint64
	verdict world.Verdict
	err     error
}

// many runs the seeds 1, 2, 3, … and reports in their order.
func (f *simFlags) many(ctx context.Context, out io.Writer) error {
	began := time.Now()
	var sum tally
	for o := range f.outcomes(ctx) {
		sum.add(o)
		if o.err != nil {
			_ = f.broken(out, o)
			if sum.failed == maxFailures {
				break
			}
		}
		if done := o.seed; done%progressEvery(f.seeds) == 0 && done < uint64(f.seeds) {
			fmt.Fprintf(out, "%d of %d worlds, %d broken\n", done, f.seeds, sum.failed)
		}
	}
	fmt.Fprintln(out, speed(sum.worlds, sum.lived, sum.steps, time.Since(began)))
	fmt.Fprintf(out, "writes: %v\n", sum.sum)
	fmt.Fprintf(out, "at rest after the last fault ended: %v at the latest\n", sum.rested.Round(time.Millisecond))
	switch {
	case sum.failed > 0:
		return &exitError{exitCheck, fmt.Errorf("%d of %d worlds broke a promise", sum.failed, sum.worlds)}
	case ctx.Err() != nil:
		return &exitError{exitInterrupt, fmt.Errorf("interrupted after %d of %d worlds, none broken", sum.worlds, f.seeds)}
	}
	fmt.Fprintln(out, "no invariant broken")
	return nil
}
