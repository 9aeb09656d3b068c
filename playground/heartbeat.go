package playground

import (
	"slices"
	"strconv"
	"strings"

	"clusterplay/node/bus"
	"clusterplay/node/machine"
)

// Heartbeat is a PING that a node really sent, cut into its parts.
type Heartbeat struct {
	Node  string     `json:"node"`
	Bytes []byte     `json:"bytes"` // the whole packet
	Parts []BytePart `json:"parts"` // without gaps, in the order in which they lie
	Slots int        `json:"slots"` // how many slots it claims
}

// BytePart is a part of a packet. Its kind is header, slots, gossip or extensions.
type BytePart struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	At    int    `json:"at"`
	Len   int    `json:"len"`
	Value string `json:"value"` // as people write it
}

// pinger is a machine that remembers its last PING.
type pinger interface{ LastPing() []byte }

// Heartbeat returns the last PING that a node sent.
func (l *Lab) Heartbeat(name string) (Heartbeat, error) {
	m, err := l.find("node", name)
	if err != nil {
		return Heartbeat{}, err
	}
	var frame []byte
	err = m.Look(func(machine machine.Machine) {
		if p, ok := machine.(pinger); ok {
			frame = p.LastPing()
		}
	})
	if err != nil {
		return Heartbeat{}, notRunning(name)
	}
	p, err := bus.Decode(frame)
	if err != nil {
		return Heartbeat{}, wrong("", "it sends one a second, when it knows another node", "%s has sent no PING yet", name)
	}
	named := func(id string) string {
		if m := findID(l.all(), id); m != nil {
			return m.Name()
		}
		return id
	}
	return Heartbeat{Node: name, Bytes: frame, Parts: partsOf(frame, &p, named), Slots: claimed(p.Slots)}, nil
}

// partsOf cuts a heartbeat into its parts. named is what people call the node with an id.
func partsOf(frame []byte, p *bus.Packet, named func(id string) string) []BytePart {
	var parts []BytePart
	values := headerValues(len(frame), p, named)
	for _, f := range bus.HeaderFields() {
		part := BytePart{Kind: "header", Name: f.Name, At: f.At, Len: f.Len, Value: values[f.Name]}
		if f.Name == "slots" {
			part.Kind = "slots"
		}
		parts = append(parts, part)
	}
	at := bus.HeaderLen
	var e bus.Entry
	for i := range p.GossipCount() {
		p.Gossip(i, &e)
		parts = append(parts, BytePart{Kind: "gossip", Name: named(e.ID.String()), At: at, Len: bus.EntryLen, Value: e.Flags.String()})
		at += bus.EntryLen
	}
	if at < len(frame) {
		parts = append(parts, BytePart{Kind: "extensions", Name: "extensions", At: at, Len: len(frame) - at, Value: extensionText(p)})
	}
	return parts
}

// headerValues are the header's fields as people write them.
func headerValues(total int, p *bus.Packet, named func(id string) string) map[string]string {
	master := "–"
	if p.Primary != (bus.ID{}) {
		master = named(p.Primary.String())
	}
	state := "ok"
	if p.Failing {
		state = "fail"
	}
	return map[string]string{
		"signature": bus.Signature, "total-length": strconv.Itoa(total), "version": strconv.Itoa(bus.Version),
		"port": strconv.Itoa(int(p.Port)), "type": strings.ToUpper(p.Type.String()), "gossip-count": strconv.Itoa(p.GossipCount()),
		"current-epoch": strconv.FormatUint(p.CurrentEpoch, 10), "config-epoch": strconv.FormatUint(p.ConfigEpoch, 10),
		"replication-offset": strconv.FormatInt(p.Offset, 10), "sender": named(p.Sender.String()),
		"slots": strconv.Itoa(claimed(p.Slots)), "master": master, "extension-count": strconv.Itoa(len(slices.Collect(p.Extensions()))), "ip": p.IP.String(),
		"plain-port": strconv.Itoa(int(p.PlainPort)), "bus-port": strconv.Itoa(int(p.BusPort)),
		"flags": p.Flags.String(), "state": state, "marks": strconv.Itoa(int(p.Marks)),
	}
}

// claimed counts the bits of a bitmap of slots.
func claimed(slots *bus.Slots) int {
	n := 0
	for _, b := range slots {
		for ; b != 0; b &= b - 1 {
			n++
		}
	}
	return n
}

func extensionText(p *bus.Packet) string {
	var texts []string
	for ext := range p.Extensions() {
		texts = append(texts, Readable(string(ext.Text())))
	}
	return strings.Join(texts, ", ")
}
