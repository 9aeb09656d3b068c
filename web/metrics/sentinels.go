package metrics

import (
	"strings"

	"clusterplay/playground"
)

// readSentinel tells about one Sentinel: INFO, and each master that it watches.
func readSentinel(lab Lab, v playground.SentinelView, s series) {
	fields, up := readInfo(lab, v.Name, v.State, s)
	if !up {
		return
	}
	addresses := map[string]string{} // of the masters by their names
	for name, value := range fields {
		if parts := partsOf(value); strings.HasPrefix(name, "master") && parts["name"] != "" {
			addresses[parts["name"]] = parts["address"]
			s.watched(parts)
		}
	}
	for _, w := range v.Watches {
		if answer, reached, err := lab.CheckQuorum(v.Name, w.Master); err == nil {
			s.gauge("sentinel_master_ckquorum_status", flag(reached), "master_name", w.Master, "message", answer)
		}
		who := []string{"master_name", w.Master, "master_address", addresses[w.Master]}
		if since, err := lab.LastPing(v.Name, w.Master); err == nil {
			s.gauge("sentinel_master_last_ok_ping_reply_seconds", since.Seconds(), who...)
		}
		s.watch(w, who...)
	}
}

// watched tells a line of INFO about a master: name=mymaster,status=ok,address=…,slaves=2,sentinels=3.
func (s series) watched(parts map[string]string) {
	who := []string{"master_name", parts["name"], "master_address", parts["address"]}
	s.gauge("sentinel_master_slaves", of(parts["slaves"]), who...)
	s.gauge("sentinel_master_sentinels", of(parts["sentinels"]), who...)
	s.gauge("sentinel_master_status", flag(parts["status"] == "ok"), append(who, "master_status", parts["status"])...)
}

// watch tells how a master is watched, and how many of its replicas and Sentinels are well; a Sentinel
// counts itself among these.
func (s series) watch(w playground.Watch, who ...string) {
	s.gauge("sentinel_master_setting_ckquorum", float64(w.Quorum), who...)
	s.gauge("sentinel_master_setting_failover_timeout", float64(w.FailoverTimeout), who...)
	s.gauge("sentinel_master_setting_parallel_syncs", float64(w.ParallelSyncs), who...)
	s.gauge("sentinel_master_setting_down_after_milliseconds", float64(w.DownAfter), who...)
	s.gauge("sentinel_master_config_epoch", float64(w.ConfigEpoch), who...)
	well := map[string]int{"sentinel": 1}
	for _, o := range w.Instances {
		if o.Down == "" {
			well[o.Kind]++
		}
	}
	s.gauge("sentinel_master_ok_slaves", float64(well["slave"]), who...)
	s.gauge("sentinel_master_ok_sentinels", float64(well["sentinel"]), who...)
}
