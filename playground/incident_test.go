package playground

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// undergo puts a lab through an incident of lines that follow each other at once.
func undergo(t *testing.T, l *Lab, within time.Duration, lines ...string) Course {
	t.Helper()
	in := Incident{Within: within}
	for _, line := range lines {
		in.Acts = append(in.Acts, Act{Line: line})
	}
	c, err := l.Undergo(t.Context(), in)
	require.NoError(t, err)
	return c
}

func TestAnIncidentTellsWhenALabWasHarmedAndWhenItHadRecovered(t *testing.T) {
	l := launch(t, hasty())
	names := l.Nodes()
	c := undergo(t, l, 0, "kill master")
	require.Empty(t, c.Error)
	require.Equal(t, "playground ctl kill "+names[0].Name, c.Acts[0].Command, "the first master is meant")
	require.NotNil(t, c.Harmed)
	require.NotNil(t, c.Recovered)
	require.Less(t, *c.Harmed, int64(500))
	require.Greater(t, *c.Recovered, int64(1000), "not before the node timeout")
	require.LessOrEqual(t, *c.Recovered, c.Watched)
}

func TestAnIncidentThatHarmsNobodySaysSo(t *testing.T) {
	l := launch(t, hasty())
	c := undergo(t, l, 0, "kill replica 2")
	require.Equal(t, "playground ctl kill "+l.Nodes()[4].Name, c.Acts[0].Command)
	require.Nil(t, c.Harmed)
	require.Nil(t, c.Recovered)
	require.GreaterOrEqual(t, c.Watched, (settled + 2*time.Second).Milliseconds(), "two node timeouts, and some more")
}

func TestARoleMeansTheSameNodeForAWholeIncident(t *testing.T) {
	l := launch(t, hasty())
	first := l.Nodes()[0].Name
	in := Incident{Acts: []Act{{Line: "kill master"}, {Line: "restart master", After: 100 * time.Millisecond}, {Line: "partition master-1 / rest"}, {Line: "heal"}}}
	c, err := l.Undergo(t.Context(), in)
	require.NoError(t, err)
	require.Empty(t, c.Error)
	require.Equal(t, "playground ctl restart "+first, c.Acts[1].Command)
	require.Equal(t, "playground ctl partition "+first+" / rest", c.Acts[2].Command)
	require.GreaterOrEqual(t, c.Acts[1].At, int64(100))
}

func TestALabThatDoesNotRecoverHasNoTimeOfRecovery(t *testing.T) {
	l := launch(t, Topology{Mode: Replication, Replicas: 1})
	c := undergo(t, l, time.Second, "kill master")
	require.NotNil(t, c.Harmed)
	require.Nil(t, c.Recovered)
	require.GreaterOrEqual(t, c.Watched, int64(1000))
}

func TestSentinelsEndAnIncidentThatPeopleWouldHaveToEndByHand(t *testing.T) {
	l := launch(t, guarded())
	s := l.Snapshot()
	act(t, l, "speed", "5")
	c := undergo(t, l, time.Minute, "freeze sentinel 2", "kill master")
	require.Empty(t, c.Error)
	require.Equal(t, "playground ctl freeze "+s.Sentinels[1].Name, c.Acts[0].Command)
	require.Equal(t, "playground ctl kill "+s.Nodes[0].Name, c.Acts[1].Command)
	require.NotNil(t, c.Recovered)
	require.Greater(t, *c.Recovered, int64(3000), "not before down-after-milliseconds")

	hand := launch(t, trio())
	late := 300 * time.Millisecond
	c, err := hand.Undergo(t.Context(), Incident{Within: time.Minute, Acts: []Act{
		{Line: "kill master"}, {Line: "replicaof replica-1 no-one", After: late}, {Line: "rewire replica-1", After: late},
	}})
	require.NoError(t, err)
	require.Empty(t, c.Error)
	require.GreaterOrEqual(t, *c.Recovered, 2*late.Milliseconds(), "a promotion that the clients do not know of serves nobody")
	require.NotNil(t, c.Harmed)
	require.NotNil(t, c.Recovered)
}

func TestAnActThatIsRefusedEndsTheIncident(t *testing.T) {
	l := launch(t, Topology{Masters: 2, NodeTimeout: 1000})
	c := undergo(t, l, 0, "mark begin", "kill replica 1", "kill master")
	require.Len(t, c.Acts, 1)
	require.Contains(t, c.Error, "kill replica 1: no node is called")
	require.Equal(t, "up", l.Nodes()[0].State)
}

func TestWhatIsNoIncidentIsRefusedBeforeAnythingIsDone(t *testing.T) {
	act := func(line string, after time.Duration) Act { return Act{Line: line, After: after} }
	many := make([]Act, maxActs+1)
	for i := range many {
		many[i] = act("heal", 0)
	}
	tests := []struct {
		name  string
		in    Incident
		field string
	}{
		{"nothing", Incident{}, "acts"},
		{"too much", Incident{Acts: many}, "acts"},
		{"no verb", Incident{Acts: []Act{act("heal", 0), act("explode", 0)}}, "acts"},
		{"an empty line", Incident{Acts: []Act{act(" ", 0)}}, "acts"},
		{"back in time", Incident{Acts: []Act{act("heal", -1)}}, "acts"},
		{"for ever", Incident{Acts: []Act{act("heal", 6*time.Minute), act("heal", 6*time.Minute)}}, "acts"},
		{"without end", Incident{Acts: []Act{act("heal", 0)}, Within: time.Hour}, "within"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.field, AsError(tt.in.Check()).Field) })
	}
}

func TestRolesAreReadAsPeopleWriteThem(t *testing.T) {
	tests := []struct {
		name, role string
		number     int
		ok         bool
	}{
		{"master", "master", 1, true}, {"replica 2", "replica", 2, true}, {"replica-2", "replica", 2, true}, {"sentinel 3", "sentinel", 3, true},
		{"replica 0", "", 0, false}, {"master-of:5", "", 0, false}, {"7000", "", 0, false}, {"", "", 0, false}, {"replica two", "", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			role, number, ok := readRole(tt.name)
			require.Equal(t, tt.ok, ok)
			if ok {
				require.Equal(t, tt.role, role)
				require.Equal(t, tt.number, number)
			}
		})
	}
	a, err := Parse("move-slots", []string{"master", "1", "master", "2", "100"})
	require.NoError(t, err)
	require.Equal(t, MoveSlots{From: "master 1", To: "master 2", Count: 100}, a)
	a, err = Parse("delay", []string{"master", "replica", "200"})
	require.NoError(t, err)
	require.Equal(t, Delay{From: "master", To: "replica", DelayMs: 200}, a, "three digits are no replica's number")
}
