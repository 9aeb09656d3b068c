package workload

import (
	"context"
)

// verifyRounds looks at one key after the other, and at all of them so many times. What replicas hold
// is looked at, which nobody serves. Masters are asked only while something gives reason to doubt
// them, for each question is a command that a node serves, and counts among those it was asked for.
func (l *Load) verifyRounds(ctx context.Context, rounds int) {
	v := l.newVerifier()
	defer v.close()
	for round := 0; round != rounds; round++ {
		for key := range l.ledger.keys {
			if l.cfg.Clock.Wait(ctx, l.cfg.Clock.Now().Add(verifyEvery)) != nil {
				return
			}
			v.glance(key)
			doubted := l.doubts.Load() > 0
			if doubted {
				l.doubts.Add(-1)
			}
			if doubted || rounds != endless {
				_ = v.ask(ctx, key)
			}
		}
	}
}

// doubt makes the verifier ask for every key once: a write was refused or another node answers, so
// promises may have been broken that no later write would show for a while.
func (l *Load) doubt() { l.doubts.Store(int64(len(l.ledger.keys))) }

// Verify asks the present owners for every key once and returns the ledger's sum. An error says
// that some could not be asked; what they hold stays open.
func (l *Load) Verify(ctx context.Context) (Counts, error) {
	v := l.newVerifier()
	defer v.close()
	var failed error
	for key := range l.ledger.keys {
		if err := v.verify(ctx, key); err != nil {
			failed = err
		}
		if ctx.Err() != nil {
			return l.Counts(), ctx.Err()
		}
	}
	return l.Counts(), failed
}

// verifier finds out what became of the values.
type verifier struct {
	load    *Load
	masters *client
}

func (l *Load) newVerifier() *verifier {
	return &verifier{load: l, masters: newClient(l.cfg.Clock, l.cfg.Seeds, l.cfg.Truth)}
}

func (v *verifier) close() { v.masters.close() }

// verify looks at a replica, then asks the owner, for one key.
func (v *verifier) verify(ctx context.Context, key int) error {
	v.glance(key)
	return v.ask(ctx, key)
}

// glance looks at what a replica holds, if a promise is open.
func (v *verifier) glance(key int) {
	if !v.load.ledger.open(key) {
		return
	}
	if value, ok := v.load.cfg.Copy(Key(key)); ok {
		v.load.ledger.seenOnReplica(key, parse(value))
	}
}

// ask asks the owner for one key.
func (v *verifier) ask(ctx context.Context, key int) error {
	asked := v.load.ledger.lastAcked(key)
	if asked == 0 {
		return nil
	}
	reply, _, err := v.masters.do(ctx, Key(key), "GET", Key(key))
	switch {
	case err != nil:
		return err
	case reply.IsError():
		return errNobody
	}
	v.load.ledger.seenOnMaster(key, number(reply), asked)
	return nil
}
