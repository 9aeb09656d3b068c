package replication

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

// TestIdentityChangesAsTheTableSays goes through every way a history gets another name.
func TestIdentityChangesAsTheTableSays(t *testing.T) {
	type change struct {
		id     string // "same", "new", or "master's"
		id2    string // "none", "old", "same"
		second string // "none", "next", "same"
		offset string // "same", "zero", "master's"
		closed bool   // its own replicas are hung up
	}
	for _, tt := range []struct {
		name string
		do   func(l *lab, n *peerNode)
		want change
	}{
		{"promotion", func(l *lab, n *peerNode) { n.Promote(l.now) }, change{"new", "old", "next", "same", true}},
		{"replicaof another master keeps everything", func(l *lab, n *peerNode) { n.SetMaster(l.now, "127.0.0.1", 1) },
			change{"same", "none", "none", "same", false}},
		{"link lost", func(l *lab, n *peerNode) { l.nodes[0].down = true; l.hangup(l.last(n), nil) },
			change{"same", "none", "none", "same", false}},
		{"continue under the same name", func(l *lab, n *peerNode) { l.hangup(l.last(n), nil) },
			change{"same", "none", "none", "same", false}},
		{"continue under a new name", func(l *lab, n *peerNode) {
			l.nodes[0].shiftIdentity(l.nodes[0].newID(), event.BecameMaster)
			l.hangup(l.last(n), nil)
		}, change{"master's", "old", "next", "same", true}},
		{"full synchronisation", func(l *lab, n *peerNode) { l.nodes[0].ChangeID(); l.hangup(l.last(n), nil) },
			change{"master's", "none", "none", "master's", true}},
		{"history forgotten", func(l *lab, n *peerNode) {
			l.nodes[0].down = true
			n.SetMaster(l.now, "127.0.0.1", 1)
			n.ForgetHistory(l.now)
		}, change{"new", "none", "none", "zero", true}},
		{"load failed", func(l *lab, n *peerNode) {
			n.failLoad = errors.New("bad checksum")
			l.nodes[0].ChangeID()
			l.hangup(l.last(n), nil)
		}, change{"new", "none", "none", "zero", true}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, 3)
			top, n, sub := l.nodes[0], l.nodes[1], l.nodes[2]
			top.set("a", "1")
			l.follow(n, top)
			top.set("b", "2")
			l.follow(sub, n)
			l.agree(top, n, sub)
			before, pipe := n.identity, l.last(sub)
			tt.do(l, n)
			l.settle()
			ids := map[string]string{"same": before.id, "master's": top.id, "old": before.id, "none": noID}
			if tt.want.id == "new" {
				require.NotContains(t, []string{before.id, top.id}, n.id)
				require.Len(t, n.id, idLength)
			} else {
				require.Equal(t, ids[tt.want.id], n.id)
			}
			require.Equal(t, ids[tt.want.id2], n.id2)
			require.Equal(t, map[string]Offset{"none": -1, "next": before.offset + 1}[tt.want.second], n.second)
			require.Equal(t, map[string]Offset{"same": before.offset, "zero": 0, "master's": top.offset}[tt.want.offset], n.offset)
			require.Equal(t, tt.want.closed, pipe.closed)
		})
	}
}

func TestFirstReplicaRenamesTheHistoryAndLaterOnesDoNot(t *testing.T) {
	l := newLab(t, 3)
	m := l.nodes[0]
	born := m.id
	l.follow(l.nodes[1], m)
	named := m.id
	require.NotEqual(t, born, named)
	require.Equal(t, noID, m.id2)
	l.follow(l.nodes[2], m)
	require.Equal(t, named, m.id)
}

