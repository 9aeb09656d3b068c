package playground

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// ask sends a command to a node and returns the reply, errors too.
func ask(t *testing.T, l *Lab, node string, words ...string) string {
	t.Helper()
	v, err := l.Call(t.Context(), node, words...)
	if err != nil {
		return err.Error()
	}
	return v
}

func TestEverySettingOfReplicationIsTakenFromTheTopology(t *testing.T) {
	topology := trio()
	topology.Settings = map[string]string{
		"replica-read-only": "no", "replica-priority": "7", "repl-diskless-sync": "no", "repl-diskless-sync-delay": "3",
		"repl-diskless-sync-max-replicas": "2", "repl-backlog-size": "32kb", "repl-backlog-ttl": "60", "min-replicas-to-write": "1",
		"min-replicas-max-lag": "5", "repl-disable-tcp-nodelay": "yes", "replica-serve-stale-data": "no", "repl-timeout": "30",
		"repl-ping-replica-period": "2",
	}
	l := launch(t, topology)
	for name, value := range topology.Settings {
		if name == "repl-backlog-size" {
			value = "32768"
		}
		for _, node := range nodeNames(l) {
			require.Equal(t, value, setting(t, l, node, name), "%s on %s", name, node)
		}
	}
	require.Contains(t, ask(t, l, nodeNames(l)[1], "INFO", "replication"), "slave_priority:7")
}

func TestAReplicaRefusesWritesUnlessItMayTakeThem(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	require.Contains(t, ask(t, l, names[1], "SET", "city", "Nantes"), "READONLY")
	act(t, l, "config-set", names[1], "replica-read-only", "no")
	require.Equal(t, "OK", ask(t, l, names[1], "SET", "city", "Nantes"))
	require.Equal(t, "Nantes", ask(t, l, names[1], "GET", "city"))
	require.NotContains(t, ask(t, l, names[0], "GET", "city"), "Nantes", "what is written to a replica stays there")
	require.Contains(t, act(t, l, "config-set", names[0], "repl-disable-tcp-nodelay", "yes").Text, "changes nothing here")
}

func TestAReplicaWithoutItsMasterServesOldDataUnlessItMayNot(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	require.Equal(t, "OK", ask(t, l, names[0], "SET", "city", "Nantes"))
	eventually(t, l, "the replicas to have it", func(s Snapshot) bool { return s.node(names[1]).Keys == 1 && s.node(names[2]).Keys == 1 })
	act(t, l, "config-set", names[2], "replica-serve-stale-data", "no")
	act(t, l, "kill", names[0])
	eventually(t, l, "the links to be down", func(s Snapshot) bool { return !s.node(names[1]).LinkUp && !s.node(names[2]).LinkUp })
	require.Equal(t, "Nantes", ask(t, l, names[1], "GET", "city"))
	require.Contains(t, ask(t, l, names[2], "GET", "city"), "MASTERDOWN")
	require.Contains(t, ask(t, l, names[2], "INFO", "replication"), "role:slave")
}

func TestAMasterRefusesWritesWithTooFewGoodReplicas(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	act(t, l, "config-set", names[0], "min-replicas-to-write", "2")
	act(t, l, "config-set", names[0], "min-replicas-max-lag", "2")
	eventually(t, l, "two good replicas", func(s Snapshot) bool {
		m := s.node(names[0]).Stream.MinReplicas
		return m != nil && m.Good == 2 && m.Wanted == 2 && !m.Refuses
	})
	require.Equal(t, "OK", ask(t, l, names[0], "SET", "a", "1"))
	act(t, l, "speed", "10")
	act(t, l, "freeze", names[2])
	eventually(t, l, "the master to refuse", func(s Snapshot) bool {
		m := s.node(names[0]).Stream.MinReplicas
		return m.Refuses && m.Good == 1 && m.MaxLag == 2
	})
	require.Contains(t, ask(t, l, names[0], "SET", "a", "2"), "NOREPLICAS")
	act(t, l, "thaw", names[2])
	eventually(t, l, "it to serve again", func(s Snapshot) bool { return !s.node(names[0]).Stream.MinReplicas.Refuses })
}

