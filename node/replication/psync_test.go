package replication

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
)

func TestEmptyReplicaIsSentEverything(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	m.set("a", "1")
	l.follow(r, m)
	require.Equal(t, Connected, r.LinkState())
	l.agree(m, r)
	m.set("b", "2")
	l.settle()
	l.agree(m, r)
	require.Equal(t, "0:a=1;0:b=2;", r.dump())
	require.Equal(t, []string{"+psync-full", "+replid", "+backlog-created", "+replica-online"}, m.names())
	require.Equal(t, []string{"+replicaof", "+sync-start", "+replid", "+backlog-created", "+sync-done", "+master-link-up"}, r.names())
}

func TestHandshakeBytes(t *testing.T) {
	for _, tt := range []struct {
		name string
		set  func(*Config)
		want string
	}{
		{"plain", func(*Config) {}, "*1\r\n$4\r\nPING\r\n" +
			"*3\r\n$8\r\nREPLCONF\r\n$14\r\nlistening-port\r\n$4\r\n7001\r\n" +
			"*5\r\n$8\r\nREPLCONF\r\n$4\r\ncapa\r\n$3\r\neof\r\n$4\r\ncapa\r\n$6\r\npsync2\r\n"},
		{"password and address", func(c *Config) { c.MasterAuth, c.AnnounceIP = "pw", "10.0.0.9" }, "*1\r\n$4\r\nPING\r\n" +
			"*2\r\n$4\r\nAUTH\r\n$2\r\npw\r\n" +
			"*3\r\n$8\r\nREPLCONF\r\n$14\r\nlistening-port\r\n$4\r\n7001\r\n" +
			"*3\r\n$8\r\nREPLCONF\r\n$10\r\nip-address\r\n$8\r\n10.0.0.9\r\n" +
			"*5\r\n$8\r\nREPLCONF\r\n$4\r\ncapa\r\n$3\r\neof\r\n$4\r\ncapa\r\n$6\r\npsync2\r\n"},
		{"user", func(c *Config) { c.MasterAuth, c.MasterUser = "pw", "joe" }, "*1\r\n$4\r\nPING\r\n" +
			"*3\r\n$4\r\nAUTH\r\n$3\r\njoe\r\n$2\r\npw\r\n" +
			"*3\r\n$8\r\nREPLCONF\r\n$14\r\nlistening-port\r\n$4\r\n7001\r\n" +
			"*5\r\n$8\r\nREPLCONF\r\n$4\r\ncapa\r\n$3\r\neof\r\n$4\r\ncapa\r\n$6\r\npsync2\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFakeMaster(t, tt.set)
			f.say("+PONG\r\n")
			require.Equal(t, tt.want, f.heard())
			for range 5 { // every reply but the last: PSYNC must not be written before it was read
				if f.node.master.expect[0] == expectReplconf && len(f.node.master.expect) == 1 {
					break
				}
				f.say("+OK\r\n")
				require.Empty(t, f.heard())
			}
			f.say("-ERR Unrecognized REPLCONF option: capa\r\n")
			require.Equal(t, string(command("PSYNC", f.node.id, "1")), f.heard())
		})
	}
}

func TestBoundariesOfPartialResynchronisation(t *testing.T) {
	l := newLab(t, 2)
	m := l.nodes[0]
	l.follow(m, l.nodes[1])
	for i := range 40 {
		l.nodes[1].set("k", fmt.Sprint(i))
		l.settle()
	}
	old := m.id
	m.Promote(l.now)
	l.settle()
	m.set("after", "promotion")
	second, first, end := m.second, m.log.first, m.offset
	require.Greater(t, end, second)
	for _, tt := range []struct {
		name   string
		id     string
		offset Offset
		why    event.Reason // empty: continues
	}{
		{"first byte kept", m.id, first, ""},
		{"one before the first byte kept", m.id, first - 1, event.OutOfBacklog},
		{"the byte that will come next", m.id, end + 1, ""},
		{"one beyond", m.id, end + 2, event.OutOfBacklog},
		{"former history up to where it was left", old, second, ""},
		{"former history one beyond", old, second + 1, event.ReplID2TooFar},
		{"unknown history", "0123456789012345678901234567890123456789", first, event.UnknownReplID},
		{"no former history is no name", noID, 1, event.UnknownReplID},
		{"asks for everything", "?", -1, event.Forced},
		{"negative", m.id, -5, event.OutOfBacklog},
	} {
		t.Run(tt.name, func(t *testing.T) {
			m.names()
			before := m.Stats()
			v := l.visit(m)
			require.Equal(t, "+OK\r\n", v.do("REPLCONF", "capa", "psync2"))
			reply := v.do("PSYNC", tt.id, itoa(int64(tt.offset)))
			if tt.why == "" {
				want := string(m.log.read(nil, tt.offset, int(end-tt.offset+1)))
				require.Equal(t, "+CONTINUE "+m.id+"\r\n"+want, reply)
				require.Equal(t, before.SyncPartialOK+1, m.Stats().SyncPartialOK)
				require.Equal(t, before.SyncFull, m.Stats().SyncFull)
			} else {
				require.Contains(t, reply, fmt.Sprintf("+FULLRESYNC %s %d\r\n$", m.id, end))
				require.Equal(t, tt.why, firstEvent[event.PsyncFull](t, m).Why)
				require.Equal(t, before.SyncFull+1, m.Stats().SyncFull)
				failed := before.SyncPartialErr
				if tt.id != "?" {
					failed++
				}
				require.Equal(t, failed, m.Stats().SyncPartialErr)
			}
			m.Gone(l.now, v.c)
		})
	}
}

