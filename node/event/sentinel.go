package event

import "strconv"

// Monitored names a master, a replica or a Sentinel as Sentinels speak of it.
type Monitored struct {
	Kind  string  `json:"kind"`  // master, slave, sentinel
	Label string  `json:"label"` // a master's name, a replica's ip:port, a Sentinel's run id
	IP    string  `json:"ip"`    // the host's name where hostnames are announced
	Port  int     `json:"port"`
	Of    *Master `json:"of,omitempty"` // nil for a master
}

// Master names a master by the name its Sentinels share and by its address.
type Master struct {
	Label string `json:"label"`
	IP    string `json:"ip"`
	Port  int    `json:"port"`
}

// String is the instance as Redis writes it: "slave 127.0.0.1:7001 127.0.0.1 7001 @ mymaster 127.0.0.1 7000".
func (m Monitored) String() string {
	text := m.Kind + " " + m.Label + " " + m.IP + " " + strconv.Itoa(m.Port)
	if m.Of != nil {
		text += " @ " + m.Of.Label + " " + m.Of.IP + " " + strconv.Itoa(m.Of.Port)
	}
	return text
}

// Payload is the message of an event that says nothing but whom it is about.
func (m Monitored) Payload() string { return m.String() }

// Published is an event that a Sentinel tells its subscribers too: its name is the channel.
type Published interface {
	Event
	// Payload is the message, byte for byte as Redis publishes it.
	Payload() string
}

// Level is how loudly a Sentinel says something.
type Level uint8

// The levels, in Redis' words. Warnings about an instance are also handed to notification scripts.
const (
	Warning Level = iota
	Notice
	Verbose
)

// LevelOf is the level at which Redis says e.
func LevelOf(e Published) Level {
	switch e.(type) {
	case RoleReported:
		return Verbose
	case ReplicaFound, SentinelFound, SentinelMoved, SentinelAddressUpdated, SentinelAddressInvalid, Rebooted,
		ReplicaReconf, ReplicaReconfTimeout, ReplicaConverted, ReplicaFixed:
		return Notice
	case FailoverState:
		if e.Name() == "+failover-state-send-slaveof-noone" || e.Name() == "+failover-state-wait-promotion" {
			return Notice
		}
	}
	return Warning
}

// line is the canonical line of what is published: what Redis logs.
func line(e Published) string { return e.Name() + " " + e.Payload() }
