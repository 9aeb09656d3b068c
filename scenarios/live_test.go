package scenarios

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/playground"
)

// liveSpeed is how much faster than life the lessons run here. Their times are the lab's.
const liveSpeed = 8

// portsPerLesson keeps labs that live at the same time apart.
const portsPerLesson = 20

// launch gives a lesson the lab it asks for.
func launch(t *testing.T, l *Lesson) *playground.Lab {
	t.Helper()
	lab, err := playground.Launch(t.Context(), l.Topology(berth.Ports(20)))
	require.NoError(t, err)
	t.Cleanup(lab.Close)
	do(t, lab, "speed", strconv.Itoa(liveSpeed))
	return lab
}

func do(t *testing.T, lab *playground.Lab, verb string, words ...string) {
	t.Helper()
	action, err := playground.Parse(verb, words)
	require.NoError(t, err)
	_, err = lab.Do(t.Context(), action)
	require.NoError(t, err)
}

// patientSpeed is for a lesson that failed in a hurry. There a node timeout is half a second, and a
// computer with other work to do may pause a node for longer.
const patientSpeed = 2

// TestEveryLessonPassesOnALiveLab runs the English lessons. In the other language the same happens:
// TestEveryBuiltInLessonPassesLintInBothLanguages compares the fences.
func TestEveryLessonPassesOnALiveLab(t *testing.T) {
	lib, err := NewLibrary()
	require.NoError(t, err)
	for i, summary := range lib.List("en") {
		lesson := lib.Get(summary.ID, "en")
		port := 20200 + i*portsPerLesson
		t.Run(summary.ID, func(t *testing.T) {
			t.Parallel()
			requirePasses(t, lesson, port)
		})
	}
}

// requirePasses runs a lesson in a hurry and, if that fails, with patience.
func requirePasses(t *testing.T, lesson *Lesson, port int) {
	t.Helper()
	hurried := runWhole(t, lesson, port, liveSpeed)
	if hurried == nil {
		return
	}
	t.Logf("at %d times the speed of life: %v", liveSpeed, hurried)
	require.NoError(t, runWhole(t, lesson, port+portsPerLesson/2, patientSpeed))
}

// runWhole runs a lesson from its first fence to its last, on a lab of its own.
func runWhole(t *testing.T, lesson *Lesson, port int, speed float64) error {
	t.Helper()
	topology := lesson.Topology(port)
	topology.Speed *= speed
	lab, err := playground.Launch(t.Context(), topology)
	require.NoError(t, err)
	defer lab.Close()
	var seen []Progress
	runner := NewRunner(lab, lesson.Rebase(lab.BasePort()), func(p Progress) { seen = append(seen, p) })
	defer runner.Close()
	runner.Hurry(speed) // where the lesson sets a speed itself
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	if err := runner.Run(ctx); err != nil {
		return err
	}
	requireEveryFencePassed(t, lesson, seen)
	return nil
}

func requireEveryFencePassed(t *testing.T, l *Lesson, seen []Progress) {
	t.Helper()
	passed := map[string]bool{}
	for _, p := range seen {
		require.NotEqual(t, StateFailed, p.State)
		passed[p.Fence] = passed[p.Fence] || p.State == StatePassed
	}
	for _, b := range l.Blocks {
		if b.Kind == KindRedis || b.Kind == KindPlay {
			require.True(t, passed[b.Fence], "fence %s was not run", b.Fence)
		}
	}
}

func TestAFailedCheckNamesTheLineAndTheReason(t *testing.T) {
	source := "---\nid: wrong\ncluster: {masters: 3, replicas: 0, cluster-node-timeout: 2000}\n---\n# Wrong\n\n" +
		"```redis {node=7000}\n127.0.0.1:7000> ECHO a\n\"b\"\n```\n\n" +
		"```play\nexpect fail 7001\n```\n\n" +
		"```play\nwait replica 7000 within 200ms\n```\n\n" +
		"```play\nkill 7999\n```\n"
	lesson, err := Parse("wrong.md", "en", []byte(source))
	require.NoError(t, err)
	lab := launch(t, lesson)
	runner := NewRunner(lab, lesson.Rebase(lab.BasePort()), func(Progress) {})
	defer runner.Close()
	tests := []struct{ name, fence, want string }{
		{"a reply that differs", "1", `line 8: expected:`},
		{"a condition that does not hold", "2", "line 13: expected fail"},
		{"a wait that ends", "3", "did not come to hold within 200ms"},
		{"a node that is not there", "4", "7999"},
		{"a fence that is not there", "9", `no fence "9"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.ErrorContains(t, runner.RunFence(t.Context(), tt.fence, 0), tt.want) })
	}
}

func TestRepliesPrintedRawMatchLineByLine(t *testing.T) {
	require.Equal(t, []string{"a", "", "b"}, replyLines("a\r\n\r\nb\r\n"))
	require.Equal(t, []string{"OK"}, replyLines("OK\n"))
	source := "---\nid: raw\ncluster: {masters: 3, replicas: 0, cluster-node-timeout: 2000}\n---\n# Raw\n\n" +
		"```redis {node=7000}\n127.0.0.1:7000> CLUSTER INFO\ncluster_state:ok\ncluster_slots_assigned:16384\n...\n" +
		"cluster_size:[0-9] (re)\n...\n127.0.0.1:7000> INFO cluster\n# Cluster\ncluster_enabled:1\n```\n"
	lesson, err := Parse("raw.md", "en", []byte(source))
	require.NoError(t, err)
	lab := launch(t, lesson)
	runner := NewRunner(lab, lesson.Rebase(lab.BasePort()), func(Progress) {})
	defer runner.Close()
	require.NoError(t, runner.Run(t.Context()))
}
