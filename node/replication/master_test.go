package replication

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/node/resp"
)

func TestWaitCountsReplicasThatExecutedTheOffset(t *testing.T) {
	l := newLab(t, 3)
	m, near, far := l.nodes[0], l.nodes[1], l.nodes[2]
	l.follow(near, m)
	l.follow(far, m)
	m.set("a", "1")
	target := m.Offset()
	require.Zero(t, m.AckedAt(target))
	l.last(far).frozen = true
	m.RequestAcks()
	m.RequestAcks()
	l.settle()
	require.Equal(t, target+37, m.Offset(), "one request for everybody")
	require.Equal(t, 1, m.AckedAt(target))
	p := l.last(far)
	l.thaw(p)
	l.settle()
	require.Equal(t, 2, m.AckedAt(target))
	l.hangup(l.last(near), nil)
	require.Equal(t, 1, m.AckedAt(target), "who is gone does not count")
}

func TestWritesNeedGoodReplicas(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	cfg := m.Config()
	cfg.MinReplicas, cfg.MaxLag = 1, 2*time.Second
	m.Configure(cfg)
	require.True(t, m.TooFewReplicas())
	l.follow(r, m)
	require.False(t, m.TooFewReplicas())
	l.last(r).frozen = true
	l.run(2 * time.Second)
	require.False(t, m.TooFewReplicas())
	l.run(2 * time.Second)
	require.True(t, m.TooFewReplicas(), "refused within the lag plus a second")
	require.Contains(t, string(m.AppendInfo(nil, l.now)), "min_slaves_good_slaves:0\r\n")
	require.False(t, r.TooFewReplicas(), "a replica refuses by READONLY")
}

func TestReplicasThatComeWithinTheDelayShareASnapshot(t *testing.T) {
	for _, tt := range []struct {
		name   string
		enough int
		shared bool
	}{{"after the delay", 0, true}, {"as soon as there are enough", 1, false}} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, 3)
			m, first, second := l.nodes[0], l.nodes[1], l.nodes[2]
			cfg := m.Config()
			cfg.SyncDelay, cfg.SyncEnough = 5*time.Second, tt.enough
			m.Configure(cfg)
			m.set("a", "1")
			l.follow(first, m)
			require.Equal(t, !tt.shared, first.LinkState() == Connected)
			if !tt.shared {
				return
			}
			require.EqualValues(t, -1, m.View(l.now).Replicas[0].Size, "a snapshot that has not begun")
			l.run(2 * time.Second)
			l.follow(second, m)
			l.run(2900 * time.Millisecond)
			require.Equal(t, Handshake, first.LinkState(), "five seconds after the first, not before")
			l.run(200 * time.Millisecond)
			require.Equal(t, Connected, first.LinkState())
			require.Equal(t, Connected, second.LinkState())
			require.EqualValues(t, 1, m.snapshots, "one for both")
			came := m.View(l.now).Replicas[1].Came
			require.True(t, came.Full)
			require.Equal(t, event.UnknownReplID, came.Why)
			require.True(t, second.View(l.now).Master.Came.Full)
		})
	}
}

func TestSilentReplicaIsClosedAfterTheTimeout(t *testing.T) {
	for _, tt := range []struct {
		name  string
		ask   []string
		alive bool
		gone  bool
	}{
		{"without a word", []string{"PSYNC", "?", "-1"}, false, true},
		{"empty lines are words", []string{"PSYNC", "?", "-1"}, true, false},
		{"before PSYNC was known nobody acknowledged", []string{"SYNC"}, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, 1)
			m := l.nodes[0]
			v := l.visit(m)
			v.do(tt.ask...)
			for range 61 {
				require.False(t, v.c.Closing)
				l.run(time.Second)
				if tt.alive {
					m.Alive(l.now, v.c)
				}
			}
			l.run(time.Second)
			require.Equal(t, tt.gone, v.c.Closing)
			if tt.gone {
				require.Empty(t, v.c.Out)
				require.Equal(t, event.ReplicaTimeout, firstEvent[event.ReplicaLost](t, m).Why)
			}
		})
	}
}

