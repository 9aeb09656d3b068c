package main_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// realCluster is redis-server processes with one cluster.
type realCluster []*foreign

// startCluster starts so many processes of a program and makes redis-cli form a cluster of them.
func startCluster(t *testing.T, path string, nodes, replicas int, options ...string) realCluster {
	t.Helper()
	var c realCluster
	args := []string{"--cluster", "create"}
	for range nodes {
		f := startProcess(t, path, append([]string{"--cluster-enabled", "yes"}, options...)...)
		c, args = append(c, f), append(args, f.addr())
	}
	out, err := redisCLI(t, "", append(args, "--cluster-replicas", strconv.Itoa(replicas), "--cluster-yes")...)
	require.NoError(t, err, out)
	c.ready(t)
	return c
}

// ready waits until every node serves and every replica follows.
func (c realCluster) ready(t *testing.T) {
	t.Helper()
	for _, f := range c {
		eventually(t, f.String()+" to serve", func() bool { return inCluster(f.port) })
	}
}

// inCluster reports whether a node sees its cluster serve and, a replica, follows its master.
func inCluster(p port) bool {
	info := p.text("INFO", "replication")
	follows := !strings.Contains(info, "role:slave") || strings.Contains(info, "master_link_status:up")
	return follows && p.field("cluster_state", "CLUSTER", "INFO") == "ok"
}

// clusterCommands are those measured through several masters.
var clusterCommands = []string{"SET", "GET"}

// TestBenchCluster drives three masters of ours in one process and three redis-server processes.
func TestBenchCluster(t *testing.T) {
	needBench(t)
	real := startCluster(t, "redis-server", 3, 0)
	p := start(t, "--masters", "3", "--replicas", "0")
	at, err := strconv.Atoi(p.node(0))
	require.NoError(t, err)
	rows := head("command", "P 1", "P 16", "P 64", "three redis-servers, thousands a second")
	for _, c := range clusterCommands {
		cells, rates := []any{c}, []string(nil)
		for _, load := range pipelines {
			// Its threads look every 250 ms whether they are done: only a long burst tells a rate.
			options := []string{"--cluster", "-t", strings.ToLower(c), "-P", strconv.Itoa(load.depth), "-n", strconv.Itoa(scaled(4 * load.requests))}
			s := inTurn(
				func() burst { return redisBenchmark(t, real[0].port, options...) },
				func() burst { return redisBenchmark(t, port(at), options...) })
			cells, rates = append(cells, s.cell()), append(rates, s.thousands())
		}
		rows = append(rows, row(append(cells, strings.Join(rates, " / "))...))
	}
	chapter{
		title:  "A cluster of three masters",
		target: "at least 1.00 of three redis-servers.",
		how:    "redis-benchmark --cluster, whose three threads share the cores with the nodes. Ours are three nodes of a lab in one process, with its console and its recording; Redis' are three processes.",
		rows:   rows,
	}.publish(t)
}

// ports are the client ports, masters first.
func (c realCluster) ports() (list []port) {
	for _, f := range c {
		list = append(list, f.port)
	}
	slices.SortStableFunc(list, func(a, b port) int { return strings.Compare(a.role(), b.role()) })
	return list
}

// role is what INFO says: master or slave.
func (p port) role() string { return p.field("role", "INFO", "replication") }
