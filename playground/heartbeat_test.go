package playground

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/bus"
)

func TestAHeartbeatIsCutIntoPartsWithoutGaps(t *testing.T) {
	var slots bus.Slots
	slots[0], slots[2047] = 0b101, 0x80
	me, other := bus.ID([]byte(strings.Repeat("a", bus.IDLen))), bus.ID([]byte(strings.Repeat("b", bus.IDLen)))
	m := bus.Message{
		Header:     bus.Header{Type: bus.Ping, Port: 7000, BusPort: 17000, Sender: me, Slots: &slots, Flags: bus.Master, CurrentEpoch: 6},
		Gossip:     []bus.Entry{{ID: other, Flags: bus.Replica | bus.PFail}},
		Extensions: []bus.Extension{bus.Hostname("host-a")},
	}
	m.Marks |= bus.ExtData
	frame := m.Append(nil)
	p, err := bus.Decode(frame)
	require.NoError(t, err)
	parts := partsOf(frame, &p, func(id string) string { return id[:1] })

	at := 0
	values := map[string]BytePart{}
	for _, part := range parts {
		require.Equal(t, at, part.At, part.Name)
		at += part.Len
		values[part.Name] = part
	}
	require.Equal(t, len(frame), at)
	require.Equal(t, BytePart{Kind: "slots", Name: "slots", At: 80, Len: 2048, Value: "3"}, values["slots"])
	require.Equal(t, BytePart{Kind: "gossip", Name: "b", At: bus.HeaderLen, Len: bus.EntryLen, Value: "slave,fail?"}, values["b"])
	require.Equal(t, "host-a", values["extensions"].Value)
	require.Equal(t, "1", values["extension-count"].Value)
	require.Equal(t, "a", values["sender"].Value)
	require.Equal(t, "–", values["master"].Value)
	require.Equal(t, "6", values["current-epoch"].Value)
	require.Equal(t, "master", values["flags"].Value)
	require.Equal(t, "PING", values["type"].Value)
}
