package main

import (
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"clusterplay/node/event"
	"clusterplay/playground/world"
)

func simCommand() *cobra.Command {
	var seeds int
	var seed uint64
	var timeout time.Duration
	var events bool
	cmd := &cobra.Command{
		Use:   "sim",
		Short: "Run simulated worlds full of faults and hold them against the invariants",
		Example: "  playground sim --seeds 100\n" +
			"  playground sim --seed 4711        # replay one world and say what went wrong",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			first, count := uint64(1), seeds
			if cmd.Flags().Changed("seed") {
				first, count = seed, 1
			}
			var watch []world.Observer
			if events {
				watch = append(watch, teller{out: cmd.OutOrStdout()})
			}
			return simulate(cmd.OutOrStdout(), first, count, timeout, watch...)
		},
	}
	cmd.Flags().IntVar(&seeds, "seeds", 100, "how many worlds, with the seeds 1, 2, 3, …")
	cmd.Flags().Uint64Var(&seed, "seed", 0, "run only the world of this seed")
	cmd.Flags().DurationVar(&timeout, "node-timeout", 2*time.Second, "cluster-node-timeout of every node")
	cmd.Flags().BoolVar(&events, "events", false, "print every event")
	return cmd
}

// teller prints what happens in a world, a line an event.
type teller struct {
	world.Nothing
	out io.Writer
}

// Event prints one event.
func (t teller) Event(w *world.World, host int, e event.Event) {
	fmt.Fprintf(t.out, "%9.3f  %d  %-20s %s\n", w.Age().Seconds(), w.Config().Port+host, e.Name(), e.Describe())
}

// Life prints a birth or a death.
func (t teller) Life(w *world.World, host int, what world.Life) {
	fmt.Fprintf(t.out, "%9.3f  %d  %s\n", w.Age().Seconds(), w.Config().Port+host, what)
}

// simulate runs count worlds and stops at the first that breaks an invariant.
func simulate(out io.Writer, first uint64, count int, timeout time.Duration, watch ...world.Observer) error {
	began := time.Now()
	var lived time.Duration
	var steps uint64
	for i := range uint64(count) {
		seed := first + i
		v, err := world.Judge(seed, timeout, watch...)
		if err != nil {
			return &exitError{exitCheck, fmt.Errorf("seed %d: %w\nreplay it with: playground sim --seed %d --node-timeout %v", seed, err, seed, timeout)}
		}
		lived, steps = lived+v.Lived, steps+v.Steps
		if count == 1 {
			fmt.Fprintf(out, "seed %d: %s\ntrace %016x, %d steps, ledger %+v\n", seed, v.Plan, v.Trace, v.Steps, v.Ledger)
		}
	}
	took := time.Since(began)
	fmt.Fprintf(out, "%d worlds, %v of their time in %v (%.0f times life), %d steps, no invariant broken\n",
		count, lived.Round(time.Second), took.Round(time.Millisecond), float64(lived)/float64(took), steps)
	return nil
}
