package metrics

import (
	"strconv"
	"strings"
)

// field tells one line of INFO or CLUSTER INFO.
func (s series) field(name, value string) {
	if known, ok := gauges[name]; ok {
		if v, ok := number(value); ok {
			s.gauge(known, v)
		}
		return
	}
	if known, ok := counters[name]; ok {
		if v, ok := number(value); ok {
			s.counter(known, v)
		}
		return
	}
	s.composed(name, value)
}

// composed tells a line whose value has parts of its own: slave0, db0, cmdstat_get, errorstat_ERR.
func (s series) composed(name, value string) {
	parts := partsOf(value)
	if len(parts) == 0 {
		return
	}
	command, isCommand := strings.CutPrefix(name, "cmdstat_")
	failure, isFailure := strings.CutPrefix(name, "errorstat_")
	switch {
	case isCommand:
		s.counter("commands_total", of(parts["calls"]), "cmd", command)
		s.counter("commands_duration_seconds_total", of(parts["usec"])/1e6, "cmd", command)
		s.counter("commands_rejected_calls_total", of(parts["rejected_calls"]), "cmd", command)
		s.counter("commands_failed_calls_total", of(parts["failed_calls"]), "cmd", command)
	case isFailure:
		s.counter("errors_total", of(parts["count"]), "err", failure)
	case strings.HasPrefix(name, "db"):
		s.gauge("db_keys", of(parts["keys"]), "db", name)
		s.gauge("db_keys_expiring", of(parts["expires"]), "db", name)
		s.gauge("db_avg_ttl_seconds", of(parts["avg_ttl"])/1000, "db", name)
	case strings.HasPrefix(name, "slave"):
		who := []string{"slave_ip", parts["ip"], "slave_port", parts["port"], "slave_state", parts["state"]}
		s.gauge("connected_slave_offset_bytes", of(parts["offset"]), who...)
		s.gauge("connected_slave_lag_seconds", of(parts["lag"]), who...)
	}
}

// packets tells CLUSTER INFO's counts of one type of packet.
func (s series) packets(name, value string) {
	kind, ok := strings.CutPrefix(name, sentByType)
	if _, known := gauges[name]; !ok || known {
		return
	}
	if sent, ok := strings.CutSuffix(kind, sentSuffix); ok {
		s.counter("cluster_messages_by_type_sent_total", of(value), "type", sent)
	}
	if received, ok := strings.CutSuffix(kind, receivedSuffix); ok {
		s.counter("cluster_messages_by_type_received_total", of(value), "type", received)
	}
}

// instance tells what does not change while a node lives.
func (s series) instance(fields map[string]string) {
	var pairs []string
	for _, l := range instanceLabels {
		pairs = append(pairs, l.label, fields[l.field])
	}
	s.gauge("instance_info", 1, pairs...)
}

// master tells how a replica stands to its master.
func (s series) master(fields map[string]string) {
	if fields["role"] != "slave" {
		return
	}
	who := []string{"master_host", fields["master_host"], "master_port", fields["master_port"]}
	s.gauge("master_link_up", flag(fields["master_link_status"] == "up"), who...)
	s.gauge("master_sync_in_progress", of(fields["master_sync_in_progress"]), who...)
	s.gauge("master_last_io_seconds_ago", of(fields["master_last_io_seconds_ago"]), who...)
	s.gauge("slave_repl_offset", of(fields["slave_repl_offset"]), who...)
	s.gauge("slave_info", 1, append(who, "read_only", fields["slave_read_only"])...)
}

// number reads a value of INFO; ok and fail are 1 and 0.
func number(value string) (float64, bool) {
	switch value {
	case "ok":
		return 1, true
	case "err", "fail":
		return 0, true
	}
	v, err := strconv.ParseFloat(value, 64)
	return v, err == nil
}

// of is a number of INFO, 0 when it is none.
func of(value string) float64 {
	v, _ := number(value)
	return v
}

func flag(set bool) float64 {
	if set {
		return 1
	}
	return 0
}

// partsOf reads "a=1,b=2"; nothing when the value is not made so.
func partsOf(value string) map[string]string {
	parts := map[string]string{}
	for part := range strings.SplitSeq(value, ",") {
		name, of, ok := strings.Cut(part, "=")
		if !ok {
			return nil
		}
		parts[name] = of
	}
	return parts
}
