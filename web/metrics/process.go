package metrics

import (
	"net/http"
	"strconv"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"clusterplay/playground"
)

// Process tells about the program itself: Go's own numbers, each lab as a whole, who watches, and what
// was asked of the console.
type Process struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
}

// Seen is one lab at a moment.
type Seen struct {
	Lab      string
	Snapshot playground.Snapshot
}

// Watch is how the live streams stand, and the door that connections come in by.
type Watch struct {
	Streams            []Stream
	Connections, Quiet int
	Refused, Closed    uint64
}

// Stream is how the live stream of one lab stands.
type Stream struct {
	Lab                          string
	Viewers, Lagging             int
	Batches, Gaps, BytesPrepared uint64
}

// NewProcess makes the metrics of one console.
func NewProcess(version string, labs func() []Seen, watch func() Watch) *Process {
	p := &Process{registry: prometheus.NewRegistry(), requests: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "playground_http_requests_total", Help: "requests answered, by route and status",
	}, []string{"method", "route", "status"})}
	p.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), p.requests)
	p.registry.MustRegister(collector(func(out chan<- prometheus.Metric) {
		tell(out, prometheus.GaugeValue, "build_info", "the program", 1, "version", version)
		for _, lab := range labs() {
			tellLab(lab.Lab, lab.Snapshot, out)
		}
		tellWatch(watch(), out)
	}))
	return p
}

// Answered counts one request. route is the route's pattern: what people type has no end.
func (p *Process) Answered(method, route string, status int) {
	p.requests.WithLabelValues(method, route, strconv.Itoa(status)).Inc()
}

// Handler serves the metrics.
func (p *Process) Handler() http.Handler {
	return promhttp.HandlerFor(p.registry, promhttp.HandlerOpts{})
}

// tell writes one metric; pairs are its labels.
func tell(out chan<- prometheus.Metric, kind prometheus.ValueType, name, help string, value float64, pairs ...string) {
	var labels, values []string
	for i := 0; i+1 < len(pairs); i += 2 {
		labels, values = append(labels, pairs[i]), append(values, pairs[i+1])
	}
	if m, err := prometheus.NewConstMetric(prometheus.NewDesc("playground_"+name, help, labels, nil), kind, value, values...); err == nil {
		out <- m
	}
}

// nodeStates are all states, so that a series does not vanish when the last node leaves one.
var nodeStates = []string{"up", "killed", "frozen", "crashed", "stopped", "starting"}

func tellLab(lab string, s playground.Snapshot, out chan<- prometheus.Metric) {
	tell := func(kind prometheus.ValueType, name, help string, value float64, pairs ...string) {
		tell(out, kind, name, help, value, append([]string{LabLabel, lab}, pairs...)...)
	}
	gauge, counter := prometheus.GaugeValue, prometheus.CounterValue
	states := map[string]int{}
	for _, n := range s.Nodes {
		states[n.State]++
	}
	for _, state := range nodeStates {
		tell(gauge, "nodes", "nodes of the lab, by state", float64(states[state]), "state", state)
	}
	for _, state := range []string{"ok", "fail", "mixed"} {
		tell(gauge, "cluster_state", "1 for the state in which the nodes see the cluster, mixed when they do not agree", flag(s.State == state), "state", state)
	}
	tell(gauge, "slots_covered", "slots that a running node owns", float64(s.SlotsCovered))
	tell(gauge, "current_epoch", "the greatest epoch that a node knows", float64(s.Epoch))
	tell(gauge, "clock_speed", "how fast the lab's time runs", s.Clock.Speed)
	tell(gauge, "clock_paused", "1 while the lab stands still", flag(s.Clock.Paused))
	tell(gauge, "rules", "rules of the lab's network", float64(len(s.Rules)))
	tell(counter, "events_total", "events of the lab so far", float64(s.Seq))
	tell(counter, "unrecorded_total", "events that could not be recorded", float64(s.Unrecorded))
	tell(gauge, "load_rate", "writes per second asked of the built-in load", float64(s.Load.Rate))
	for what, n := range map[string]uint64{
		"acked": s.Load.Acked, "replicated": s.Load.Replicated, "lost": s.Load.Lost, "unknown": s.Load.Unknown, "errors": s.Load.Errors,
	} {
		tell(gauge, "load_writes", "the load's ledger: what became of its writes", float64(n), "what", what)
	}
}

func tellWatch(w Watch, out chan<- prometheus.Metric) {
	for _, s := range w.Streams {
		tell(out, prometheus.GaugeValue, "viewers", "browsers that watch", float64(s.Viewers), LabLabel, s.Lab)
		tell(out, prometheus.GaugeValue, "viewers_lagging", "of these: behind, and waiting for a snapshot", float64(s.Lagging), LabLabel, s.Lab)
		tell(out, prometheus.CounterValue, "batches_total", "batches made for viewers", float64(s.Batches), LabLabel, s.Lab)
		tell(out, prometheus.CounterValue, "gaps_total", "gaps told to viewers that were behind", float64(s.Gaps), LabLabel, s.Lab)
		tell(out, prometheus.CounterValue, "prepared_bytes_total", "bytes encoded once for all viewers", float64(s.BytesPrepared), LabLabel, s.Lab)
	}
	tell(out, prometheus.GaugeValue, "console_connections", "connections to the console", float64(w.Connections))
	tell(out, prometheus.GaugeValue, "console_connections_quiet", "of these: no request of theirs is under way", float64(w.Quiet))
	tell(out, prometheus.CounterValue, "console_connections_refused_total", "connections for which there was no room", float64(w.Refused))
	tell(out, prometheus.CounterValue, "console_connections_closed_total", "quiet connections that made room for others", float64(w.Closed))
}
