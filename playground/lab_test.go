package playground

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"clusterplay/node"
	"clusterplay/node/berth"
	"clusterplay/node/machine"
)

// patience bounds every wait for something that must happen. It is no goal.
const patience = time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// freePort is a first port for a lab of a few nodes, and of some that join.
func freePort() int { return berth.Ports(10) }

// launch starts a lab and ends it with the test.
func launch(t *testing.T, topology Topology) *Lab {
	t.Helper()
	topology.Port = berth.Ports(max(10, topology.Nodes()+2))
	l, err := Launch(t.Context(), topology)
	require.NoError(t, err)
	t.Cleanup(l.Close)
	return l
}

// formed is how long a lab takes to form, and to end.
func formed(t *testing.T, topology Topology) (form, end time.Duration) {
	t.Helper()
	topology.Port = freePort()
	began := time.Now()
	l, err := Launch(t.Context(), topology)
	form = time.Since(began)
	require.NoError(t, err)
	began = time.Now()
	l.Close()
	return form, time.Since(began)
}

// formsAsFast tries until a lab has once formed in no more than so many times what a lone master needs, and
// ended in less than it took to form. A computer that is busy with other things makes some tries late, a lab
// that waits for a timer all of them.
func formsAsFast(t *testing.T, topology Topology, times int) {
	t.Helper()
	const tries = 5
	for try := 1; ; try++ {
		alone, _ := formed(t, Topology{Masters: 1, NodeTimeout: 5000})
		form, end := formed(t, topology)
		t.Logf("alone in %v, formed in %v, ended in %v", alone, form, end)
		if form <= time.Duration(times)*alone && end < form {
			return
		}
		require.Less(t, try, tries, "never in time")
	}
}

// six is the usual topology. Its node timeout lets it form quickly, and is long enough for a busy computer at ten
// times the speed of life.
func six() Topology { return Topology{Masters: 3, Replicas: 1, NodeTimeout: 5000} }

// hasty is six in which a failover takes two seconds at the speed of life.
func hasty() Topology { return Topology{Masters: 3, Replicas: 1, NodeTimeout: 1000} }

// act carries out a command line and requires that it works.
func act(t *testing.T, l *Lab, verb string, words ...string) Result {
	t.Helper()
	a, err := Parse(verb, words)
	require.NoError(t, err)
	r, err := l.Do(t.Context(), a)
	require.NoError(t, err)
	return r
}

// eventually waits for a condition on the snapshot.
func eventually(t *testing.T, l *Lab, what string, met func(Snapshot) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if err := l.Until(ctx, what, met); err != nil {
		s := l.Snapshot()
		for _, line := range s.Story {
			t.Log(line.Node, line.Line)
		}
		for _, n := range s.Nodes {
			t.Logf("%+v", n)
		}
		require.NoError(t, err)
	}
}

func (s Snapshot) node(name string) Node {
	for _, n := range s.Nodes {
		if n.Name == name {
			return n
		}
	}
	return Node{}
}

func TestSixNodesFormACluster(t *testing.T) {
	formsAsFast(t, six(), 4)
	l := launch(t, six())
	s := l.Snapshot()
	require.Equal(t, "ok", s.State)
	require.Equal(t, 16384, s.SlotsCovered)
	require.Len(t, s.Nodes, 6)
	for i, n := range s.Nodes {
		require.Equal(t, "up", n.State)
		require.Equal(t, []string{"A", "B", "C", "A", "B", "C"}[i], n.Shard)
		require.Equal(t, i >= 3, n.Role == "replica")
		require.Len(t, n.Beliefs, 5)
	}
	require.Equal(t, s.Nodes[0].Name, s.Nodes[3].Master)
	require.True(t, s.Nodes[3].LinkUp)
	require.InDelta(t, time.Now().UnixMilli(), s.Now, float64(head.Milliseconds()), "the lab's clock has caught up with the computer's")
}

