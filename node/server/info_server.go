package server

import (
	"fmt"
	"strings"
	"time"

	"clusterplay/node/command"
)

func (s *Server) infoServer(b *infoText) {
	b.Section("Server")
	b.Field("redis_version", version)
	b.Field("redis_git_sha1", "00000000")
	b.Field("redis_git_dirty", 0)
	b.Field("redis_build_id", "c1a551c0de")
	b.Field("redis_mode", s.mode())
	b.Field("os", "Linux x86_64")
	b.Field("arch_bits", 64)
	b.Field("monotonic_clock", "the driver's")
	b.Field("multiplexing_api", "goroutines")
	b.Field("atomicvar_api", "none")
	b.Field("gcc_version", "0.0.0")
	b.Field("process_id", s.config.ProcessID)
	b.Field("process_supervised", "no")
	b.Field("run_id", s.runID)
	b.Field("tcp_port", s.config.Port)
	b.Field("server_time_usec", s.now.UnixMicro())
	up := int64(s.now.Sub(s.born) / time.Second)
	b.Field("uptime_in_seconds", up)
	b.Field("uptime_in_days", up/86400)
	b.Field("hz", s.settings.text("hz"))
	b.Field("configured_hz", s.settings.text("hz"))
	b.Field("lru_clock", s.now.Unix()&(1<<24-1))
	b.Field("executable", s.config.Executable)
	b.Field("config_file", s.config.ConfigPath)
	b.Field("io_threads_active", 0)
	if s.shutdown != nil {
		b.Field("shutdown_in_milliseconds", max(0, s.shutdown.until.Sub(s.now).Milliseconds()))
	}
}

func (s *Server) infoClients(b *infoText) {
	b.Section("Clients")
	replicas := s.clients.Count(func(c *client) bool { return c.replica })
	b.Field("connected_clients", len(s.clients.All)-replicas)
	b.Field("cluster_connections", s.busLinks())
	b.Field("maxclients", s.settings.text("maxclients"))
	b.Zeros("client_recent_max_input_buffer", "client_recent_max_output_buffer")
	b.Field("blocked_clients", s.blockedClients())
	b.Field("tracking_clients", s.tracking.Clients())
	b.Field("clients_in_timeout_table", len(s.parking.deadlines))
}

// blockedClients counts those that wait for something, be it the end of a pause.
func (s *Server) blockedClients() int { return s.parking.count }

func (s *Server) infoStats(b *infoText) {
	st := &s.stats
	b.Section("Stats")
	b.Field("total_connections_received", st.connections)
	b.Field("total_commands_processed", st.commands)
	b.Field("instantaneous_ops_per_sec", st.rate.perSecond())
	b.Zeros("total_net_input_bytes", "total_net_output_bytes", "total_net_repl_input_bytes", "total_net_repl_output_bytes")
	for _, name := range []string{"instantaneous_input_kbps", "instantaneous_output_kbps",
		"instantaneous_input_repl_kbps", "instantaneous_output_repl_kbps"} {
		b.Field(name, "0.00")
	}
	b.Field("rejected_connections", 0)
	sync := s.repl.Stats()
	b.Field("sync_full", sync.SyncFull)
	b.Field("sync_partial_ok", sync.SyncPartialOK)
	b.Field("sync_partial_err", sync.SyncPartialErr)
	b.Field("expired_keys", s.space.Stats.Expired)
	b.Field("expired_stale_perc", "0.00")
	b.Zeros("expired_time_cap_reached_count", "expire_cycle_cpu_milliseconds")
	b.Field("evicted_keys", s.space.Stats.Evicted)
	b.Field("evicted_clients", s.stats.evictedClients)
	b.Zeros("total_eviction_exceeded_time", "current_eviction_exceeded_time")
	b.Field("keyspace_hits", s.space.Stats.Hits)
	b.Field("keyspace_misses", s.space.Stats.Misses)
	b.Field("pubsub_channels", s.pubsub.Channels())
	b.Field("pubsub_patterns", s.pubsub.Patterns())
	b.Field("pubsubshard_channels", s.pubsub.ShardChannels())
	b.Zeros("latest_fork_usec")
	b.Field("total_forks", s.stats.forks)
	b.Field("migrate_cached_sockets", len(s.migrate.cache))
	b.Zeros("slave_expires_tracked_keys", "active_defrag_hits", "active_defrag_misses", "active_defrag_key_hits",
		"active_defrag_key_misses", "total_active_defrag_time", "current_active_defrag_time")
	b.Field("tracking_total_keys", s.tracking.Keys())
	b.Field("tracking_total_items", s.tracking.Items())
	b.Field("tracking_total_prefixes", s.tracking.Prefixes())
	b.Field("unexpected_error_replies", st.unexpected)
	b.Field("total_error_replies", st.errors)
	b.Field("dump_payload_sanitizations", 0)
	b.Zeros("total_reads_processed", "total_writes_processed", "io_threaded_reads_processed",
		"io_threaded_writes_processed", "reply_buffer_shrinks", "reply_buffer_expands")
}

