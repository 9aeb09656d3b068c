package cluster

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
	"clusterplay/node/hostile"
	"clusterplay/node/machine"
)

// besieged is a nodes.conf of six nodes: us, two other masters and a replica of each.
var besieged = func() string {
	id := func(c int) string { return strings.Repeat(string(rune(c)), 40) }
	var b strings.Builder
	for i, slots := range []string{"0-5460", "5461-10922", "10923-16383"} {
		mine := ""
		if i == 0 {
			mine = "myself,"
		}
		fmt.Fprintf(&b, "%s 127.0.0.1:%d@%d %smaster - 0 0 %d connected %s\n", id('a'+i), 7000+i, 17000+i, mine, i+1, slots)
		fmt.Fprintf(&b, "%s 127.0.0.1:%d@%d slave %s 0 0 %d connected\n", id('d'+i), 7003+i, 17003+i, id('a'+i), i+1)
	}
	return b.String() + "vars currentEpoch 9 lastVoteEpoch 0\n"
}()

// siege is a node that a fuzzer speaks to.
type siege struct {
	*State
	now  time.Time
	in   machine.LinkID
	back machine.LinkID // the link we dialled to the node that speaks, or in
}

// besiege starts a master of six nodes, or its replica, with a link that somebody dialled. who is the
// node that speaks; zero is a stranger.
func besiege(t *testing.T, who ID, replica bool) *siege {
	conf := besieged
	if replica {
		conf = strings.Replace(strings.Replace(conf, "myself,", "", 1), "slave a", "myself,slave a", 1)
	}
	state, err := loaded(conf)
	require.NoError(t, err)
	s := &siege{State: state, now: time.Unix(1_800_000_000, 0), in: 1 << 40}
	peer := netip.MustParseAddrPort("127.0.0.1:40000")
	s.Cron(s.now)
	s.rest()
	s.Accepted(s.now, s.in, peer, peer)
	s.back = s.in
	if n := s.nodes.lookup(who); n != nil && n.link != nil {
		s.back = n.link.id
		s.Connected(s.now, s.back, peer, peer)
	}
	s.rest()
	return s
}

func (s *siege) rest() {
	for range 10 {
		if todo := s.BeforeSleep(s.now); todo.Wake.IsZero() || todo.Wake.After(s.now) {
			return
		}
	}
}

// ofTheMoment are the fields of a line that a restart begins anew: the times of the links and their state.
var ofTheMoment = regexp.MustCompile(`(?m)( \d+ \d+)( \d+ )(dis)?connected`)

// ofItsPrimary is the epoch in the line of a replica. It is its primary's: the one of a primary that is
// a replica itself stands in no file, nor does it in one of Redis.
var ofItsPrimary = regexp.MustCompile(`(slave\S* [0-9a-f]{40}) \d+`)

// lasting is what a node writes down of itself, without what a restart begins anew.
func lasting(s *State) string {
	return ofItsPrimary.ReplaceAllString(ofTheMoment.ReplaceAllString(string(s.Conf()), "$2"), "$1")
}

// hostileConfs are good files, spoilt ones, and one of each line that is wrong.
func hostileConfs() (all [][]byte) {
	for _, good := range []string{confText, besieged} {
		all = append(append(all, []byte(good)), hostile.Variants([]byte(good), 30)...)
	}
	return append(all, nil, []byte("\n"), []byte("vars currentEpoch 18446744073709551615 lastVoteEpoch 18446744073709551615\n"))
}

func TestThereAreManyHostileConfs(t *testing.T) {
	require.GreaterOrEqual(t, len(hostileConfs()), 40)
}

// startCost is what a node costs that knows nobody: tables of 16384 slots.
const startCost = 2 << 20

// FuzzLoad requires of every nodes.conf that it is refused, or read so that it can be written and read
// again without a change, at a cost in proportion to its size.
func FuzzLoad(f *testing.F) {
	for _, conf := range hostileConfs() {
		f.Add(string(conf))
	}
	f.Fuzz(func(t *testing.T, conf string) {
		var s *State
		var err error
		hostile.Bound(t, len(conf)+startCost/hostile.PerByte, func() { s, err = loaded(conf) })
		if err != nil {
			return
		}
		require.NoError(t, s.Verify())
		once := string(s.Conf())
		again, err := loaded(once)
		require.NoError(t, err)
		require.Equal(t, once, string(again.Conf()))
	})
}

// FuzzReceive has packets arrive at a node. Whatever they are, its own checks hold and what it would
// write it can read. A stranger changes nothing, except that MEET begins a handshake.
func FuzzReceive(f *testing.F) {
	for i, p := range append(hostile.Packets(f, "../bus/testdata/packets.txt"), hostile.Packets(f, "../bus/testdata/cluster.txt")...) {
		f.Add(p.Bytes, uint8(i))
	}
	f.Fuzz(func(t *testing.T, stream []byte, from uint8) {
		speaker := int(from % 7) // 0 is a stranger
		var who ID
		if speaker > 0 {
			who = ID([]byte(strings.Repeat(string(rune('a'+speaker-1)), 40)))
		}
		s := besiege(t, who, from&8 != 0)
		on := s.in
		if from&16 != 0 {
			on = s.back
		}
		for len(stream) >= bus.HeaderLen {
			n, err := bus.Need(stream)
			if err != nil {
				n = len(stream)
			}
			frame := append([]byte(nil), stream[:min(n, len(stream))]...)
			stream = stream[len(frame):]
			s.hear(t, frame, who, on)
		}
		require.NoError(t, s.Verify())
		for range 20 {
			s.now = s.now.Add(100 * time.Millisecond)
			s.Cron(s.now)
			s.rest()
		}
		again, err := loaded(string(s.Conf()))
		require.NoError(t, err)
		require.Equal(t, lasting(s.State), lasting(again))
	})
}

// hear hands over one frame of a speaker.
func (s *siege) hear(t *testing.T, frame []byte, who ID, on machine.LinkID) {
	const senderAt, typeAt = 40, 12
	if who != (ID{}) {
		copy(frame[senderAt:], who[:])
	}
	stranger := s.nodes.lookup(ID(frame[senderAt:])) == nil
	kind := bus.Type(frame[typeAt])<<8 | bus.Type(frame[typeAt+1])
	before := string(s.NodesText()) + string(s.Conf())
	hostile.Bound(t, len(frame), func() { s.Receive(s.now, on, frame) })
	if stranger && kind != bus.Meet {
		require.Equal(t, before, string(s.NodesText())+string(s.Conf()), "a stranger's %v", kind)
	}
	s.rest()
}
