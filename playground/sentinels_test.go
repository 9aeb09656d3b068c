package playground

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// guarded is one master, two replicas and three Sentinels that are quick to judge.
func guarded() Topology {
	return Topology{Mode: Sentinel, Replicas: 2, Sentinels: 3, Quorum: 2, DownAfter: 3000, FailoverTimeout: 20_000}
}

func TestSentinelsFormAroundAMaster(t *testing.T) {
	formsAsFast(t, guarded(), 10)
	l := launch(t, guarded())
	s := l.Snapshot()
	require.Equal(t, []string{Sentinel, "ok"}, []string{s.Topology, s.State})
	require.Len(t, s.Nodes, 3, "Sentinels are no nodes")
	require.Len(t, s.Sentinels, 3)
	for _, v := range s.Sentinels {
		require.Equal(t, "up", v.State)
		require.Len(t, v.ID, 40)
		require.Len(t, v.Watches, 1)
		w := v.Watches[0]
		require.Equal(t, []string{"mymaster", s.Nodes[0].Name, s.Nodes[0].Name, "none"}, []string{w.Master, w.Node, w.Current, w.Failover.State})
		require.Len(t, w.Instances, 5, "the master, its replicas and the other Sentinels")
		require.Contains(t, v.Conf.Text, "sentinel known-sentinel mymaster 127.0.0.1")
		require.NotEmpty(t, v.Conf.Diff)
	}
	require.Equal(t, s.Nodes[0].Name, s.Load.Target, "clients ask the Sentinels")
	seen, err := l.Inspect(s.Sentinels[0].Name, "info")
	require.NoError(t, err)
	require.Contains(t, seen.Tables[0].Rows, []string{"process_id", strconv.Itoa(os.Getpid())})
	_, err = l.Inspect(s.Sentinels[0].Name, "slowlog")
	require.ErrorContains(t, err, "has nothing to say to SLOWLOG GET 32")
	for _, option := range []string{"notification-script", "client-reconfig-script"} {
		_, err := l.Call(t.Context(), s.Sentinels[0].Name, "SENTINEL", "SET", "mymaster", option, "/bin/true")
		require.ErrorContains(t, err, "ERR Reconfiguration of scripts path is denied", "a page must not start programs")
	}
}

func TestSentinelsAreKilledFrozenAndCutOffAsNodesAre(t *testing.T) {
	l := launch(t, guarded())
	s := l.Snapshot()
	first, master := s.Sentinels[0].Name, s.Nodes[0].Name
	act(t, l, "speed", "10")
	act(t, l, "kill", first)
	eventually(t, l, "the others to miss it", func(s Snapshot) bool {
		return s.Sentinels[0].State == "killed" && s.Sentinels[1].opinion(first).Down == "sdown"
	})
	act(t, l, "restart", first)
	eventually(t, l, "it to be back, with what its file remembers", func(s Snapshot) bool {
		return s.Sentinels[0].State == "up" && s.Sentinels[1].opinion(first).Down == "" && len(s.Sentinels[0].Watches[0].Instances) == 5
	})
	act(t, l, "partition", s.Sentinels[1].Name, "/", master)
	eventually(t, l, "a master that is down in one pair of eyes", func(s Snapshot) bool {
		return s.Sentinels[1].opinion(master).Down == "sdown" && s.Sentinels[2].opinion(master).Down == ""
	})
	act(t, l, "heal")
	eventually(t, l, "agreement", func(s Snapshot) bool { return s.Sentinels[1].opinion(master).Down == "" })
	require.Contains(t, refused(t, l, Rewire{Of: first}).Message, "is a Sentinel")
	require.Contains(t, refused(t, l, AddReplica{Of: first}).Message, "is a Sentinel")
}

