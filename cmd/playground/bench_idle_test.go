package main_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
)

const (
	// idleTime is how long an idle cluster is watched.
	idleTime = 10 * time.Second
	// formLimit is how long we wait for one to form.
	formLimit = 3 * time.Minute
)

// idleSize is a cluster that is formed and left alone, half masters, half replicas.
type idleSize struct {
	nodes int
	real  bool // beside as many processes of Redis
	links string
}

func idleSizes() []idleSize {
	sizes := []idleSize{{6, true, "auto"}, {50, true, "auto"}, {90, false, "tcp"}, {200, big(), "auto"}}
	if big() {
		sizes = append(sizes, idleSize{500, false, "auto"}, idleSize{1000, false, "auto"})
	}
	return sizes
}

// calm is what a cluster needs when nobody does anything.
type calm struct {
	formed   time.Duration
	cpu      float64 // percent of a core
	mib      float64 // proportional set size
	peak     float64 // the most it had in memory, in MiB
	failover any     // how long a master was missed, in seconds; "" where none was killed
	links    string  // what carries the gossip
}

// watchIdle lets the echo of forming fade, and looks at the processes for a while.
func watchIdle(t *testing.T, formed time.Duration, pids ...int) calm {
	t.Helper()
	compute := func() (sum time.Duration) {
		for _, pid := range pids {
			sum += cpuTime(t, pid)
		}
		return sum
	}
	watched := idleTime
	if testing.Short() {
		watched /= 10
	}
	time.Sleep(watched / 2) // forming has its echo
	before := compute()
	time.Sleep(watched) // this is what is measured
	c := calm{formed: formed, cpu: 100 * float64(compute()-before) / float64(watched)}
	for _, pid := range pids {
		c.mib += float64(pssKiB(t, pid)) / 1024
	}
	return c
}

// idleOurs is a lab that records and whose console one browser watches.
func idleOurs(t *testing.T, size idleSize) calm {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lab.yaml")
	require.NoError(t, os.WriteFile(file, []byte("links: "+size.links+"\n"), 0o600))
	p := startWithin(t, formLimit, "--topology", file, "--masters", strconv.Itoa(size.nodes/2), "--replicas", "1", "--port", benchPorts(size.nodes))
	a := seat(t, p, 1)
	c := watchIdle(t, p.started, p.ready.PID)
	a.leave()
	c.links, c.failover = p.ready.Links, ""
	c.peak = float64(memoryKiB(t, p.ready.PID, "VmHWM:")) / 1024
	if size.nodes >= largeLab {
		c.failover = losesMaster(t, p, size.nodes).Seconds()
	}
	p.kill()
	return c
}

const (
	// largeLab is from how many nodes on a master is killed as well: smaller clusters have a chapter of their own.
	largeLab = 500
	// missedLimit is how long its replica may take to serve: Redis' node timeout of 15 s and as much again before the
	// silence was noticed, the votes, and what a busy computer adds.
	missedLimit = 2 * time.Minute
)

// losesMaster kills the second master of a lab and waits until its replica serves its slots.
func losesMaster(t *testing.T, p *program, nodes int) time.Duration {
	t.Helper()
	ports := p.ports()
	victim, heir := ports[1], ports[1+nodes/2]
	key := keyAt(t, victim)
	require.Zero(t, p.ctl("kill", victim.String()).code)
	began := time.Now()
	for heir.text("SET", key, "value") != "OK" {
		require.Less(t, time.Since(began), missedLimit, "no failover")
		time.Sleep(10 * tryEvery) // a client that tries again and again
	}
	return time.Since(began)
}

// idleReal is as many processes of Redis.
func idleReal(t *testing.T, nodes int) calm {
	t.Helper()
	var pids []int
	began := time.Now()
	cluster := startCluster(t, "redis-server", nodes, 1)
	for _, f := range cluster {
		pids = append(pids, f.cmd.Process.Pid)
	}
	c := watchIdle(t, time.Since(began), pids...)
	for _, f := range cluster {
		f.kill()
	}
	return c
}

// TestBenchIdle measures how long a cluster takes to form, and what it needs when nobody does anything,
// with Redis' own node timeout of 15 s.
func TestBenchIdle(t *testing.T) {
	needBench(t)
	rows := head("nodes", "formed s", "Redis s", "idle CPU", "Redis", "MiB for each node", "Redis", "MiB at most", "failover s")
	for _, size := range idleSizes() {
		cells := []any{fmt.Sprint(size.nodes), "failed", "", "", "", "", "", "", ""}
		t.Run(fmt.Sprint("ours", size.nodes), func(t *testing.T) {
			c := idleOurs(t, size)
			cells[0] = fmt.Sprintf("%d (%s)", size.nodes, c.links)
			cells[1], cells[3], cells[5] = c.formed.Seconds(), percent(c.cpu), c.mib/float64(size.nodes)
			cells[7], cells[8] = c.peak, c.failover
		})
		if size.real {
			t.Run(fmt.Sprint("real", size.nodes), func(t *testing.T) {
				c := idleReal(t, size.nodes)
				cells[2], cells[4], cells[6] = c.formed.Seconds(), percent(c.cpu), c.mib/float64(size.nodes)
			})
		}
		rows = append(rows, row(cells...))
	}
	chapter{
		title:  "Forming a cluster and keeping it",
		target: "all nodes serve and all replicas follow within 1 s at 6 nodes, 3 s at 50, 5 s at 90 over TCP, 8 s at 200, 30 s at 500; at most 1 MiB for each node at 50 and 200; idle at most half of Redis' CPU.",
		how: "One process of ours with half masters and half replicas, its console open for one viewer and everything recorded, beside as many redis-server processes " +
			"that redis-cli --cluster create joins. The node timeout is 15 s. Time runs from the start of the program or of the first process; memory is the proportional set size, and at most what was resident while it formed; CPU is of one core. From 500 nodes on a " +
			"master is killed: how long until its replica takes a write.",
		rows: rows,
	}.publish(t)
}

func percent(v float64) string { return fmt.Sprintf("%.1f %%", v) }

// benchPorts is a first port for a lab of any size; a large one does not fit into a pier, whose last
// port is taken.
func benchPorts(nodes int) string {
	if nodes > 90 {
		return "21000" // behind all piers
	}
	return strconv.Itoa(berth.Ports(nodes))
}
