package world

import (
	"fmt"
	"time"
)

// haste is the longest time between what people do to one node and to the next.
const haste = 2 * time.Second

// strike lets people do something about a node of a world without a cluster.
func (replicationOrder) strike(s *storm, kind FaultKind, host int) {
	switch kind {
	case Promote:
		s.promote(host)
	case HandOver:
		s.handOver(host)
	case Repoint:
		s.repoint(host)
	case SetConfig:
		s.setConfig(host)
	}
}

// awake reports whether a host answers.
func (w *World) awake(i int) bool { return w.hosts[i].server != nil && !w.hosts[i].frozen }

// promote makes a replica the master and then, one after the other and in no hurry, lets everybody
// who answers follow it. Who does not answer is forgotten until the storm is over.
func (s *storm) promote(to int) {
	w := s.w
	if !w.awake(to) || to == w.official {
		return
	}
	w.Do(to, "REPLICAOF", "NO", "ONE")
	w.rewrite(to)
	w.official = to
	for i, h := range w.hosts {
		if i == to || h.server == nil {
			continue
		}
		w.At(time.Duration(s.rng.Int64N(int64(haste))), func() {
			if w.official == to && w.awake(i) {
				w.follow(i, to)
			}
		})
	}
}

// handOver lets the master give its place to a replica that has everything.
func (s *storm) handOver(to int) {
	w, at := s.w, s.w.hosts[to].addr
	if !w.awake(w.official) {
		return
	}
	patience := fmt.Sprint(200 + s.rng.IntN(5000))
	switch s.rng.IntN(4) {
	case 0:
		w.Do(w.official, "FAILOVER")
	case 1:
		w.Do(w.official, "FAILOVER", "ABORT")
	default:
		w.Do(w.official, "FAILOVER", "TO", at.Addr().String(), fmt.Sprint(at.Port()), "TIMEOUT", patience)
	}
	w.At(haste, w.lookForMaster)
}

// lookForMaster finds out to whom the master has handed its place.
func (w *World) lookForMaster() {
	for range w.hosts {
		next, _ := w.masterOf(w.official)
		if next < 0 {
			return
		}
		w.official = next
	}
}

// repoint lets a replica follow another node, a replica perhaps.
func (s *storm) repoint(i int) {
	if to := s.rng.IntN(len(s.w.hosts)); i != to && i != s.w.official && s.w.awake(i) {
		s.w.follow(i, to)
	}
}

// setConfig changes what replication depends on.
func (s *storm) setConfig(i int) {
	choices := [][2]string{
		{"repl-backlog-size", "16384"},
		{"repl-backlog-size", "262144"},
		{"min-replicas-to-write", "1"},
		{"min-replicas-to-write", "0"},
		{"min-replicas-max-lag", "2"},
		{"repl-diskless-sync-delay", "1"},
		{"replica-serve-stale-data", "no"},
		{"replica-serve-stale-data", "yes"},
		{"client-output-buffer-limit", "replica 65536 32768 5"},
		{"client-output-buffer-limit", "replica 0 0 0"},
	}
	set := choices[s.rng.IntN(len(choices))]
	s.w.Do(i, "CONFIG", "SET", set[0], set[1])
}

// steward is who comes after the storm where there is no cluster: there is one master, the one that
// clients were told of, and everybody follows it.
type steward struct {
	w     *World
	again time.Duration // does nothing sooner
}

func (replicationOrder) keeper(w *World, _ Plan) keeper { return &steward{w: w} }

// atRest points everybody at the master and reports whether they have arrived.
func (o *steward) atRest() bool {
	w := o.w
	if w.now < o.again {
		return false
	}
	o.again = w.now + operatorPeriod
	w.lookForMaster()
	if at, _ := w.masterOf(w.official); at >= 0 {
		w.Do(w.official, "REPLICAOF", "NO", "ONE") // they follow each other in a circle
	}
	whole := true
	for i := range w.hosts {
		if at, _ := w.masterOf(i); i != w.official && !w.leads(at) {
			w.follow(i, w.official)
		}
		whole = whole && w.followsWell(i)
	}
	return whole
}

// leads reports whether who follows a host follows, over others perhaps, the master.
func (w *World) leads(at int) bool {
	for range w.hosts {
		if at < 0 || at == w.official {
			return at >= 0
		}
		at, _ = w.masterOf(at)
	}
	return false
}

// complaint says who follows whom.
func (o *steward) complaint() string {
	text := fmt.Sprintf("the master is %s\n", o.w.hosts[o.w.official].name)
	for i, h := range o.w.hosts {
		if h.server != nil {
			text += fmt.Sprintf("%s: %s\n", h.name, bulk(o.w.Do(i, "INFO", "replication")))
		}
	}
	return text
}
