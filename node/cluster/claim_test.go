package cluster

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/machine"
	"clusterplay/node/slot"
)

// peer is a scripted node: it says what a test wants and hears what it is told. Its id is all f,
// the largest, unless a test changes it.
type peer struct {
	m      *member
	header bus.Header
	slots  slot.Set
	in     machine.LinkID // the link it dialled
	out    *link          // the link the State dialled to it
	got    []bus.Type
	update *bus.Packet
}

// join makes p a member of the table of the first node of a cluster.
func join(t *testing.T, w *world, m *member, id byte) *peer {
	p := &peer{m: m, in: 1 << 40}
	for i := range p.header.Sender {
		p.header.Sender[i] = id
	}
	p.header.Flags = bus.Master | bus.Myself
	p.header.IP = bus.MakeIP("127.0.0.9")
	p.header.Port, p.header.BusPort = 9000, 19000
	n := m.state.addNode(w.now, p.header.Sender, bus.Master)
	n.ip, n.port, n.busPort = sharedOf("127.0.0.9"), 9000, 19000
	p.out = &link{id: 1<<40 + 1, node: n, open: true, created: instantOf(w.now)}
	n.link = p.out
	m.state.links[p.out.id] = p.out
	m.state.Accepted(w.now, p.in, m.addr, m.addr)
	return p
}

// say sends a packet from the peer on the link it dialled, and notes the answers.
func (p *peer) say(now time.Time, msg bus.Message) {
	msg.Header.Sender, msg.Header.IP = p.header.Sender, p.header.IP
	msg.Header.Port, msg.Header.BusPort = p.header.Port, p.header.BusPort
	msg.Header.Flags = p.header.Flags
	msg.Header.CurrentEpoch, msg.Header.ConfigEpoch = p.header.CurrentEpoch, p.header.ConfigEpoch
	msg.Header.Primary = p.header.Primary
	msg.Header.Slots = (*bus.Slots)(&p.slots)
	p.deliver(now, p.in, msg.Append(nil))
}

func (p *peer) deliver(now time.Time, on machine.LinkID, frame []byte) {
	p.got, p.update = nil, nil
	p.m.do(func() {
		p.m.state.Receive(now, on, frame)
		for _, send := range p.m.state.todo.Send {
			if send.Link != p.in && send.Link != p.out.id {
				continue
			}
			packet, _ := bus.Decode(send.Data)
			p.got = append(p.got, packet.Type)
			if packet.Type == bus.Update {
				p.update = &packet
			}
		}
	})
}

func ping() bus.Message { return bus.Message{Header: bus.Header{Type: bus.Ping}} }

func TestStaleClaimIsAnsweredWithAnUpdate(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	p.slots.AddRange(slot.Range{First: 0, Last: 9})
	p.say(w.now, ping())
	require.Equal(t, []bus.Type{bus.Pong, bus.Update}, p.got)
	epoch, subject, slots := p.update.Updated()
	require.Equal(t, Epoch(1), epoch)
	require.Equal(t, a.id(), subject.String())
	require.Equal(t, bus.Slots(a.state.myself.slots.Set()), *slots)
	require.True(t, a.state.Mine(5), "nothing changed hands")
}

func TestNewerClaimMovesASlotAndAnOlderOneMayTakeWhatIsNoLongerClaimed(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	a.host.keys[5] = 3
	p := join(t, w, a, 'f')
	p.header.CurrentEpoch, p.header.ConfigEpoch = 50, 50
	p.slots.Add(5)
	p.say(w.now, ping())
	require.Equal(t, p.header.Sender, a.state.slots.of(5).id)
	require.Equal(t, Epoch(50), a.state.currentEpoch)
	require.Contains(t, a.host.calls, "drop 5", "the keys are somebody else's now")

	p.slots.Remove(5)
	p.say(w.now, ping())
	require.Equal(t, p.header.Sender, a.state.slots.of(5).id, "still bound")
	require.True(t, a.state.slots.unclaimed(5))

	q := join(t, w, a, 'e')
	q.in, q.out.id = 1<<41, 1<<41+1
	a.state.Accepted(w.now, q.in, a.addr, a.addr)
	q.slots.Add(5)
	q.say(w.now, ping())
	require.Equal(t, q.header.Sender, a.state.slots.of(5).id, "anybody may take it, whatever the epoch")
}