func TestReplicaOverTheOutputLimitIsDroppedAndTheMasterGoesOn(t *testing.T) {
	l := newLab(t, 2)
	m := l.nodes[0]
	cfg := m.Config()
	cfg.OutputLimit = 100_000
	m.Configure(cfg)
	l.follow(l.nodes[1], m)
	v := l.visit(m)
	v.do("PSYNC", "?", "-1")
	m.slow = true
	waiting := l.visit(m)
	waiting.do("PSYNC", "?", "-1")
	for i := range 30 {
		m.set(fmt.Sprint(i), strings.Repeat("x", 5000))
		l.settle()
	}
	require.True(t, waiting.c.Closing)
	require.False(t, v.c.Closing)
	require.Empty(t, m.making, "nobody wants the snapshot any more")
	l.agree(m, l.nodes[1])
	require.Equal(t, event.OutputLimit, firstEvent[event.ReplicaLost](t, m).Why)
}

func TestReplicaAboveTheSoftLimitIsDroppedAfterItsTime(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	cfg := m.Config()
	cfg.SoftLimit, cfg.SoftFor = 10_000, 5*time.Second
	m.Configure(cfg)
	m.slow = true // the stream waits behind a snapshot that does not come to its end
	v := l.visit(m)
	v.do("PSYNC", "?", "-1")
	m.set("k", strings.Repeat("x", 20_000))
	l.run(4 * time.Second)
	require.False(t, v.c.Closing)
	l.run(2 * time.Second)
	require.True(t, v.c.Closing)
	require.Equal(t, event.OutputLimit, firstEvent[event.ReplicaLost](t, m).Why)
}

func TestTimeAboveTheSoftLimitBeginsAnewOnceAReplicaHasCaughtUp(t *testing.T) {
	s := &State{cfg: Config{SoftLimit: 100, SoftFor: 5 * time.Second}}
	r, now := &replica{}, time.Unix(1000, 0)
	for _, look := range []struct {
		after   time.Duration
		waiting int64
		tooFar  bool
	}{{0, 100, false}, {4 * time.Second, 200, false}, {5 * time.Second, 99, false}, {6 * time.Second, 100, false},
		{11 * time.Second, 100, false}, {12 * time.Second, 100, true}} {
		require.Equal(t, look.tooFar, s.tooFarBehind(now.Add(look.after), r, look.waiting), "after %v", look.after)
	}
}

func TestStreamWaitsInSharedMemoryForASlowConnection(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	v := l.visit(m)
	v.do("PSYNC", "?", "-1")
	v.c.Unsent = window
	m.set("a", "1")
	todo := *m.BeforeSleep(l.now)
	require.Equal(t, l.now.Add(windowRetry), todo.Wake)
	require.Empty(t, v.c.Out)
	v.c.Unsent = 0
	require.Contains(t, v.read(), "SET")
}

// big is a host whose snapshot is three windows long, in uneven pieces.
type big struct{ *peerNode }

func (b big) BeginSnapshot(now time.Time, id SnapshotID, _ Contents) {
	for left := 3 * window; left > 0; {
		n := min(left, window/2+1000)
		b.SnapshotChunk(id, bytes.Repeat([]byte{'x'}, n))
		left -= n
	}
	b.SnapshotDone(now, id)
}

func TestLargeSnapshotIsSentAsFastAsTheConnectionTakesIt(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	m.host = big{m}
	v := l.visit(m)
	w := resp.Writer{}
	m.Psync(l.now, v.c, words("PSYNC", "?", "-1"), &w)
	total := 0
	for range 3 {
		todo := *m.BeforeSleep(l.now)
		require.LessOrEqual(t, len(v.c.Out), window+200)
		require.False(t, todo.Wake.IsZero())
		total += len(v.c.Out)
		v.c.Unsent, v.c.Out = len(v.c.Out), nil
		m.set("k", "v") // the stream waits behind the snapshot
		m.BeforeSleep(l.now)
		require.Empty(t, v.c.Out, "nothing while the connection is full")
		v.c.Unsent = 0
	}
	rest := v.read()
	require.Contains(t, rest, "SET")
	header := fmt.Sprintf("+FULLRESYNC %s 0\r\n$%d\r\n", m.id, 3*window)
	require.Equal(t, 3*window+len(header)+int(m.offset), total+len(rest))
}