func TestAKilledMasterIsReplacedByItsReplica(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	act(t, l, "speed", "10")
	act(t, l, "kill", names[1])
	eventually(t, l, "the replica to be promoted", func(s Snapshot) bool {
		return s.node(names[4]).Role == "master" && s.State == "ok"
	})
	s := l.Snapshot()
	require.Equal(t, "killed", s.node(names[1]).State)
	require.Equal(t, "B", s.node(names[4]).Shard, "a promoted replica keeps its shard")
	act(t, l, "restart", names[1])
	eventually(t, l, "the old master to follow", func(s Snapshot) bool {
		n := s.node(names[1])
		return n.Role == "replica" && n.Master == names[4] && n.LinkUp
	})
}

func nodeNames(l *Lab) []string {
	var names []string
	for _, n := range l.Snapshot().Nodes {
		names = append(names, n.Name)
	}
	return names
}

func TestAPausedLabStandsStillAndStepsOneThingAtATime(t *testing.T) {
	l := launch(t, six())
	_, err := l.Do(t.Context(), Step{})
	require.ErrorContains(t, err, "not paused")
	require.Nil(t, l.Snapshot().Clock.Next, "a clock that runs is the same in every batch")
	act(t, l, "pause")
	before := l.Snapshot()
	require.True(t, before.Clock.Paused)
	require.NotNil(t, before.Clock.Next)
	name := nodeNames(l)[0]
	_, err = l.Call(t.Context(), name, "PING")
	require.NoError(t, err, "clients are served")
	last := l.Clock().Now()
	kinds := map[string]bool{}
	for range 40 {
		r := act(t, l, "step")
		kinds[r.Data.(Stepped).What] = true
		require.False(t, l.Clock().Now().Before(last))
		last = l.Clock().Now()
	}
	require.True(t, kinds["timer"])
	require.Greater(t, last.UnixMilli(), before.Now)
	act(t, l, "resume")
	eventually(t, l, "the cluster to be ok", func(s Snapshot) bool { return s.State == "ok" && len(s.Held) == 0 })
}

func TestAPartitionStopsTheMinorityAndHealEndsIt(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	act(t, l, "speed", "10")
	act(t, l, "partition", names[0]+","+names[3], "/", "rest")
	eventually(t, l, "the minority to stop", func(s Snapshot) bool { return s.node(names[0]).ClusterState == "fail" })
	require.Equal(t, 16, len(l.Snapshot().Rules))
	require.Equal(t, "16 rules are gone: everything passes again.", act(t, l, "heal").Text)
	require.Equal(t, "There were no rules: everything passes.", act(t, l, "heal").Text)
	eventually(t, l, "the cluster to be ok", func(s Snapshot) bool { return s.State == "ok" && len(s.Rules) == 0 })
}

func TestSlotsMoveUnderLoadWithoutLosingAnAcknowledgedWrite(t *testing.T) {
	topology := six()
	topology.NodeTimeout = 15000 // nobody is meant to fail, however busy the computer is
	l := launch(t, topology)
	names := nodeNames(l)
	act(t, l, "load", "500")
	eventually(t, l, "writes", func(s Snapshot) bool { return s.Load.Acked > 100 })
	act(t, l, "move-slots", names[0], names[1], "300")
	eventually(t, l, "the move to end", func(s Snapshot) bool { return len(s.Moves) == 1 && s.Moves[0].State == Done })
	act(t, l, "move-slots", names[1], names[2], "--slots", "5461-5470", "--mode", "step")
	for range 5 {
		act(t, l, "move-step")
	}
	act(t, l, "move-abort")
	eventually(t, l, "the move to stop", func(s Snapshot) bool { return s.Moves[1].State == Aborted })
	require.Equal(t, 1, l.Snapshot().Moves[1].Done, "the present slot is finished")
	act(t, l, "rebalance")
	eventually(t, l, "the balance", func(s Snapshot) bool {
		last := s.Moves[len(s.Moves)-1]
		return last.ID > 2 && last.State == Done && owned(s.node(names[0])) >= 5461 && owned(s.node(names[1])) <= 5462
	})
	act(t, l, "load", "off")
	view, err := l.Verify(t.Context())
	require.NoError(t, err)
	require.Greater(t, view.Acked, uint64(100))
	require.Zero(t, view.Lost)
	require.Zero(t, view.Unknown)
	require.Zero(t, view.Errors, "clients were served throughout")
}

