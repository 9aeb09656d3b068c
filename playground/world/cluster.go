package world

import (
	"fmt"
	"math/rand/v2"
	"time"

	"clusterplay/node/server"
	"clusterplay/node/slot"
)

// clusterOrder makes worlds of Redis Cluster.
type clusterOrder struct{}

func (clusterOrder) defaults(c *Config) {
	setDefault(&c.Masters, 3)
	setDefault(&c.Replicas, 1)
}

func (clusterOrder) vary(*Config, *rand.Rand) {}

func (clusterOrder) hosts(c *Config) int { return c.Masters * (1 + c.Replicas) }

func (clusterOrder) faults() []FaultKind {
	return []FaultKind{CrashKeepDisk, CrashLoseUnsynced, CrashLoseDisk, Freeze, Partition, OneWay,
		SlowPath, LinkReset, ManualFailover, Reshard, SaveDataset}
}

func (clusterOrder) bear(w *World, h *host) error {
	return w.bearServer(h, server.Config{
		BusPort: int(h.bus.Port()), ClusterEnabled: true, Settings: map[string]string{
			"cluster-node-timeout":     fmt.Sprint(w.cfg.NodeTimeout.Milliseconds()),
			"repl-diskless-sync-delay": "0", // what five seconds hide is found sooner without them
		},
	})
}

func (clusterOrder) strike(s *storm, kind FaultKind, host int) {
	switch kind {
	case ManualFailover:
		s.w.Do(host, "CLUSTER", "FAILOVER")
	case Reshard:
		s.mover.begin(s.mover.openSource)
	case HastyReshard:
		s.mover.begin(s.mover.close)
	case RivalReshard:
		s.mover.begin(s.mover.moveElsewhere)
	}
}

// welcome lets a new node meet another.
func (clusterOrder) welcome(w *World, i int) {
	peer := w.hosts[(i+1)%len(w.hosts)].addr
	w.Do(i, "CLUSTER", "MEET", peer.Addr().String(), fmt.Sprint(peer.Port()))
}

func (clusterOrder) keeper(w *World, plan Plan) keeper { return newOperator(w, keySlots(plan.Keys)) }

// serving is everybody: who does not own a key says so.
func (clusterOrder) serving(w *World) []int { return w.everybody() }

func (clusterOrder) whyLost(w *World, x Write) Window {
	return w.fates.explain(slot.OfString(keyName(x.Key)), x.By, x.At)
}

func (clusterOrder) patience(nt time.Duration) time.Duration { return healPatience(nt) }

func (clusterOrder) unrest() int { return 26 }

func (clusterOrder) judge(cfg Config, plan Plan) judge { return newJury(cfg, plan) }

func (clusterOrder) guide(l *Workload, _ int) guide {
	return &slotCache{load: l, owner: map[slot.Slot]int{}}
}

// slotCache is what a client of a cluster has learnt from redirects.
type slotCache struct {
	load  *Workload
	owner map[slot.Slot]int
}

// find is the node the client believes to own the key.
func (c *slotCache) find(key string, then func(host int)) {
	host, ok := c.owner[slot.OfString(key)]
	if !ok {
		host = c.load.rng.IntN(len(c.load.w.hosts))
	}
	then(host)
}

func (c *slotCache) learn(key string, host int) { c.owner[slot.OfString(key)] = host }

func (c *slotCache) forget(key string) { delete(c.owner, slot.OfString(key)) }