func TestSentinelsReplaceADeadMasterAndTheClientsFollow(t *testing.T) {
	l := launch(t, guarded())
	s := l.Snapshot()
	master := s.Nodes[0].Name
	act(t, l, "load", "200")
	act(t, l, "speed", "5")
	eventually(t, l, "writes", func(s Snapshot) bool { return s.Load.Replicated > 50 })
	act(t, l, "kill", master)
	states := map[string]bool{}
	eventually(t, l, "all Sentinels to have the new master", func(s Snapshot) bool {
		moved := 0
		for _, v := range s.Sentinels {
			states[v.Watches[0].Failover.State] = true
			if v.Watches[0].Current != master && v.Watches[0].ConfigEpoch == 1 {
				moved++
			}
		}
		return moved == 3
	})
	heir := l.Snapshot().Sentinels[0].Watches[0].Current
	eventually(t, l, "the clients and the other replica to follow", func(s Snapshot) bool {
		acked := s.Load.Acked
		return s.Load.Target == heir && acked > 100 && s.node(heir).Role == "master" && s.State == "ok"
	})
	require.True(t, states["none"])
	act(t, l, "restart", master)
	eventually(t, l, "the old master to be made a replica", func(s Snapshot) bool {
		n := s.node(master)
		return n.Role == "replica" && n.Master == heir && n.LinkUp && s.State == "ok"
	})
	require.Contains(t, l.Snapshot().Sentinels[1].Conf.Text, "sentinel monitor mymaster 127.0.0.1 "+heir+" 2")
	v, err := l.sentinels()[0].call(t.Context(), "SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
	require.NoError(t, err)
	require.Equal(t, heir, v.List[1].Text)
}

func TestFailoverByHandGoesThroughASentinel(t *testing.T) {
	l := launch(t, guarded())
	names := nodeNames(l)
	require.Contains(t, refused(t, l, Failover{Node: names[1]}).Hint, "replica-priority")
	require.Equal(t, "mode", refused(t, l, Failover{Node: names[0], Mode: "force"}).Field)
	act(t, l, "config-set", names[2], "replica-priority", "1")
	act(t, l, "speed", "10")
	eventually(t, l, "the Sentinels to have read that", func(s Snapshot) bool { return s.Sentinels[0].opinion(names[2]).Priority == 1 })
	require.Contains(t, act(t, l, "failover", names[0]).Text, "Sentinel "+l.Snapshot().Sentinels[0].Name)
	eventually(t, l, "the preferred replica in the master's place", func(s Snapshot) bool {
		return s.node(names[2]).Role == "master" && s.node(names[0]).Role == "replica" && s.State == "ok"
	})
	act(t, l, "rewire", names[1])
	require.Equal(t, names[1], l.Snapshot().Load.Target)
	act(t, l, "rewire", "sentinels")
	require.Equal(t, names[2], l.Snapshot().Load.Target)
}

func TestAThirdSentinelMakesAMajority(t *testing.T) {
	topology := guarded()
	topology.Sentinels, topology.Quorum = 2, 1
	l := launch(t, topology)
	s := l.Snapshot()
	act(t, l, "speed", "10")
	act(t, l, "kill", s.Sentinels[1].Name)
	third := act(t, l, "add-sentinel").Data.(string)
	eventually(t, l, "both to know each other", func(s Snapshot) bool {
		return len(s.Sentinels) == 3 && s.Sentinels[0].opinion(third).Kind == "sentinel" && len(s.Sentinels[2].Watches[0].Instances) >= 4
	})
	require.Equal(t, 3, l.Snapshot().Sentinels[0].Watches[0].Voters, "the dead one counts")
	act(t, l, "kill", s.Nodes[0].Name)
	eventually(t, l, "another master", func(s Snapshot) bool { return s.Sentinels[0].Watches[0].Current != s.Nodes[0].Name })
	require.Contains(t, act(t, l, "remove", s.Sentinels[1].Name).Text, "SENTINEL RESET")
	require.Len(t, l.Snapshot().Sentinels, 2)
	require.Contains(t, refused(t, launch(t, trio()), AddSentinel{}).Hint, "setup --topology sentinel")
}

func TestAPauseIsNoTiltAndAFrozenSentinelWakesUpInOne(t *testing.T) {
	topology := guarded()
	topology.DownAfter = 60_000 // nobody is late enough to be called down
	l := launch(t, topology)
	s := l.Snapshot()
	first, master := s.Sentinels[0].Name, s.Nodes[0].Name
	act(t, l, "pause")
	before := l.Snapshot().Now
	for range 30 {
		act(t, l, "step")
	}
	require.Greater(t, l.Snapshot().Now, before)
	act(t, l, "resume")
	began := l.Clock().Now()
	eventually(t, l, "a few ticks", func(Snapshot) bool { return l.Clock().Now().Sub(began) > 500*time.Millisecond })
	for _, v := range l.Snapshot().Sentinels {
		require.Zero(t, v.TiltUntil, v.Name)
		require.Empty(t, v.opinion(master).Down)
	}
	act(t, l, "speed", "20")
	act(t, l, "freeze", first)
	frozen := l.Clock().Now()
	eventually(t, l, "more than a fast lab may be late", func(Snapshot) bool { return l.Clock().Now().Sub(frozen) > 20*time.Second })
	act(t, l, "thaw", first)
	eventually(t, l, "a Sentinel that trusts no timer", func(s Snapshot) bool { return s.Sentinels[0].TiltUntil > s.Now-30_000 })
}

func TestFramesOfSentinelsAreHeldAndDelayed(t *testing.T) {
	l := launch(t, guarded())
	s := l.Snapshot()
	first, second, master := s.Sentinels[0].Name, s.Sentinels[1].Name, s.Nodes[0].Name
	act(t, l, "delay", first, second, "50ms")
	act(t, l, "hold", first, master, "--count", "3")
	eventually(t, l, "what a Sentinel says to the master to wait", func(s Snapshot) bool { return len(s.Held) > 0 && s.Held[0].From == first && s.Held[0].To == master })
	act(t, l, "heal")
	eventually(t, l, "nothing to wait", func(s Snapshot) bool { return len(s.Held) == 0 && len(s.Rules) == 0 })
}

func TestThePastOfSentinelsIsRecorded(t *testing.T) {
	l := launch(t, guarded())
	master := nodeNames(l)[0]
	act(t, l, "kill", l.Snapshot().Sentinels[2].Name)
	eventually(t, l, "the death to be seen", func(s Snapshot) bool { return s.Sentinels[2].State == "killed" })
	then := l.Clock().Now()
	act(t, l, "restart", l.Snapshot().Sentinels[2].Name)
	eventually(t, l, "it to be back", func(s Snapshot) bool { return s.Sentinels[2].State == "up" })
	past, err := l.Past(t.Context(), then.Add(50*time.Millisecond))
	require.NoError(t, err)
	require.Equal(t, Sentinel, past.Topology)
	require.Len(t, past.Sentinels, 3)
	require.Equal(t, master, past.Sentinels[0].Watches[0].Current)
	require.NotNil(t, past.node(master).Stream)
}

// opinion is what a Sentinel thinks of a node.
func (v SentinelView) opinion(node string) Opinion {
	for _, w := range v.Watches {
		for _, o := range w.Instances {
			if o.Node == node {
				return o
			}
		}
	}
	return Opinion{}
}

func TestADiffOfAFileNamesTheLinesThatCameAndWent(t *testing.T) {
	require.Equal(t, []ConfLine{{"-", "b"}, {"+", "c"}}, diffLines("a\nb\n", "c\na\n"))
	require.Empty(t, diffLines("a\n", "a\n"))
}

func TestWhatSentinelsCannotBeIsRefusedByName(t *testing.T) {
	for _, row := range []struct{ text, field string }{
		{"mode: sentinel\nquorum: 4", "quorum"},
		{"mode: sentinel\nsentinels: -1", "sentinels"},
		{"mode: sentinel\ndown-after-milliseconds: 10", "down-after-milliseconds"},
		{"mode: sentinel\nparallel-syncs: -1", "parallel-syncs"},
		{"mode: sentinel\nfailover-timeout: -5", "failover-timeout"},
		{"mode: sentinel\nmasters: 2", "masters"},
		{"quorum: 2", "quorum"},
		{"mode: chain\nsentinels: 3", "sentinels"},
	} {
		_, err := ParseTopology([]byte(row.text))
		require.Error(t, err, row.text)
		require.Equal(t, row.field, AsError(err).Field, row.text)
	}
	topology, err := ParseTopology([]byte("mode: sentinel\nsentinels: 5"))
	require.NoError(t, err)
	require.Equal(t, 3, topology.Quorum, "a majority")
}

func TestAFastLabIsLateAndItsSentinelsKnow(t *testing.T) {
	for speed, want := range map[float64]time.Duration{0.01: 0, 1: 0, 10: 2 * time.Second, 100: 20 * time.Second} {
		require.Equal(t, want, latenessAt(speed), speed)
	}
}
