//go:build unix

package main_test

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/berth"
	"clusterplay/playground/network"
)

// netLoads are what is driven through the lab's network and through none, in bursts of a quarter of a second.
var netLoads = []struct {
	command string
	depth   int
	n       int
}{{"get", 1, 20_000}, {"set", 1, 20_000}, {"set", 16, 120_000}, {"set", 64, 160_000}}

// netPairs is how many pairs of bursts a load has for each round: so many that one percent shows.
const netPairs = 20

// couple is a master and its replica in this process, with a network between them.
type couple struct{ master, replica port }

// startCouple starts them.
func startCouple(t *testing.T, between func() node.Network) couple {
	t.Helper()
	first := berth.Ports(2)
	net := between()
	for i := range 2 {
		settings := map[string]string{"save": "", "repl-diskless-sync-delay": "0"}
		if i == 1 {
			settings["replicaof"] = "127.0.0.1 " + strconv.Itoa(first)
		}
		cfg := ownConfig(first+i, settings)
		cfg.Network = net
		startNode(t, cfg)
	}
	c := couple{port(first), port(first + 1)}
	eventually(t, "the replica to follow", func() bool { return c.replica.field("master_link_status", "INFO", "replication") == "up" })
	return c
}

// load drives the master and waits for the replica; it returns requests a second, all told, and what a
// request cost this process in microseconds of a core.
func (c couple) load(t *testing.T, command string, depth, n int) (rate, cost float64) {
	t.Helper()
	before, began := processTime(t), time.Now()
	redisBenchmark(t, c.master, "-t", command, "-P", strconv.Itoa(depth), "-n", strconv.Itoa(n))
	eventually(t, "the replica to have it all", func() bool {
		return c.replica.field("slave_repl_offset", "INFO", "replication") == c.master.field("master_repl_offset", "INFO", "replication")
	})
	took, used := time.Since(began), processTime(t)-before
	return float64(n) / took.Seconds(), float64(used.Microseconds()) / float64(n)
}

// processTime is how long this process has computed.
func processTime(t *testing.T) time.Duration {
	t.Helper()
	var usage syscall.Rusage
	require.NoError(t, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// paired is by how many percent one side is above the other, from bursts that were made in pairs.
type paired []float64

func (p *paired) add(plain, lab float64) { *p = append(*p, 100*(ratio(lab, plain)-1)) }

// String is the median and, with 95 percent of certainty, between what it lies: a pair is above the true median
// as often as a coin falls on its face, whatever else the computer does now and then.
func (p paired) String() string {
	sorted := slices.Sorted(slices.Values(p))
	n := float64(len(sorted))
	off := 0.98 * math.Sqrt(n)
	low, high := max(0, int(n/2-off)), min(len(sorted)-1, int(n/2+off))
	return fmt.Sprintf("%+.1f %% (%+.1f to %+.1f)", median(p), sorted[low], sorted[high])
}

// TestBenchNetwork compares the lab's network without rules with plain sockets.
func TestBenchNetwork(t *testing.T) {
	needBench(t)
	couples := [2]couple{
		startCouple(t, func() node.Network { return node.SystemNetwork{} }),
		startCouple(t, func() node.Network { return network.New(network.Config{Clock: node.SystemClock{}}) }),
	}
	rows := head("load", "plain, thousands a second", "with the lab's network, the rate", "the CPU for a request")
	pairs := rounds() * scaledPairs()
	for _, l := range netLoads {
		var plain []float64
		var rates, costs paired
		for pair := range pairs {
			var rate, cost [2]float64
			for turn := range 2 {
				i := (turn + pair) % 2 // plain, lab, lab, plain: neither always comes first
				rate[i], cost[i] = couples[i].load(t, l.command, l.depth, scaled(l.n))
			}
			plain = append(plain, rate[0])
			rates.add(rate[0], rate[1])
			costs.add(cost[0], cost[1])
		}
		rows = append(rows, row(fmt.Sprintf("%s, P %d", l.command, l.depth), median(plain)/1000, rates, costs))
	}
	chapter{
		title:  "The lab's network",
		target: "less than 3 % of the throughput, and of the CPU.",
		how: fmt.Sprintf("A master and its replica, once with plain sockets and once with the lab's network between them, which has no rules at that time: %d pairs of short bursts of redis-benchmark, "+
			"until the replica has everything too. The median of the differences within a pair and, in brackets, where the true one lies with 95 %% of certainty.", pairs),
		rows: rows,
	}.publish(t)
}

// scaledPairs is netPairs, or two when only the benchmark itself is tried.
func scaledPairs() int {
	if testing.Short() {
		return 2
	}
	return netPairs
}
