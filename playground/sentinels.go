package playground

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"clusterplay/node"
	"clusterplay/node/machine"
	"clusterplay/node/sentinel"
)

// masterName is what the Sentinels of a lab call the master, as in the sentinel.conf that comes with
// Redis.
const masterName = "mymaster"

// sentinelFile is where a Sentinel keeps what it must not forget.
const sentinelFile = "sentinel.conf"

// birthSentinel makes the machine for one life of a Sentinel: from the file that it wrote or, in its
// first life, from what the topology says.
func (l *Lab) birthSentinel(m *member, b node.Birth) (machine.Machine, error) {
	conf, err := b.ReadFile(sentinelFile)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		conf = sentinelConf(l.Topology(), m.port, l.watchedBy(m))
	case err != nil:
		return nil, fmt.Errorf("read %s: %w", sentinelFile, err)
	}
	chance := rand.New(rand.NewPCG(l.Topology().Seed, uint64(m.port)<<32|m.lives.Add(1)))
	made, err := sentinel.New(sentinel.Config{
		Port: m.port, AnnounceIP: loopback.String(), Name: sentinelFile, Conf: conf,
		ProcessID: os.Getpid(),
		Slack:     func() time.Duration { return latenessAt(l.clock.Speed()) },
	}, chance)
	if err != nil {
		return nil, err
	}
	m.id.Store(made.View(b.Now).ID)
	return made, nil
}

// watchedBy is the port of the master that a new Sentinel is told to watch: one that joins later
// is told of the present one.
func (l *Lab) watchedBy(m *member) int {
	if !m.born {
		if port, err := strconv.Atoi(l.toldBySentinels()); err == nil {
			return port
		}
	}
	return l.BasePort()
}

// lateness is how late a busy computer may call a node. At a hundred times our speed that is twenty
// seconds of the lab's time, and a Sentinel must not take it for a sleep of its own.
const lateness = 200 * time.Millisecond

// latenessAt is what lateness is in the time of a lab that runs faster than ours.
func latenessAt(speed float64) time.Duration {
	if speed <= 1 {
		return 0
	}
	return time.Duration(speed * float64(lateness))
}

// sentinelConf is the file with which a Sentinel begins.
func sentinelConf(t Topology, port, master int) []byte {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	line("port %d", port)
	line("sentinel monitor %s %s %d %d", masterName, loopback, master, t.Quorum)
	line("sentinel down-after-milliseconds %s %d", masterName, t.DownAfter)
	line("sentinel failover-timeout %s %d", masterName, t.FailoverTimeout)
	line("sentinel parallel-syncs %s %d", masterName, t.ParallelSyncs)
	return []byte(b.String())
}

// sentinelView looks at a Sentinel; false when it does not run. A frozen one is as it was.
func (l *Lab) sentinelView(m *member) (v sentinel.View, found bool) {
	now := l.clock.Now()
	err := m.Look(func(machine machine.Machine) {
		if s, ok := machine.(*sentinel.Sentinel); ok {
			v, found = s.View(now), true
		}
	})
	return v, found && err == nil
}

// acquainted tells whether every running Sentinel knows all replicas and all other Sentinels.
func (l *Lab) acquainted() bool {
	t := l.Topology()
	for _, m := range l.sentinels() {
		if !m.up() {
			continue
		}
		v, _ := l.sentinelView(m)
		if len(v.Masters) == 0 || len(v.Masters[0].Replicas) < directReplicas(t) || len(v.Masters[0].Sentinels) < t.Sentinels-1 {
			return false
		}
	}
	return true
}

// directReplicas is how many replicas the master has: Sentinels hear of no others.
func directReplicas(t Topology) (n int) {
	for i := t.Masters; i < t.Servers(); i++ {
		if t.parentOf(i) == 0 {
			n++
		}
	}
	return n
}

// toldBySentinels is the node that the Sentinels call the master, as a client would be told that
// asks them in their order; "" when none answers.
func (l *Lab) toldBySentinels() string {
	for _, m := range l.sentinels() {
		if !m.up() {
			continue
		}
		if v, found := l.sentinelView(m); found && len(v.Masters) > 0 {
			return portOf(v.Masters[0].Current)
		}
	}
	return ""
}

// failOverBySentinel makes a Sentinel replace the master without asking the others: SENTINEL FAILOVER.
func (l *Lab) failOverBySentinel(ctx context.Context, a Failover) (Result, error) {
	m, err := l.find("node", a.Node)
	if err != nil {
		return Result{}, err
	}
	if a.Mode != "" && a.Mode != "default" {
		return Result{}, wrong("mode", "leave it out", "mode %q is not for a lab of Sentinels: SENTINEL FAILOVER asks nobody anyway", a.Mode)
	}
	if !m.guard && l.viewOf(m).Role == "replica" {
		return Result{}, wrong("node", "failover "+l.toldBySentinels()+"; config-set "+m.Name()+" replica-priority 1 makes it the first choice",
			"%s is a replica: a Sentinel chooses by itself who is promoted", m.Name())
	}
	if !m.guard {
		if m = l.firstSentinel(); m == nil {
			return Result{}, wrong("node", "restart one", "no Sentinel is running")
		}
	}
	if _, err := m.call(ctx, "SENTINEL", "FAILOVER", masterName); err != nil {
		return Result{}, err
	}
	return said(fmt.Sprintf("Sentinel %s replaces the master.", m.Name())), nil
}

// AddSentinel starts a Sentinel that watches the master with the same settings as the others.
type AddSentinel struct{}

// Verb is "add-sentinel".
func (AddSentinel) Verb() string { return "add-sentinel" }

// Do starts it. The others hear of it by its first hello.
func (AddSentinel) Do(_ context.Context, l *Lab) (Result, error) {
	if !l.Topology().watched() {
		return Result{}, wrong("", "setup --topology sentinel", "a lab of %s has no Sentinels", l.Topology().Mode)
	}
	m, err := l.startNext(&member{guard: true}, nil)
	if err != nil {
		return Result{}, err
	}
	return Result{Text: fmt.Sprintf("Sentinel %s watches %s; the others hear of it within two seconds.", m.Name(), masterName), Data: m.Name()}, nil
}

// firstSentinel is the first that runs; nil when none does.
func (l *Lab) firstSentinel() *member {
	for _, m := range l.sentinels() {
		if m.up() {
			return m
		}
	}
	return nil
}
