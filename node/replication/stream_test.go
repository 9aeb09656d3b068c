package replication

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/event"
	"clusterplay/node/hostile"
)

// TestLinkCutAtEveryByteLosesAndRepeatsNothing cuts the connection behind each byte the master
// sends, once, and lets the replica come back.
func TestLinkCutAtEveryByteLosesAndRepeatsNothing(t *testing.T) {
	script := func(l *lab, cut int) (m, r *peerNode, total int) {
		m, r = l.nodes[0], l.nodes[1]
		m.set("a", "1")
		r.SetMaster(l.now, "127.0.0.1", m.port)
		l.perform(r) // the connection opens, and says nothing yet
		l.last(r).budget = cut
		pipe := l.last(r)
		l.settle()
		m.set("b", "2")
		l.settle()
		m.set("c", "3", "d", "4", "e", "5")
		l.settle()
		m.set("b", "6")
		l.run(1500 * time.Millisecond)
		return m, r, len(pipe.toSlave)
	}
	for _, chunk := range []int{0, 1, 7} {
		whole := newLab(t, 2)
		_, _, total := script(whole, -1)
		require.Greater(t, total, 200)
		for cut := 1; cut < total; cut++ {
			l := newLab(t, 2)
			l.chunk = chunk
			m, r, _ := script(l, cut)
			l.agree(m, r)
			require.Equal(t, "0:a=1;0:b=6;0:c=3;0:d=4;0:e=5;", r.dump(), "cut behind byte %d", cut)
			require.LessOrEqual(t, m.stats.SyncFull, int64(2))
		}
	}
}

func TestTransactionCutInTheMiddleIsNeverHalfApplied(t *testing.T) {
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.say("+FULLRESYNC " + strings.Repeat("a", 40) + " 1000\r\n$4\r\nRDB:")
	before := streamMulti + string(command("SET", "a", "1")) + string(command("SET", "b", "2"))
	f.say(before)
	f.heard()
	f.run(time.Second)
	require.Equal(t, string(command("REPLCONF", "ACK", "1000")), f.heard(), "received is not executed")
	require.Empty(t, f.node.dump())
	require.Equal(t, Offset(1000+len(before)), f.node.View(f.lab.now).Master.Received)
	f.node.Hangup(f.lab.now, f.link, nil)
	f.step()
	f.greet()
	require.Contains(t, f.heard(), string(command("PSYNC", strings.Repeat("a", 40), "1001")))
	f.say("+CONTINUE\r\n" + before + streamExec)
	require.Equal(t, "0:a=1;0:b=2;", f.node.dump())
	require.Equal(t, Offset(1000+len(before)+len(streamExec)), f.node.Offset())
}

func TestEveryByteOfTheStreamCounts(t *testing.T) {
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.say("\n+FULLRESYNC " + strings.Repeat("b", 40) + " 1102\r\n\n\n$4\r\nRDB:")
	require.Equal(t, Offset(1102), f.node.Offset(), "newlines in front of the header do not count")
	f.say(streamPing)
	require.Equal(t, Offset(1116), f.node.Offset())
	f.say("\n\n" + streamPing)
	require.Equal(t, Offset(1132), f.node.Offset(), "two newlines and a ping")
	f.heard()
	f.say(streamGetAck)
	require.Equal(t, string(command("REPLCONF", "ACK", "1132")), f.heard(), "the offset before the request")
	require.Equal(t, Offset(1132+37), f.node.Offset())
	f.say(string(command("NOSUCH", "command")) + string(command("SELECT", "3")) + string(command("set", "k", "v")))
	require.Equal(t, "3:k=v;", f.node.dump())
	f.run(time.Second)
	require.Equal(t, string(command("REPLCONF", "ACK", itoa(int64(f.node.Offset())))), f.heard())
}

