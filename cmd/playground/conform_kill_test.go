package main_test

import (
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// pointsOfAFailover are what a leader tells in the course of one, each the last thing that it does in its
// life.
var pointsOfAFailover = []string{
	"+try-failover", "+vote-for-leader", "+elected-leader", "+selected-slave", "+failover-state-wait-promotion", "+promoted-slave",
	"+slave-reconf-sent", "+failover-end", "+switch-master",
}

// town is a master with two replicas of Redis' own, and three Sentinels; the first is quicker to judge.
type town struct {
	t      *testing.T
	nodes  []*foreign
	guards []*guard
}

// startTown starts them and waits until everybody knows everybody.
func startTown(t *testing.T, leaderIsReal bool) *town {
	t.Helper()
	master := startForeign(t)
	w := &town{t: t, nodes: []*foreign{master}}
	for range 2 {
		w.nodes = append(w.nodes, startForeign(t, "--replicaof", "127.0.0.1 "+master.String(), "--repl-ping-replica-period", "1"))
	}
	const patient = "sentinel deny-scripts-reconfig no\nsentinel failover-timeout mymaster 2000\nsentinel down-after-milliseconds mymaster "
	w.guards = append(w.guards, startGuard(t, leaderIsReal, master.port, patient+"700\n"),
		startGuard(t, true, master.port, patient+"3000\n"), startGuard(t, false, master.port, patient+"3000\n"))
	w.guards[0].do(t, "SENTINEL", "SET", "mymaster", "quorum", "1") // it alone may say that the master is down
	for _, g := range w.guards {
		g.hurry()
	}
	for _, g := range w.guards {
		eventually(t, "everybody to be known", func() bool { return g.knows(2, 2) })
	}
	return w
}

// watch keeps an eye on the files: one epoch never stands for two addresses. It returns what ends it.
func (w *town) watch() (stop func()) {
	var watching sync.WaitGroup
	over := make(chan struct{})
	watching.Go(func() {
		look := time.NewTicker(lookEvery)
		defer look.Stop()
		for seen := map[string]string{}; ; {
			for _, g := range w.guards {
				epoch, address := g.configuration()
				if other, known := seen[epoch]; known && other != address || address == "" {
					w.t.Errorf("epoch %s stands for %s and for %s", epoch, other, address)
					return
				}
				seen[epoch] = address
			}
			select {
			case <-over:
				return
			case <-look.C:
			}
		}
	})
	return func() {
		close(over)
		watching.Wait()
	}
}

// agree waits until the Sentinels from the i-th on name one master that is one, and whom the others follow.
func (w *town) agree(i int, without port) (now port) {
	w.t.Helper()
	eventually(w.t, "one master that all name", func() bool {
		now = w.guards[i].names()
		for _, g := range w.guards[i:] {
			if g.names() != now || g.flags() != "master" {
				return false
			}
		}
		if now == without || now.field("role", "INFO", "replication") != "master" {
			return false
		}
		for _, n := range w.nodes {
			if n.port != now && n.port != without && (n.field("master_port", "INFO", "replication") != now.String() ||
				n.field("master_link_status", "INFO", "replication") != "up") {
				return false
			}
		}
		return true
	})
	return now
}

// survives kills the old master, waits for the leader's end, lets the others go on, and brings both back.
func (w *town) survives(ended <-chan struct{}) {
	w.t.Helper()
	stop := w.watch()
	defer stop()
	old := w.nodes[0]
	old.kill()
	<-ended
	w.guards[0].kill()
	w.agree(1, old.port)
	w.guards[0].start()
	w.guards[0].hurry()
	old.start()
	now := w.agree(0, 0)
	require.Equal(w.t, "OK", now.text("SET", "k", "v"), "it can be written to")
	for _, n := range w.nodes {
		eventually(w.t, "the write to arrive", func() bool { return n.text("GET", "k") == "v" })
	}
}

func TestALeaderThatIsKilledAtAnyPointOfItsFailoverLeavesTheGroupWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes real time")
	}
	for _, point := range pointsOfAFailover {
		t.Run(point, func(t *testing.T) {
			t.Parallel()
			w := startTown(t, false)
			ended := make(chan struct{})
			var once sync.Once
			w.guards[0].hears(func(event, _ string) {
				if event == point {
					once.Do(func() {
						_ = w.guards[0].cmd.Process.Kill()
						close(ended)
					})
				}
			})
			w.survives(ended)
		})
	}
}

func TestALeaderThatCrashesAfterAPromotionLeavesTheGroupWhole(t *testing.T) {
	if testing.Short() {
		t.Skip("it takes real time")
	}
	for _, real := range []bool{true, false} {
		for _, point := range []string{"crash-after-election", "crash-after-promotion"} {
			t.Run(kindOfGuard(real)+", "+point, func(t *testing.T) {
				t.Parallel()
				w := startTown(t, real)
				w.guards[0].do(t, "SENTINEL", "SIMULATE-FAILURE", point)
				ended := make(chan struct{})
				cmd := w.guards[0].cmd
				go func() {
					_ = cmd.Wait()
					close(ended)
				}()
				w.survives(ended)
				require.Equal(t, 99, cmd.ProcessState.ExitCode())
			})
		}
	}
}
