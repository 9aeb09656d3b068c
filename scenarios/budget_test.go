package scenarios

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// fakeLab is a lab that does nothing and says what it is told to say.
type fakeLab struct {
	nodes, keys int
	done        int
	do          func(ctx context.Context) error // nil does nothing
}

func (f *fakeLab) Do(ctx context.Context, _ playground.Action) (playground.Result, error) {
	f.done++
	if f.do == nil {
		return playground.Result{}, nil
	}
	return playground.Result{}, f.do(ctx)
}

func (f *fakeLab) Snapshot() playground.Snapshot {
	s := playground.Snapshot{Nodes: make([]playground.Node, f.nodes)}
	for i := range s.Nodes {
		s.Nodes[i].Keys = f.keys / f.nodes
	}
	return s
}

func (f *fakeLab) Subscribe(int) *playground.Subscription { panic("nothing waits here") }
func (f *fakeLab) Addr(string) (string, error)            { panic("nothing speaks here") }

// foreign parses a lesson that somebody brought, whose fences are given.
func foreign(t *testing.T, fences string) *Lesson {
	t.Helper()
	l, err := ParseForeign("x.md", "en", []byte(foreignHead+fences))
	require.NoError(t, err)
	return l
}

func silent(Progress) {}

func TestAForeignLessonDoesFiftyStepsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		lab := &fakeLab{nodes: 6}
		r := NewRunner(lab, foreign(t, "```play\n"+strings.Repeat("mark x\n", 900)+"```\n"), silent)
		began := time.Now()
		require.NoError(t, r.Run(t.Context()))
		require.Equal(t, 900, lab.done)
		require.InDelta(t, (900-stepsPerSecond)/stepsPerSecond, time.Since(began).Seconds(), 0.5)
	})
}

func TestOurOwnLessonsWaitForNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l, err := Parse("x.md", "en", []byte(foreignHead+"```play\n"+strings.Repeat("mark x\n", 900)+"```\n"))
		require.NoError(t, err)
		began := time.Now()
		require.NoError(t, NewRunner(&fakeLab{nodes: 200}, l, silent).Run(t.Context()))
		require.Zero(t, time.Since(began))
	})
}

func TestAForeignLessonEndsWithItsHourOfRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		}
		lab := &fakeLab{nodes: 6, do: hang}
		var last Progress
		r := NewRunner(lab, foreign(t, "```play\nmark x\n```\n\n```play\nmark y\n```\n"), func(p Progress) { last = p })
		half, cancel := context.WithTimeout(t.Context(), maxWall/2)
		defer cancel()
		require.Error(t, r.RunFence(half, "1", 0))
		time.Sleep(10 * time.Hour) // a class reads; nothing runs
		began := time.Now()
		err := r.RunFence(t.Context(), "2", 0)
		require.Equal(t, maxWall/2, time.Since(began))
		require.ErrorContains(t, err, "line 13: the lesson has run for 1h0m0s, as long as it may")
		require.Equal(t, StateFailed, last.State)
		require.ErrorContains(t, r.RunFence(t.Context(), "1", 0), "as long as it may", "and not a step more")
	})
}

func TestAForeignLessonStopsWhenTheLabIsFull(t *testing.T) {
	tests := []struct {
		lab  fakeLab
		want string
	}{
		{fakeLab{nodes: maxNodes, keys: maxKeys}, ""},
		{fakeLab{nodes: maxNodes + 1}, "the lab has 101 nodes"},
		{fakeLab{nodes: 1, keys: maxKeys + 1}, "the lab has 1000001 keys"},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprint(tt.lab.nodes, "nodes", tt.lab.keys, "keys"), func(t *testing.T) {
			err := NewRunner(&tt.lab, foreign(t, "```play\nmark x\n```\n"), silent).Run(t.Context())
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
			require.Zero(t, tt.lab.done, "nothing more is done")
		})
	}
}

// hostile are lessons that would run for ever. Each fits the lab of foreignHead.
var hostile = []struct{ name, fence string }{
	{"a command that blocks", "```redis {node=7000 cluster=yes}\n> BLPOP nothing 0\nx\n```\n"},
	{"an acknowledgement that never comes", "```redis {node=7001}\n> SET user:1 ada\n> WAIT 5 0\n9\n```\n"},
	{"a condition that never holds", "```play\nwait fail 7001 within 10m\n```\n"},
	{"a wait while time stands still", "```play\npause\nwait fail 7001 within 1s\n```\n"},
	{"a reply that never matches", "```redis {node=7000 within=600}\n> PING\nPONK\n```\n"},
	{"clients held back", "```redis {node=7001}\n> CLIENT PAUSE 3600000\nOK\n> SET user:1 ada\nx\n```\n"},
	{"a node that is frozen", "```play\nfreeze 7000\n```\n\n```redis {node=7000 within=600}\n> PING\nPONK\n```\n"},
	{"a node that joins while time hardly moves", "```play\nspeed 0.01\nadd-master\n```\n"},
	{"replies turned off", "```redis {node=7000}\n> CLIENT REPLY OFF\n> PING\nx\n```\n"},
	{"a condition while time hardly moves", "```play\nspeed 0.01\nwait fail 7001 within 10m\n```\n"},
}

func TestSEC14AHostileLessonStopsWithinASecond(t *testing.T) {
	lab := launch(t, foreign(t, "```play\nheal\n```\n"))
	for _, tt := range hostile {
		t.Run(tt.name, func(t *testing.T) {
			began := time.Now()
			reset(t, lab)
			usual := time.Since(began)
			steps := make(chan Progress, 100)
			runner := NewRunner(lab, foreign(t, tt.fence).Rebase(lab.BasePort()), func(p Progress) {
				select {
				case steps <- p:
				default:
				}
			})
			defer runner.Close()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			ended := make(chan error, 1)
			go func() { ended <- runner.Run(ctx) }()
			settle(t, steps, ended)
			began = time.Now()
			cancel()
			require.ErrorIs(t, <-ended, context.Canceled)
			require.Less(t, time.Since(began), 2*usual, "a lab is set anew in %v", usual)
		})
	}
}

// reset gives the lab's nodes a fresh start at the speed of these tests.
func reset(t *testing.T, lab *playground.Lab) {
	t.Helper()
	do(t, lab, "reset")
	do(t, lab, "speed", strconv.Itoa(liveSpeed))
}

// settle waits until a lesson that hangs has told nothing for a while, and has not ended.
func settle(t *testing.T, steps <-chan Progress, ended <-chan error) {
	t.Helper()
	const quiet = 300 * time.Millisecond
	timer := time.NewTimer(quiet)
	defer timer.Stop()
	for {
		select {
		case <-steps:
			timer.Reset(quiet)
		case err := <-ended:
			require.Fail(t, "it ended by itself", "%v", err)
		case <-timer.C:
			return
		}
	}
}
