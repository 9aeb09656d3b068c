package workload

import (
	"context"

	"clusterplay/node/slot"
)

// verifyRounds asks for one key after the other, and for all of them so many times.
func (l *Load) verifyRounds(ctx context.Context, rounds int) {
	v := l.newVerifier()
	defer v.close()
	for round := 0; round != rounds; round++ {
		for key := range l.ledger.keys {
			if l.cfg.Clock.Wait(ctx, l.cfg.Clock.Now().Add(verifyEvery)) != nil {
				return
			}
			_ = v.verify(ctx, key)
		}
	}
}

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

// verifier reads keys back from masters and replicas.
type verifier struct {
	load     *Load
	masters  *client
	replicas *client
	replica  string // whom plain clients ask
}

func (l *Load) newVerifier() *verifier {
	v := &verifier{load: l, masters: newClient(l.cfg.Clock, l.cfg.Seeds, l.cfg.Truth)}
	v.replicas = newClient(l.cfg.Clock, l.cfg.Seeds, func() (string, bool) {
		_, plain := v.masters.at()
		return v.replica, plain
	})
	v.replicas.reads = true
	return v
}

func (v *verifier) close() {
	v.masters.close()
	v.replicas.close()
}

// verify asks a replica, then the owner, for one key.
func (v *verifier) verify(ctx context.Context, key int) error {
	asked := v.load.ledger.lastAcked(key)
	if asked == 0 {
		return nil
	}
	name := Key(key)
	if addr := v.load.cfg.Replica(name); addr != "" {
		v.replica, v.replicas.owners[slot.OfString(name)] = addr, addr
		if reply, _, err := v.replicas.do(ctx, name, "GET", name); err == nil && !reply.IsError() {
			v.load.ledger.seenOnReplica(key, number(reply))
		}
	}
	reply, _, err := v.masters.do(ctx, name, "GET", name)
	switch {
	case err != nil:
		return err
	case reply.IsError():
		return errNobody
	}
	v.load.ledger.seenOnMaster(key, number(reply), asked)
	return nil
}