// served is how many commands the masters, or the replicas, of a lab have served.
func served(t *testing.T, l *Lab, role string) (commands int) {
	t.Helper()
	for _, n := range l.Nodes() {
		if n.Role == role {
			text, err := l.Call(t.Context(), n.Name, "INFO", "stats")
			require.NoError(t, err)
			_, rest, _ := strings.Cut(text, "total_commands_processed:")
			number, _, _ := strings.Cut(rest, "\r\n")
			count, err := strconv.Atoi(number)
			require.NoError(t, err)
			commands += count
		}
	}
	return commands
}

func TestWhatNodesServeIsWhatTheLoadWasAskedFor(t *testing.T) {
	topology := six()
	topology.NodeTimeout = 15000 // nobody is meant to fail, however busy the computer is
	l := launch(t, topology)
	act(t, l, "load", "500")
	eventually(t, l, "the owners of all slots to be known", func(s Snapshot) bool { return s.Load.Acked > 3000 })
	for _, role := range []string{"master", "replica"} {
		before, began := served(t, l, role), l.Snapshot()
		eventually(t, l, "two thousand writes", func(s Snapshot) bool { return s.Load.Acked > began.Load.Acked+2000 })
		after, ended := served(t, l, role), l.Snapshot()
		writes, seconds := int(ended.Load.Acked-began.Load.Acked), int(ended.Now-began.Now)/1000
		// Beside the writes: REPLCONF ACK once a second from each replica, PING from each master, our INFO.
		require.InDelta(t, writes, after-before, float64(writes/20+6*(seconds+2)), "%ss serve what is written, and no reading back", role)
	}
	require.Zero(t, l.Snapshot().Load.Errors)
}

func owned(n Node) int {
	total := 0
	for _, r := range n.Slots {
		total += r[1] - r[0] + 1
	}
	return total
}

func TestNodesJoinAndLeave(t *testing.T) {
	l := launch(t, Topology{Masters: 3, NodeTimeout: 1000})
	names := nodeNames(l)
	act(t, l, "speed", "10")
	master := act(t, l, "add-master").Data.(string)
	replica := act(t, l, "add-replica", names[0]).Data.(string)
	eventually(t, l, "the replica to follow", func(s Snapshot) bool { return s.node(replica).LinkUp })
	s := l.Snapshot()
	require.Equal(t, "D", s.node(master).Shard)
	require.Equal(t, "A", s.node(replica).Shard)
	act(t, l, "failover", names[0])
	eventually(t, l, "the replica to take over", func(s Snapshot) bool {
		return s.node(replica).Role == "master" && s.node(names[0]).Role == "replica"
	})
	_, err := l.Do(t.Context(), Remove{Node: names[1]})
	require.ErrorContains(t, err, "owns slots")
	act(t, l, "remove", master)
	require.Len(t, l.Snapshot().Nodes, 4)
	for _, n := range l.Snapshot().Nodes {
		require.Len(t, n.Beliefs, 3)
	}
}

func TestResetLeadsBackToTheTopology(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	act(t, l, "add-master")
	act(t, l, "kill", names[0])
	act(t, l, "partition", names[1])
	_, err := l.Call(t.Context(), names[2], "CONFIG", "SET", "maxmemory", "1gb")
	require.NoError(t, err)
	act(t, l, "pause")
	act(t, l, "reset")
	s := l.Snapshot()
	require.Equal(t, "ok", s.State)
	require.Equal(t, names, nodeNames(l))
	require.Empty(t, s.Rules)
	require.False(t, s.Clock.Paused)
	require.Equal(t, "A", s.Nodes[0].Shard)
}

