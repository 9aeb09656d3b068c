package main_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"clusterplay/node/resp"
	"clusterplay/node/slot"
	"clusterplay/playground/wire"
)

// opening is what a program sends on its first connection, a command a line. Words in ‹› are replaced by
// ids and keys of the server. The programs' own sources and captures say so; those that exist for Go and
// Node.js are tested themselves.
type opening struct {
	program string
	cluster bool // it sends this to cluster nodes; without it, to plain servers
	lines   string
}

var openings = []opening{
	{"redis-py 6", false, `
		HELLO 3
		CLIENT MAINT_NOTIFICATIONS ON moving-endpoint-type internal-ip
		CLIENT SETINFO LIB-NAME redis-py
		CLIENT SETINFO LIB-VER 6.4.0
		SELECT 0
		PING`},
	{"redis-py 6, cluster", true, `
		HELLO 3
		CLIENT SETINFO LIB-NAME redis-py
		CLIENT SETINFO LIB-VER 6.4.0
		CLUSTER SLOTS
		COMMAND
		READONLY`},
	{"redis-py 4", false, `
		CLIENT SETNAME worker
		INFO
		CLIENT LIST`},
	{"jedis 6", false, `
		HELLO 3 SETNAME jedis
		CLIENT SETINFO LIB-NAME jedis
		CLIENT SETINFO LIB-VER 6.0.0
		PING`},
	{"jedis 5, RESP2", false, `
		CLIENT SETNAME jedis
		CLIENT SETINFO lib-name jedis
		SELECT 0`},
	{"jedis 6, cluster", true, `
		HELLO 3
		CLIENT SETINFO LIB-NAME jedis
		CLUSTER SLOTS
		READONLY
		READWRITE`},
	{"lettuce 6", false, `
		HELLO 3
		CLIENT SETINFO lib-name Lettuce
		CLIENT SETINFO lib-ver 6.8.0
		CLIENT MAINT_NOTIFICATIONS ON
		SELECT 0
		CLIENT SETNAME app
		PING`},
	{"lettuce 6, cluster", true, `
		HELLO 3
		CLIENT SETINFO lib-name Lettuce
		CLUSTER NODES
		CLUSTER MYID
		INFO
		CLIENT LIST
		READONLY`},
	{"redis_exporter", false, `
		CLIENT SETNAME redis_exporter
		CONFIG GET *
		INFO ALL
		COMMAND INFO COMMANDLOG
		LATENCY LATEST
		LATENCY HISTOGRAM
		SLOWLOG LEN
		SLOWLOG GET 1
		CLIENT LIST
		MEMORY DOCTOR`},
	{"redis_exporter, cluster", true, `
		CLIENT SETNAME redis_exporter
		CONFIG GET *
		INFO ALL
		CLUSTER INFO
		CLUSTER NODES
		SLOWLOG LEN`},
	{"RedisInsight", false, `
		CLIENT SETNAME redisinsight-browser-1
		INFO
		MODULE LIST
		COMMAND INFO ft.list json.get ts.info
		HELLO
		CONFIG GET databases
		DBSIZE
		CLIENT LIST
		SCAN 0 MATCH * COUNT 10000
		SET insight value
		TYPE insight
		TTL insight
		MEMORY USAGE insight SAMPLES 0
		OBJECT ENCODING insight
		STRLEN insight
		GETRANGE insight 0 4095`},
	{"RedisInsight, cluster", true, `
		INFO
		CLUSTER INFO
		CLUSTER SLOTS
		CLUSTER SHARDS
		DBSIZE
		SCAN 0 MATCH * COUNT 10000`},
}

