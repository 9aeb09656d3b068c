package server

import (
	"time"

	"clusterplay/node/bus"
	"clusterplay/node/cluster"
)

// Gauge is what a chart asks of a server: a few numbers, read without looking at every other node
// as View does.
type Gauge struct {
	Replica    bool
	MasterPort int // of a replica's master; 0 when it has none
	Offset     int64
	Commands   int64 // since birth, or since CONFIG RESETSTAT
	Keys       int
	Memory     int
	Clients    int // replicas left out
	Bus        cluster.Stats
}

// Gauge reads the numbers. It may be called between doors.
func (s *Server) Gauge(now time.Time) Gauge {
	r := s.repl.View(now)
	g := Gauge{
		Replica: s.isReplica(), Offset: int64(r.Offset), Commands: s.stats.commands, Keys: s.space.Keys(), Memory: s.usedMemory(),
		Clients: s.clients.Count(func(c *client) bool { return !c.replica }),
	}
	if r.Master != nil {
		g.MasterPort = r.Master.Port
	}
	if s.cluster != nil {
		g.Bus = s.cluster.Stats()
	}
	return g
}

// LastPing returns the last PING that the server sent; nil when there was none. It may be called
// between doors.
func (s *Server) LastPing() []byte {
	if s.cluster == nil {
		return nil
	}
	return s.cluster.LastPing()
}

// BusTypes are the names of the bus packets, in the order in which Gauge counts them.
func BusTypes() []string {
	names := make([]string, bus.TypeCount)
	for t := range names {
		names[t] = bus.Type(t).String()
	}
	return names
}
