package server

import (
	"maps"
	"math/bits"
	"slices"
	"strings"
	"time"

	"clusterplay/node/resp"
)

// latencySamples is how many spikes LATENCY HISTORY remembers of one event (LATENCY_TS_LEN).
const latencySamples = 160

// spike is one moment at which something took long.
type spike struct{ at, millis int64 }

// latency remembers spikes by event.
type latency struct {
	events    map[string][]spike
	threshold int64 // latency-monitor-threshold, in milliseconds; 0 = nothing is noted
}

func newLatency() latency { return latency{events: map[string][]spike{}} }

// sample notes a spike, keeping the worst of each second.
func (l *latency) sample(now time.Time, event string, millis int64) {
	list := l.events[event]
	if n := len(list); n > 0 && list[n-1].at == now.Unix() {
		list[n-1].millis = max(list[n-1].millis, millis)
		return
	}
	list = append(list, spike{now.Unix(), millis})
	if len(list) > latencySamples {
		list = list[1:]
	}
	l.events[event] = list
}

// latencySample notes what took long, if it was too long (latencyAddSampleIfNeeded).
func (s *Server) latencySample(event string, took time.Duration) {
	if limit := s.latency.threshold; limit > 0 && took.Milliseconds() >= limit {
		s.latency.sample(s.now, event, took.Milliseconds())
	}
}

// latencyLatest: LATENCY LATEST
func (s *Server) latencyLatest(c *client) {
	names := slices.Sorted(maps.Keys(s.latency.events))
	c.ctx.Array(len(names))
	for _, name := range names {
		list := s.latency.events[name]
		last, worst := list[len(list)-1], int64(0)
		for _, sp := range list {
			worst = max(worst, sp.millis)
		}
		c.ctx.Array(4)
		c.ctx.BulkString(name)
		c.ctx.Int(last.at)
		c.ctx.Int(last.millis)
		c.ctx.Int(worst)
	}
}

// latencyHistory: LATENCY HISTORY event
func (s *Server) latencyHistory(c *client) {
	list := s.latency.events[string(c.ctx.Args[2])]
	c.ctx.Array(len(list))
	for _, sp := range list {
		c.ctx.Array(2)
		c.ctx.Int(sp.at)
		c.ctx.Int(sp.millis)
	}
}

// latencyReset: LATENCY RESET [event [event ...]]
func (s *Server) latencyReset(c *client) {
	names := c.ctx.Args[2:]
	if len(names) == 0 {
		names = asBytes(slices.Sorted(maps.Keys(s.latency.events)))
	}
	count := 0
	for _, name := range names {
		if _, known := s.latency.events[string(name)]; known {
			delete(s.latency.events, string(name))
			count++
		}
	}
	c.ctx.Int(int64(count))
}

// latencyGraph: LATENCY GRAPH event. A column of dots per spike, scaled to the worst.
func (s *Server) latencyGraph(c *client) {
	name := string(c.ctx.Args[2])
	list := s.latency.events[name]
	if len(list) == 0 {
		c.ctx.Error("ERR No samples available for event '" + name + "'")
		return
	}
	worst := int64(1)
	for _, sp := range list {
		worst = max(worst, sp.millis)
	}
	var b strings.Builder
	for _, sp := range list {
		b.WriteString(time.Unix(sp.at, 0).UTC().Format(time.TimeOnly) + " ")
		b.WriteString(strings.Repeat("#", int(1+sp.millis*graphWidth/worst)) + "\n")
	}
	c.ctx.Verbatim("txt", b.String())
}

// graphWidth is the longest bar of LATENCY GRAPH; a terminal has 80 columns.
const graphWidth = 60

// latencyDoctor: LATENCY DOCTOR
func (s *Server) latencyDoctor(c *client) {
	text := "Nothing on this node has taken long.\n"
	if len(s.latency.events) > 0 {
		text = "Some work kept this node busy; see LATENCY LATEST.\n"
	}
	c.ctx.Verbatim("txt", text)
}

// latencyHistogram: LATENCY HISTOGRAM [command [command ...]]
func (s *Server) latencyHistogram(c *client) {
	used := s.commandsUsed()
	if names := c.ctx.Args[2:]; len(names) > 0 {
		used = nil
		for _, name := range names {
			if cmd := s.table.Find(name); cmd != nil {
				used = append(append(used, cmd), cmd.Subcommands...)
			}
		}
	}
	count := 0
	for _, cmd := range used {
		if s.stats.of(cmd).calls > 0 {
			count++
		}
	}
	c.ctx.Map(count)
	for _, cmd := range used {
		if counts := s.stats.of(cmd); counts.calls > 0 {
			c.ctx.BulkString(cmd.Full)
			counts.writeHistogram(&c.ctx.Writer)
		}
	}
}

// writeHistogram shows all calls in the bucket of their mean duration, a power of two.
func (counts *commandStats) writeHistogram(w *resp.Writer) {
	w.Map(2)
	w.BulkString("calls")
	w.Int(counts.calls)
	w.BulkString("histogram_usec")
	w.Map(1)
	mean := counts.micros() / counts.calls
	w.Int(1 << bits.Len64(uint64(max(0, mean-1))))
	w.Int(counts.calls)
}

// asBytes turns names back into arguments. The result is never nil.
func asBytes(names []string) [][]byte {
	out := make([][]byte, len(names))
	for i, name := range names {
		out[i] = []byte(name)
	}
	return out
}
