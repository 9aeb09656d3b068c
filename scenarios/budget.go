package scenarios

import (
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

// budget is what is left for such a lesson. A nil budget is without limits.
type budget struct {
	steps *rate.Limiter
	end   time.Time
}

func newBudget() *budget {
	return &budget{steps: rate.NewLimiter(stepsPerSecond, stepsPerSecond), end: time.Now().Add(maxWall)}
}

// limit ends a context with the budget's time.
func (b *budget) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithDeadlineCause(ctx, b.end, fmt.Errorf("the lesson has run for %v, as long as it may", maxWall))
}

// spend waits for the right to one more step, and refuses it when the lab is full.
func (b *budget) spend(ctx context.Context, lab Lab) error {
	if b == nil {
		return nil
	}
	if err := b.steps.Wait(ctx); err != nil {
		return context.Cause(ctx)
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
