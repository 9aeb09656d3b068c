package playground

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"clusterplay/node/slot"
)

func TestMovesThatAreAskedForAtOnceHaveDifferentSlots(t *testing.T) {
	topology := six()
	topology.NodeTimeout = 15000 // nobody is meant to fail, however busy the computer is
	l := launch(t, topology)
	names := nodeNames(l)
	act(t, l, "load", "200")
	eventually(t, l, "writes", func(s Snapshot) bool { return s.Load.Acked > 100 })
	act(t, l, "move-slots", names[0], names[1], "40", "--mode", "step") // stands until it is told to run
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() {
			_, err := l.Do(t.Context(), MoveSlots{From: names[0], To: names[1+i%2], Count: 40})
			assert.NoError(t, err)
		})
	}
	all.Wait()
	owner := map[slot.Slot]string{}
	l.moves.mu.Lock()
	for _, m := range l.moves.moves {
		for _, s := range m.slots {
			require.Empty(t, owner[s], "slot %d is in two moves", s)
			owner[s] = m.view.To
		}
	}
	l.moves.mu.Unlock()
	require.Len(t, owner, 5*40)

	_, err := l.Do(t.Context(), MoveSlots{From: names[0], To: names[2], Slots: "300,0"})
	require.ErrorContains(t, err, "slot 0 is moving to "+names[1]+" already")
	have := owned(l.Snapshot().node(names[0]))
	_, err = l.Do(t.Context(), MoveSlots{From: names[0], To: names[2], Count: have})
	require.ErrorContains(t, err, fmt.Sprintf("%s owns %d slots, of which 200 are moving already; %d cannot be moved", names[0], have, have))

	act(t, l, "move-run")
	eventually(t, l, "all moves to end", func(s Snapshot) bool {
		for _, m := range s.Moves {
			if m.State != Done {
				return false
			}
		}
		return len(s.Moves) == 5
	})
	s := l.Snapshot()
	for sl, to := range owner {
		require.True(t, s.node(to).owns(int(sl)), "slot %d at %s", sl, to)
	}
	act(t, l, "load", "off")
	view, err := l.Verify(t.Context())
	require.NoError(t, err)
	require.Zero(t, view.Lost)
}

func TestAMoveThatWasEndedGivesItsSlotsFree(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	act(t, l, "move-slots", names[0], names[1], "10", "--mode", "step")
	act(t, l, "move-abort")
	eventually(t, l, "the end", func(s Snapshot) bool { return s.Moves[0].State == Aborted })
	done := l.Snapshot().Moves[0].Done
	act(t, l, "move-slots", names[0], names[2], fmt.Sprint(owned(l.Snapshot().node(names[0]))), "--mode", "step")
	require.LessOrEqual(t, done, 1)
}

func TestAMoveThatDiesLeavesOneSlotOpen(t *testing.T) {
	l := launch(t, six())
	names := nodeNames(l)
	act(t, l, "move-slots", names[0], names[1], "5000")
	act(t, l, "move-abort", "--leave")
	eventually(t, l, "the end", func(s Snapshot) bool { return s.Moves[0].State != Running && s.Moves[0].State != Queued })
	m := l.Snapshot().Moves[0]
	require.Equal(t, Aborted, m.State, m.Why)
	require.Equal(t, fmt.Sprintf("slot %d stays open", m.Slot), m.Why)
	for name, sign := range map[string]string{names[0]: "->-", names[1]: "-<-"} {
		text, err := l.Call(t.Context(), name, "CLUSTER", "NODES")
		require.NoError(t, err)
		require.Equal(t, 1, strings.Count(text, sign), text)
		require.Contains(t, text, fmt.Sprintf("[%d%s", m.Slot, sign))
	}
	require.Equal(t, 0, m.Slot-m.Done, "the slots before it have been moved, none after it")
}

func TestANewMasterServesWhenTheAnswerComes(t *testing.T) {
	l := launch(t, six())
	name, ok := act(t, l, "add-master").Data.(string)
	require.True(t, ok)
	_, err := l.Call(t.Context(), name, "SET", "a", "1")
	require.ErrorContains(t, err, "MOVED", "not CLUSTERDOWN")
	require.Equal(t, "ok", l.Snapshot().node(name).ClusterState)
}

func TestANewMasterOfAnIllClusterIsNotWaitedForInVain(t *testing.T) {
	topology := six()
	topology.NodeTimeout = 1000
	l := launch(t, topology)
	names := nodeNames(l)
	act(t, l, "speed", "10")
	act(t, l, "kill", names[0])
	act(t, l, "kill", names[3])
	eventually(t, l, "the cluster to fail", func(s Snapshot) bool {
		return s.node(names[1]).ClusterState == "fail" && s.node(names[2]).ClusterState == "fail"
	})
	require.Contains(t, act(t, l, "add-master").Text, "is a master without slots; move-slots")
}