func TestClaimsDoNotTouchASlotBeingImported(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a, b := w.members[0], w.members[1]
	const sl = 6000
	require.NoError(t, a.state.SetSlotImporting(w.now, sl, b.id()))
	p := join(t, w, a, 'f')
	p.header.CurrentEpoch, p.header.ConfigEpoch = 50, 50
	p.slots.Add(sl)
	p.say(w.now, ping())
	require.Equal(t, b.id(), a.state.slots.of(sl).id.String())
}

func TestRolesFollowTheHeader(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	p.header.Primary = a.state.Myself()
	p.header.Flags = bus.Replica | bus.Myself
	p.say(w.now, ping())
	n := a.state.nodes.lookup(p.header.Sender)
	require.True(t, n.is(bus.Replica))
	require.Equal(t, Epoch(1), n.epoch(), "shown with its master's epoch")
	require.True(t, a.state.myself.is(bus.MigrateTo))
	p.header.Primary = ID{}
	p.say(w.now, ping())
	require.True(t, n.master())
	require.False(t, a.state.myself.is(bus.MigrateTo))
}

func TestStrangersAreAnsweredAndLeaveNoTrace(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	p.header.Sender = ID([]byte("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"))
	p.header.CurrentEpoch = 99
	before := string(a.state.NodesText())
	for _, kind := range []bus.Type{bus.Ping, bus.Fail, bus.Publish, bus.AuthRequest, bus.AuthAck, bus.Update, bus.MFStart} {
		p.say(w.now, bus.Message{Header: bus.Header{Type: kind}, Subject: a.state.nodes.order[0].id})
		want := []bus.Type(nil)
		if kind == bus.Ping {
			want = []bus.Type{bus.Pong}
		}
		require.Equal(t, want, p.got, kind.String())
	}
	require.Equal(t, before, string(a.state.NodesText()))
	require.Less(t, a.state.currentEpoch, Epoch(99))
}

func TestMeetFromAStrangerBeginsAHandshake(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	p.header.Sender = ID([]byte("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"))
	p.header.Port, p.header.BusPort = 9001, 19001
	p.say(w.now, bus.Message{Header: bus.Header{Type: bus.Meet}})
	require.Equal(t, []bus.Type{bus.Pong}, p.got)
	require.Contains(t, string(a.state.NodesText()), "127.0.0.9:9001@19001 handshake - 0 0 0 disconnected\n")
	require.NotContains(t, string(a.state.Conf()), "handshake")
	w.run(3 * time.Second)
	require.NotContains(t, string(a.state.NodesText()), "9001")
	require.Len(t, w.happened(a, "+handshake-timeout"), 1)
}

func TestWrongIDOnOurLinkLosesTheAddress(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	m := bus.Message{Header: bus.Header{Type: bus.Pong, Sender: ID([]byte("eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee"))}}
	p.deliver(w.now, p.out.id, m.Append(nil))
	require.Contains(t, string(a.state.NodesText()), p.header.Sender.String()+" :0@0 master,noaddr - 0 0 0 disconnected\n")
}

func TestMovedPeerIsFollowed(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	p.header.Port, p.header.BusPort = 9005, 19005
	p.say(w.now, ping())
	n := a.state.nodes.lookup(p.header.Sender)
	require.Equal(t, "127.0.0.9:9005", n.addr())
	require.Nil(t, n.link, "the old link is given up")
}

func TestHostnameComesAndGoesWithTheExtension(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	m := ping()
	m.Extensions = []bus.Extension{{Type: bus.ExtShardID, Payload: make([]byte, 40)}, bus.Hostname("a.example.com")}
	p.say(w.now, m)
	require.Contains(t, string(a.state.NodesText()), "127.0.0.9:9000@19000,a.example.com master")
	m.Extensions = []bus.Extension{bus.Hostname("evil\nname")}
	p.say(w.now, m)
	require.Contains(t, string(a.state.NodesText()), "127.0.0.9:9000@19000 master")
}

// TestASettingOfWhichNodesConfSaysNothingDoesNotWriteIt: a full disk must not end a node because of CONFIG SET.
func TestASettingOfWhichNodesConfSaysNothingDoesNotWriteIt(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	s := w.members[0].state
	s.Config().NodeTimeout = 5 * time.Second
	s.Reconfigured(w.now)
	require.Nil(t, s.BeforeSleep(w.now).Save)
	s.Config().NoFailover = true
	s.Reconfigured(w.now)
	require.Contains(t, string(s.BeforeSleep(w.now).Save), "nofailover")
	s.Config().Hostname = "a.example.com"
	s.Reconfigured(w.now)
	require.Contains(t, string(s.BeforeSleep(w.now).Save), ",a.example.com myself")
}

