package metrics_test

import (
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/playground"
	"clusterplay/web/metrics"
)

// scrape reads what Prometheus would.
func scrape(t *testing.T, labs ...metrics.Lab) map[string]*dto.MetricFamily {
	t.Helper()
	answer := httptest.NewRecorder()
	metrics.Nodes(labs).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics/nodes", nil))
	parser := expfmt.NewTextParser(model.LegacyValidation)
	families, err := parser.TextToMetricFamilies(answer.Body)
	require.NoError(t, err)
	return families
}

// at is the one series of a family for an instance, and its labels.
func at(t *testing.T, families map[string]*dto.MetricFamily, name string, port int) (float64, map[string]string) {
	t.Helper()
	for _, m := range families[name].GetMetric() {
		labels := map[string]string{}
		for _, l := range m.GetLabel() {
			labels[l.GetName()] = l.GetValue()
		}
		if labels["instance"] == "127.0.0.1:"+strconv.Itoa(port) {
			return m.GetGauge().GetValue() + m.GetCounter().GetValue(), labels
		}
	}
	require.Fail(t, "no such series", "%s of %d", name, port)
	return 0, nil
}

func TestASentinelHasTheNamesThatDashboardsAskFor(t *testing.T) {
	lab, err := playground.Launch(t.Context(), playground.Topology{
		Mode: playground.Sentinel, Replicas: 2, Sentinels: 3, Quorum: 2, DownAfter: 3000, FailoverTimeout: 20_000,
		Port: berth.Ports(6), Links: playground.MemoryLinks,
	})
	require.NoError(t, err)
	t.Cleanup(lab.Close)
	me := lab.Snapshot().Sentinels[0]
	master := "127.0.0.1:" + lab.Snapshot().Nodes[0].Name
	families := scrape(t, lab)
	for name, want := range map[string]float64{
		"redis_up": 1, "redis_sentinel_masters": 1, "redis_sentinel_tilt": 0, "redis_sentinel_running_scripts": 0,
		"redis_sentinel_scripts_queue_length": 0, "redis_sentinel_simulate_failure_flags": 0, "redis_sentinel_master_status": 1,
		"redis_sentinel_master_slaves": 2, "redis_sentinel_master_sentinels": 3, "redis_sentinel_master_ok_slaves": 2,
		"redis_sentinel_master_ok_sentinels": 3, "redis_sentinel_master_ckquorum_status": 1, "redis_sentinel_master_setting_ckquorum": 2,
		"redis_sentinel_master_setting_failover_timeout": 20_000, "redis_sentinel_master_setting_parallel_syncs": 1,
		"redis_sentinel_master_setting_down_after_milliseconds": 3000, "redis_sentinel_master_config_epoch": 0, "redis_instance_info": 1,
	} {
		got, labels := at(t, families, name, me.Port)
		require.Equal(t, want, got, name)
		if where, ok := labels["master_address"]; ok {
			require.Equal(t, []string{"mymaster", master}, []string{labels["master_name"], where}, name)
		}
	}
	_, labels := at(t, families, "redis_sentinel_master_ckquorum_status", me.Port)
	require.Equal(t, "OK 3 usable Sentinels. Quorum and failover authorization can be reached", labels["message"])
	_, labels = at(t, families, "redis_sentinel_master_status", me.Port)
	require.Equal(t, "ok", labels["master_status"])
	silent, labels := at(t, families, "redis_sentinel_master_last_ok_ping_reply_seconds", me.Port)
	require.GreaterOrEqual(t, silent, 0.0)
	require.Less(t, silent, 3.0, "it would be down")
	require.Equal(t, []string{"mymaster", master}, []string{labels["master_name"], labels["master_address"]})
	require.Contains(t, metrics.Targets(lab), "redis://127.0.0.1:"+me.Name)
	before, _ := at(t, families, "redis_connections_received_total", me.Port)
	after, _ := at(t, scrape(t, lab), "redis_connections_received_total", me.Port)
	require.Equal(t, before, after, "a scrape is no client")
}

func TestAQuorumThatIsLostIsToldWithItsReason(t *testing.T) {
	lab, err := playground.Launch(t.Context(), playground.Topology{
		Mode: playground.Sentinel, Replicas: 1, Sentinels: 2, Quorum: 2, DownAfter: 1000, FailoverTimeout: 20_000,
		Port: berth.Ports(4), Links: playground.MemoryLinks,
	})
	require.NoError(t, err)
	t.Cleanup(lab.Close)
	sentinels := lab.Snapshot().Sentinels
	_, err = lab.Do(t.Context(), playground.Kill{Node: sentinels[1].Name})
	require.NoError(t, err)
	const lost = "NOQUORUM 1 usable Sentinels. Not enough available Sentinels to reach the specified quorum for this master." +
		" Not enough available Sentinels to reach the majority and authorize a failover"
	require.Eventually(t, func() bool {
		answer, reached, err := lab.CheckQuorum(sentinels[0].Name, "mymaster")
		return err == nil && !reached && answer == lost
	}, 20*time.Second, 20*time.Millisecond)
	families := scrape(t, lab)
	status, labels := at(t, families, "redis_sentinel_master_ckquorum_status", sentinels[0].Port)
	require.Zero(t, status)
	require.Equal(t, lost, labels["message"])
	up, _ := at(t, families, "redis_up", sentinels[1].Port)
	require.Zero(t, up)
}

func TestTheLastGoodPingGetsOlderWhenTheMasterIsDead(t *testing.T) {
	lab, err := playground.Launch(t.Context(), playground.Topology{
		Mode: playground.Sentinel, Replicas: 1, Sentinels: 2, Quorum: 2, DownAfter: 1000, FailoverTimeout: 20_000,
		Port: berth.Ports(4), Links: playground.MemoryLinks,
	})
	require.NoError(t, err)
	t.Cleanup(lab.Close)
	me, other := lab.Snapshot().Sentinels[0], lab.Snapshot().Sentinels[1]
	for _, name := range []string{other.Name, lab.Snapshot().Nodes[0].Name} { // without a quorum nobody takes the master's place
		_, err = lab.Do(t.Context(), playground.Kill{Node: name})
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool {
		silent, _ := at(t, scrape(t, lab), "redis_sentinel_master_last_ok_ping_reply_seconds", me.Port)
		return silent > 2
	}, 20*time.Second, 50*time.Millisecond)
	_, err = lab.LastPing(me.Name, "nobody")
	require.ErrorContains(t, err, "No such master with that name")
}
