package metrics

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"clusterplay/playground"
)

// Lab is what the metrics are read from.
type Lab interface {
	ID() string
	Nodes() []playground.Node
	Sentinels() []playground.SentinelView
	Inspect(name, what string) (playground.Inspection, error)
	CheckQuorum(name, master string) (answer string, reached bool, err error)
	LastPing(name, master string) (time.Duration, error)
}

// LabLabel is the label that says which lab is meant.
const LabLabel = "lab"

// namespace stands before every name of redis_exporter.
const namespace = "redis_"

// Nodes serves all nodes and Sentinels, each under the labels lab and instance.
func Nodes(labs []Lab) http.Handler {
	return handler(collector(func(out chan<- prometheus.Metric) {
		for _, lab := range labs {
			for _, x := range instances(lab) {
				x.read(series{prometheus.Labels{LabLabel: lab.ID(), "instance": x.address}, out})
			}
		}
	}))
}

// Node serves one node or Sentinel without those labels, which Prometheus adds itself; nil when there is
// no such thing. target is an address as /discover-cluster-nodes tells it.
func Node(labs []Lab, target string) http.Handler {
	for _, lab := range labs {
		for _, x := range instances(lab) {
			if target == x.address || target == scheme+x.address {
				return handler(collector(func(out chan<- prometheus.Metric) { x.read(series{out: out}) }))
			}
		}
	}
	return nil
}

// instance is something in a lab that Prometheus can ask.
type instance struct {
	address string
	read    func(s series)
}

func instances(lab Lab) (all []instance) {
	for _, n := range lab.Nodes() {
		all = append(all, instance{address(n.Port), func(s series) { readNode(lab, n, s) }})
	}
	for _, v := range lab.Sentinels() {
		all = append(all, instance{address(v.Port), func(s series) { readSentinel(lab, v, s) }})
	}
	return all
}

// scheme stands before the addresses that redis_exporter tells.
const scheme = "redis://"

// Targets are the nodes and Sentinels of a lab as Prometheus' HTTP service discovery and redis_exporter
// name them.
func Targets(lab Lab) []string {
	targets := []string{}
	for _, x := range instances(lab) {
		targets = append(targets, scheme+x.address)
	}
	return targets
}

// address is where a port serves clients.
func address(port int) string { return "127.0.0.1:" + strconv.Itoa(port) }

// collector reads everything anew at each scrape.
type collector func(chan<- prometheus.Metric)

// Describe tells nothing: which series there are depends on the nodes.
func (collector) Describe(chan<- *prometheus.Desc) {}

// Collect reads.
func (c collector) Collect(out chan<- prometheus.Metric) { c(out) }

// handler serves one collector.
func handler(c prometheus.Collector) http.Handler {
	registry := prometheus.NewPedanticRegistry()
	registry.MustRegister(c)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

// readInfo tells what INFO says. One that does not answer its clients is down and says nothing more.
func readInfo(lab Lab, name, state string, s series) (fields map[string]string, up bool) {
	info, err := lab.Inspect(name, "info")
	if state != "up" || err != nil {
		s.gauge("up", 0)
		return nil, false
	}
	s.gauge("up", 1)
	fields = fieldsOf(info)
	for name, value := range fields {
		s.field(name, value)
	}
	s.instance(fields)
	if up, err := strconv.ParseFloat(fields["uptime_in_seconds"], 64); err == nil {
		s.gauge("start_time_seconds", float64(time.UnixMilli(info.Now).Unix())-up)
	}
	return fields, true
}

// readNode tells about one node.
func readNode(lab Lab, n playground.Node, s series) {
	fields, up := readInfo(lab, n.Name, n.State, s)
	if !up {
		return
	}
	if cluster, err := lab.Inspect(n.Name, "cluster"); err == nil {
		for name, value := range fieldsOf(cluster) {
			s.field(name, value)
			s.packets(name, value)
		}
	}
	s.master(fields)
}

// fieldsOf are the names and values of an answer of INFO.
func fieldsOf(i playground.Inspection) map[string]string {
	fields := map[string]string{}
	for _, table := range i.Tables {
		for _, row := range table.Rows {
			if len(row) == 2 {
				fields[row[0]] = row[1]
			}
		}
	}
	return fields
}

// series writes the metrics of one node.
type series struct {
	labels prometheus.Labels
	out    chan<- prometheus.Metric
}

func (s series) add(kind prometheus.ValueType, name string, value float64, pairs ...string) {
	var labels, values []string
	for i := 0; i+1 < len(pairs); i += 2 {
		labels, values = append(labels, pairs[i]), append(values, pairs[i+1])
	}
	desc := prometheus.NewDesc(namespace+name, strings.ReplaceAll(name, "_", " "), labels, s.labels)
	if m, err := prometheus.NewConstMetric(desc, kind, value, values...); err == nil { // a value that is not UTF-8 tells nothing
		s.out <- m
	}
}

func (s series) gauge(name string, value float64, pairs ...string) {
	s.add(prometheus.GaugeValue, name, value, pairs...)
}

func (s series) counter(name string, value float64, pairs ...string) {
	s.add(prometheus.CounterValue, name, value, pairs...)
}