func TestSnapshotWithEndMarkIsAcknowledgedAtOnce(t *testing.T) {
	mark := strings.Repeat("e", 20) + strings.Repeat("f", 20)
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.heard()
	f.say("+FULLRESYNC " + strings.Repeat("c", 40) + " 5000\r\n$EOF:" + mark + "\r\nRDB:0:a=1;")
	require.Equal(t, Transfer, f.node.LinkState())
	f.say(mark[:20])
	f.say(mark[20:])
	require.Equal(t, string(command("REPLCONF", "ACK", "5000")), f.heard())
	require.Equal(t, "0:a=1;", f.node.dump())
	v := f.node.View(f.lab.now)
	require.Equal(t, Offset(5001), v.Backlog.First)
	require.Zero(t, v.Backlog.Length)
}

func TestRepliesToPsync(t *testing.T) {
	id := strings.Repeat("d", 40)
	for _, tt := range []struct {
		name  string
		say   string
		state LinkState
		next  string // what is sent by the next tick, or on a new connection
	}{
		{"keepalive", "\r\n", Handshake, ""},
		{"not connected with its own master", "-NOMASTERLINK Can't SYNC\r\n", Connect, string(command("PING"))},
		{"loading", "-LOADING wait\r\n", Connect, string(command("PING"))},
		{"no PSYNC", "-ERR unknown command\r\n", Transfer, "SYNC\r\n"},
		{"anything else", "what\r\n", Transfer, "SYNC\r\n"},
		{"full", "+FULLRESYNC " + id + " 7\r\n", Transfer, ""},
		{"full without offset", "+FULLRESYNC " + id + "\r\n", Connect, string(command("PING"))},
		{"continue", "+CONTINUE\r\n", Connected, string(command("REPLCONF", "ACK", "0"))},
		{"continue under another name", "+CONTINUE " + id + "\r\n", Connected, string(command("REPLCONF", "ACK", "0"))},
		{"continue under half a name", "+CONTINUE abc\r\n", Connect, string(command("PING"))},
		{"endless line", strings.Repeat("x", 2000), Connect, string(command("PING"))},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFakeMaster(t, func(*Config) {})
			f.greet()
			f.heard()
			old := f.node.id
			f.say(tt.say)
			require.Equal(t, tt.state, f.node.LinkState())
			require.True(t, f.node.id == old || f.node.id == id && f.node.id2 == old)
			f.node.nextTick = f.lab.now.Add(time.Second)
			f.run(time.Second)
			require.Equal(t, tt.next, f.heard())
		})
	}
}

func TestMasterWithoutPsyncGetsNoAcknowledgements(t *testing.T) {
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.say("-ERR unknown command 'PSYNC'\r\n")
	f.say("$10\r\nRDB:0:a=1;")
	require.Equal(t, Connected, f.node.LinkState())
	f.heard()
	f.run(3 * time.Second)
	require.Empty(t, f.heard())
	f.node.Hangup(f.lab.now, f.link, nil)
	f.step()
	f.greet()
	require.Contains(t, f.heard(), string(command("PSYNC", "?", "-1")))
}

func TestUnusableNameIsNotAskedForAgain(t *testing.T) {
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.say("+FULLRESYNC short 10\r\n$4\r\nRDB:")
	f.heard()
	f.run(time.Second)
	require.Equal(t, string(command("REPLCONF", "ACK", "10")), f.heard())
	f.node.Hangup(f.lab.now, f.link, nil)
	f.step()
	f.greet()
	require.Contains(t, f.heard(), string(command("PSYNC", "?", "-1")))
}

func TestSilentMasterIsLeftAfterTheTimeout(t *testing.T) {
	for _, tt := range []struct {
		name string
		say  []string
		wait time.Duration // until the link is given up
	}{
		{"in the handshake", nil, 60 * time.Second},
		{"in the middle of a line", []string{"+PO"}, 5 * time.Second},
		{"before the snapshot", []string{"+PONG\r\n", "+OK\r\n", "+OK\r\n", "+FULLRESYNC " + noID + " 1\r\n"}, 60 * time.Second},
		{"in the snapshot", []string{"+PONG\r\n", "+OK\r\n", "+OK\r\n", "+FULLRESYNC " + noID + " 1\r\n$10\r\nRDB"}, 60 * time.Second},
		{"in the stream", []string{"+PONG\r\n", "+OK\r\n", "+OK\r\n", "+CONTINUE\r\n"}, 60 * time.Second},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFakeMaster(t, func(*Config) {})
			for _, text := range tt.say {
				f.say(text)
			}
			link := f.node.master.link
			f.run(tt.wait)
			require.Equal(t, link, f.node.master.link)
			f.run(2 * time.Second)
			require.NotEqual(t, link, f.node.master.link)
			require.Equal(t, event.MasterTimeout, firstEvent[event.MasterLinkDown](t, f.node).Why)
		})
	}
}

