package web

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/playground"
)

// fetched reads a JSON answer of the console.
func fetched[T any](t *testing.T, s *Server, path string) T {
	t.Helper()
	resp := ask{method: "GET", path: path, header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
	require.Equal(t, http.StatusOK, resp.StatusCode, path)
	var value T
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&value))
	return value
}

func TestASlotNamesItsKeysEvenUnreadableOnes(t *testing.T) {
	s := console(t)
	owner := ownerOf(t, s, 16287) // the slot of "{x}…"
	for _, key := range []string{"{x}<b>", "{x}\x00\xff", "{x}城市"} {
		_, err := s.cfg.Lab.Call(t.Context(), owner, "SET", key, "1")
		require.NoError(t, err)
	}
	t.Cleanup(func() { _, _ = s.cfg.Lab.Call(t.Context(), owner, "FLUSHALL") })
	path := "/api/labs/main/slots/16287"
	got := fetched[struct {
		Slot    int
		Holders []playground.SlotKeys
	}](t, s, path)
	require.Equal(t, 16287, got.Slot)
	require.Equal(t, owner, got.Holders[0].Node)
	require.Equal(t, 3, got.Holders[0].Keys)
	require.Equal(t, []string{"{x}城市", `"{x}\x00\xff"`, "{x}<b>"}, got.Holders[0].Names)

	loads := fetched[playground.SlotLoads](t, s, "/api/labs/main/slots")
	require.Contains(t, loads.Rows, [3]int{16287, 3, 3})
}

func ownerOf(t *testing.T, s *Server, slot int) string {
	t.Helper()
	for _, n := range s.cfg.Lab.Nodes() {
		for _, r := range n.Slots {
			if n.Role == "master" && r[0] <= slot && slot <= r[1] {
				return n.Name
			}
		}
	}
	t.Fatal("nobody owns the slot")
	return ""
}

func TestWhatIsAskedWronglyIsRefusedWithAReason(t *testing.T) {
	s := console(t)
	tests := []struct{ path, field string }{
		{"/api/labs/main/slots/x", "slot"}, {"/api/labs/main/slots/16384", "slot"}, {"/api/labs/main/slots/-1", "slot"},
		{"/api/labs/main/nodes/1/inspect/info", "node"}, {"/api/labs/main/nodes/" + s.cfg.Lab.Nodes()[0].Name + "/inspect/flushall", "what"},
		{"/api/labs/main/nodes/" + s.cfg.Lab.Nodes()[0].Name + "/inspect/keys?cursor=-1", "cursor"},
		{"/api/labs/main/nodes/1/heartbeat", "node"}, {"/api/labs/main/metrics?after=x", "after"}, {"/api/labs/other/metrics", "lab"},
	}
	for _, tt := range tests {
		t.Run(tt.path, func(t *testing.T) {
			resp := ask{method: "GET", path: tt.path, header: map[string]string{"Authorization": "Bearer " + testToken}}.send(t, s)
			require.GreaterOrEqual(t, resp.StatusCode, 400)
			require.Less(t, resp.StatusCode, 500)
			require.Equal(t, tt.field, problemOf(t, resp).Field)
		})
	}
}

func TestAnInspectionShowsEverythingAndIsNotSeenItself(t *testing.T) {
	s := console(t)
	node := s.cfg.Lab.Nodes()[0].Name
	base := "/api/labs/main/nodes/" + node + "/inspect/"
	info := fetched[playground.Inspection](t, s, base+"info")
	require.Equal(t, "INFO everything", info.Command)
	titles := []string{}
	values := map[string]string{}
	for _, table := range info.Tables {
		titles = append(titles, table.Title)
		for _, row := range table.Rows {
			values[row[0]] = row[1]
		}
	}
	require.Subset(t, titles, []string{"Server", "Clients", "Memory", "Stats", "Replication", "Cluster", "Keyspace"})
	require.Equal(t, "7.0.15", values["redis_version"])
	require.Equal(t, "0", values["connected_clients"])
	again := fetched[playground.Inspection](t, s, base+"info")
	for _, table := range again.Tables {
		for _, row := range table.Rows {
			if row[0] == "total_commands_processed" || row[0] == "total_connections_received" {
				require.Equal(t, values[row[0]], row[1], row[0])
			}
		}
	}
	require.Len(t, fetched[playground.Inspection](t, s, base+"nodes").Tables[0].Rows, 6)
	require.Len(t, fetched[playground.Inspection](t, s, base+"shards").Tables, 3)
	links := fetched[playground.Inspection](t, s, base+"links").Tables[0]
	require.Equal(t, []string{"direction", "node", "create-time", "events", "send-buffer-allocated", "send-buffer-used"}, links.Columns)
	require.GreaterOrEqual(t, len(links.Rows), 5, "one link to each of the others at least")
	require.NotEmpty(t, fetched[playground.Inspection](t, s, base+"config").Tables[0].Rows)
	for _, row := range fetched[playground.Inspection](t, s, base+"slowlog").Tables[0].Rows {
		require.NotContains(t, strings.Join(row, " "), "INFO", "those who inspect are not among the slow") // others may be, on a busy computer
	}
}