func TestReplicaThatTakesNothingOfItsSnapshotIsClosed(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	m.host = big{m}
	v := l.visit(m)
	w := resp.Writer{}
	m.Psync(l.now, v.c, words("PSYNC", "?", "-1"), &w)
	m.BeforeSleep(l.now)
	v.c.Unsent = window
	for range 61 {
		require.False(t, v.c.Closing)
		l.now = l.now.Add(time.Second)
		m.Cron(l.now)
		m.BeforeSleep(l.now)
	}
	require.True(t, v.c.Closing)
}

func TestBacklogOverrunByADisconnectedReplicaMeansFullSync(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	cfg := m.Config()
	cfg.BacklogSize = 1
	m.Configure(cfg)
	require.Equal(t, int64(minBacklog), m.Config().BacklogSize)
	l.follow(r, m)
	r.down = true
	l.hangup(l.last(r), nil)
	for i := range 10 {
		m.set(fmt.Sprint(i), strings.Repeat("x", 5000))
		l.settle()
	}
	require.Equal(t, int64(minBacklog), m.View(l.now).Backlog.Length)
	r.down = false
	l.run(2 * time.Second)
	l.agree(m, r)
	require.Equal(t, Stats{SyncFull: 2, SyncPartialErr: 2}, m.Stats(), "the first request named the replica's own birth")
}

func TestReplicaOfAnswers(t *testing.T) {
	l := newLab(t, 2)
	n := l.nodes[0]
	v := l.visit(n)
	for _, tt := range []struct {
		name, host, port, want string
		follows                string
	}{
		{"no one on a master", "no", "ONE", "+OK\r\n", ""},
		{"port that is no number", "127.0.0.1", "x", "-ERR Invalid master port\r\n", ""},
		{"port out of range", "127.0.0.1", "65536", "-ERR Invalid master port\r\n", ""},
		{"another node", "127.0.0.1", "7001", "+OK\r\n", "127.0.0.1:7001"},
		{"the same again", "127.0.0.1", "7001", "+OK Already connected to specified master\r\n", "127.0.0.1:7001"},
		{"a name that cannot be resolved", "elsewhere", "7001", "+OK\r\n", "elsewhere:7001"},
		{"no one", "NO", "one", "+OK\r\n", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			require.Equal(t, tt.want, v.do("REPLICAOF", tt.host, tt.port))
			follows := ""
			if n.master != nil {
				follows = n.master.name()
			}
			require.Equal(t, tt.follows, follows)
		})
	}
	require.Equal(t, 2, n.unblocks)
	v.do("PSYNC", "?", "-1")
	require.Contains(t, v.do("REPLICAOF", "127.0.0.1", "7001"), "-ERR Command is not valid when client is a replica.\r\n")
}

func TestMasterHandsOverByPsyncFailover(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	l.follow(r, m)
	old := m.id
	v := l.visit(r)
	v.do("REPLCONF", "capa", "psync2")
	reply := v.do("PSYNC", old, itoa(int64(m.offset+1)), "FAILOVER")
	require.True(t, r.IsMaster())
	require.Equal(t, "+CONTINUE "+r.id+"\r\n", reply)
	require.Equal(t, old, r.id2)
}

