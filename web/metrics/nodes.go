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
	Inspect(name, what string) (playground.Inspection, error)
}

// LabLabel is the label that says which lab is meant.
const LabLabel = "lab"

// namespace stands before every name of redis_exporter.
const namespace = "redis_"

// Nodes serves all nodes, each under the labels lab and instance.
func Nodes(labs []Lab) http.Handler {
	return handler(collector(func(out chan<- prometheus.Metric) {
		for _, lab := range labs {
			for _, n := range lab.Nodes() {
				read(lab, n, prometheus.Labels{LabLabel: lab.ID(), "instance": Address(n)}, out)
			}
		}
	}))
}

// Node serves one node without those labels, which Prometheus adds itself; nil when there is no such
// node. target is an address as /discover-cluster-nodes tells it.
func Node(labs []Lab, target string) http.Handler {
	for _, lab := range labs {
		for _, n := range lab.Nodes() {
			if at := Address(n); target == at || target == scheme+at {
				return handler(collector(func(out chan<- prometheus.Metric) { read(lab, n, nil, out) }))
			}
		}
	}
	return nil
}

// scheme stands before the addresses that redis_exporter tells.
const scheme = "redis://"

// Targets are the nodes of a lab as Prometheus' HTTP service discovery and redis_exporter name them.
func Targets(lab Lab) []string {
	targets := []string{}
	for _, n := range lab.Nodes() {
		targets = append(targets, scheme+Address(n))
	}
	return targets
}

// Address is where a node serves clients.
func Address(n playground.Node) string { return "127.0.0.1:" + strconv.Itoa(n.Port) }

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

// read tells about one node. One that does not answer its clients is down and says nothing more.
func read(lab Lab, n playground.Node, labels prometheus.Labels, out chan<- prometheus.Metric) {
	s := series{labels: labels, out: out}
	info, err := lab.Inspect(n.Name, "info")
	if n.State != "up" || err != nil {
		s.gauge("up", 0)
		return
	}
	s.gauge("up", 1)
	fields := fieldsOf(info)
	for name, value := range fields {
		s.field(name, value)
	}
	if cluster, err := lab.Inspect(n.Name, "cluster"); err == nil {
		for name, value := range fieldsOf(cluster) {
			s.field(name, value)
			s.packets(name, value)
		}
	}
	s.instance(fields)
	s.master(fields)
	if up, err := strconv.ParseFloat(fields["uptime_in_seconds"], 64); err == nil {
		s.gauge("start_time_seconds", float64(time.UnixMilli(info.Now).Unix())-up)
	}
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
