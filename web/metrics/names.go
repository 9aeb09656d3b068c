package metrics

// gauges and counters map the fields of INFO and CLUSTER INFO to redis_exporter's names, which
// existing dashboards know. A field that a node does not have gives no series.
var gauges = map[string]string{
	"uptime_in_seconds":              "uptime_in_seconds",
	"process_id":                     "process_id",
	"connected_clients":              "connected_clients",
	"blocked_clients":                "blocked_clients",
	"tracking_clients":               "tracking_clients",
	"maxclients":                     "max_clients",
	"cluster_connections":            "cluster_connections",
	"used_memory":                    "memory_used_bytes",
	"used_memory_rss":                "memory_used_rss_bytes",
	"used_memory_peak":               "memory_used_peak_bytes",
	"used_memory_lua":                "memory_used_lua_bytes",
	"used_memory_overhead":           "memory_used_overhead_bytes",
	"used_memory_startup":            "memory_used_startup_bytes",
	"used_memory_dataset":            "memory_used_dataset_bytes",
	"used_memory_scripts":            "memory_used_scripts_bytes",
	"maxmemory":                      "memory_max_bytes",
	"mem_fragmentation_ratio":        "mem_fragmentation_ratio",
	"mem_fragmentation_bytes":        "mem_fragmentation_bytes",
	"mem_clients_slaves":             "mem_clients_slaves",
	"mem_clients_normal":             "mem_clients_normal",
	"mem_not_counted_for_evict":      "mem_not_counted_for_eviction_bytes",
	"loading":                        "loading_dump_file",
	"rdb_changes_since_last_save":    "rdb_changes_since_last_save",
	"rdb_bgsave_in_progress":         "rdb_bgsave_in_progress",
	"rdb_last_save_time":             "rdb_last_save_timestamp_seconds",
	"rdb_last_bgsave_status":         "rdb_last_bgsave_status",
	"rdb_last_bgsave_time_sec":       "rdb_last_bgsave_duration_sec",
	"rdb_current_bgsave_time_sec":    "rdb_current_bgsave_duration_sec",
	"aof_enabled":                    "aof_enabled",
	"pubsub_channels":                "pubsub_channels",
	"pubsub_patterns":                "pubsub_patterns",
	"latest_fork_usec":               "latest_fork_usec",
	"migrate_cached_sockets":         "migrate_cached_sockets_total",
	"connected_slaves":               "connected_slaves",
	"repl_backlog_size":              "replication_backlog_bytes",
	"repl_backlog_active":            "repl_backlog_is_active",
	"repl_backlog_first_byte_offset": "repl_backlog_first_byte_offset",
	"repl_backlog_histlen":           "repl_backlog_history_bytes",
	"master_repl_offset":             "master_repl_offset",
	"second_repl_offset":             "second_repl_offset",
	"slave_priority":                 "slave_priority",
	"sync_full":                      "replica_resyncs_full",
	"sync_partial_ok":                "replica_partial_resync_accepted",
	"sync_partial_err":               "replica_partial_resync_denied",

	"sentinel_masters":                "sentinel_masters",
	"sentinel_tilt":                   "sentinel_tilt",
	"sentinel_running_scripts":        "sentinel_running_scripts",
	"sentinel_scripts_queue_length":   "sentinel_scripts_queue_length",
	"sentinel_simulate_failure_flags": "sentinel_simulate_failure_flags",

	"cluster_enabled":                 "cluster_enabled",
	"cluster_state":                   "cluster_state",
	"cluster_slots_assigned":          "cluster_slots_assigned",
	"cluster_slots_ok":                "cluster_slots_ok",
	"cluster_slots_pfail":             "cluster_slots_pfail",
	"cluster_slots_fail":              "cluster_slots_fail",
	"cluster_known_nodes":             "cluster_known_nodes",
	"cluster_size":                    "cluster_size",
	"cluster_current_epoch":           "cluster_current_epoch",
	"cluster_my_epoch":                "cluster_my_epoch",
	"cluster_stats_messages_sent":     "cluster_messages_sent_total",
	"cluster_stats_messages_received": "cluster_messages_received_total",
}

var counters = map[string]string{
	"total_connections_received": "connections_received_total",
	"total_commands_processed":   "commands_processed_total",
	"rejected_connections":       "rejected_connections_total",
	"total_net_input_bytes":      "net_input_bytes_total",
	"total_net_output_bytes":     "net_output_bytes_total",
	"expired_keys":               "expired_keys_total",
	"evicted_keys":               "evicted_keys_total",
	"keyspace_hits":              "keyspace_hits_total",
	"keyspace_misses":            "keyspace_misses_total",
	"used_cpu_sys":               "cpu_sys_seconds_total",
	"used_cpu_user":              "cpu_user_seconds_total",
	"used_cpu_sys_children":      "cpu_sys_children_seconds_total",
	"used_cpu_user_children":     "cpu_user_children_seconds_total",
}

// sentByType are CLUSTER INFO's counts of packets by their type, which become one series with a
// label each; they are our own addition.
const (
	sentByType     = "cluster_stats_messages_"
	sentSuffix     = "_sent"
	receivedSuffix = "_received"
)

// instanceLabels are the labels of instance_info and the fields of INFO they come from.
var instanceLabels = []struct{ label, field string }{
	{"role", "role"}, {"redis_version", "redis_version"}, {"redis_build_id", "redis_build_id"}, {"redis_mode", "redis_mode"},
	{"os", "os"}, {"maxmemory_policy", "maxmemory_policy"}, {"tcp_port", "tcp_port"}, {"run_id", "run_id"}, {"process_id", "process_id"},
}
