package sentinel

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// firstWords is the bytes of the first thing said on each connection to a resident.
func (h *house) firstWords(to resident) (cmd, sub string) {
	for _, wr := range h.wires {
		switch {
		case wr.to == to && wr.sub:
			sub = string(wr.said)
		case wr.to == to && cmd == "":
			cmd = string(wr.said)
		}
	}
	return cmd, sub
}

func TestWhatIsSaidFirst(t *testing.T) {
	const name, ping = "*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n", "*1\r\n$4\r\nPING\r\n"
	for _, row := range []struct {
		name       string
		user, pass string
		auth       string
	}{
		{"no password", "", "", ""},
		{"a password", "", "secret", "*2\r\n$4\r\nAUTH\r\n$6\r\nsecret\r\n"},
		{"a user", "bob", "secret", "*3\r\n$4\r\nAUTH\r\n$3\r\nbob\r\n$6\r\nsecret\r\n"},
		{"a user without a password", "bob", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newTown(t)
			n := w.node(7000, 0)
			h := w.sentinel(26000, 1, func(s *Sentinel) { s.masters[0].authUser, s.masters[0].authPass = row.user, row.pass })
			w.run(50 * time.Millisecond)
			cmd, sub := h.firstWords(n)
			require.Equal(t, row.auth+name+bulk("sentinel-"+h.id[:8]+"-cmd")+ping, cmd)
			require.Equal(t, row.auth+name+bulk("sentinel-"+h.id[:8]+"-pubsub")+
				"*2\r\n$9\r\nSUBSCRIBE\r\n$18\r\n__sentinel__:hello\r\n", sub)
		})
	}
}

func TestWhatASentinelIsToldFirst(t *testing.T) {
	for _, row := range []struct {
		name string
		set  func(s *Sentinel)
		want []string
	}{
		{"nothing", func(*Sentinel) {}, nil},
		{"our own password", func(s *Sentinel) { s.password = "mine" }, []string{"AUTH mine"}},
		{"sentinel-pass", func(s *Sentinel) { s.password, s.peerPass = "mine", "theirs" }, []string{"AUTH theirs"}},
		{"sentinel-user", func(s *Sentinel) { s.peerUser, s.peerPass = "bob", "theirs" }, []string{"AUTH bob theirs"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, h := alone(t, row.set)
			p := h.town.peer(26001)
			p.says(h, 0, 0, 7000)
			h.town.run(2 * time.Second)
			require.Equal(t, append(row.want, "CLIENT SETNAME sentinel-"+h.id[:8]+"-cmd"), h.told(p))
		})
	}
}

func TestRenamedCommandsAreSaidAsTheyAreCalled(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].renamed = map[string]string{"Client": "KUNDE", "slaveof": "FOLGE"} })
	require.Equal(t, "KUNDE SETNAME sentinel-"+h.id[:8]+"-cmd", h.told(w.nodes[0])[0])
	w.nodes[0].die()
	h.wait("+failover-state-wait-promotion")
	require.Subset(t, h.told(w.nodes[1]), []string{"FOLGE NO ONE", "KUNDE KILL TYPE normal"})
}

func TestTheBlockThatGivesANodeItsPlace(t *testing.T) {
	w, h := alone(t)
	w.nodes[0].die()
	h.wait("+switch-master")
	want := func(place string) []string {
		return []string{
			"MULTI", place, "CONFIG REWRITE", "CLIENT KILL TYPE normal", "CLIENT KILL TYPE pubsub", "EXEC",
		}
	}
	require.Equal(t, want("SLAVEOF NO ONE"), without(h.told(w.nodes[1]), "SUBSCRIBE", "CLIENT SETNAME"))
	require.Equal(t, want("SLAVEOF 127.0.0.1 7001"), without(h.told(w.nodes[2]), "SUBSCRIBE", "CLIENT SETNAME"))
}

func TestInfoIsAskedMoreOftenWhenItMatters(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].quorum = 2 })
	count := func(n *fakeNode, d time.Duration) int {
		before := w.infos(h, n)
		w.run(d)
		return w.infos(h, n) - before
	}
	require.InDelta(t, 3, count(w.nodes[1], 30*time.Second), 1)
	w.nodes[1].linkLost, w.nodes[1].linkUp = 3, false
	w.run(11 * time.Second)
	require.InDelta(t, 19, count(w.nodes[1], 20*time.Second), 2, "its master is lost")
	require.InDelta(t, 2, count(w.nodes[2], 20*time.Second), 1)
	require.InDelta(t, 2, count(w.nodes[0], 20*time.Second), 1)
}

// infos is how often a house asked a node for INFO.
func (w *town) infos(h *house, n *fakeNode) int {
	total := 0
	for _, wr := range h.wires {
		if wr.to == resident(n) {
			total += strings.Count(string(wr.said), "*1\r\n$4\r\nINFO\r\n")
		}
	}
	return total
}

func TestANodeThatSaysNothingIsNotFlooded(t *testing.T) {
	w, h := alone(t, func(s *Sentinel) { s.masters[0].quorum, s.periods.MinLinkReconnect = 2, time.Hour })
	w.nodes[0].mute = true
	w.run(10 * time.Minute)
	require.LessOrEqual(t, h.mymaster().link.pending(), maxPending+2)
}

func TestAnAnswerThatNobodyAskedForEndsTheConnection(t *testing.T) {
	for _, answer := range []string{"+OK\r\n+OK\r\n+OK\r\n", "hm\r\n", "$99999999999\r\n"} {
		w, h := alone(t)
		before := h.mymaster().link.cmd
		h.door(func(s *Sentinel, now time.Time) { s.Receive(now, before.id, []byte(answer)) })
		require.NotSame(t, before, h.mymaster().link.cmd)
		w.run(5 * time.Second)
		require.True(t, h.mymaster().link.whole())
		require.NotContains(t, h.names(), "+sdown")
	}
}

func TestWithoutItsPasswordANodeIsDisconnected(t *testing.T) {
	w, h := alone(t)
	require.True(t, h.mymaster().link.whole())
	w.nodes[0].locked = true
	h.door(func(s *Sentinel, _ time.Time) { s.reconnectNodes(s.masters[0]) })
	w.run(3 * time.Second)
	require.False(t, h.mymaster().link.whole(), "the channel is refused")
	w.nodes[0].locked = false
	w.run(3 * time.Second)
	require.True(t, h.mymaster().link.whole())
}
