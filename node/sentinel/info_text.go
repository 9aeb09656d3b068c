package sentinel

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"clusterplay/node/session"
)

// stats counts what INFO shows.
type stats struct {
	connections int64
	commands    int64
	errors      int64
}

// infoSections are the parts of INFO, in its order.
var infoSections = []struct {
	name  string
	write func(s *Sentinel, b *session.Info)
}{
	{"server", (*Sentinel).infoServer},
	{"clients", (*Sentinel).infoClients},
	{"stats", (*Sentinel).infoStats},
	{"cpu", (*Sentinel).infoCPU},
	{"sentinel", (*Sentinel).infoSentinel},
}

// infoCommand: INFO [section [section ...]]. It is a plain string in RESP3 too.
func (s *Sentinel) infoCommand(c *client, args [][]byte) {
	var wanted []string
	for _, name := range args[1:] {
		wanted = append(wanted, word(name))
	}
	all := len(wanted) == 0 || slices.ContainsFunc(wanted, func(name string) bool {
		return name == "all" || name == "default" || name == "everything"
	})
	var b session.Info
	for _, section := range infoSections {
		if all || slices.Contains(wanted, section.name) {
			section.write(s, &b)
		}
	}
	c.BulkString(b.String())
}

// processID names this life of the Sentinel: unlike its name in the group it is new at every start.
func (s *Sentinel) processID() string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", s.id, s.born.UnixNano()))
	return hex.EncodeToString(sum[:])[:40]
}

func (s *Sentinel) infoServer(b *session.Info) {
	b.Section("Server")
	b.Field("redis_version", version)
	b.Field("redis_git_sha1", "00000000")
	b.Field("redis_git_dirty", 0)
	b.Field("redis_build_id", "c1a551c0de")
	b.Field("redis_mode", "sentinel")
	b.Field("os", "Linux x86_64")
	b.Field("arch_bits", 64)
	b.Field("monotonic_clock", "the driver's")
	b.Field("multiplexing_api", "goroutines")
	b.Field("atomicvar_api", "none")
	b.Field("gcc_version", "0.0.0")
	b.Field("process_id", s.cfg.ProcessID)
	b.Field("process_supervised", "no")
	b.Field("run_id", s.processID())
	b.Field("tcp_port", s.cfg.Port)
	b.Field("server_time_usec", s.now.UnixMicro())
	up := int64(s.now.Sub(s.born) / time.Second)
	b.Field("uptime_in_seconds", up)
	b.Field("uptime_in_days", up/86400)
	b.Field("hz", 10)
	b.Field("configured_hz", 10)
	b.Field("lru_clock", s.now.Unix()&(1<<24-1))
	b.Field("executable", s.cfg.Executable)
	b.Field("config_file", s.cfg.ConfigFile)
	b.Field("io_threads_active", 0)
}

func (s *Sentinel) infoClients(b *session.Info) {
	b.Section("Clients")
	b.Field("connected_clients", len(s.clients.All))
	b.Field("cluster_connections", 0)
	b.Field("maxclients", s.server.MaxClients)
	b.Zeros("client_recent_max_input_buffer", "client_recent_max_output_buffer", "blocked_clients")
	b.Field("tracking_clients", s.tracking.Clients())
	b.Zeros("clients_in_timeout_table")
}

func (s *Sentinel) infoStats(b *session.Info) {
	b.Section("Stats")
	b.Field("total_connections_received", s.stats.connections)
	b.Field("total_commands_processed", s.stats.commands)
	b.Zeros("instantaneous_ops_per_sec", "total_net_input_bytes", "total_net_output_bytes", "total_net_repl_input_bytes",
		"total_net_repl_output_bytes")
	for _, name := range []string{"instantaneous_input_kbps", "instantaneous_output_kbps",
		"instantaneous_input_repl_kbps", "instantaneous_output_repl_kbps"} {
		b.Field(name, "0.00")
	}
	b.Zeros("rejected_connections", "sync_full", "sync_partial_ok", "sync_partial_err", "expired_keys")
	b.Field("expired_stale_perc", "0.00")
	b.Zeros("expired_time_cap_reached_count", "expire_cycle_cpu_milliseconds", "evicted_keys", "evicted_clients",
		"total_eviction_exceeded_time", "current_eviction_exceeded_time", "keyspace_hits", "keyspace_misses")
	b.Field("pubsub_channels", s.hub.Channels())
	b.Field("pubsub_patterns", s.hub.Patterns())
	b.Zeros("pubsubshard_channels", "latest_fork_usec", "total_forks", "migrate_cached_sockets", "slave_expires_tracked_keys",
		"active_defrag_hits", "active_defrag_misses", "active_defrag_key_hits", "active_defrag_key_misses",
		"total_active_defrag_time", "current_active_defrag_time", "tracking_total_keys", "tracking_total_items",
		"tracking_total_prefixes", "unexpected_error_replies")
	b.Field("total_error_replies", s.stats.errors)
	b.Zeros("dump_payload_sanitizations", "total_reads_processed", "total_writes_processed", "io_threaded_reads_processed",
		"io_threaded_writes_processed", "reply_buffer_shrinks", "reply_buffer_expands")
}

// infoCPU shows zeros: a machine does not see the processor's time.
func (s *Sentinel) infoCPU(b *session.Info) {
	b.Section("CPU")
	for _, name := range []string{"used_cpu_sys", "used_cpu_user", "used_cpu_sys_children", "used_cpu_user_children",
		"used_cpu_sys_main_thread", "used_cpu_user_main_thread"} {
		b.Field(name, "0.000000")
	}
}

func (s *Sentinel) infoSentinel(b *session.Info) {
	b.Section("Sentinel")
	b.Field("sentinel_masters", len(s.masters))
	b.Flag("sentinel_tilt", s.tilt.on)
	tilted := int64(-1)
	if s.tilt.on {
		tilted = int64(s.now.Sub(s.tilt.since) / time.Second)
	}
	b.Field("sentinel_tilt_since_seconds", tilted)
	b.Field("sentinel_running_scripts", s.scripts.running)
	b.Field("sentinel_scripts_queue_length", len(s.scripts.queue))
	b.Field("sentinel_simulate_failure_flags", uint(s.crash))
	for i, m := range s.masters {
		b.Field(fmt.Sprintf("master%d", i), strings.Join([]string{
			"name=" + m.name, "status=" + m.status(), "address=" + s.hostOf(m.addr) + ":" + itoa(int64(m.addr.port)),
			"slaves=" + itoa(int64(len(m.replicas))), "sentinels=" + itoa(int64(len(m.sentinels)+1)),
		}, ","))
	}
}

// status is a master's health in INFO.
func (m *master) status() string {
	switch {
	case m.flags.is(flagODown):
		return "odown"
	case m.flags.is(flagSDown):
		return "sdown"
	}
	return "ok"
}
