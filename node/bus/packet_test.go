package bus

import (
	"testing"

	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

// captured returns the packets in testdata/packets.txt by name. They were sent by redis-server
// 7.0.15: a cluster of three masters and a replica, and a scripted peer that listened.
func captured(t testing.TB) map[string][]byte {
	packets := map[string][]byte{}
	for _, p := range hostile.Packets(t, "testdata/packets.txt") {
		packets[p.Name] = p.Bytes
	}
	return packets
}

func TestPacketsOfARealServerAreReadAndWrittenBackByteForByte(t *testing.T) {
	types := map[string]Type{
		"ping": Ping, "ping-hostname": Ping, "pong": Pong, "meet": Meet, "fail": Fail, "publish": Publish,
		"publishshard": PublishShard, "auth-request": AuthRequest, "auth-ack": AuthAck, "update": Update, "mfstart": MFStart,
	}
	packets := captured(t)
	require.Len(t, packets, len(types))
	for name, frame := range packets {
		t.Run(name, func(t *testing.T) {
			p, err := Decode(frame)
			require.NoError(t, err)
			require.Equal(t, types[name], p.Type)
			require.True(t, p.Sender.Valid())
			require.True(t, p.Flags.Has(Myself))
			m := p.Message()
			require.Equal(t, len(frame), m.Size())
			require.Equal(t, frame, m.Append(nil))
			n, err := Need(frame[:prefixLen])
			require.NoError(t, err)
			require.Equal(t, len(frame), n)
		})
	}
}

func TestCapturedPacketsSayWhatWasDone(t *testing.T) {
	packets := captured(t)
	decode := func(name string) Packet {
		p, err := Decode(packets[name])
		require.NoError(t, err, name)
		return p
	}
	p := decode("ping")
	require.Positive(t, p.GossipCount())
	var e Entry
	p.Gossip(0, &e)
	require.True(t, e.ID.Valid())
	require.Equal(t, "127.0.0.1", e.IP.String())
	require.Equal(t, e.Port+1, e.BusPort)

	p = decode("ping-hostname")
	for ext := range p.Extensions() {
		require.Equal(t, ExtHostname, ext.Type)
		require.Equal(t, "a.example.com", string(ext.Text()))
	}
	require.Equal(t, ExtData, p.Marks)

	p = decode("publish")
	channel, message := p.Published()
	require.Equal(t, "chan hello", string(channel)+" "+string(message))
	p = decode("publishshard")
	channel, message = p.Published()
	require.Equal(t, "foo{bar} shardmsg", string(channel)+" "+string(message))

	p = decode("update")
	epoch, subject, slots := p.Updated()
	require.Equal(t, uint64(1), epoch)
	require.True(t, subject.Valid())
	require.Equal(t, byte(0xff), slots[0])
	require.Equal(t, byte(0), slots[SlotBytes-1])

	p = decode("fail")
	failed := p.Failed()
	require.True(t, failed.Valid())
	require.NotEqual(t, p.Sender, failed)
}

func TestPacketsAreCheckedInOrder(t *testing.T) {
	heartbeat := func(change func(b []byte)) []byte {
		m := Message{Header: Header{Type: Ping}, Gossip: make([]Entry, 2), Extensions: []Extension{Hostname("host")}}
		b := m.Append(nil)
		change(b)
		return b
	}
	extension := HeaderLen + 2*EntryLen
	for _, tt := range []struct {
		name  string
		frame []byte
		want  error
	}{
		{"as it should be", heartbeat(func([]byte) {}), nil},
		{"short", heartbeat(func([]byte) {})[:HeaderLen-1], ErrSignature},
		{"cut", heartbeat(func([]byte) {})[:HeaderLen], ErrSignature},
		{"signature", heartbeat(func(b []byte) { b[3] = 'B' }), ErrSignature},
		{"version before length", heartbeat(func(b []byte) { b[9] = 0; b[15] = 9 }), ErrVersion},
		{"more gossip than there is", heartbeat(func(b []byte) { b[offCount] = 0xff }), ErrLength},
		{"less gossip than there is", heartbeat(func(b []byte) { b[offCount+1] = 1 }), ErrExtension},
		{"extension not marked", heartbeat(func(b []byte) { b[offMarks] = 0 }), ErrLength},
		{"extension of odd length", heartbeat(func(b []byte) { b[extension+3] = 13 }), ErrExtension},
		{"extension past the end", heartbeat(func(b []byte) { b[extension+3] = 64 }), ErrExtension},
		{"extension of no length", heartbeat(func(b []byte) { b[extension+3] = 0 }), ErrExtension},
		{"length counts modulo 2^16", heartbeat(func(b []byte) { b[extension] = 1 }), nil},
		{"one extension missing", heartbeat(func(b []byte) { b[offExtensions+1] = 2 }), ErrExtension},
		{"unknown extension", heartbeat(func(b []byte) { b[extension+5] = 3 }), nil},
		{"unknown type", heartbeat(func(b []byte) { b[offType+1] = 77; b[15] = 9 }), nil},
		{"fail without a name", (&Message{Header: Header{Type: AuthAck}}).with(Fail), ErrLength},
		{"publish without lengths", (&Message{Header: Header{Type: AuthAck}}).with(Publish), ErrLength},
		{"module without lengths", (&Message{Header: Header{Type: AuthAck}}).with(Module), ErrLength},
		{"vote with a body", (&Message{Header: Header{Type: Fail}}).with(AuthRequest), ErrLength},
		{"publish that lies", func() []byte {
			b := (&Message{Header: Header{Type: Publish}, Channel: []byte("c"), Payload: []byte("m")}).Append(nil)
			b[HeaderLen] = 0xff
			return b
		}(), ErrLength},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Decode(tt.frame)
			require.ErrorIs(t, err, tt.want)
			if tt.want == nil {
				require.NoError(t, err)
			}
		})
	}
}

