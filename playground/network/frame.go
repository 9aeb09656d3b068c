package network

import (
	"encoding/binary"
	"strings"
	"time"

	"clusterplay/node/machine"
)

// Frame describes one frame on its way, or one that arrived.
type Frame struct {
	ID      uint64
	From    string
	To      string
	Bytes   int
	Kind    machine.LinkKind
	Type    uint8 // the bus packet's type, or one of the types below
	Dropped bool
	Held    bool // it was held by hand or by a rule
	Sent    time.Time
	Arrived time.Time // zero while it is on its way, and for ever when it was dropped
}

// Types of frames that are not bus packets. Bus packets have types 0 to 10.
const (
	TypeStream   = 32 // a piece of a replication stream
	TypeMigrate  = 33 // a piece of a migration's stream
	TypeSentinel = 34 // what a Sentinel says to a node or another Sentinel, or the answer, unless it is one of those in sentinel.go
	TypeConnect  = 64 // a link being opened
	TypeClose    = 65 // a link that was closed at the other end
	TypeUnknown  = 255
)

// busTypes are the names of the bus packets, by their number on the wire.
var busTypes = [...]string{
	"PING", "PONG", "MEET", "FAIL", "PUBLISH", "AUTH_REQ", "AUTH_ACK", "UPDATE", "MFSTART", "MODULE", "PUBLISHSHARD",
}

var otherTypes = map[uint8]string{
	TypeStream: "STREAM", TypeMigrate: "MIGRATE", TypeSentinel: "SENTINEL", TypeConnect: "CONNECT", TypeClose: "CLOSE",
	TypeWatchPing: "PING", TypeWatchPong: "PONG", TypeInfo: "INFO", TypeHello: "HELLO", TypeAskDown: "ASK_DOWN",
	TypeAskVote: "ASK_VOTE", TypeVote: "VOTE", TypeReplicaOf: "REPLICAOF",
}

// busTypeAt is where the type stands in a bus packet's header.
const busTypeAt = 12

// TypeOf reads the type of a frame without decoding it.
func TypeOf(kind machine.LinkKind, data []byte) uint8 {
	switch {
	case kind == machine.Migration:
		return TypeMigrate
	case kind == machine.Sentinel:
		return sentinelType(data)
	case kind != machine.Bus:
		return TypeStream
	case len(data) < busTypeAt+2:
		return TypeUnknown
	}
	t := binary.BigEndian.Uint16(data[busTypeAt:])
	if int(t) >= len(busTypes) {
		return TypeUnknown
	}
	return uint8(t)
}

// TypeName is the name of a type: "PING", "AUTH_REQ", "STREAM".
func TypeName(t uint8) string {
	if int(t) < len(busTypes) {
		return busTypes[t]
	}
	if name, ok := otherTypes[t]; ok {
		return name
	}
	return "UNKNOWN"
}

// KnownType finds the spelling of a type's name, whatever its case.
func KnownType(name string) (string, bool) {
	name = strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
	for _, known := range busTypes {
		if name == known {
			return known, true
		}
	}
	for _, known := range otherTypes {
		if name == known {
			return known, true
		}
	}
	return "", false
}