func TestTheKeysOfANodeAreListedInPagesAndNotTouched(t *testing.T) {
	s := console(t)
	owner := ownerOf(t, s, 16287)
	set := func(words ...string) {
		_, err := s.cfg.Lab.Call(t.Context(), owner, words...)
		require.NoError(t, err)
	}
	for i := range 450 {
		set("SET", "{x}"+strconv.Itoa(i), "1")
	}
	set("RPUSH", "{x}\x00\xff", "a")
	set("SET", "{x}soon", "1", "PX", "60000")
	t.Cleanup(func() { _, _ = s.cfg.Lab.Call(t.Context(), owner, "FLUSHALL") })
	base := "/api/labs/main/nodes/" + owner + "/inspect/"
	rows := map[string][]string{}
	pages, cursor := 0, "0"
	for cursor != "" {
		page := fetched[playground.Inspection](t, s, base+"keys?cursor="+cursor)
		require.Equal(t, "SCAN "+cursor+" COUNT 200", page.Command)
		require.Equal(t, []string{"key", "type", "ttl", "bytes", "slot"}, page.Tables[0].Columns)
		require.LessOrEqual(t, len(page.Tables[0].Rows), 220, "about as many as were asked for")
		for _, row := range page.Tables[0].Rows {
			rows[row[0]] = row
		}
		cursor = page.Next
		pages++
	}
	require.GreaterOrEqual(t, pages, 3)
	require.Len(t, rows, 452)
	require.Equal(t, []string{"list", "-1", "16287"}, []string{rows[`"{x}\x00\xff"`][1], rows[`"{x}\x00\xff"`][2], rows[`"{x}\x00\xff"`][4]})
	left, err := strconv.Atoi(rows["{x}soon"][2])
	require.NoError(t, err)
	require.Greater(t, left, 0)
	require.LessOrEqual(t, left, 60000)
}

func TestTheBytesOfARealPingAreShown(t *testing.T) {
	s := console(t)
	node := s.cfg.Lab.Nodes()[0].Name
	var beat playground.Heartbeat
	require.Eventually(t, func() bool {
		beat = fetched[playground.Heartbeat](t, s, "/api/labs/main/nodes/"+node+"/heartbeat")
		return len(beat.Parts) > 20 // the header's parts, and gossip
	}, dayPatience, 50*time.Millisecond)
	require.Equal(t, "RCmb", string(beat.Bytes[:4]))
	require.Equal(t, "slots", beat.Parts[10].Kind)
	require.Equal(t, beat.Parts[10].Value, strconv.Itoa(beat.Slots))
	last := beat.Parts[len(beat.Parts)-1]
	require.Equal(t, len(beat.Bytes), last.At+last.Len)
}

func TestTheMetricsKeepThePastAndCanBeContinued(t *testing.T) {
	s := console(t)
	var all playground.Gauges
	require.Eventually(t, func() bool {
		all = fetched[playground.Gauges](t, s, "/api/labs/main/metrics")
		return len(all.Samples) >= 2
	}, dayPatience, 50*time.Millisecond)
	require.Equal(t, "ping", all.Types[0])
	last := all.Samples[len(all.Samples)-1]
	require.Len(t, last.Rows, 6)
	for _, row := range last.Rows {
		require.True(t, row.Up)
		require.GreaterOrEqual(t, row.PingBytes, 2256)
		require.Positive(t, row.Sent[0])
		require.Zero(t, row.Lag)
	}
	first := all.Samples[0].T
	rest := fetched[playground.Gauges](t, s, "/api/labs/main/metrics?after="+strconv.FormatInt(first, 10))
	require.Greater(t, rest.Samples[0].T, first)
}

func TestTheNumbersOfThePastAreServed(t *testing.T) {
	s := console(t)
	now := func() string { return strconv.FormatInt(s.cfg.Lab.Clock().Now().UnixMilli(), 10) }
	var past playground.Gauges
	require.Eventually(t, func() bool {
		past = fetched[playground.Gauges](t, s, "/api/labs/main/metrics?after=1&until="+now())
		return len(past.Samples) >= 2
	}, dayPatience, 50*time.Millisecond)
	require.Len(t, past.Samples[0].Rows, 6)
	at := past.Samples[0].T
	one := fetched[playground.Gauges](t, s, "/api/labs/main/metrics?after="+strconv.FormatInt(at-1, 10)+"&until="+strconv.FormatInt(at, 10))
	require.Equal(t, past.Samples[:1], one.Samples)
	loads := fetched[playground.SlotLoads](t, s, "/api/labs/main/slots?t="+now())
	require.NotZero(t, loads.Now)
	before := fetched[playground.SlotLoads](t, s, "/api/labs/main/slots?t=1")
	require.Zero(t, before.Now, "before everything there is nothing")
	require.Empty(t, before.Rows)
}
