package bus

import (
	"testing"

	"clusterplay/node/hostile"

	"github.com/stretchr/testify/require"
)

// clusterLife is what redis-server 7.0.15 said on the bus of a cluster of six nodes while they met,
// messages were published, a slot moved, masters were replaced by hand and by election, died, froze
// and came back: every kind of packet there is.
func clusterLife(t testing.TB) []hostile.Captured {
	return hostile.Packets(t, "testdata/cluster.txt")
}

func TestEveryPacketOfARealClusterIsWrittenBackByteForByte(t *testing.T) {
	packets, kinds := clusterLife(t), map[Type]bool{}
	require.GreaterOrEqual(t, len(packets), 150)
	for _, p := range packets {
		t.Run(p.Name, func(t *testing.T) {
			read, err := Decode(p.Bytes)
			require.NoError(t, err)
			m := read.Message()
			require.Equal(t, p.Bytes, m.Append(nil))
			kinds[read.Type] = true
		})
	}
	for kind := range TypeCount {
		require.Equal(t, kind != Module, kinds[kind], kind)
	}
}

// FuzzDecode requires that what is understood is written back as it was, up to what nobody reads, and
// that a length never costs more than what is there.
func FuzzDecode(f *testing.F) {
	for _, p := range clusterLife(f) {
		f.Add(p.Bytes)
	}
	for _, p := range captured(f) {
		f.Add(p)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		var p Packet
		var m Message
		var err error
		hostile.Bound(t, len(frame), func() {
			if p, err = Decode(frame); err == nil && p.Known() {
				m = p.Message()
			}
		})
		if err != nil || !p.Known() {
			return
		}
		if m.Type.Heartbeat() && p.Marks&ExtData != 0 && p.extensions == 0 {
			require.Empty(t, m.Extensions)
		}
		again := m.Append(nil)
		require.Len(t, again, len(frame))
		q, err := Decode(again)
		require.NoError(t, err)
		require.Equal(t, m, q.Message())
	})
}
