package scenarios

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"golang.org/x/time/rate"
)

// What a lesson that somebody brought may use up.
const (
	maxKeys        = 1_000_000
	maxWall        = 60 * time.Minute
	stepsPerSecond = 50
)

var errWall = fmt.Errorf("the lesson has run for %v, as long as it may", maxWall)

// budget is what is left for such a lesson. A nil budget is without limits.
type budget struct {
	steps *rate.Limiter
	left  time.Duration // of the time in which it runs; reading costs nothing
}

func newBudget() *budget {
	return &budget{steps: rate.NewLimiter(stepsPerSecond, stepsPerSecond), left: maxWall}
}

// limit gives a run the time that is left. The run's end must be told by done.
func (b *budget) limit(ctx context.Context) (limited context.Context, done func()) {
	if b == nil {
		return ctx, func() {}
	}
	began := time.Now()
	limited, cancel := context.WithDeadlineCause(ctx, began.Add(b.left), errWall)
	return limited, func() {
		cancel()
		b.left -= time.Since(began)
	}
}

// spend waits for the right to one more step, and refuses it when the lab is full.
func (b *budget) spend(ctx context.Context, lab Lab) error {
	if b == nil {
		return nil
	}
	if b.steps.Wait(ctx) != nil {
		return cmp.Or(context.Cause(ctx), errWall) // it gives up at once when the time will not do
	}
	s := lab.Snapshot()
	keys := 0
	for _, n := range s.Nodes {
		keys += n.Keys
	}
	switch {
	case len(s.Nodes) > maxNodes:
		return fmt.Errorf("the lab has %d nodes; a lesson that somebody brought may have %d", len(s.Nodes), maxNodes)
	case keys > maxKeys:
		return fmt.Errorf("the lab has %d keys; a lesson that somebody brought may have %d", keys, maxKeys)
	}
	return nil
}
