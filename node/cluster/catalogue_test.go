package cluster

import (
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/event"
	"clusterplay/node/slot"
)

// hostileFrames are rows D of the catalogue of bad input that are said by a node we know: what is heard, and
// what becomes of it. Each is ignored, but for those that end the link.
var hostileFrames = []struct {
	name   string
	spoil  func(b []byte) []byte
	closed bool
	reason event.Reason // what the event says; nothing is said of a kind we do not know
}{
	{"D5 version 0", put16(8, 0), false, "unknown-version"},
	{"D6 version 2", put16(8, 2), false, "unknown-version"},
	{"D8 gossip of 65535 nodes that is not there", put16(14, 65535), false, "bad-length"},
	{"D9 kind 99", put16(12, 99), false, ""},
	{"D12 extension of odd length", withExtension(13, "aaaaa"), false, "bad-extension"},
	{"D13 extension past the end", withExtension(64, "aaaaaaaa"), false, "bad-extension"},
	{"D1 text in place of a packet", func(b []byte) []byte { copy(b, "HTTP"); return b }, true, "bad-signature"},
}

func put16(at int, v uint16) func([]byte) []byte {
	return func(b []byte) []byte {
		binary.BigEndian.PutUint16(b[at:], v)
		return b
	}
}

// withExtension appends a host name extension that says it is length bytes long.
func withExtension(length uint32, text string) func([]byte) []byte {
	return func(b []byte) []byte {
		b = binary.BigEndian.AppendUint32(b, length)
		b = append(append(b, 0, 0, 0, 0), text...)
		binary.BigEndian.PutUint32(b[4:], uint32(len(b)))
		binary.BigEndian.PutUint16(b[2214:], 1)
		b[2253] |= byte(bus.ExtData)
		return b
	}
}

func TestHostileFramesAreIgnoredOrEndTheLink(t *testing.T) {
	for _, tt := range hostileFrames {
		t.Run(tt.name, func(t *testing.T) {
			w, a, p := threatened(t)
			before := string(a.state.Conf())
			p.deliver(w.now, p.in, tt.spoil((&bus.Message{Header: bus.Header{Type: bus.Ping, Sender: p.header.Sender}}).Append(nil)))
			require.Empty(t, p.got, "no answer")
			require.Equal(t, tt.closed, a.state.links[p.in] == nil)
			require.Equal(t, before, string(a.state.Conf()))
			if tt.reason != "" {
				require.Len(t, w.log, 1)
				require.Equal(t, tt.reason, w.log[0].what.(event.PacketRefused).Reason)
			} else {
				require.Empty(t, w.log)
			}
		})
	}
}

// threatened is a cluster of three masters, the first of them, and a node it knows and that means ill.
func threatened(t *testing.T) (*world, *member, *peer) {
	w := newWorld(t)
	w.form(Config{}, 3)
	a := w.members[0]
	p := join(t, w, a, 'f')
	w.log = nil
	return w, a, p
}

