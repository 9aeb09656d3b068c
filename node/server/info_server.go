package server

import (
	"fmt"
	"strings"
	"time"

	"clusterplay/node/command"
)

func (s *Server) infoServer(b *infoText) {
	b.section("Server")
	b.field("redis_version", version)
	b.field("redis_git_sha1", "00000000")
	b.field("redis_git_dirty", 0)
	b.field("redis_build_id", "c1a551c0de")
	b.field("redis_mode", s.mode())
	b.field("os", "Linux x86_64")
	b.field("arch_bits", 64)
	b.field("monotonic_clock", "the driver's")
	b.field("multiplexing_api", "goroutines")
	b.field("atomicvar_api", "none")
	b.field("gcc_version", "0.0.0")
	b.field("process_id", s.config.ProcessID)
	b.field("process_supervised", "no")
	b.field("run_id", s.runID)
	b.field("tcp_port", s.config.Port)
	b.field("server_time_usec", s.now.UnixMicro())
	up := int64(s.now.Sub(s.born) / time.Second)
	b.field("uptime_in_seconds", up)
	b.field("uptime_in_days", up/86400)
	b.field("hz", s.settings.text("hz"))
	b.field("configured_hz", s.settings.text("hz"))
	b.field("lru_clock", s.now.Unix()&(1<<24-1))
	b.field("executable", s.config.Executable)
	b.field("config_file", s.config.ConfigFile)
	b.field("io_threads_active", 0)
	if s.shutdown != nil {
		b.field("shutdown_in_milliseconds", max(0, s.shutdown.until.Sub(s.now).Milliseconds()))
	}
}

func (s *Server) infoClients(b *infoText) {
	b.section("Clients")
	replicas := s.clients.Count(func(c *client) bool { return c.replica })
	b.field("connected_clients", len(s.clients.All)-replicas)
	b.field("cluster_connections", s.busLinks())
	b.field("maxclients", s.settings.text("maxclients"))
	b.zeros("client_recent_max_input_buffer", "client_recent_max_output_buffer")
	b.field("blocked_clients", s.blockedClients())
	b.field("tracking_clients", 0)
	b.field("clients_in_timeout_table", len(s.parking.deadlines))
}

// blockedClients counts those that wait for something, the postponed ones left out as in Redis.
func (s *Server) blockedClients() int { return s.parking.count - len(s.postponed) }

func (s *Server) infoStats(b *infoText) {
	st := &s.stats
	b.section("Stats")
	b.field("total_connections_received", st.connections)
	b.field("total_commands_processed", st.commands)
	b.field("instantaneous_ops_per_sec", st.rate.perSecond())
	b.zeros("total_net_input_bytes", "total_net_output_bytes", "total_net_repl_input_bytes", "total_net_repl_output_bytes")
	for _, name := range []string{"instantaneous_input_kbps", "instantaneous_output_kbps",
		"instantaneous_input_repl_kbps", "instantaneous_output_repl_kbps"} {
		b.field(name, "0.00")
	}
	b.field("rejected_connections", 0)
	sync := s.repl.Stats()
	b.field("sync_full", sync.SyncFull)
	b.field("sync_partial_ok", sync.SyncPartialOK)
	b.field("sync_partial_err", sync.SyncPartialErr)
	b.field("expired_keys", s.space.Stats.Expired)
	b.field("expired_stale_perc", "0.00")
	b.zeros("expired_time_cap_reached_count", "expire_cycle_cpu_milliseconds", "evicted_keys", "evicted_clients",
		"total_eviction_exceeded_time", "current_eviction_exceeded_time")
	b.field("keyspace_hits", s.space.Stats.Hits)
	b.field("keyspace_misses", s.space.Stats.Misses)
	b.field("pubsub_channels", s.pubsub.Channels())
	b.field("pubsub_patterns", s.pubsub.Patterns())
	b.field("pubsubshard_channels", s.pubsub.ShardChannels())
	b.zeros("latest_fork_usec", "total_forks")
	b.field("migrate_cached_sockets", len(s.migrate.cache))
	b.zeros("slave_expires_tracked_keys", "active_defrag_hits", "active_defrag_misses", "active_defrag_key_hits",
		"active_defrag_key_misses", "total_active_defrag_time", "current_active_defrag_time", "tracking_total_keys",
		"tracking_total_items", "tracking_total_prefixes")
	b.field("unexpected_error_replies", st.unexpected)
	b.field("total_error_replies", st.errors)
	b.field("dump_payload_sanitizations", 0)
	b.zeros("total_reads_processed", "total_writes_processed", "io_threaded_reads_processed",
		"io_threaded_writes_processed", "reply_buffer_shrinks", "reply_buffer_expands")
}

func (s *Server) infoReplication(b *infoText) {
	b.section("Replication")
	b.Write(s.repl.AppendInfo(nil, s.now))
}

// infoCPU shows zeros: a machine does not see the processor's time, which belongs to the whole
// process.
func (s *Server) infoCPU(b *infoText) {
	b.section("CPU")
	for _, name := range []string{"used_cpu_sys", "used_cpu_user", "used_cpu_sys_children", "used_cpu_user_children",
		"used_cpu_sys_main_thread", "used_cpu_user_main_thread"} {
		b.field(name, "0.000000")
	}
}

func (s *Server) infoModules(b *infoText) { b.section("Modules") }

func (s *Server) infoCommandStats(b *infoText) {
	b.section("Commandstats")
	for _, cmd := range s.commandsUsed() {
		counts := s.stats.of(cmd)
		perCall := 0.0
		if counts.calls > 0 {
			perCall = float64(counts.micros) / float64(counts.calls)
		}
		b.field("cmdstat_"+cmd.Full, fmt.Sprintf("calls=%d,usec=%d,usec_per_call=%.2f,rejected_calls=%d,failed_calls=%d",
			counts.calls, counts.micros, perCall, counts.rejected, counts.failed))
	}
}

func (s *Server) infoErrorStats(b *infoText) {
	b.section("Errorstats")
	for _, kind := range s.stats.errorKinds() {
		b.field("errorstat_"+kind, fmt.Sprintf("count=%d", s.stats.byError[kind]))
	}
}

func (s *Server) infoLatencyStats(b *infoText) {
	b.section("Latencystats")
	if !s.settings.yes("latency-tracking") {
		return
	}
	for _, cmd := range s.commandsUsed() {
		if s.stats.of(cmd).calls > 0 {
			b.field("latency_percentiles_usec_"+cmd.Full, s.percentileText(cmd))
		}
	}
}

// percentileText shows the mean at every percentile asked for: a machine's clock stands still
// while a command runs, so that all ordinary calls take the same time.
func (s *Server) percentileText(cmd *command.Command) string {
	counts := s.stats.of(cmd)
	mean := float64(counts.micros) / float64(counts.calls)
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
	b.section("Cluster")
	b.flag("cluster_enabled", s.cluster != nil)
}

func (s *Server) infoKeyspace(b *infoText) {
	b.section("Keyspace")
	for i := range s.space.Len() {
		if db := s.space.DB(i); db.Len() > 0 {
			b.field(fmt.Sprintf("db%d", i), fmt.Sprintf("keys=%d,expires=%d,avg_ttl=%d",
				db.Len(), db.Volatile(), db.AverageTTL(s.nowMs)))
		}
	}
}