func TestTheBacklogDecidesBetweenAPartialAndAFullSync(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	follower := func(s Snapshot, name string) Follower {
		for _, f := range s.node(names[0]).Stream.Followers {
			if f.Node == name {
				return f
			}
		}
		return Follower{}
	}
	act(t, l, "config-set", names[0], "repl-timeout", "2")
	act(t, l, "speed", "10")
	for _, row := range []struct{ size, kind, why string }{{"1mb", "partial", ""}, {"16kb", "full", "offset-out-of-backlog"}} {
		act(t, l, "config-set", names[0], "repl-backlog-size", row.size)
		eventually(t, l, "the size", func(s Snapshot) bool { return s.node(names[0]).Stream.Backlog.Size < 1<<20 == (row.size == "16kb") })
		act(t, l, "partition", names[2], "/", "rest")
		eventually(t, l, "the master to give the replica up", func(s Snapshot) bool { return len(s.node(names[0]).Stream.Followers) == 1 })
		require.Equal(t, "OK", ask(t, l, names[0], "SET", "long", strings.Repeat("x", 64<<10)))
		b := l.Snapshot().node(names[0]).Stream.Backlog
		require.True(t, b.Active)
		act(t, l, "heal")
		act(t, l, "config-set", names[2], "repl-timeout", "1")
		eventually(t, l, "a sync that is "+row.kind, func(s Snapshot) bool {
			f, link := follower(s, names[2]), s.node(names[2]).Stream.Link
			return f.State == "online" && f.Sync.Kind == row.kind && f.Sync.Why == row.why &&
				link.State == "connected" && link.Sync.Kind == row.kind && link.Sync.Why == row.why && s.node(names[2]).Lag == 0
		})
		act(t, l, "config-set", names[2], "repl-timeout", "60")
	}
}

func TestABacklogThatNobodyFollowsIsFreedAfterItsTime(t *testing.T) {
	l := launch(t, Topology{Mode: Replication, Replicas: 1})
	names := nodeNames(l)
	before := l.Snapshot().node(names[0])
	act(t, l, "config-set", names[0], "repl-backlog-ttl", "2")
	act(t, l, "kill", names[1])
	act(t, l, "speed", "10")
	eventually(t, l, "the backlog to be freed", func(s Snapshot) bool { return !s.node(names[0]).Stream.Backlog.Active })
	require.NotEqual(t, before.ReplID, l.Snapshot().node(names[0]).ReplID, "nobody knows what follows")
}

func TestASnapshotWaitsForOtherReplicas(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	act(t, l, "config-set", names[0], "repl-diskless-sync-delay", "600")
	act(t, l, "restart", names[1])
	eventually(t, l, "a replica that waits for a snapshot", func(s Snapshot) bool {
		for _, f := range s.node(names[0]).Stream.Followers {
			if f.Node == names[1] {
				return f.State == "wait_bgsave" && f.Transfer != nil && f.Transfer.Total == -1
			}
		}
		return false
	})
	act(t, l, "config-set", names[0], "repl-diskless-sync", "no")
	eventually(t, l, "no waiting", func(s Snapshot) bool { return s.node(names[1]).LinkUp })
}

func TestATransferIsSeenAtBothItsEnds(t *testing.T) {
	l := launch(t, trio())
	names := nodeNames(l)
	long := strings.Repeat("0123456789abcdef", 1<<16) // 1 MiB
	const keys = 16                                   // more than the system's own buffers between two sockets take
	for i := range keys {
		require.Equal(t, "OK", ask(t, l, names[0], "SET", itoa(i), long))
	}
	eventually(t, l, "the stream to have passed", func(s Snapshot) bool { return s.node(names[1]).Keys == keys && s.node(names[1]).Lag == 0 })
	act(t, l, "config-set", names[0], "rdbcompression", "no")
	act(t, l, "delay", names[0], names[1], "--bandwidth", "4000000")
	act(t, l, "restart", names[1])
	eventually(t, l, "a snapshot half on its way, seen by its sender", func(s Snapshot) bool {
		for _, f := range s.node(names[0]).Stream.Followers {
			if f.Node == names[1] && f.Transfer != nil && f.State == "send_bulk" {
				return f.Transfer.Done > 0 && f.Transfer.Done < f.Transfer.Total && f.Transfer.Total > keys<<20
			}
		}
		return false
	})
	eventually(t, l, "and by its receiver", func(s Snapshot) bool {
		link := s.node(names[1]).Stream.Link
		return link.State == "sync" && link.Transfer != nil && link.Transfer.Done > 1<<20
	})
	act(t, l, "heal")
	eventually(t, l, "its end", func(s Snapshot) bool {
		n := s.node(names[1])
		return n.LinkUp && n.Stream.Link.Transfer == nil && n.Keys == keys && n.Stream.Link.Sync.Kind == "full"
	})
}

func TestAScriptOfALabIsEndedAfterItsLimit(t *testing.T) {
	l := launch(t, Topology{Mode: Replication, Replicas: 1, ScriptLimit: 20, Speed: 0.01})
	name := l.members[0].Name()
	require.Contains(t, ask(t, l, name, "EVAL", "redis.call('set', 'k', 'v') while true do end", "0"), "computed for 20ms, all that it may here (script-limit)")
	require.Equal(t, "v", ask(t, l, name, "GET", "k"))
	eventually(t, l, "the story to tell of it", func(s Snapshot) bool {
		return slices.ContainsFunc(s.Story, func(line Line) bool {
			return strings.Contains(line.Caption, name+" has ended a script that had computed for 20ms")
		})
	})
}
