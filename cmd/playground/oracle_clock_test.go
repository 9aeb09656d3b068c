package main_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/redis/go-redis/v9"
	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// mostSteps bounds the steps of one election: some hundred timers and a few frames for each.
const mostSteps = 3000

// reader reads one key again and again and counts.
type reader struct {
	reads, failures atomic.Int64
}

// readAllTheTime reads a key of a shard that nothing happens to, until the test ends.
func readAllTheTime(t *testing.T, l *playground.Lab, p port, key string) *reader {
	t.Helper()
	client := redis.NewClient(&redis.Options{Addr: p.addr(), Protocol: 3})
	require.NoError(t, client.Set(t.Context(), key, "calm", 0).Err())
	r, done := &reader{}, make(chan struct{})
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			if got, err := client.Get(ctx, key).Result(); err == nil && got == "calm" {
				r.reads.Add(1)
			} else if ctx.Err() == nil {
				r.failures.Add(1)
			}
		}
	}()
	t.Cleanup(func() {
		cancel()
		<-done
		_ = client.Close()
	})
	return r
}

// TestAPausedElectionIsSteppedVoteByVoteWhileClientsRead stops a lab between a master's death and
// the election, and then lets one thing happen at a time.
func TestAPausedElectionIsSteppedVoteByVoteWhileClientsRead(t *testing.T) {
	t.Parallel()
	l := launchLab(t, playground.Topology{
		Masters: 3, Replicas: 1, NodeTimeout: 2000,
		Settings: map[string]string{"cluster-require-full-coverage": "no"}, // one shard's end is not all shards'
	})
	nodes := members(l)
	calm, victim, heir := nodes[0], nodes[1], nodes[4]
	r := readAllTheTime(t, l, calm, tagIn(t, l, calm))
	act(t, l, "speed 5")
	act(t, l, "kill "+victim.String())
	until(t, l, "the replica to plan an election", func(s playground.Snapshot) bool {
		if e := nodeOf(s, heir).Election; e != nil {
			act(t, l, "pause")
			return true
		}
		return false
	})
	before := l.Snapshot()
	require.True(t, before.Clock.Paused)
	require.Equal(t, "replica", nodeOf(before, heir).Role, "paused before the promotion")

	votes, frames := stepToPromotion(t, l, heir, r)
	require.Equal(t, []int{0, 1}, votes, "votes are counted one by one; the second of three masters' is the majority")
	for _, what := range []string{
		fmt.Sprintf("AUTH_REQ %v→%v", heir, calm), fmt.Sprintf("AUTH_REQ %v→%v", heir, nodes[2]),
		fmt.Sprintf("AUTH_ACK %v→%v", calm, heir), fmt.Sprintf("AUTH_ACK %v→%v", nodes[2], heir),
	} {
		require.Contains(t, frames, what)
	}
	require.Zero(t, r.failures.Load(), "the other shard was read all the time")
	act(t, l, "resume")
	until(t, l, "all to agree", func(s playground.Snapshot) bool { return s.State == "ok" })
}

// stepToPromotion steps until heir is a master. It returns the numbers of votes that heir had on
// the way and the frames of the election that arrived. Between two steps nothing happens, and the
// reader goes on.
func stepToPromotion(t *testing.T, l *playground.Lab, heir port, r *reader) (votes []int, frames map[string]bool) {
	t.Helper()
	frames = map[string]bool{}
	for step := range mostSteps {
		n := nodeOf(l.Snapshot(), heir)
		if n.Role == "master" {
			t.Logf("promoted after %d steps", step)
			return votes, frames
		}
		if e := n.Election; e != nil && (len(votes) == 0 || votes[len(votes)-1] != e.Votes) {
			votes = append(votes, e.Votes)
		}
		if step%25 == 0 {
			seen, still := r.reads.Load(), l.Clock().Now()
			eventually(t, "the reader goes on while the lab stands still", func() bool { return r.reads.Load() > seen+10 })
			require.Equal(t, still, l.Clock().Now(), "time stands still between two steps")
		}
		if s := act(t, l, "step").Data.(playground.Stepped); s.From != "" {
			frames[fmt.Sprintf("%s %s→%s", s.What, s.From, s.Who)] = true
		}
	}
	t.Fatalf("not promoted after %d steps", mostSteps)
	return nil, nil
}