// TestWhatAnIllMeaningNodeSaysIsNotBelieved has the rows D about packets that are well formed.
func TestWhatAnIllMeaningNodeSaysIsNotBelieved(t *testing.T) {
	for _, tt := range []struct {
		name string
		say  func(t *testing.T, w *world, a *member, p *peer)
	}{
		{"D7 PING of a stranger changes nothing", func(t *testing.T, w *world, a *member, p *peer) {
			stranger(p)
			before := string(a.state.NodesText())
			p.header.CurrentEpoch = 99
			p.say(w.now, ping())
			require.Equal(t, before, string(a.state.NodesText()))
		}},
		{"D10 words of a stranger are not heard", func(t *testing.T, w *world, a *member, p *peer) {
			stranger(p)
			before := string(a.state.NodesText())
			for _, kind := range []bus.Type{bus.Fail, bus.Update, bus.AuthRequest, bus.AuthAck, bus.MFStart, bus.Publish} {
				p.say(w.now, bus.Message{Header: bus.Header{Type: kind}, Subject: a.state.nodes.order[1].id, SubjectEpoch: 99})
				require.Empty(t, p.got, kind)
			}
			require.Equal(t, before, string(a.state.NodesText()))
		}},
		{"D14 host name of 64 KiB", func(t *testing.T, w *world, a *member, p *peer) {
			m := ping()
			m.Extensions = []bus.Extension{bus.Hostname(strings.Repeat("h", 64<<10))}
			p.say(w.now, m)
			require.NotContains(t, string(a.state.Conf()), "hhh")
		}},
		{"D15 host name of two lines", func(t *testing.T, w *world, a *member, p *peer) {
			m := ping()
			m.Extensions = []bus.Extension{bus.Hostname("a.example\nvars currentEpoch 99 lastVoteEpoch 99")}
			p.say(w.now, m)
			require.NotContains(t, string(a.state.Conf()), "99")
		}},
		{"D16 epoch of 2^64-1", func(t *testing.T, w *world, a *member, p *peer) {
			before := a.state.currentEpoch
			p.header.CurrentEpoch, p.header.ConfigEpoch = 1<<64-1, 1<<64-1
			p.say(w.now, ping())
			require.Equal(t, before, a.state.currentEpoch)
			require.Len(t, w.happened(a, "-packet"), 1)
		}},
		{"D17 our own id", func(t *testing.T, w *world, a *member, p *peer) {
			before := string(a.state.Conf())
			p.header.Sender = a.state.myself.id
			p.header.Port, p.header.CurrentEpoch = 9999, 99
			p.slots.Add(0)
			p.say(w.now, ping())
			p.say(w.now, bus.Message{Header: bus.Header{Type: bus.Fail}, Subject: a.state.nodes.order[1].id})
			require.Equal(t, before, string(a.state.Conf()))
		}},
		{"D18 somebody else's id", func(t *testing.T, w *world, a *member, p *peer) {
			p.say(w.now, ping()) // the link is his from now on
			before := string(a.state.Conf())
			p.header.Sender = w.members[1].state.myself.id
			p.header.CurrentEpoch, p.header.ConfigEpoch = 99, 99
			p.slots.Add(0)
			p.say(w.now, ping())
			require.Equal(t, before, string(a.state.Conf()))
		}},
		{"D19 every slot with no epoch", func(t *testing.T, w *world, a *member, p *peer) {
			for sl := range 16384 {
				p.slots.Add(slot.Slot(sl))
			}
			p.say(w.now, ping())
			require.True(t, a.state.Mine(0))
			require.Contains(t, p.got, bus.Update, "it is told who owns them")
		}},
		{"D20 gossip about the node itself", func(t *testing.T, w *world, a *member, p *peer) {
			m := ping()
			m.Gossip = []bus.Entry{{ID: a.state.myself.id, IP: bus.MakeIP("127.0.0.66"), Port: 6666, BusPort: 16666, Flags: bus.Replica | bus.Failed}}
			before := string(a.state.Conf())
			p.say(w.now, m)
			require.Equal(t, before, string(a.state.Conf()))
		}},
		{"D21 port 0", func(t *testing.T, w *world, a *member, p *peer) {
			m := ping()
			m.Gossip = []bus.Entry{{ID: ID([]byte(strings.Repeat("e", 40))), IP: bus.MakeIP("127.0.0.66"), Flags: bus.Master}}
			p.say(w.now, m)
			for range 30 {
				w.run(100 * time.Millisecond)
			}
			require.NoError(t, a.state.Verify())
		}},
		{"D22 a flood of packets", func(t *testing.T, w *world, a *member, p *peer) {
			frame := (&bus.Message{Header: bus.Header{Type: bus.AuthAck, Sender: p.header.Sender}}).Append(nil)
			for range 10_000 {
				a.state.Receive(w.now, p.in, frame)
			}
			require.Empty(t, a.state.BeforeSleep(w.now).Send)
			p.say(w.now, ping())
			require.Equal(t, []bus.Type{bus.Pong}, p.got)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, a, p := threatened(t)
			tt.say(t, w, a, p)
			require.NoError(t, a.state.Verify())
		})
	}
}

// stranger gives a peer an id that nobody knows.
func stranger(p *peer) { p.header.Sender = ID([]byte(strings.Repeat("e", 40))) }