func TestHostileTransferEndsWithoutAllocation(t *testing.T) {
	for _, header := range []string{"$99999999999999999999\r\n", "$-1\r\n", "$9000000000000\r\n", "$EOF:short\r\n", "*1\r\n", "-ERR no\r\n"} {
		t.Run(strings.TrimSpace(header), func(t *testing.T) {
			f := newFakeMaster(t, func(*Config) {})
			f.greet()
			f.say("+FULLRESYNC " + noID + " 1\r\n" + header)
			require.Equal(t, Connect, f.node.LinkState())
		})
	}
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.say("+FULLRESYNC " + noID + " 1\r\n$8000000000\r\nR")
	require.LessOrEqual(t, cap(f.node.master.sync.payload), firstPayload, "a promise of eight gigabytes is not memory")
	require.Less(t, firstPayload, hostile.Spare/4, "what FuzzMaster allows an input leaves room for everything else")
}

func TestGarbageInTheStreamIsNotContinued(t *testing.T) {
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.say("+CONTINUE\r\n*1\r\n$x\r\n")
	require.Equal(t, Connect, f.node.LinkState())
	f.run(time.Second)
	f.greet()
	require.Contains(t, f.heard(), string(command("PSYNC", "?", "-1")))
}

func TestStreamArrivingWhileLoadingIsAppliedBehindTheSnapshot(t *testing.T) {
	for _, tt := range []struct {
		name string
		lost bool
	}{{"link holds", false}, {"link is lost meanwhile", true}} {
		t.Run(tt.name, func(t *testing.T) {
			f := newFakeMaster(t, func(*Config) {})
			f.node.slowLoad = true
			f.greet()
			set := string(command("SET", "b", "2"))
			f.say("+FULLRESYNC " + strings.Repeat("e", 40) + " 10\r\n$10\r\nRDB:0:a=1;" + set)
			require.True(t, f.node.Loading())
			f.heard()
			f.run(2 * time.Second)
			require.Equal(t, "\n\n", f.heard(), "a sign of life each second")
			link := f.link
			if tt.lost {
				f.node.Hangup(f.lab.now, f.link, nil)
			}
			f.node.load(f.lab.now)
			f.step()
			require.Equal(t, "0:a=1;0:b=2;", f.node.dump())
			require.Equal(t, Offset(10+len(set)), f.node.Offset())
			require.Equal(t, tt.lost, link != f.link)
			if tt.lost {
				f.greet()
				require.Contains(t, f.heard(), fmt.Sprintf("PSYNC\r\n$40\r\n%s\r\n$2\r\n%d", strings.Repeat("e", 40), 11+len(set)))
			}
		})
	}
}

func TestPromotionInTheMiddleOfALoadLeavesNoHistoryBehind(t *testing.T) {
	f := newFakeMaster(t, func(*Config) {})
	f.node.slowLoad = true
	f.node.data["0:old"] = "1"
	f.greet()
	id := strings.Repeat("e", 40)
	f.say("+FULLRESYNC " + id + " 10\r\n$10\r\nRDB:0:a=1;")
	f.node.Promote(f.lab.now)
	f.step()
	require.Empty(t, f.node.dump())
	require.NotEqual(t, id, f.node.id)
	require.NotEqual(t, id, f.node.id2)
	require.Zero(t, f.node.Offset())
}