func firstEvent[E event.Event](t *testing.T, n *peerNode) (found E) {
	t.Helper()
	for _, e := range n.events {
		if e, ok := e.(E); ok {
			return e
		}
	}
	t.Fatalf("no %s among %v", found.Name(), n.events)
	return found
}

func TestContinueIsBareWithoutPsync2(t *testing.T) {
	l := newLab(t, 2)
	m := l.nodes[0]
	l.follow(l.nodes[1], m)
	v := l.visit(m)
	require.Equal(t, "+CONTINUE\r\n", v.do("PSYNC", m.id, itoa(int64(m.offset+1))))
}

func TestPsyncRefusals(t *testing.T) {
	for _, tt := range []struct {
		name string
		ask  func(l *lab, v *visitor) string
		want string
	}{
		{"behind unread replies", func(l *lab, v *visitor) string {
			v.c.Out = []byte("+PONG\r\n")
			return v.do("PSYNC", "?", "-1")
		}, "+PONG\r\n-" + errPendingOutput + "\r\n"},
		{"offset that is no number", func(l *lab, v *visitor) string { return v.do("PSYNC", "?", "x") },
			"-ERR value is not an integer or out of range\r\n"},
		{"filter without eof", func(l *lab, v *visitor) string {
			v.do("REPLCONF", "rdb-filter-only", "")
			return v.do("SYNC")
		}, "-" + errFilterNeedsEOF + "\r\n"},
		{"failover to a master", func(l *lab, v *visitor) string { return v.do("PSYNC", v.n.id, "1", "FAILOVER") },
			"-" + errFailoverMaster + "\r\n"},
		{"failover of another history", func(l *lab, v *visitor) string {
			l.follow(v.n, l.nodes[1])
			return v.do("PSYNC", noID, "1", "FAILOVER")
		}, "-" + errFailoverUnknown + "\r\n"},
		{"without a link to the master", func(l *lab, v *visitor) string {
			v.n.SetMaster(l.now, "127.0.0.1", 1)
			return v.do("PSYNC", "?", "-1")
		}, "-" + errNotConnected + "\r\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l := newLab(t, 2)
			v := l.visit(l.nodes[0])
			require.Equal(t, tt.want, tt.ask(l, v))
			require.Zero(t, v.n.Replicas())
		})
	}
}

func TestReplconfAnswers(t *testing.T) {
	l := newLab(t, 1)
	for _, tt := range []struct {
		name string
		line []string
		want string
	}{
		{"several options, one answer", []string{"REPLCONF", "listening-port", "7", "capa", "eof", "capa", "unheard-of"}, "+OK\r\n"},
		{"option without value", []string{"REPLCONF", "capa"}, "-ERR syntax error\r\n"},
		{"unknown option", []string{"REPLCONF", "Version", "7"}, "-ERR Unrecognized REPLCONF option: Version\r\n"},
		{"port that is no number", []string{"REPLCONF", "listening-port", "x"}, "-ERR value is not an integer or out of range\r\n"},
		{"address too long", []string{"REPLCONF", "ip-address", string(make([]byte, 256))}, "-ERR REPLCONF ip-address provided by replica instance is too long: 256 bytes\r\n"},
		{"unknown filter", []string{"REPLCONF", "rdb-filter-only", "functions keys"}, "-ERR Unsupported rdb-filter-only option: keys\r\n"},
		{"rdb-only out of range", []string{"REPLCONF", "rdb-only", "2"}, "-ERR value is out of range, value must between 0 and 1\r\n"},
		{"ack of a stranger", []string{"REPLCONF", "ACK", "1"}, ""},
		{"getack on a master", []string{"REPLCONF", "GETACK", "*"}, ""},
	} {
		t.Run(tt.name, func(t *testing.T) { require.Equal(t, tt.want, l.visit(l.nodes[0]).do(tt.line...)) })
	}
}