func TestBrokenPacketsAreIgnoredOrEndTheLink(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	frame := (&bus.Message{Header: bus.Header{Type: bus.Ping, Sender: p.header.Sender}}).Append(nil)
	for _, tt := range []struct {
		name   string
		spoil  func(b []byte)
		closed bool
		reason event.Reason
	}{
		{"version 2", func(b []byte) { b[9] = 2 }, false, "unknown-version"},
		{"a gossip entry too many", func(b []byte) { b[15] = 1 }, false, "bad-length"},
		{"type 77", func(b []byte) { b[13] = 77 }, false, ""},
		{"signature", func(b []byte) { b[0] = 'X' }, true, "bad-signature"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			bad := append([]byte(nil), frame...)
			tt.spoil(bad)
			w.log = nil
			p.deliver(w.now, p.in, bad)
			require.Empty(t, p.got, "no PONG")
			require.Equal(t, tt.closed, a.state.links[p.in] == nil)
			if tt.reason != "" {
				require.Len(t, w.log, 1)
				require.Equal(t, tt.reason, w.log[0].what.(event.PacketRefused).Reason)
			}
		})
	}
}

func TestImpossibleEpochIsRefused(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	before := a.state.currentEpoch
	p := join(t, w, a, 'f')
	p.header.CurrentEpoch = 1<<64 - 1
	p.slots.Add(0)
	p.say(w.now, ping())
	require.Equal(t, before, a.state.currentEpoch)
	require.True(t, a.state.Mine(0))
	require.Len(t, w.happened(a, "-packet"), 1)
}

func TestForgottenNodeStaysAwayForAMinuteUnlessMet(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	spare := w.add("E", Config{})
	a := w.members[0]
	spare.meet(a)
	w.until(20*time.Second, "all know E", func() bool {
		for _, m := range w.members[:3] {
			if n := m.sees(spare); n == nil || n.link == nil {
				return false
			}
		}
		return true
	})
	a.do(func() { require.NoError(t, a.state.Forget(w.now, spare.id())) })
	began := w.now
	w.until(90*time.Second, "gossip brought it back", func() bool { return a.sees(spare) != nil })
	require.GreaterOrEqual(t, w.now.Sub(began), blacklistTTL)
	a.do(func() { require.NoError(t, a.state.Forget(w.now, spare.id())) })
	a.meet(spare)
	took := w.until(5*time.Second, "MEET brought it back", func() bool { return a.sees(spare) != nil })
	require.Less(t, took, time.Second)
}

func TestReplicasGossipMakesNoReport(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a, b := w.members[0], w.members[1]
	p := join(t, w, a, 'f')
	p.header.Primary = a.state.Myself()
	m := ping()
	m.Gossip = []bus.Entry{{ID: b.state.Myself(), Flags: bus.Master | bus.PFail, IP: bus.MakeIP("127.0.0.1"), Port: 7001, BusPort: 17001}}
	p.say(w.now, m)
	count, err := a.state.CountFailureReports(w.now, b.id())
	require.NoError(t, err)
	require.Zero(t, count)
	p.header.Primary = ID{}
	p.say(w.now, m)
	count, _ = a.state.CountFailureReports(w.now, b.id())
	require.Equal(t, 1, count)
}

func TestPublishReachesAllAndShardPublishOnlyTheShard(t *testing.T) {
	w := newWorld(t)
	w.form(Config{}, 3, 0)
	a, b, d := w.members[0], w.members[1], w.members[3]
	a.do(func() {
		a.state.Publish(w.now, []byte("ch"), []byte("all"), false)
		a.state.Publish(w.now, []byte("ch"), []byte("shard"), true)
	})
	w.run(100 * time.Millisecond)
	require.Equal(t, []string{"ch all false"}, b.host.delivered)
	require.Equal(t, []string{"ch all false", "ch shard true"}, d.host.delivered)
}

func TestNodeThatMeetsItselfForgetsIt(t *testing.T) {
	w := newWorld(t)
	a := w.add("A", Config{})
	a.meet(a)
	w.run(500 * time.Millisecond)
	require.Equal(t, 1, a.state.nodes.len())
}
