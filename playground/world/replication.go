package world

import (
	"fmt"
	"math/rand/v2"
	"time"

	"clusterplay/node/server"
)

// replicationOrder makes worlds of one master and its replicas. Nobody but people decides who is
// master: they promote by hand, and tell the clients.
type replicationOrder struct{}

func (replicationOrder) defaults(c *Config) {
	setDefault(&c.Masters, 1)
	setDefault(&c.Replicas, 2)
}

// vary draws how many replicas there are.
func (replicationOrder) vary(c *Config, rng *rand.Rand) { c.Replicas = []int{1, 2, 2, 3}[rng.IntN(4)] }

func (replicationOrder) hosts(c *Config) int { return 1 + c.Replicas }

func (replicationOrder) faults() []FaultKind {
	return []FaultKind{CrashKeepDisk, CrashLoseUnsynced, CrashLoseDisk, Freeze, Partition, OneWay, SlowPath,
		LinkReset, ClockStep, SaveDataset, Promote, HandOver, Repoint, SetConfig}
}

// redisConf is the file in which a node finds how it was configured, and whom it follows.
const redisConf = "redis.conf"

func (replicationOrder) bear(w *World, h *host) error { return w.bearNode(h) }

// bearNode gives a host the Redis server that its redis.conf describes. Nobody changes users in a world.
func (w *World) bearNode(h *host) error {
	conf, err := server.ParseConf(h.disk.files[redisConf], nil)
	if err != nil {
		return err
	}
	delete(conf.Settings, "port")
	return w.bearServer(h, server.Config{ConfigFile: redisConf, Settings: conf.Settings})
}

// form lets the replicas follow the first host. Everything small is small here: a backlog that
// overflows, a timeout that passes.
func (replicationOrder) form(w *World) error { return w.formReplicas(w.everybody()) }

// formReplicas makes the first of some hosts the master of the others.
func (w *World) formReplicas(hosts []int) error {
	w.official = hosts[0]
	for _, i := range hosts {
		w.configure(i)
		if i != w.official {
			w.follow(i, w.official)
		}
	}
	if !w.RunUntil(formPatience, func() bool { return w.everyTenth(w.inPlace) }) {
		return fmt.Errorf("the replicas did not follow within %v", formPatience)
	}
	return nil
}

// configure gives a new node the settings of this world.
func (w *World) configure(i int) {
	timeout := max(5*w.cfg.NodeTimeout, 2*time.Second)
	for _, set := range [][2]string{
		{"repl-timeout", fmt.Sprint(int(timeout.Seconds()))},
		{"repl-ping-replica-period", "1"},
		{"repl-backlog-size", "65536"},
		{"repl-diskless-sync-delay", "0"},
		{"repl-backlog-ttl", "2"},
		{"key-load-delay", "2000"},
		{"save", ""},
	} {
		w.must(i, "CONFIG", "SET", set[0], set[1])
	}
	w.rewrite(i)
}

// follow points a host at another, as people do who want it to last.
func (w *World) follow(i, master int) {
	to := w.hosts[master].addr
	w.Do(i, "REPLICAOF", to.Addr().String(), fmt.Sprint(to.Port()))
	w.rewrite(i)
}

// rewrite has a node keep its settings. Its answer waits for the disk; who asked for it hangs up.
func (w *World) rewrite(i int) {
	w.Do(i, "CONFIG", "REWRITE")
	h := w.hosts[i]
	if c := w.admins[i]; c != nil && c.Blocked && h.machine != nil {
		h.machine.Shut(h.clock(), c)
		w.perform(h)
		w.admins[i] = nil
	}
}

// inPlace reports whether a node is where it belongs; a Sentinel always is.
func (w *World) inPlace(i int) bool { return i > w.cfg.Replicas || w.followsWell(i) }

// followsWell reports whether a node is the master or follows, over others perhaps, the master, and
// its link is up.
func (w *World) followsWell(i int) bool {
	at, link := w.masterOf(i)
	for range w.hosts {
		switch {
		case !link:
			return false
		case at < 0:
			return i == w.official
		case at == w.official:
			return true
		}
		at, link = w.masterOf(at)
	}
	return false
}

// masterOf is the host that a node follows, -1 for a master, and whether its link is up; a master's is.
func (w *World) masterOf(i int) (master int, up bool) {
	h := w.hosts[i]
	if h.server == nil || h.frozen {
		return -1, false
	}
	v := h.server.Replication().View(h.clock())
	if v.Master == nil {
		return -1, true
	}
	return w.hostAt(fmt.Sprintf("%s:%d", v.Master.Host, v.Master.Port)), v.Master.State.String() == "connected"
}

// welcome lets a new empty node follow the master.
func (replicationOrder) welcome(w *World, i int) {
	w.configure(i)
	if i != w.official {
		w.follow(i, w.official)
	}
}

func (replicationOrder) serving(w *World) []int { return []int{w.official} }

func (replicationOrder) whyLost(w *World, x Write) Window { return w.whyLost(x) }

func (replicationOrder) patience(nt time.Duration) time.Duration { return healPatience(nt) }

func (replicationOrder) unrest() int { return 34 }

func (replicationOrder) judge(cfg Config, plan Plan) judge { return newBench(cfg, plan) }

func (replicationOrder) guide(l *Workload, _ int) guide {
	return &addressBook{w: l.w, known: l.w.official}
}

// addressBook is the client of a world in which people say who is master: it goes where it was told
// until that proves wrong.
type addressBook struct {
	w     *World
	known int // -1 when it must look
}

func (b *addressBook) find(_ string, then func(host int)) {
	if b.known < 0 {
		b.known = b.w.official
	}
	then(b.known)
}

func (b *addressBook) learn(string, int) {}

func (b *addressBook) forget(string) { b.known = -1 }