func TestFilteredSnapshotHasAnEndMarkAndHoldsTheStreamUntilAcknowledged(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	m.set("a", "1")
	v := l.visit(m)
	v.do("REPLCONF", "capa", "eof", "rdb-filter-only", "")
	reply := v.do("SYNC")
	require.Regexp(t, `^\$EOF:([0-9a-f]{40})\r\nRDB:([0-9a-f]{40})$`, reply)
	require.Equal(t, reply[5:45], reply[len(reply)-40:])
	m.set("b", "2")
	require.Empty(t, v.read(), "glued to the mark the stream would be lost")
	l.run(3 * time.Second)
	require.Empty(t, v.read())
	stream := v.do("REPLCONF", "ACK", "0")
	require.Contains(t, stream, "*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\nb\r\n$1\r\n2\r\n")
}

func TestSnapshotOnlyConnectionIsClosedBehindIt(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	m.set("a", "1")
	v := l.visit(m)
	v.do("REPLCONF", "rdb-only", "1")
	require.Equal(t, "$10\r\nRDB:0:a=1;", v.do("SYNC"))
	require.True(t, v.c.Closing)
	require.Zero(t, m.Replicas())
}

func TestReplicasArrivingTogetherShareASnapshotAndTheStreamBehindIt(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	m.slow = true
	one, two := l.visit(m), l.visit(m)
	first := one.do("PSYNC", "?", "-1")
	m.set("a", "1")
	second := two.do("PSYNC", "?", "-1")
	require.Equal(t, first, second, "a late replica is told the offset of the snapshot it joins")
	require.Len(t, m.making, 1)
	m.finish(l.now)
	l.settle()
	want := "$4\r\nRDB:*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n*3\r\n$3\r\nSET\r\n$1\r\na\r\n$1\r\n1\r\n"
	require.Equal(t, want, one.read())
	require.Equal(t, want, two.read())
}

func TestWaitingReplicaIsComfortedOncePerSecondAndNotOnceOnline(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	m.slow = true
	v := l.visit(m)
	reply := v.do("PSYNC", "?", "-1")
	require.Equal(t, fmt.Sprintf("+FULLRESYNC %s 0\r\n", m.id), reply)
	m.ticks = 10 // a PING is due
	l.run(3 * time.Second)
	require.Equal(t, "\n\n\n", v.read())
	m.finish(l.now)
	l.settle()
	require.Equal(t, "$4\r\nRDB:"+streamPing, v.read(), "the ping of the tenth second counts and comes behind")
	l.run(3 * time.Second)
	require.Empty(t, v.read())
}

func TestFailedSnapshotHangsUpThoseWhoWaited(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	m.slow = true
	v := l.visit(m)
	v.do("PSYNC", "?", "-1")
	m.SnapshotFailed(l.now, m.snapshot.id)
	l.settle()
	require.True(t, v.c.Closing)
	require.Zero(t, m.Replicas())
	require.Equal(t, event.SnapshotFailed, firstEvent[event.ReplicaLost](t, m).Why)
}

func TestAMasterThatDoesNotAnswerIsAskedAgainSoon(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	l.follow(r, m)
	m.down = true
	before := r.links
	l.hangup(l.last(r), errors.New("cut"))
	l.run(10 * time.Second)
	require.InDelta(t, 50, int(r.links-before)/2, 5, "five times a second")
	told := 0
	for _, e := range r.events {
		if _, is := e.(event.MasterLinkDown); is {
			told++
		}
	}
	require.LessOrEqual(t, told, 2, "which is told once")
	m.down = false
	l.run(300 * time.Millisecond)
	require.Equal(t, Connected, r.LinkState(), "not only at the next full second")
}

func TestAMasterThatRefusesIsAskedAgainAtTheNextTick(t *testing.T) {
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.node.nextTick = f.lab.now.Add(time.Second)
	f.say("-LOADING wait\r\n")
	f.run(900 * time.Millisecond)
	require.Equal(t, Connect, f.node.LinkState())
	f.run(200 * time.Millisecond)
	require.Equal(t, Handshake, f.node.LinkState())
}