// TestProgramsOpenTheirConnectionsAsWithRedis sends what programs for which there is no library here
// send first, to a server of ours and to a real one, and compares what they would see: kinds, errors,
// the fields of maps, of INFO and of CLIENT LIST.
func TestProgramsOpenTheirConnectionsAsWithRedis(t *testing.T) {
	t.Parallel()
	servers := map[bool][2]port{}
	for _, clustered := range []bool{false, true} {
		options := []string{}
		if clustered {
			options = []string{"--cluster-enabled", "yes"}
		}
		ours, real := startProcess(t, calledAs(t, "redis-server").Path, options...), startForeign(t, options...)
		if clustered {
			for _, p := range []port{ours.port, real.port} {
				p.do(t, "CLUSTER", "ADDSLOTSRANGE", "0", fmt.Sprint(slot.Count-1))
				eventually(t, "it serves", func() bool { return p.field("cluster_state", "CLUSTER", "INFO") == "ok" })
			}
		}
		servers[clustered] = [2]port{ours.port, real.port}
	}
	for _, o := range openings {
		t.Run(o.program, func(t *testing.T) {
			pair := servers[o.cluster]
			require.Equal(t, o.play(t, pair[1]), o.play(t, pair[0]))
		})
	}
}

// play sends an opening and says what came back.
func (o opening) play(t *testing.T, to port) (seen []string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, err := wire.Dial(ctx, to.addr())
	require.NoError(t, err)
	defer conn.Close()
	for line := range strings.Lines(strings.TrimSpace(o.lines)) {
		words := strings.Fields(line)
		v, err := conn.Do(ctx, words...)
		require.NoError(t, err, line)
		seen = append(seen, strings.Join(words, " ")+": "+sight(words, v))
	}
	return seen
}

// sight is what of a reply a program relies on.
func sight(words []string, v resp.Value) string {
	switch name := strings.ToUpper(words[0] + " " + second(words)); {
	case v.IsError():
		return v.Text
	case name == "COMMAND ":
		return fmt.Sprint("a row of ", kinds(find(v, "get")))
	case strings.HasPrefix(name, "INFO"), name == "CLUSTER INFO":
		return fmt.Sprint(v.Kind, fieldsOf(v.Text, ":"))
	case name == "CLIENT LIST":
		line, _, _ := strings.Cut(v.Text, "\n")
		return fmt.Sprint(v.Kind, wordsBefore(line, "="))
	case name == "CLUSTER NODES":
		return fmt.Sprint(v.Kind, len(strings.Fields(v.Text)), " words")
	case name == "CONFIG GET", name == "LATENCY HISTOGRAM":
		return fmt.Sprint(v.Kind, keysOf(v))
	}
	return kinds(v)
}

func second(words []string) string {
	if len(words) < 2 {
		return ""
	}
	return words[1]
}

// kinds is the shape of a reply: kinds all the way down, and the texts of keys and statuses.
func kinds(v resp.Value) string {
	if len(v.List) == 0 {
		if v.Kind == resp.KindStatus {
			return v.Text
		}
		return fmt.Sprint(v.Kind)
	}
	var parts []string
	for i, e := range v.List {
		if v.Kind == resp.KindMap && i%2 == 0 {
			parts = append(parts, e.Text)
		} else {
			parts = append(parts, kinds(e))
		}
	}
	return fmt.Sprint(v.Kind, parts)
}

// find is the row of a command in COMMAND's reply.
func find(v resp.Value, name string) resp.Value {
	for _, row := range v.List {
		if len(row.List) > 0 && row.List[0].Text == name {
			return row
		}
	}
	return resp.Value{}
}

// keysOf are the sorted names of a map, or of its flat form.
func keysOf(v resp.Value) (names []string) {
	for i := 0; i < len(v.List); i += 2 {
		names = append(names, v.List[i].Text)
	}
	slices.Sort(names)
	return names
}

// fieldsOf are the sorted names of "name:value" lines. Those that count what was done come and go with it.
func fieldsOf(text, sep string) (names []string) {
	for line := range strings.Lines(text) {
		name, _, ok := strings.Cut(line, sep)
		if ok && !strings.HasPrefix(name, "cmdstat_") && !strings.HasPrefix(name, "errorstat_") && !strings.HasPrefix(name, "latency_percentiles") &&
			!strings.HasPrefix(name, "db") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// wordsBefore are the names of "name=value" words.
func wordsBefore(line, sep string) (names []string) {
	for _, word := range strings.Fields(line) {
		name, _, _ := strings.Cut(word, sep)
		names = append(names, name)
	}
	return names
}
