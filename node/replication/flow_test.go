package replication

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

// flowing is a master of which half a snapshot has been made and is on its way to a replica.
func flowing(t *testing.T, replicas int) (l *lab, m, r *peerNode, id SnapshotID) {
	l = newLab(t, 1+replicas)
	m, r = l.nodes[0], l.nodes[1]
	m.cfg.Diskless, m.slow = true, true
	m.set("k", "v")
	return l, m, r, 1
}

// half makes the first half of the snapshot being made.
func (l *lab) half(m *peerNode, id SnapshotID) {
	m.SnapshotChunk(id, []byte("RDB:0:k"))
	l.settle()
}

// rest makes the second.
func (l *lab) rest(m *peerNode, id SnapshotID) {
	delete(m.making, id)
	m.SnapshotChunk(id, []byte("=v;"))
	m.SnapshotDone(l.now, id)
	l.settle()
}

func TestASnapshotThatIsNotCompleteAtOnceFlows(t *testing.T) {
	l, m, r, id := flowing(t, 2)
	late := l.nodes[2]
	l.follow(r, m)
	require.False(t, m.Flows(id), "nothing of it is made")
	l.half(m, id)
	require.True(t, m.Flows(id))
	require.Equal(t, 1, m.Receivers(id))
	require.EqualValues(t, 7, r.master.sync.got())
	require.Equal(t, "wait_bgsave", m.View(l.now).Replicas[0].State.String())
	l.run(5 * time.Second)
	require.EqualValues(t, 7, r.master.sync.got(), "no empty lines within it")
	m.set("later", "1")
	l.follow(late, m)
	require.Equal(t, Handshake, late.LinkState(), "nobody joins what is on its way")
	l.rest(m, id)
	require.Equal(t, Connected, r.LinkState())
	require.Equal(t, "v", r.data["0:k"])
	require.Equal(t, "1", r.data["0:later"])
	l.half(m, id+1)
	l.rest(m, id+1)
	require.Equal(t, Connected, late.LinkState())
	require.Equal(t, m.Offset(), late.Offset())
}

func TestOnlyWhoKnowsTheEndMarkIsSentASnapshotWhileItIsMade(t *testing.T) {
	l, m, _, id := flowing(t, 1)
	v := l.visit(m)
	v.do("PSYNC", "?", "-1")
	l.half(m, id)
	require.False(t, m.Flows(id))
	l.rest(m, id)
	require.Contains(t, string(v.c.Out), "$10\r\nRDB:0:k=v;")
}

func TestASnapshotIsNotMadeFasterThanItIsTaken(t *testing.T) {
	l, m, r, id := flowing(t, 1)
	l.follow(r, m)
	l.half(m, id)
	l.last(r).client.Unsent = window // it does not read
	require.False(t, m.Crowded(id))
	more := func(size int) {
		m.SnapshotChunk(id, make([]byte, size))
		m.BeforeSleep(l.now)
	}
	more(maxAhead / 2)
	require.False(t, m.Crowded(id))
	more(maxAhead)
	require.True(t, m.Crowded(id))
	for range int(m.cfg.Timeout/time.Second) + 2 {
		l.now = l.now.Add(time.Second)
		m.Cron(l.now)
		m.events = append(m.events, m.BeforeSleep(l.now).Emit...)
	}
	require.Equal(t, event.FullSyncTimeout, firstEvent[event.ReplicaLost](t, m).Why)
	require.Zero(t, m.Receivers(id))
	require.Empty(t, m.making, "nobody waits for it any more")
}

func TestAReplicaThatReadsWhileASnapshotComesMayKeepWhatItHas(t *testing.T) {
	for _, keeps := range []bool{true, false} {
		l, m, r, id := flowing(t, 1)
		r.parses, r.keeps = true, keeps
		r.data["0:own"] = "1"
		was := r.History()
		l.follow(r, m)
		l.half(m, id)
		require.Equal(t, !keeps, r.Loading())
		require.False(t, r.same)
		l.hangup(l.last(r), nil)
		require.Equal(t, keeps, r.History() == was, "its history is kept with its data")
		require.Equal(t, keeps, r.data["0:own"] == "1")
		require.Nil(t, r.loading)

		l.run(2 * time.Second)
		l.half(m, id+1)
		l.rest(m, id+1)
		require.Equal(t, Connected, r.LinkState())
		require.Equal(t, map[string]string{"0:k": "v"}, r.data)
		require.Equal(t, m.History().ReplID, r.History().ReplID)

		l.hangup(l.last(r), nil) // and again, from the same history
		m.log.trim(0, m.log.next)
		m.set("more", strings.Repeat("x", 10))
		m.log.trim(0, m.log.next)
		l.run(2 * time.Second)
		l.half(m, id+2)
		require.True(t, r.same)
		require.Equal(t, keeps, r.HasHistory())
	}
}

func TestAnErrorWhileASnapshotComesEndsTheLink(t *testing.T) {
	l, m, r, id := flowing(t, 1)
	r.parses, r.keeps, r.slowLoad = true, true, true
	l.follow(r, m)
	l.half(m, id)
	r.Loaded(l.now, -1, errors.New("corrupt"))
	l.settle()
	require.Equal(t, Connect, r.LinkState())
	require.Equal(t, event.LoadFailed, r.master.failure)
}

func TestAReplicaThatReadsAheadShowsNothingBeforeTheEnd(t *testing.T) {
	l, m, r, id := flowing(t, 1)
	r.aheads = true
	r.data["0:own"] = "1"
	was := r.History()
	l.follow(r, m)
	l.half(m, id)
	require.Equal(t, 1, r.pieces, "it is read while it comes")
	require.False(t, r.Loading())
	require.Equal(t, Transfer, r.LinkState())
	require.False(t, firstEvent[event.SyncStart](t, r).Parsed)
	require.Equal(t, "1", r.data["0:own"])
	l.hangup(l.last(r), nil)
	require.Nil(t, r.coming)
	require.Equal(t, was, r.History(), "it has what it had")
	require.Equal(t, "1", r.data["0:own"])

	l.run(2 * time.Second)
	l.half(m, id+1)
	l.rest(m, id+1)
	require.Equal(t, Connected, r.LinkState())
	require.Equal(t, map[string]string{"0:k": "v"}, r.data)
	require.Equal(t, m.History().ReplID, r.History().ReplID)
}

func TestASnapshotOfKnownLengthIsReadAhead(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	r.aheads, r.slowLoad = true, true
	m.set("k", "v")
	l.follow(r, m)
	require.True(t, r.Loading(), "everything has come")
	require.NotZero(t, r.pieces)
	require.Equal(t, "RDB:0:k=v;", string(r.loading))
	r.load(l.now)
	l.settle()
	require.Equal(t, Connected, r.LinkState())
}
