package bus

import "encoding/binary"

// Message is a packet to be encoded: a header and the body that its type calls for.
type Message struct {
	Header
	Gossip     []Entry     // Ping, Pong, Meet
	Extensions []Extension // Ping, Pong, Meet

	Subject      ID     // Fail: who failed; Update: whose slots
	SubjectEpoch uint64 // Update: the subject's configEpoch
	SubjectSlots *Slots // Update: the subject's slots

	Channel, Payload []byte // Publish, PublishShard; Module uses Payload
	ModuleID         [8]byte
	ModuleType       uint8
}

// The sizes of the fixed parts of bodies.
const (
	publishLen = 8
	updateLen  = 8 + IDLen + SlotBytes
	moduleLen  = 13
)

// Size is the length of the packet.
func (m *Message) Size() int {
	switch m.Type {
	case Ping, Pong, Meet:
		size := HeaderLen + len(m.Gossip)*EntryLen
		for _, ext := range m.Extensions {
			size += ext.size()
		}
		return size
	case Fail:
		return HeaderLen + IDLen
	case Publish, PublishShard:
		return HeaderLen + publishLen + len(m.Channel) + len(m.Payload)
	case Update:
		return HeaderLen + updateLen
	case Module:
		return HeaderLen + moduleLen + len(m.Payload)
	default:
		return HeaderLen
	}
}

// Append appends the encoded packet to dst. It allocates only when dst is too small.
func (m *Message) Append(dst []byte) []byte {
	count, extensions := 0, 0
	if m.Type.Heartbeat() {
		count, extensions = len(m.Gossip), len(m.Extensions)
	}
	h := m.Header
	if extensions > 0 {
		h.Marks |= ExtData
	}
	dst = h.append(dst, m.Size(), count, extensions)
	switch m.Type {
	case Ping, Pong, Meet:
		return m.appendHeartbeat(dst)
	case Fail:
		return append(dst, m.Subject[:]...)
	case Publish, PublishShard:
		return m.appendPublish(dst)
	case Update:
		return m.appendUpdate(dst)
	case Module:
		return m.appendModule(dst)
	default:
		return dst
	}
}

func (m *Message) appendHeartbeat(dst []byte) []byte {
	for i := range m.Gossip {
		dst = m.Gossip[i].append(dst)
	}
	for _, ext := range m.Extensions {
		dst = ext.append(dst)
	}
	return dst
}

func (m *Message) appendPublish(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(m.Channel)))
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(m.Payload)))
	dst = append(dst, m.Channel...)
	return append(dst, m.Payload...)
}

func (m *Message) appendUpdate(dst []byte) []byte {
	dst = binary.BigEndian.AppendUint64(dst, m.SubjectEpoch)
	dst = append(dst, m.Subject[:]...)
	if m.SubjectSlots == nil {
		return grow(dst, SlotBytes)
	}
	return append(dst, m.SubjectSlots[:]...)
}

func (m *Message) appendModule(dst []byte) []byte {
	dst = append(dst, m.ModuleID[:]...)
	dst = binary.BigEndian.AppendUint32(dst, uint32(len(m.Payload)))
	dst = append(dst, m.ModuleType)
	return append(dst, m.Payload...)
}
