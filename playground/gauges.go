package playground

import (
	"sync"
	"time"

	"clusterplay/node/machine"
	"clusterplay/node/server"
)

const (
	// gaugeEvery is the computer's time between two samples.
	gaugeEvery = time.Second
	// gaugesKept is how many samples are kept at most: ten minutes.
	gaugesKept = 600
	// gaugeRows bounds the nodes' rows in all samples together, about 4 MB: fifty nodes are kept
	// for six minutes, a thousand for gaugesLeast samples.
	gaugeRows = 18000
	// gaugesLeast is how many samples are kept of however many nodes.
	gaugesLeast = 30
	// unknownLag is the lag of a replica whose master does not run: nobody knows what it missed.
	unknownLag = -1
)

// GaugeRow is one node in one sample. Counters count from the node's birth; a node that was started
// anew counts from zero. A node that does not run has a row with Up false and zeros.
// Lag is -1 for a replica whose master does not run.
type GaugeRow struct {
	Node          string   `json:"node"`
	Up            bool     `json:"up"`
	Replica       bool     `json:"replica"`
	Offset        int64    `json:"offset"`
	Lag           int64    `json:"lag"`
	Commands      int64    `json:"commands"`
	Keys          int      `json:"keys"`
	Memory        int      `json:"memory"`
	Clients       int      `json:"clients"`
	SentBytes     uint64   `json:"sentBytes"`
	ReceivedBytes uint64   `json:"receivedBytes"`
	Sent          []uint64 `json:"sent"`     // packets by type, in the order of Gauges.Types
	Received      []uint64 `json:"received"` // as Sent
	PingBytes     int      `json:"pingBytes"`
	PingGossip    int      `json:"pingGossip"`
}

// GaugeSample is all nodes at a moment of the lab's time, in milliseconds.
type GaugeSample struct {
	T    int64      `json:"t"`
	Rows []GaugeRow `json:"rows"`
}

// Gauges is a run of samples, oldest first.
type Gauges struct {
	Types   []string      `json:"types"`
	Kept    int           `json:"kept"`    // how many samples the lab keeps of so many nodes
	Dropped uint64        `json:"dropped"` // how many were forgotten so far
	Samples []GaugeSample `json:"samples"`
}

// gauges keeps the last samples.
type gauges struct {
	mu      sync.Mutex
	samples []GaugeSample
	dropped uint64
}

// add keeps a sample and forgets the oldest.
func (g *gauges) add(s GaugeSample) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.samples = append(g.samples, s)
	if extra := len(g.samples) - kept(len(s.Rows)); extra > 0 {
		g.samples = append(g.samples[:0], g.samples[extra:]...)
		g.dropped += uint64(extra)
	}
}

// kept is how many samples of so many nodes are kept.
func kept(nodes int) int {
	return min(gaugesKept, max(gaugesLeast, gaugeRows/max(nodes, 1)))
}

// latest is the last sample taken after a moment of the lab's time; false when there is none.
func (g *gauges) latest(after int64) (GaugeSample, bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if n := len(g.samples); n > 0 && g.samples[n-1].T > after {
		return g.samples[n-1], true
	}
	return GaugeSample{}, false
}

// last is the lab's time of the latest sample.
func (g *gauges) last() int64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.samples) == 0 {
		return 0
	}
	return g.samples[len(g.samples)-1].T
}

// Gauges returns the samples taken after a moment of the lab's time, in milliseconds.
func (l *Lab) Gauges(after int64) Gauges {
	l.gauges.mu.Lock()
	defer l.gauges.mu.Unlock()
	all := Gauges{Types: server.BusTypes(), Kept: kept(0), Dropped: l.gauges.dropped, Samples: []GaugeSample{}}
	for i, s := range l.gauges.samples {
		if s.T > after {
			all.Samples = append(all.Samples, l.gauges.samples[i:]...)
			break
		}
	}
	if n := len(l.gauges.samples); n > 0 {
		all.Kept = kept(len(l.gauges.samples[n-1].Rows))
	}
	return all
}

// watchGauges samples the nodes until the lab ends. While the lab's clock stands still there is
// nothing new to put on a time axis.
func (l *Lab) watchGauges() {
	ticker := time.NewTicker(gaugeEvery)
	defer ticker.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-ticker.C:
			if now := l.clock.Now(); now.UnixMilli() > l.gauges.last() {
				l.gauges.add(l.gauge(now))
			}
		}
	}
}

// gauge reads all nodes.
func (l *Lab) gauge(now time.Time) GaugeSample {
	members := l.servers()
	s := GaugeSample{T: now.UnixMilli(), Rows: make([]GaugeRow, 0, len(members))}
	offsets := map[int]int64{}
	masters := make([]int, len(members))
	for i, m := range members {
		row := GaugeRow{Node: m.Name(), Sent: []uint64{}, Received: []uint64{}}
		var g server.Gauge
		err := m.Look(func(machine machine.Machine) {
			if v, ok := machine.(slotLooker); ok {
				g = v.Gauge(now)
			}
		})
		if err == nil {
			row.read(g)
			offsets[m.port], masters[i] = row.Offset, g.MasterPort
		}
		s.Rows = append(s.Rows, row)
	}
	for i := range s.Rows {
		s.Rows[i].compare(offsets, masters[i])
	}
	return s
}

// compare tells how far a replica is behind the master that listens on a port.
func (r *GaugeRow) compare(offsets map[int]int64, master int) {
	if !r.Replica {
		return
	}
	r.Lag = unknownLag
	if at, known := offsets[master]; known {
		r.Lag = max(at-r.Offset, 0)
	}
}

// read takes a server's numbers.
func (r *GaugeRow) read(g server.Gauge) {
	r.Up, r.Replica, r.Offset, r.Commands = true, g.Replica, g.Offset, g.Commands
	r.Keys, r.Memory, r.Clients = g.Keys, g.Memory, g.Clients
	r.SentBytes, r.ReceivedBytes = g.Bus.SentBytes, g.Bus.ReceivedBytes
	r.Sent, r.Received = trimmed(g.Bus.Sent[:]), trimmed(g.Bus.Received[:])
	r.PingBytes, r.PingGossip = g.Bus.Ping.Bytes, g.Bus.Ping.Gossip
}

// trimmed is a copy without the zeros at the end.
func trimmed(counts []uint64) []uint64 {
	n := len(counts)
	for n > 0 && counts[n-1] == 0 {
		n--
	}
	return append([]uint64{}, counts[:n]...)
}
