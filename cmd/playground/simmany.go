package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"sync"
	"sync/atomic"
	"time"

	"clusterplay/node/event"
	"clusterplay/playground/world"
)

// outcomes runs the seeds on as many goroutines as asked for and yields what became of them in the
// order of the seeds. It ends early when ctx does or when nobody wants more.
func (f *simFlags) outcomes(ctx context.Context) iter.Seq[outcome] {
	return func(yield func(outcome) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		results := make([]chan outcome, f.seeds)
		for i := range results {
			results[i] = make(chan outcome, 1)
		}
		var next atomic.Uint64
		var workers sync.WaitGroup
		for range min(f.parallel, f.seeds) {
			workers.Go(func() { f.work(ctx, &next, results) })
		}
		defer workers.Wait()
		for _, result := range results {
			select {
			case o := <-result:
				if !yield(o) {
					cancel()
					return
				}
			case <-ctx.Done():
				return
			}
		}
	}
}

// work takes the next seed until there is none.
func (f *simFlags) work(ctx context.Context, next *atomic.Uint64, results []chan outcome) {
	for ctx.Err() == nil {
		seed := next.Add(1)
		if seed > uint64(len(results)) {
			return
		}
		v, err := f.judge(f.kindOf(seed), seed, f.timeout)
		results[seed-1] <- outcome{seed, v, err}
	}
}

// tally adds outcomes up.
type tally struct {
	worlds, failed int
	lived, rested  time.Duration
	steps          uint64
	sum            world.Ledger
}

func (t *tally) add(o outcome) {
	t.worlds++
	if o.err != nil {
		t.failed++
	}
	t.lived += o.verdict.Lived
	t.rested = max(t.rested, o.verdict.Rested)
	t.steps += o.verdict.Steps
	t.sum.Add(o.verdict.Ledger)
}

// speed says how much was lived and how fast.
func speed(worlds int, lived time.Duration, steps uint64, took time.Duration) string {
	return fmt.Sprintf("worlds: %d, their time: %v, steps: %d\nours: %v, %.0f times life",
		worlds, lived.Round(time.Second), steps, took.Round(time.Millisecond), float64(lived)/float64(took))
}

// progressEvery is how many worlds pass between two lines of progress: about ten lines a run.
func progressEvery(seeds int) uint64 { return uint64(max(seeds/10, 10)) }

// broken says what one world broke and which command shows it again.
func (f *simFlags) broken(out io.Writer, o outcome) error {
	err := fmt.Errorf("seed %d: %w\nreplay it with: playground sim --kind %s --seed %d --node-timeout %v --events",
		o.seed, o.err, f.kindOf(o.seed), o.seed, f.timeout)
	fmt.Fprintln(out, err)
	return &exitError{exitCheck, fmt.Errorf("seed %d broke a promise", o.seed)}
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
