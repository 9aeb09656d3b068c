package web

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"
)

// scrape reads metrics as Prometheus does, with the token.
func scrape(t *testing.T, s *Server, path string) map[string]*dto.MetricFamily {
	t.Helper()
	resp := ask{method: "GET", path: path, header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, resp.Header.Get("Content-Type"), "text/plain")
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(resp.Body)
	require.NoError(t, err)
	return families
}

// dashboardNames are those that dashboards made for redis_exporter ask for.
var dashboardNames = []string{
	"redis_up", "redis_uptime_in_seconds", "redis_connected_clients", "redis_blocked_clients", "redis_memory_used_bytes", "redis_memory_max_bytes",
	"redis_commands_processed_total", "redis_connections_received_total", "redis_connected_slaves", "redis_master_repl_offset",
	"redis_replication_backlog_bytes", "redis_repl_backlog_history_bytes", "redis_repl_backlog_is_active", "redis_second_repl_offset",
	"redis_cluster_messages_sent_total", "redis_cluster_messages_received_total", "redis_cluster_state", "redis_cluster_slots_assigned",
	"redis_cluster_slots_ok", "redis_cluster_known_nodes", "redis_cluster_size", "redis_cluster_current_epoch", "redis_cluster_my_epoch",
	"redis_replica_resyncs_full", "redis_replica_partial_resync_accepted", "redis_replica_partial_resync_denied", "redis_expired_keys_total",
	"redis_evicted_keys_total", "redis_keyspace_hits_total", "redis_keyspace_misses_total", "redis_net_input_bytes_total",
	"redis_net_output_bytes_total", "redis_instance_info", "redis_start_time_seconds", "redis_master_link_up", "redis_slave_info",
	"redis_slave_repl_offset", "redis_connected_slave_offset_bytes", "redis_connected_slave_lag_seconds", "redis_commands_total",
	"redis_commands_duration_seconds_total", "redis_db_keys", "redis_db_keys_expiring", "redis_rdb_changes_since_last_save", "redis_loading_dump_file",
}

func TestTheNodesHaveTheNamesThatDashboardsAskFor(t *testing.T) {
	s := console(t)
	owner := ownerOf(t, s, 16287)
	_, err := s.cfg.Lab.Call(t.Context(), owner, "SET", "{x}metric", "1")
	require.NoError(t, err)
	t.Cleanup(func() { _, _ = s.cfg.Lab.Call(t.Context(), owner, "DEL", "{x}metric") })
	before := s.cfg.Lab.Nodes()
	families := scrape(t, s, "/metrics/nodes")
	have := slices.Collect(maps.Keys(families))
	for _, name := range dashboardNames {
		require.Contains(t, have, name)
	}
	up := byLabel(families["redis_up"], "instance")
	offsets := byLabel(families["redis_master_repl_offset"], "instance")
	for i, n := range s.cfg.Lab.Nodes() { // masters greet their replicas meanwhile, and replicas follow
		at := "127.0.0.1:" + n.Name
		require.EqualValues(t, 1, up[at], n.Name)
		require.GreaterOrEqual(t, offsets[at], float64(before[i].Offset), n.Name)
		require.LessOrEqual(t, offsets[at], float64(n.Offset), n.Name)
	}
	require.Positive(t, offsets["127.0.0.1:"+owner])
	require.Len(t, up, 6)
	require.Equal(t, dto.MetricType_COUNTER, families["redis_commands_processed_total"].GetType())
}

// byLabel are a family's values by the value of one label.
func byLabel(f *dto.MetricFamily, name string) map[string]float64 {
	values := map[string]float64{}
	for _, m := range f.GetMetric() {
		for _, l := range m.GetLabel() {
			if l.GetName() == name {
				values[l.GetValue()] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
			}
		}
	}
	return values
}

func TestAScrapeDoesNotDisturbTheNodes(t *testing.T) {
	s := console(t)
	before := scrape(t, s, "/metrics/nodes")
	for range 20 {
		scrape(t, s, "/metrics/nodes")
		scrape(t, s, "/metrics")
	}
	after := scrape(t, s, "/metrics/nodes")
	for _, name := range []string{"redis_commands_processed_total", "redis_connections_received_total", "redis_connected_clients"} {
		was, is := byLabel(before[name], "instance"), byLabel(after[name], "instance")
		for at := range byLabel(before["redis_slave_info"], "instance") { // a master hears its replicas' acknowledgements meanwhile
			require.Equal(t, was[at], is[at], "%s of %s", name, at)
		}
	}
	require.Equal(t, byLabel(before["redis_connections_received_total"], "instance"), byLabel(after["redis_connections_received_total"], "instance"))
}

func TestOneNodeIsScrapedByItsAddressAndNothingElseIs(t *testing.T) {
	s := console(t)
	node := s.cfg.Lab.Nodes()[0]
	for _, target := range []string{"127.0.0.1:" + node.Name, "redis://127.0.0.1:" + node.Name} {
		families := scrape(t, s, "/scrape?target="+target)
		require.EqualValues(t, 1, families["redis_up"].GetMetric()[0].GetGauge().GetValue())
		require.Empty(t, families["redis_up"].GetMetric()[0].GetLabel(), "Prometheus names the instance")
	}
	for _, target := range []string{"", "127.0.0.1:22", "redis://127.0.0.1:" + strconv.Itoa(node.Bus), "http://169.254.169.254/", "redis://evil.com:" + node.Name, "localhost:" + node.Name} {
		resp := ask{method: "GET", path: "/scrape?target=" + target, header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
		require.Contains(t, []int{400, 404}, resp.StatusCode, target)
	}
	type group struct {
		Targets []string
		Labels  map[string]string
	}
	found := fetched[[]group](t, s, "/discover-cluster-nodes")
	require.Len(t, found, 1)
	require.Len(t, found[0].Targets, 6)
	scrape(t, s, "/scrape?target="+found[0].Targets[5])
}

func TestTheProcessTellsAboutItselfAndCountsWhatItRefuses(t *testing.T) {
	s := console(t)
	ask{method: "GET", path: "/api/verbs"}.send(t, s)
	ask{method: "BREW", path: "/secret/" + testToken}.send(t, s)
	resp := ask{method: "GET", path: "/metrics", header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	for _, line := range []string{
		`playground_http_requests_total{method="GET",route="/api/verbs",status="401"} 1`, `playground_http_requests_total{method="other",route="none",status="404"} 1`,
		`playground_nodes{lab="main",state="up"} 6`, `playground_nodes{lab="main",state="killed"} 0`, `playground_cluster_state{lab="main",state="ok"} 1`, `playground_slots_covered{lab="main"} 16384`,
		`playground_build_info{version="test"} 1`, `playground_viewers{lab="main"} 0`, `playground_console_connections 0`, "go_goroutines ", "process_open_fds ",
	} {
		require.Contains(t, string(data), line)
	}
	require.NotContains(t, string(data), testToken)
	require.False(t, strings.Contains(string(data), "secret"))
}