func TestAPanicOfOneNodeLeavesTheOthersAlive(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	m, err := l.find("node", names[5])
	require.NoError(t, err)
	crash(t, m)
	eventually(t, l, "the crash to show", func(s Snapshot) bool { return s.node(names[5]).State == "crashed" })
	require.Contains(t, l.Snapshot().node(names[5]).Why, "injected")
	_, err = l.Call(t.Context(), names[0], "PING")
	require.NoError(t, err)
	act(t, l, "restart", names[5])
	eventually(t, l, "it to follow again", func(s Snapshot) bool { return s.node(names[5]).LinkUp && s.State == "ok" })
}

func TestARoleThatIsThawedMeansTheFrozenOne(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	act(t, l, "freeze", "replica")
	require.Equal(t, "frozen", l.Snapshot().node(names[3]).State)
	a, err := Parse("move-slots", []string{names[0], names[3], "1"})
	require.NoError(t, err)
	_, err = l.Do(t.Context(), a)
	require.ErrorContains(t, err, names[3]+" is not running: it is frozen")
	require.Equal(t, names[3]+" goes on.", act(t, l, "thaw", "replica").Text)
	require.Equal(t, "up", l.Snapshot().node(names[3]).State)
}

func TestAFrozenNodeIsSuspectedAndComesBack(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	act(t, l, "speed", "10")
	act(t, l, "freeze", names[4])
	eventually(t, l, "the suspicion", func(s Snapshot) bool {
		for _, b := range s.node(names[0]).Beliefs {
			if b.Node == names[4] && (b.has("fail") || b.has("fail?")) {
				return true
			}
		}
		return false
	})
	require.Equal(t, "frozen", l.Snapshot().node(names[4]).State)
	act(t, l, "thaw", names[4])
	eventually(t, l, "the suspicion to go", func(s Snapshot) bool {
		for _, b := range s.node(names[0]).Beliefs {
			if b.has("fail") || b.has("fail?") {
				return false
			}
		}
		return s.node(names[4]).LinkUp
	})
}

