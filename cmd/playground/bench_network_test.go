//go:build unix

package main_test

import (
	"fmt"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node"
	"clusterplay/node/berth"
	"clusterplay/playground/network"
)

// netLoads are what is driven through the lab's network and through none.
var netLoads = []struct {
	command string
	depth   int
	n       int
}{{"get", 1, 60_000}, {"set", 1, 60_000}, {"set", 16, 500_000}, {"set", 64, 700_000}}

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

// TestBenchNetwork compares the lab's network without rules with plain sockets.
func TestBenchNetwork(t *testing.T) {
	needBench(t)
	plain := startCouple(t, func() node.Network { return node.SystemNetwork{} })
	lab := startCouple(t, func() node.Network { return network.New(network.Config{Clock: node.SystemClock{}}) })
	rows := head("load", "plain, thousands a second", "the network costs, of the rate", "of the CPU for a request")
	for _, l := range netLoads {
		var rates, costs [2][]float64
		for turn := range 6 * rounds() {
			i := (turn + 1) / 2 % 2 // plain, lab, lab, plain: neither always comes first
			rate, cost := []couple{plain, lab}[i].load(t, l.command, l.depth, scaled(l.n))
			rates[i], costs[i] = append(rates[i], rate), append(costs[i], cost)
		}
		rows = append(rows, row(fmt.Sprintf("%s, P %d", l.command, l.depth), median(rates[0])/1000,
			percent(100*(1-ratio(median(rates[1]), median(rates[0])))), percent(100*(ratio(median(costs[1]), median(costs[0]))-1))))
	}
	chapter{
		title:  "The lab's network",
		target: "less than 3 % of the throughput.",
		how:    fmt.Sprintf("A master and its replica, once with plain sockets and once with the lab's network between them, which has no rules at that time: %d bursts of redis-benchmark in turn, until the replica has everything too. Less than nothing is noise.", 3*benchRounds),
		rows:   rows,
	}.publish(t)
}