// with encodes the message and changes the type afterwards.
func (m *Message) with(t Type) []byte {
	b := m.Append(nil)
	b[offType+1] = byte(t)
	return b
}

func TestStreamIsCutIntoPackets(t *testing.T) {
	var stream []byte
	want := []int{}
	for _, m := range []Message{{Header: Header{Type: AuthAck}}, {Header: Header{Type: Update}}, {Header: Header{Type: Fail}}} {
		stream = m.Append(stream)
		want = append(want, m.Size())
	}
	var got []int
	start := 0
	for end := range len(stream) + 1 {
		n, err := Frame(stream[start:end])
		require.NoError(t, err)
		if n > 0 {
			got = append(got, n)
			start += n
		}
	}
	require.Equal(t, want, got)
}

func TestHopelessStreamsEndTheLink(t *testing.T) {
	for _, tt := range []struct {
		name, head string
		want       error
	}{
		{"D1 HTTP", "GET / HT", ErrSignature},
		{"D2 length 0", "RCmb\x00\x00\x00\x00", ErrSignature},
		{"D3 length 15", "RCmb\x00\x00\x00\x0f", ErrSignature},
		{"D4 length 2255", "RCmb\x00\x00\x08\xcf", ErrSignature},
		{"the smallest", "RCmb\x00\x00\x08\xd0", nil},
		{"the largest", "RCmb\x01\x00\x00\x00", nil},
		{"a byte too long", "RCmb\x01\x00\x00\x01", ErrTooLong},
		{"D11 length of 4 GiB", "RCmb\xff\xff\xff\xff", ErrTooLong},
	} {
		t.Run(tt.name, func(t *testing.T) {
			n, err := Need([]byte(tt.head)[:7])
			require.NoError(t, err)
			require.Zero(t, n)
			_, err = Need([]byte(tt.head))
			require.ErrorIs(t, err, tt.want)
		})
	}
}

func TestFlagsReadAsInClusterNodes(t *testing.T) {
	require.Equal(t, "noflags", Flags(0).String())
	require.Equal(t, "myself,master", (Myself | Master).String())
	require.Equal(t, "slave,fail?,fail,handshake,noaddr,nofailover",
		(Replica | PFail | Failed | Handshake | NoAddr | MeetFlag | MigrateTo | NoFailover).String())
	for _, known := range flagNames {
		flag, ok := FlagNamed(known.name)
		require.True(t, ok)
		require.Equal(t, known.flag, flag)
	}
	_, ok := FlagNamed("nonsense")
	require.False(t, ok)
}

func TestEncodingIntoABufferThatIsLargeEnoughAllocatesNothing(t *testing.T) {
	m := Message{Header: Header{Type: Ping}, Gossip: make([]Entry, 3)}
	buf := make([]byte, 0, m.Size())
	require.Zero(t, testing.AllocsPerRun(100, func() { buf = m.Append(buf[:0]) }))
	var e Entry
	require.Zero(t, testing.AllocsPerRun(100, func() {
		p, _ := Decode(buf)
		for i := range p.GossipCount() {
			p.Gossip(i, &e)
		}
	}))
}

func BenchmarkAppendPing(b *testing.B) {
	m := Message{Header: Header{Type: Ping}, Gossip: make([]Entry, 3)}
	buf := make([]byte, 0, m.Size())
	for b.Loop() {
		buf = m.Append(buf[:0])
	}
}

func BenchmarkDecodePing(b *testing.B) {
	m := Message{Header: Header{Type: Ping}, Gossip: make([]Entry, 3)}
	buf := m.Append(nil)
	for b.Loop() {
		_, _ = Decode(buf)
	}
}