func TestALabKeepsItsDataInItsDirectory(t *testing.T) {
	dir := t.TempDir() + "/lab"
	topology := six()
	topology.DataDir, topology.Port = dir, freePort()
	l, err := Launch(t.Context(), topology)
	require.NoError(t, err)
	ids := map[string]string{}
	for _, n := range l.Snapshot().Nodes {
		ids[n.Name] = n.ID
	}
	first := l.Snapshot().Nodes[0].Name
	_, err = l.Call(t.Context(), first, "SET", "bar", "kept") // slot 5061, the first master's
	require.NoError(t, err)
	l.Close()
	info, err := os.Stat(dir)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
	l, err = Launch(t.Context(), topology)
	require.NoError(t, err)
	defer l.Close()
	for _, n := range l.Snapshot().Nodes {
		require.Equal(t, ids[n.Name], n.ID)
		require.NotEmpty(t, n.Shard)
	}
	value, err := l.Call(t.Context(), first, "GET", "bar")
	require.NoError(t, err)
	require.Contains(t, value, "kept")
	events, err := l.History().Events(t.Context(), time.Now().Add(-time.Hour), time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.NotEmpty(t, events)
}

func TestLinksStayInMemoryWhenAsked(t *testing.T) {
	topology := six()
	topology.Links = MemoryLinks
	l := launch(t, topology)
	require.Equal(t, MemoryLinks, l.Snapshot().Links)
	require.Equal(t, "ok", l.Snapshot().State)
}

func TestASlowSubscriberIsToldOfItsGap(t *testing.T) {
	j := newJournal()
	s := j.subscribe(2)
	for i := range 5 {
		j.publish(Stamped{Event: Mark{Text: fmt.Sprint(i)}}, func(e Stamped) Line { return Line{Seq: e.Seq, Level: Info} })
	}
	require.EqualValues(t, 1, (<-s.C).Seq)
	require.EqualValues(t, 2, (<-s.C).Seq)
	j.publish(Stamped{Event: Mark{}}, func(e Stamped) Line { return Line{} })
	got := <-s.C
	require.EqualValues(t, 6, got.Seq)
	require.EqualValues(t, 3, got.Missed)
	s.Close()
	_, open := <-s.C
	require.False(t, open)
}

// crash makes the machine of a node panic inside a door.
func crash(t *testing.T, m *member) {
	t.Helper()
	_ = m.Do(func(time.Time, machine.Machine) { panic("injected") })
	require.Equal(t, node.Crashed, m.Status().State)
}

func TestAnElectionCanBeSteppedThroughToItsEnd(t *testing.T) {
	topology := six()
	topology.NodeTimeout = 500
	l := launch(t, topology)
	names := nodeNames(l)
	act(t, l, "pause")
	act(t, l, "kill", names[0])
	for step := 0; ; step++ {
		require.Less(t, step, 5000, "the election ends")
		if step%20 == 0 && l.Snapshot().node(names[3]).Role == "master" {
			break
		}
		act(t, l, "step")
	}
	seen := map[string]bool{}
	for _, line := range l.Snapshot().Story {
		seen[line.Name] = true
	}
	for _, name := range []string{"+fail", "+election-start", "+vote", "+promoted"} {
		if !seen[name] {
			for _, line := range l.Snapshot().Story {
				t.Log(line.T, line.Node, line.Line)
			}
		}
		require.True(t, seen[name], name)
	}
}

func TestNodesAreFoundByEveryName(t *testing.T) {
	l := launch(t, Topology{Masters: 3, NodeTimeout: 5000})
	n := l.Snapshot().Nodes[1]
	for _, name := range []string{n.Name, n.ID, n.ID[:8], "B", "master-of:10778", "master-of:{user:1}"} {
		m, err := l.find("node", name)
		require.NoError(t, err, name)
		require.Equal(t, n.Name, m.Name(), name)
	}
	for _, name := range []string{"", "1", "Z", "master-of:16384", n.ID[:3], "nobody"} {
		_, err := l.find("node", name)
		require.Error(t, err, name)
		require.Equal(t, "node", AsError(err).Field)
	}
}

func TestEveryActionIsRecordedAsAnInput(t *testing.T) {
	l := launch(t, Topology{Masters: 1, NodeTimeout: 5000})
	events := l.Subscribe(10)
	defer events.Close()
	act(t, l, "mark", "here", "we", "are")
	e := <-events.C
	require.Equal(t, Input{Verb: "mark", Command: "playground ctl mark here we are"}, e.Event)
	require.Equal(t, Mark{Text: "here we are"}, (<-events.C).Event)
	_, err := l.Do(t.Context(), Kill{Node: "nobody"})
	require.Error(t, err)
	require.Equal(t, "input", (<-events.C).Event.Name())
	require.Equal(t, "refused", (<-events.C).Event.Name())
}

func TestALabIsWatchedWhileItForms(t *testing.T) {
	l, err := Open(Topology{Masters: 3, Replicas: 1, Port: freePort(), NodeTimeout: 5000})
	require.NoError(t, err)
	t.Cleanup(l.Close)
	before := l.Snapshot()
	require.Len(t, before.Nodes, 6)
	require.Zero(t, before.SlotsCovered, "nobody has been given a slot")
	done := make(chan error, 1)
	go func() { done <- l.Form(t.Context()) }()
	require.Eventually(t, func() bool { return l.Snapshot().SlotsCovered > 0 }, patience, time.Millisecond)
	_, err = l.Do(t.Context(), SetMark{Text: "an action waits for the cluster"})
	require.NoError(t, err)
	require.NoError(t, <-done)
	require.Equal(t, "ok", l.Snapshot().State)
}