func TestRoleAndInfo(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	l.follow(r, m)
	m.set("a", "1")
	l.run(2 * time.Second)
	l.run(500 * time.Millisecond)
	require.Equal(t, fmt.Sprintf("*3\r\n$6\r\nmaster\r\n:%d\r\n*1\r\n*3\r\n$9\r\n127.0.0.1\r\n$4\r\n7001\r\n$2\r\n%d\r\n", m.offset, m.offset), l.visit(m).do("ROLE"))
	require.Equal(t, fmt.Sprintf("*5\r\n$5\r\nslave\r\n$9\r\n127.0.0.1\r\n:7000\r\n$9\r\nconnected\r\n:%d\r\n", m.offset), l.visit(r).do("ROLE"))
	require.Equal(t, strings.NewReplacer("ID", m.id, "OFF", fmt.Sprint(m.offset), "NONE", noID).Replace(
		"role:master\r\nconnected_slaves:1\r\nslave0:ip=127.0.0.1,port=7001,state=online,offset=OFF,lag=0\r\n"+
			"master_failover_state:no-failover\r\nmaster_replid:ID\r\nmaster_replid2:NONE\r\nmaster_repl_offset:OFF\r\n"+
			"second_repl_offset:-1\r\nrepl_backlog_active:1\r\nrepl_backlog_size:1048576\r\nrepl_backlog_first_byte_offset:1\r\nrepl_backlog_histlen:OFF\r\n"),
		string(m.AppendInfo(nil, l.now)))
	m.down = true
	l.hangup(l.last(r), nil)
	l.run(3 * time.Second)
	require.Contains(t, string(r.AppendInfo(nil, l.now)), fmt.Sprintf("role:slave\r\nmaster_host:127.0.0.1\r\nmaster_port:7000\r\nmaster_link_status:down\r\n"+
		"master_last_io_seconds_ago:-1\r\nmaster_sync_in_progress:0\r\nslave_read_repl_offset:%[1]d\r\nslave_repl_offset:%[1]d\r\n"+
		"master_link_down_since_seconds:3\r\nslave_priority:100\r\nslave_read_only:1\r\nreplica_announced:1\r\nconnected_slaves:0\r\n", r.offset))
	age, known := r.DataAge(l.now)
	require.True(t, known)
	require.Equal(t, 3*time.Second, age)
}

// TestMutantsAreNoticed runs one story under each mutant and requires that something a checker
// could look at is wrong.
func TestMutantsAreNoticed(t *testing.T) {
	type verdict struct {
		samePromoteID, dataDiffer, ackAhead, waitLies, staleOffset, secondWrong bool
	}
	story := func(mutants Mutants) (v verdict) {
		l := newLab(t, 3)
		for _, n := range l.nodes {
			cfg := n.Config()
			cfg.Mutants = mutants
			n.Configure(cfg)
		}
		a, b, c := l.nodes[0], l.nodes[1], l.nodes[2]
		l.follow(b, a)
		l.follow(c, a)
		a.set("k", "1")
		l.settle()
		l.hangup(l.last(b), nil)
		a.set("k", "2")
		a.RequestAcks()
		func() {
			defer func() { v.dataDiffer = recover() != nil || v.dataDiffer }()
			l.settle()
		}()
		v.dataDiffer = v.dataDiffer || a.dump() != b.dump() || a.offset != b.offset
		l.hangup(l.last(c), nil)
		l.perform(c)
		v.waitLies = a.AckedAt(1) > len(a.replicas)
		c.down = true
		if mutants.BacklogOffByOne {
			return v
		}
		p := l.last(b)
		p.toMaster = nil
		b.Receive(l.now, p.link, []byte("*1\r\n"))
		l.run(time.Second)
		v.ackAhead = !strings.Contains(string(p.toMaster), fmt.Sprintf("\r\n%d\r\n", b.offset))
		before := b.id
		offset := b.offset
		b.Promote(l.now)
		v.samePromoteID = b.id == before
		v.secondWrong = !v.samePromoteID && b.second != offset+1
		b.SetMaster(l.now, "127.0.0.1", 1)
		b.ForgetHistory(l.now)
		v.staleOffset = b.Offset() != 0
		return v
	}
	for _, tt := range []struct {
		name    string
		mutants Mutants
		want    verdict
	}{
		{"none", Mutants{}, verdict{}},
		{"second offset plus one", Mutants{SecondOffsetPlusOne: true}, verdict{secondWrong: true}},
		{"backlog off by one", Mutants{BacklogOffByOne: true}, verdict{dataDiffer: true}},
		{"replid kept on promote", Mutants{ReplidKeptOnPromote: true}, verdict{samePromoteID: true}},
		{"ack before apply", Mutants{AckBeforeApply: true}, verdict{ackAhead: true}},
		{"wait counts disconnected", Mutants{WaitCountsDisconnected: true}, verdict{waitLies: true}},
		{"stale history kept", Mutants{StaleHistoryKept: true}, verdict{staleOffset: true}},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, story(tt.mutants)) })
	}
}
