package main_test

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"clusterplay/node/berth"
	"clusterplay/node/slot"
)

const (
	// failovers is how often a master is killed for a row. Chance spreads a failover over more than half of its
	// median: of seven, two medians of the same thing differ by a tenth.
	failovers = 40
	// sentinelFailovers is how often one that Sentinels watch is: there is less chance in that.
	sentinelFailovers = 7
	// tryEvery is how often a client that waits for the new master tries again.
	tryEvery = 5 * time.Millisecond
)

// nodeTimeouts are those for which failovers are timed, in milliseconds.
func nodeTimeouts() []int {
	if big() {
		return []int{500, 1000, 2000, 5000}
	}
	return []int{500, 1000, 2000}
}

// failoverRounds is how many failovers are timed of those that a chapter wants.
func failoverRounds(wanted int) int {
	if testing.Short() {
		return 1
	}
	return wanted
}

// timings are lists of milliseconds by name; several goroutines add to them.
type timings struct {
	mu    sync.Mutex
	lists map[string][]float64
}

func (f *timings) add(name string, took time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.lists == nil {
		f.lists = map[string][]float64{}
	}
	f.lists[name] = append(f.lists[name], milliseconds(took))
}

// of are those of a name.
func (f *timings) of(name string) []float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lists[name]
}

// bred is a program that is called as redis-server is.
type bred struct{ name, path string }

// bothSides are a real redis-server and our program under its name.
func bothSides(t *testing.T) []bred {
	t.Helper()
	needTool(t, "redis-server")
	return []bred{{"real", "redis-server"}, {"ours", calledAs(t, "redis-server").Path}}
}

// timeFailovers kills a master of three again and again and notes how long nothing could be written.
func timeFailovers(t *testing.T, side bred, nodeTimeout int, f *timings) {
	t.Helper()
	c := startCluster(t, side.path, 6, 1, "--cluster-node-timeout", strconv.Itoa(nodeTimeout), "--cluster-allow-replica-migration", "no",
		"--repl-diskless-sync-delay", "0") // who comes back is a replica again without waiting for others
	for range failoverRounds(failovers) {
		victim, heir, key := c.pair(t)
		time.Sleep(time.Duration(nodeTimeout+rand.IntN(nodeTimeout)) * time.Millisecond) // pings are at any point of their period
		victim.kill()
		began := time.Now()
		for heir.text("SET", key, "value") != "OK" {
			require.Less(t, time.Since(began), patience, "no failover")
			time.Sleep(tryEvery) // a client that tries again and again
		}
		f.add(side.name+strconv.Itoa(nodeTimeout), time.Since(began))
		victim.start()
		c.ready(t)
	}
}

// pair is a master, its replica and a key of theirs.
func (c realCluster) pair(t *testing.T) (master *foreign, heir port, key string) {
	t.Helper()
	for _, f := range c {
		if f.role() != "slave" {
			continue
		}
		at := f.field("master_port", "INFO", "replication")
		for _, m := range c {
			if m.String() == at {
				return m, f.port, keyAt(t, m.port)
			}
		}
	}
	require.Fail(t, "nobody is a replica")
	return nil, 0, ""
}

// keyAt is a key that a master owns.
func keyAt(t *testing.T, p port) string {
	t.Helper()
	owner := ownersIn(t, p)
	for i := 0; ; i++ {
		if key := clusterKey(i); owner[slot.OfString(key)] == p.addr() {
			return key
		}
	}
}

// TestBenchFailover kills masters of real clusters and of ours; all clusters live at the same time, for
// they mostly wait.
func TestBenchFailover(t *testing.T) {
	needBench(t)
	var f timings
	t.Run("all", func(t *testing.T) {
		for _, nt := range nodeTimeouts() {
			for _, side := range bothSides(t) {
				t.Run(fmt.Sprint(side.name, nt), func(t *testing.T) {
					t.Parallel()
					timeFailovers(t, side, nt, &f)
				})
			}
		}
	})
	rows := head("node timeout ms", "Redis ms (least–most)", "ours ms (least–most)", "ours / Redis")
	for _, nt := range nodeTimeouts() {
		real, ours := f.of("real"+strconv.Itoa(nt)), f.of("ours"+strconv.Itoa(nt))
		rows = append(rows, row(nt, span(real), span(ours), ratio(median(ours), median(real))))
	}
	require.False(t, t.Failed())
	chapter{
		title:  "Failover of a cluster",
		target: "the same as Redis' within 10 %: it is the protocol's time.",
		how: fmt.Sprintf("Three masters with a replica each, a process for each node. kill -9 of a master until its replica accepts a write, %d times; median, least and most. "+
			"Before each, the cluster is well for one to two node timeouts. The clusters of both sides live at the same time.", failovers),
		rows: rows,
	}.publish(t)
}

