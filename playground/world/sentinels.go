package world

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"clusterplay/node/sentinel"
)

// sentinelOrder makes worlds of one master, its replicas and Sentinels that watch them. The hosts of the
// Sentinels come behind those of the nodes.
type sentinelOrder struct{ replicationOrder }

// What the Sentinels call the master, and where each keeps what it must not forget.
const (
	masterName   = "mymaster"
	sentinelFile = "sentinel.conf"
)

func (o sentinelOrder) defaults(c *Config) {
	o.replicationOrder.defaults(c)
	setDefault(&c.Sentinels, 3)
	setDefault(&c.Quorum, 2)
}

// vary draws how many Sentinels there are and how many must agree; now and then master and replica
// share two computers with a Sentinel each, which is what beginners build.
func (sentinelOrder) vary(c *Config, rng *rand.Rand) {
	switch rng.IntN(6) {
	case 0:
		c.Sentinels, c.Quorum = 5, 3
	case 1:
		c.Sentinels, c.Quorum = 5, 2
	case 2:
		c.Quorum = 1
	case 3:
		c.Boxes, c.Replicas, c.Sentinels, c.Quorum = 2, 1, 2, 1
	}
	if c.Replicas > 1 && rng.IntN(3) == 0 {
		c.Aside = 1
	}
}

func (sentinelOrder) hosts(c *Config) int { return 1 + c.Replicas + c.Sentinels }

func (sentinelOrder) faults() []FaultKind {
	return []FaultKind{CrashKeepDisk, CrashLoseUnsynced, CrashLoseDisk, Freeze, Partition, OneWay, SlowPath, LinkReset,
		ClockStep, SaveDataset, Promote, Repoint, SetConfig, SentinelFailover, SentinelReset, BoxCrash, BoxCut}
}

func (sentinelOrder) bear(w *World, h *host) error {
	if h.index <= w.cfg.Replicas {
		return w.bearNode(h)
	}
	conf := h.disk.files[sentinelFile]
	if len(conf) == 0 {
		conf = w.sentinelConf(h)
	}
	cfg := sentinel.Config{Port: int(h.addr.Port()), AnnounceIP: h.addr.Addr().String(), Name: sentinelFile, Conf: conf}
	if w.cfg.PrepareSentinel != nil {
		w.cfg.PrepareSentinel(&cfg)
	}
	s, err := sentinel.New(cfg, stream(w.cfg.Seed, "sentinel "+h.name, h.life))
	h.machine, h.sentinel = s, s
	return err
}

// sentinelConf is the file that people give a new Sentinel.
func (w *World) sentinelConf(h *host) []byte {
	var b strings.Builder
	w.believe()
	at := w.hosts[w.official].addr
	fmt.Fprintf(&b, "port %d\n", h.addr.Port())
	fmt.Fprintf(&b, "sentinel monitor %s %s %d %d\n", masterName, at.Addr(), at.Port(), w.cfg.Quorum)
	fmt.Fprintf(&b, "sentinel down-after-milliseconds %s %d\n", masterName, w.cfg.NodeTimeout.Milliseconds())
	fmt.Fprintf(&b, "sentinel failover-timeout %s %d\n", masterName, (5 * w.cfg.NodeTimeout).Milliseconds())
	return []byte(b.String())
}

// form lets the replicas follow the first host and the Sentinels find them and each other.
func (sentinelOrder) form(w *World) error {
	if err := w.formReplicas(w.readers()); err != nil {
		return err
	}
	for i := w.cfg.Replicas; i > w.cfg.Replicas-w.cfg.Aside; i-- {
		w.must(i, "CONFIG", "SET", "replica-priority", "0")
		w.rewrite(i)
	}
	if !w.RunUntil(formPatience, func() bool { return w.everyTenth(w.acquainted) }) {
		return fmt.Errorf("the Sentinels did not find everybody within %v", formPatience)
	}
	return nil
}

// acquainted reports whether a Sentinel knows everybody; a node has nobody to know.
func (w *World) acquainted(i int) bool {
	v, ok := w.watched(i)
	return w.hosts[i].server != nil || ok && len(v.Replicas) == w.cfg.Replicas && len(v.Sentinels) == w.cfg.Sentinels-1
}

// watched is the master as a Sentinel sees it; its lists hold until the next look.
func (w *World) watched(i int) (v sentinel.MasterView, ok bool) {
	h := w.hosts[i]
	if h.sentinel == nil {
		return v, false
	}
	h.sentinel.ViewInto(h.clock(), &w.seen)
	if len(w.seen.Masters) == 0 {
		return v, false
	}
	return w.seen.Masters[0], true
}

// sentinels is the hosts of the Sentinels.
func (w *World) sentinels() (hosts []int) {
	for i := w.cfg.Replicas + 1; i < len(w.hosts); i++ {
		hosts = append(hosts, i)
	}
	return hosts
}

// welcome does what people do with a new empty host: a Sentinel has its file already.
func (o sentinelOrder) welcome(w *World, i int) {
	if w.hosts[i].server != nil {
		o.replicationOrder.welcome(w, i)
	}
}

// believe lets people believe the Sentinel with the newest configuration.
func (w *World) believe() {
	newest := uint64(0)
	for _, i := range w.sentinels() {
		v, ok := w.watched(i)
		if at := w.hostAt(v.Current); ok && at >= 0 && v.ConfigEpoch >= newest {
			newest, w.official = v.ConfigEpoch, at
		}
	}
}

// patience is for a TILT that begins when the storm ends, a failover that may not begin before twice
// the failover timeout has passed, and nodes that are put right at their second INFO after that.
func (sentinelOrder) patience(nt time.Duration) time.Duration { return 30*nt + time.Minute }

func (sentinelOrder) unrest() int { return 49 }

func (sentinelOrder) judge(cfg Config, plan Plan) judge { return newGuard(cfg, plan) }

func (sentinelOrder) guide(l *Workload, near int) guide {
	g := &sentinelClient{load: l, known: -1}
	for _, i := range l.w.sentinels() {
		g.sentinels = append(g.sentinels, l.w.Caller(i, near))
	}
	return g
}

// sentinelClient is a client that asks one Sentinel after the other where the master is, and asks again
// when what it was told proves wrong.
type sentinelClient struct {
	load      *Workload
	sentinels []*Caller
	next      int
	known     int // -1 when it must ask
}

func (c *sentinelClient) find(_ string, then func(host int)) {
	if c.known >= 0 {
		then(c.known)
		return
	}
	c.ask(len(c.sentinels), then)
}

// ask tries some more Sentinels.
func (c *sentinelClient) ask(left int, then func(host int)) {
	if left == 0 {
		then(-1)
		return
	}
	s := c.sentinels[c.next]
	s.Do(patience, func(reply []byte, err error) {
		if at := c.load.w.hostAt(addressIn(string(reply))); err == nil && at >= 0 {
			c.known = at
			then(at)
			return
		}
		c.next = (c.next + 1) % len(c.sentinels)
		c.ask(left-1, then)
	}, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName)
}

// addressIn is the address in a Sentinel's answer.
func addressIn(reply string) string {
	words := array(reply)
	if len(words) < 2 {
		return ""
	}
	return words[0] + ":" + words[1]
}

func (c *sentinelClient) learn(string, int) {}

func (c *sentinelClient) forget(string) { c.known = -1 }