func TestBacklogNobodyWantsIsFreedAndTheHistoryRenamed(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	cfg := m.Config()
	cfg.BacklogTTL = 2 * time.Second
	m.Configure(cfg)
	l.follow(r, m)
	m.set("a", "1")
	l.settle()
	id, offset := m.id, m.offset
	r.Promote(l.now)
	l.settle()
	l.run(2 * time.Second)
	require.Equal(t, id, m.id)
	l.run(2 * time.Second)
	require.NotEqual(t, id, m.id)
	require.Equal(t, noID, m.id2)
	require.Equal(t, offset, m.offset)
	require.Zero(t, m.View(l.now).Backlog.First)
	require.NotZero(t, r.View(l.now).Backlog.First, "the promoted replica's time began later")
	m.set("b", "2")
	require.Equal(t, offset, m.offset, "without a backlog nothing is produced")
}

func TestOldMasterWithoutExtraWritesContinuesUnderItsReplica(t *testing.T) {
	l := newLab(t, 3)
	a, b, c := l.nodes[0], l.nodes[1], l.nodes[2]
	l.follow(b, a)
	l.follow(c, b)
	a.set("k", "1")
	l.settle()
	full := [3]int64{a.stats.SyncFull, b.stats.SyncFull, c.stats.SyncFull}
	shared := a.offset
	b.Promote(l.now)
	l.settle()
	require.Equal(t, shared+1, b.second)
	l.follow(a, b)
	b.set("k", "2")
	l.run(2 * time.Second)
	l.agree(a, b, c)
	require.Equal(t, full, [3]int64{a.stats.SyncFull, b.stats.SyncFull, c.stats.SyncFull})
	require.Equal(t, b.id2, a.id2)
	require.Equal(t, shared+1, a.second)
}

func TestOldMasterWithExtraWritesLosesThem(t *testing.T) {
	l := newLab(t, 2)
	a, b := l.nodes[0], l.nodes[1]
	l.follow(b, a)
	a.set("k", "1")
	l.settle()
	b.Promote(l.now)
	l.settle()
	a.set("lost", "1")
	b.set("k", "2")
	l.follow(a, b)
	l.agree(a, b)
	require.Equal(t, "0:k=2;", a.dump())
	require.Equal(t, event.ReplID2TooFar, firstEvent[event.PsyncFull](t, b).Why)
}

func TestRestartedNodesContinueFromTheirSnapshot(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	l.follow(r, m)
	m.set("k", "1")
	l.settle()
	restart := func(i int, old *peerNode, host string, port int) *peerNode {
		aux, ok := old.Aux()
		require.True(t, ok)
		fresh := newLab(t, i+1).nodes[i]
		fresh.lab, fresh.data = l, old.data
		old.down = true
		l.hangup(l.last(r), nil)
		l.nodes[i] = fresh
		fresh.Restore(l.now, aux, host, port)
		return fresh
	}
	old := m.id
	m = restart(0, m, "", 0)
	require.NotEqual(t, old, m.id)
	l.run(2 * time.Second)
	l.agree(m, r)
	require.Zero(t, m.stats.SyncFull)
	require.Equal(t, old, r.id2)
	r = restart(1, r, "127.0.0.1", m.port)
	m.set("k", "2")
	l.run(2 * time.Second)
	l.agree(m, r)
	require.Zero(t, m.stats.SyncFull)
}

func TestRestartedClusterReplicaContinuesOnceItsMasterIsNamed(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	l.follow(r, m)
	m.set("k", "1")
	l.settle()
	aux, _ := r.Aux()
	r.down = true
	l.hangup(l.last(r), nil)
	m.set("k", "2")
	fresh := newLab(t, 2).nodes[1]
	fresh.lab, fresh.data, l.nodes[1] = l, r.data, fresh
	fresh.RestoreReplica(aux)
	l.follow(fresh, m)
	l.agree(m, fresh)
	require.Equal(t, int64(1), m.stats.SyncFull)
}

func TestMasterWithoutBacklogHasNoIdentityToKeep(t *testing.T) {
	_, ok := newLab(t, 1).nodes[0].Aux()
	require.False(t, ok)
}