// sentinelTimeout is failover-timeout: Sentinels try the next failover after twice as long.
const sentinelTimeout = 3 * time.Second

// guardedBy is a master with two replicas, watched by three Sentinels, each a process.
type guardedBy struct {
	servers   []*foreign
	sentinels []port
}

// startGuardedBy starts them and waits until every Sentinel knows everybody.
func startGuardedBy(t *testing.T, path string) *guardedBy {
	t.Helper()
	g := &guardedBy{}
	for i := range 3 {
		f := startProcess(t, path)
		if g.servers = append(g.servers, f); i > 0 {
			f.do(t, "REPLICAOF", "127.0.0.1", g.servers[0].String())
		}
	}
	conf := fmt.Sprintf("sentinel monitor mymaster 127.0.0.1 %v 2\nsentinel down-after-milliseconds mymaster 1000\nsentinel failover-timeout mymaster %d\n",
		g.servers[0], sentinelTimeout.Milliseconds())
	for range 3 {
		at := port(berth.Ports(1))
		file := sentinelFile(t, at, conf)
		startSentinel(t, at, file, exec.Command(path, file, "--sentinel"))
		g.sentinels = append(g.sentinels, at)
	}
	g.calm(t)
	return g
}

// calm waits until every Sentinel knows two replicas in step and two colleagues.
func (g *guardedBy) calm(t *testing.T) {
	t.Helper()
	eventually(t, "all Sentinels to know all", func() bool {
		for _, s := range g.sentinels {
			info := s.text("INFO", "sentinel")
			if !strings.Contains(info, "status=ok") || !strings.Contains(info, "slaves=2,sentinels=3") {
				return false
			}
		}
		linked := 0
		for _, f := range g.servers {
			if f.field("master_link_status", "INFO", "replication") == "up" {
				linked++
			}
		}
		return linked == 2
	})
}

// named is the master's port as a Sentinel tells it.
func named(s port) string {
	v, err := s.try("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster")
	if err != nil || len(v.List) != 2 {
		return ""
	}
	return v.List[1].Text
}

// timeSentinels kills the master again and again and notes when the first write succeeds, when the
// first Sentinel tells of the new master, and when the last one does.
func timeSentinels(t *testing.T, side bred, f *timings) {
	t.Helper()
	g := startGuardedBy(t, side.path)
	for range failoverRounds(sentinelFailovers) {
		old := named(g.sentinels[0])
		var heirs []port
		var victim *foreign
		for _, s := range g.servers {
			if s.String() == old {
				victim = s
				continue
			}
			heirs = append(heirs, s.port)
		}
		victim.kill()
		began := time.Now()
		for wrote, first := false, false; ; time.Sleep(tryEvery) { // a client that tries again and again
			require.Less(t, time.Since(began), patience, "no failover")
			if !wrote && (heirs[0].text("SET", "k", "v") == "OK" || heirs[1].text("SET", "k", "v") == "OK") {
				f.add(side.name+"write", time.Since(began))
				wrote = true
			}
			moved := 0
			for _, s := range g.sentinels {
				if at := named(s); at != old && at != "" {
					moved++
				}
			}
			if moved > 0 && !first {
				f.add(side.name+"first", time.Since(began))
				first = true
			}
			if moved == len(g.sentinels) && wrote {
				f.add(side.name+"all", time.Since(began))
				break
			}
		}
		victim.start()
		time.Sleep(2 * sentinelTimeout) // before, a Sentinel does not vote again
		g.calm(t)
	}
}

// TestBenchSentinel kills the masters that Sentinels watch, real ones and ours.
func TestBenchSentinel(t *testing.T) {
	needBench(t)
	var f timings
	t.Run("all", func(t *testing.T) {
		for _, side := range bothSides(t) {
			t.Run(side.name, func(t *testing.T) {
				t.Parallel()
				timeSentinels(t, side, &f)
			})
		}
	})
	require.False(t, t.Failed())
	rows := head("until", "Redis ms (least–most)", "ours ms (least–most)", "ours / Redis")
	for _, what := range []struct{ name, title string }{{"write", "the first write succeeds"}, {"first", "the first Sentinel tells of the new master"}, {"all", "all three do"}} {
		real, ours := f.of("real"+what.name), f.of("ours"+what.name)
		rows = append(rows, row(what.title, span(real), span(ours), ratio(median(ours), median(real))))
	}
	chapter{
		title:  "Failover by Sentinels",
		target: "the same as Redis' within 10 %.",
		how:    fmt.Sprintf("A master with two replicas and three Sentinels, a process for each; down-after-milliseconds 1000, quorum 2. kill -9 of the master, %d times; median, least and most.", sentinelFailovers),
		rows:   rows,
	}.publish(t)
}
