package main_test

import (
	"encoding/csv"
	"fmt"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// burst is one run of redis-benchmark.
type burst struct{ rate, p99 float64 } // requests a second, milliseconds

// pipelines are the depths that are measured, with so many requests that a burst takes about a second.
var pipelines = []struct{ depth, requests int }{{1, 100_000}, {16, 800_000}, {64, 1_200_000}}

// nodeCommands are the commands that are measured, with the options of redis-benchmark; a request of some
// is worth several of the others.
var nodeCommands = []struct {
	name    string
	options []string
	worth   int
}{
	{"SET", []string{"-t", "set"}, 1},
	{"GET", []string{"-t", "get"}, 1},
	{"INCR", []string{"-t", "incr"}, 1},
	{"LPUSH", []string{"-t", "lpush"}, 1},
	{"SADD", []string{"-t", "sadd"}, 1},
	{"HSET", []string{"-t", "hset"}, 1},
	{"ZADD", []string{"-t", "zadd"}, 1},
	{"MSET (10 keys)", []string{"-t", "mset"}, 6},
	{"SET of 1 KB", []string{"-t", "set", "-d", "1024"}, 2},
	{"GET of 1 KB", []string{"-t", "get", "-d", "1024"}, 2},
}

// redisBenchmark runs it once for one command.
func redisBenchmark(t *testing.T, p port, options ...string) burst {
	t.Helper()
	needTool(t, "redis-benchmark")
	args := append([]string{"-p", p.String(), "-r", "1000000", "-c", "50", "--csv"}, options...)
	out, err := exec.CommandContext(t.Context(), "redis-benchmark", args...).Output()
	require.NoError(t, err, "%q", args)
	text := string(out)
	text = text[strings.LastIndex(text, `"test"`):] // with --cluster it describes the cluster first
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err, text)
	require.Len(t, records, 2, text)
	rate, err := strconv.ParseFloat(records[1][1], 64)
	require.NoError(t, err)
	p99, err := strconv.ParseFloat(records[1][6], 64)
	require.NoError(t, err)
	return burst{rate, p99}
}

// sides are what several bursts in turn had to say, of Redis and of us.
type sides struct{ real, ours []burst }

// inTurn measures both as often as there are rounds.
func inTurn(real, ours func() burst) (s sides) {
	for range rounds() {
		s.real, s.ours = append(s.real, real()), append(s.ours, ours())
	}
	return s
}

// of is the median of a figure of each side.
func (s sides) of(figure func(burst) float64) (real, ours float64) {
	var a, b []float64
	for i := range s.real {
		a, b = append(a, figure(s.real[i])), append(b, figure(s.ours[i]))
	}
	return median(a), median(b)
}

// cell says how we compare: our rate and our p99 as parts of Redis'.
func (s sides) cell() string {
	realRate, ourRate := s.of(func(b burst) float64 { return b.rate })
	realP99, ourP99 := s.of(func(b burst) float64 { return b.p99 })
	return fmt.Sprintf("**%.2f** (p99 %.2f)", ratio(ourRate, realRate), ratio(ourP99, realP99))
}

// thousands is a rate of Redis', for the last column.
func (s sides) thousands() string {
	rate, _ := s.of(func(b burst) float64 { return b.rate })
	return fmt.Sprintf("%.0f", rate/1000)
}

// TestBenchNode drives one server of ours and a redis-server in turn with redis-benchmark.
func TestBenchNode(t *testing.T) {
	needBench(t)
	ours, real := startProcess(t, calledAs(t, "redis-server").Path), startForeign(t)
	for _, p := range []port{real.port, ours.port} {
		redisBenchmark(t, p, "-t", "set", "-P", "64", "-n", strconv.Itoa(scaled(3_000_000)))
	}
	rows := head("command", "P 1", "P 16", "P 64", "redis-server, thousands a second")
	for _, c := range nodeCommands {
		cells, rates := []any{c.name}, []string(nil)
		for _, load := range pipelines {
			options := append([]string{"-P", strconv.Itoa(load.depth), "-n", strconv.Itoa(scaled(load.requests / c.worth))}, c.options...)
			s := inTurn(
				func() burst { return redisBenchmark(t, real.port, options...) },
				func() burst { return redisBenchmark(t, ours.port, options...) })
			cells, rates = append(cells, s.cell()), append(rates, s.thousands())
		}
		rows = append(rows, row(append(cells, strings.Join(rates, " / "))...))
	}
	chapter{
		title:  "One node",
		target: "the rate at least 0.90 of redis-server's at P 1 and 16, at least 1.00 at P 64; p99 at most 1.5 times Redis'.",
		how:    "redis-benchmark with 50 clients and a million keys, P commands in a pipeline. Our part of Redis' figure: the rate (more is better) and, in brackets, the latency of the 99th percentile (less is better).",
		rows:   rows,
	}.publish(t)
}