func (s *Server) infoReplication(b *infoText) {
	b.Section("Replication")
	b.Write(s.repl.AppendInfo(nil, s.now))
}

// infoCPU shows zeros: a machine does not see the processor's time, which belongs to the whole
// process.
func (s *Server) infoCPU(b *infoText) {
	b.Section("CPU")
	for _, name := range []string{"used_cpu_sys", "used_cpu_user", "used_cpu_sys_children", "used_cpu_user_children",
		"used_cpu_sys_main_thread", "used_cpu_user_main_thread"} {
		b.Field(name, "0.000000")
	}
}

func (s *Server) infoModules(b *infoText) { b.Section("Modules") }

func (s *Server) infoCommandStats(b *infoText) {
	b.Section("Commandstats")
	for _, cmd := range s.commandsUsed() {
		counts := s.stats.of(cmd)
		perCall := 0.0
		if counts.calls > 0 {
			perCall = float64(counts.micros()) / float64(counts.calls)
		}
		b.Field("cmdstat_"+cmd.Full, fmt.Sprintf("calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
			counts.calls, counts.micros(), perCall, counts.rejected, counts.failed))
	}
}

func (s *Server) infoErrorStats(b *infoText) {
	b.Section("Errorstats")
	for _, kind := range s.stats.errorKinds() {
		b.Field("errorstat_"+kind, fmt.Sprintf("count=%d", s.stats.byError[kind]))
	}
}

func (s *Server) infoLatencyStats(b *infoText) {
	b.Section("Latencystats")
	if !s.settings.yes("latency-tracking") {
		return
	}
	for _, cmd := range s.commandsUsed() {
		if s.stats.of(cmd).calls > 0 {
			b.Field("latency_percentiles_usec_"+cmd.Full, s.percentileText(cmd))
		}
	}
}

// percentileText shows the mean at every percentile asked for: a machine's clock stands still
// while a command runs, so that all ordinary calls take the same time.
func (s *Server) percentileText(cmd *command.Command) string {
	counts := s.stats.of(cmd)
	mean := float64(counts.micros()) / float64(counts.calls)
	text := ""
	for i, p := range strings.Fields(s.settings.text("latency-tracking-info-percentiles")) {
		if i > 0 {
			text += ","
		}
		text += fmt.Sprintf("p%s=%.3f", p, mean)
	}
	return text
}

func (s *Server) infoCluster(b *infoText) {
	b.Section("Cluster")
	b.Flag("cluster_enabled", s.cluster != nil)
}

func (s *Server) infoKeyspace(b *infoText) {
	b.Section("Keyspace")
	for i := range s.space.Len() {
		if db := s.space.DB(i); db.Len() > 0 {
			b.Field(fmt.Sprintf("db%d", i), fmt.Sprintf("keys=%d,expires=%d,avg_ttl=%d",
				db.Len(), db.Volatile(), db.AverageTTL(s.nowMs)))
		}
	}
}