func TestMasterFeedsUnitsSelectsAndPings(t *testing.T) {
	l := newLab(t, 1)
	m := l.nodes[0]
	v := l.visit(m)
	v.do("PSYNC", "?", "-1")
	sel := func(db string) string { return "*2\r\n$6\r\nSELECT\r\n$" + fmt.Sprint(len(db)) + "\r\n" + db + "\r\n" }
	set := string(command("SET", "k", "v"))
	for _, tt := range []struct {
		name string
		unit []Command
		want string
	}{
		{"nothing", nil, ""},
		{"first selects", []Command{{0, words("SET", "k", "v")}}, sel("0") + set},
		{"same database", []Command{{0, words("SET", "k", "v")}}, set},
		{"two effects are wrapped", []Command{{0, words("SET", "k", "v")}, {0, words("SET", "k", "v")}}, streamMulti + set + set + streamExec},
		{"selects around and inside", []Command{{3, words("SET", "k", "v")}, {12, words("SET", "k", "v")}}, sel("3") + streamMulti + set + sel("12") + set + streamExec},
	} {
		t.Run(tt.name, func(t *testing.T) {
			offset := m.Offset()
			m.Feed(tt.unit...)
			require.Equal(t, tt.want, v.read())
			require.Equal(t, offset+Offset(len(tt.want)), m.Offset())
		})
	}
	m.ticks = 0
	for second := range 21 {
		want := ""
		if second > 0 && second%10 == 0 { // nobody can be there at the first tick of a Redis
			want = streamPing
		}
		m.nextTick = time.Time{}
		m.Cron(l.now)
		require.Equal(t, want, v.read(), "second %d", second)
	}
	m.paused, m.ticks, m.nextTick = true, 10, time.Time{}
	m.Cron(l.now)
	require.Empty(t, v.read(), "no ping while a failover waits for the offset to stand still")
}

func TestReplicaFeedsNothingOfItsOwn(t *testing.T) {
	l := newLab(t, 3)
	m, r, sub := l.nodes[0], l.nodes[1], l.nodes[2]
	l.follow(r, m)
	l.follow(sub, r)
	before := r.Offset()
	r.set("mine", "1")
	r.RequestAcks()
	l.settle()
	require.Equal(t, before, r.Offset())
	require.Empty(t, sub.dump())
	m.set("a", "1")
	l.run(12 * time.Second)
	require.Equal(t, m.Offset(), sub.Offset(), "pings go down the chain to the byte")
}

func TestFeedingMakesNoGarbage(t *testing.T) {
	l := newLab(t, 2)
	m, r := l.nodes[0], l.nodes[1]
	l.follow(r, m)
	args := words("SET", "key", "value")
	frame := command("SET", "key", "value")
	warm := func() {
		for range 20_000 {
			m.FeedOne(0, args)
			m.replicas[0].client.Out = m.replicas[0].client.Out[:0]
			m.BeforeSleep(l.now)
		}
	}
	warm()
	require.Zero(t, testing.AllocsPerRun(1000, func() {
		m.FeedOne(0, args)
		m.FeedOne(0, args)
		m.replicas[0].client.Out = m.replicas[0].client.Out[:0]
		m.BeforeSleep(l.now)
	}))
	host := discard{r}
	r.host = host
	require.Zero(t, testing.AllocsPerRun(1000, func() { r.receiveStream(l.now, frame) }))
}

// discard is a host that executes nothing.
type discard struct{ *peerNode }

func (discard) Apply(time.Time, int, [][]byte) {}
func (discard) OpenUnit(time.Time)             {}
func (discard) CloseUnit(time.Time)            {}

// A clock that is set back must not stop the timer until it has caught up.
func TestAcknowledgementsGoOnWhenTheClockIsSetBack(t *testing.T) {
	f := newFakeMaster(t, func(*Config) {})
	f.greet()
	f.say("+FULLRESYNC " + strings.Repeat("a", 40) + " 1000\r\n$4\r\nRDB:")
	f.run(2 * time.Second)
	f.lab.now = f.lab.now.Add(-time.Hour)
	f.heard()
	f.run(3 * time.Second)
	require.GreaterOrEqual(t, strings.Count(f.heard(), "ACK"), 2)
}
