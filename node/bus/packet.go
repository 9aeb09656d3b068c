package bus

import (
	"encoding/binary"
	"errors"
	"iter"
)

// What can be wrong with a frame. After ErrSignature the link must be closed, for there is no
// telling where the next packet begins; after the others the packet alone is ignored.
var (
	ErrSignature = errors.New("bad message length or signature")
	ErrVersion   = errors.New("unknown protocol version")
	ErrLength    = errors.New("length does not fit the packet's type")
	ErrExtension = errors.New("malformed extension")
)

// Packet is a decoded packet. It points into its frame and is valid as long as that is.
type Packet struct {
	Header
	count      int    // gossip entries
	extensions int    // extensions that are really there
	body       []byte // what follows the header
}

// Known reports whether the packet's type is one of ours; of others only the header is decoded.
func (p *Packet) Known() bool { return p.Type < TypeCount }

// TypeOf returns the type of a frame without looking at anything else.
func TypeOf(frame []byte) (t Type, ok bool) {
	if len(frame) < HeaderLen {
		return 0, false
	}
	return Type(binary.BigEndian.Uint16(frame[offType:])), true
}

// Decode checks a whole frame in the order in which clusterProcessPacket does, and decodes it.
func Decode(frame []byte) (Packet, error) {
	if len(frame) < HeaderLen || string(frame[:4]) != Signature ||
		uint64(binary.BigEndian.Uint32(frame[offTotal:])) != uint64(len(frame)) {
		return Packet{}, ErrSignature
	}
	if binary.BigEndian.Uint16(frame[offVersion:]) != Version {
		return Packet{}, ErrVersion
	}
	p := Packet{body: frame[HeaderLen:]}
	p.decode(frame)
	if !p.Known() {
		return p, nil
	}
	if p.Type.Heartbeat() {
		return p, p.checkHeartbeat(frame)
	}
	return p, p.checkLength()
}

// checkHeartbeat walks the gossip and the extensions, which are looked at only when marked.
func (p *Packet) checkHeartbeat(frame []byte) error {
	p.count = int(binary.BigEndian.Uint16(frame[offCount:]))
	if p.count*EntryLen > len(p.body) {
		return ErrLength
	}
	rest := p.body[p.count*EntryLen:]
	if p.Marks&ExtData != 0 {
		p.extensions = int(binary.BigEndian.Uint16(frame[offExtensions:]))
	}
	for range p.extensions {
		var ok bool
		if _, rest, ok = nextExtension(rest); !ok {
			return ErrExtension
		}
	}
	if len(rest) != 0 {
		return ErrLength
	}
	return nil
}

// checkLength compares the body's length with the one its type calls for.
func (p *Packet) checkLength() error {
	want := uint64(0)
	switch p.Type {
	case Fail:
		want = IDLen
	case Update:
		want = updateLen
	case Publish, PublishShard:
		want = publishLen
		if len(p.body) >= publishLen {
			want += uint64(binary.BigEndian.Uint32(p.body)) + uint64(binary.BigEndian.Uint32(p.body[4:]))
		}
	case Module:
		want = moduleLen
		if len(p.body) >= moduleLen {
			want += uint64(binary.BigEndian.Uint32(p.body[8:]))
		}
	}
	if uint64(len(p.body)) != want {
		return ErrLength
	}
	return nil
}

// GossipCount is the number of gossip entries.
func (p *Packet) GossipCount() int { return p.count }

// Gossip decodes entry i into e.
func (p *Packet) Gossip(i int, e *Entry) { e.decode(p.body[i*EntryLen:]) }

// Extensions yields the extensions of a heartbeat.
func (p *Packet) Extensions() iter.Seq[Extension] {
	return func(yield func(Extension) bool) {
		rest := p.body[min(p.count*EntryLen, len(p.body)):]
		for range p.extensions {
			ext, after, ok := nextExtension(rest)
			if !ok || !yield(ext) {
				return
			}
			rest = after
		}
	}
}

// Failed returns whom a Fail packet declares failed.
func (p *Packet) Failed() ID { return ID(p.body) }

// Published returns the channel and the message of a Publish or PublishShard packet.
func (p *Packet) Published() (channel, message []byte) {
	size := binary.BigEndian.Uint32(p.body)
	text := p.body[publishLen:]
	return text[:size:size], text[size:]
}

// Updated returns what an Update packet says: that subject claims slots with that epoch.
func (p *Packet) Updated() (epoch uint64, subject ID, slots *Slots) {
	return binary.BigEndian.Uint64(p.body), ID(p.body[8:]), (*Slots)(p.body[8+IDLen:])
}

// ModuleData returns the parts of a Module packet.
func (p *Packet) ModuleData() (id [8]byte, kind uint8, payload []byte) {
	return [8]byte(p.body), p.body[12], p.body[moduleLen:]
}

// Message copies the packet into a Message, which encodes to the same bytes as long as all the
// reserved fields were zero.
func (p *Packet) Message() Message {
	m := Message{Header: p.Header}
	switch p.Type {
	case Ping, Pong, Meet:
		m.Gossip = make([]Entry, p.count)
		for i := range m.Gossip {
			p.Gossip(i, &m.Gossip[i])
		}
		for ext := range p.Extensions() {
			m.Extensions = append(m.Extensions, ext)
		}
	case Fail:
		m.Subject = p.Failed()
	case Publish, PublishShard:
		m.Channel, m.Payload = p.Published()
	case Update:
		m.SubjectEpoch, m.Subject, m.SubjectSlots = p.Updated()
	case Module:
		m.ModuleID, m.ModuleType, m.Payload = p.ModuleData()
	}
	return m
}
