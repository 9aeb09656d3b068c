package world

import (
	"fmt"
	"strconv"
	"time"
)

// strike lets people do something to a Sentinel, or to a node behind the Sentinels' backs.
func (o sentinelOrder) strike(s *storm, kind FaultKind, host int) {
	w := s.w
	all := w.sentinels()
	one := all[s.rng.IntN(len(all))]
	switch kind {
	case SentinelFailover:
		w.Do(one, "SENTINEL", "FAILOVER", masterName)
	case SentinelReset:
		w.Do(one, "SENTINEL", "RESET", "*")
	case Promote:
		if w.awake(host) {
			w.Do(host, "REPLICAOF", "NO", "ONE")
		}
	case Repoint:
		if to := s.rng.IntN(w.cfg.Replicas + 1); host != to && w.awake(host) {
			w.Do(host, "REPLICAOF", w.hosts[to].addr.Addr().String(), strconv.Itoa(int(w.hosts[to].addr.Port())))
		}
	case SetConfig:
		s.setSentinel(host, one)
	case BoxCrash, BoxCut:
		s.strikeBox(kind)
	}
}

// setSentinel changes what a failover depends on, at a node or at a Sentinel.
func (s *storm) setSentinel(node, guard int) {
	choices := [][]string{
		{"CONFIG", "SET", "replica-priority", "0"},
		{"CONFIG", "SET", "replica-priority", "10"},
		{"CONFIG", "SET", "replica-priority", "100"},
		{"CONFIG", "SET", "min-replicas-to-write", "1"},
		{"CONFIG", "SET", "min-replicas-to-write", "0"},
		{"CONFIG", "SET", "min-replicas-max-lag", "2"},
		{"CONFIG", "SET", "repl-backlog-size", "16384"},
		{"SENTINEL", "SET", masterName, "parallel-syncs", "2"},
		{"SENTINEL", "SET", masterName, "failover-timeout", "6000"},
		{"SENTINEL", "SET", masterName, "quorum", "2"},
	}
	args := choices[s.rng.IntN(len(choices))]
	if args[0] == "CONFIG" {
		s.w.Do(node, args...)
		return
	}
	s.w.Do(guard, args...)
}

// strikeBox lets all that is in one box die, or cuts the box off.
func (s *storm) strikeBox(kind FaultKind) {
	w, d := s.w, s.lasts()
	if w.cfg.Boxes == 0 {
		return
	}
	struck := s.rng.IntN(w.cfg.Boxes)
	if kind == BoxCut {
		apart := func(a, b int) bool { return (w.boxOf(a) == struck) != (w.boxOf(b) == struck) }
		s.eachPath(apart, w.Cut)
		w.At(d, func() { s.eachPath(apart, w.Heal) })
		return
	}
	for i := range w.hosts {
		if w.boxOf(i) == struck {
			s.crash(i, LoseUnsynced, d)
		}
	}
}

// boxOf is the computer on which a host is.
func (w *World) boxOf(i int) int {
	if i > w.cfg.Replicas {
		i -= w.cfg.Replicas + 1
	}
	return i % max(w.cfg.Boxes, 1)
}

// warden is who comes after a storm where there are Sentinels. They repair what they know of; a node that
// was away when a Sentinel was reset, or whose master was, nobody knows any more but people.
type warden struct {
	w     *World
	again time.Duration // looks no sooner
}

func (sentinelOrder) keeper(w *World, _ Plan) keeper { return &warden{w: w} }

// atRest reports whether the Sentinels are of one mind and every node is where they want it.
func (o *warden) atRest() bool {
	w := o.w
	if w.now < o.again {
		return false
	}
	o.again = w.now + operatorPeriod
	w.believe()
	for _, i := range w.sentinels() {
		v, ok := w.watched(i)
		if !ok || w.hostAt(v.Current) != w.official || v.Failover.State != "none" || v.Addr != v.Current {
			return false
		}
	}
	w.adoptForgotten()
	for _, i := range w.readers() {
		if at, _ := w.masterOf(i); i != w.official && at != w.official || !w.followsWell(i) {
			return false
		}
	}
	return true
}

// adoptForgotten points nodes that no Sentinel knows at the master.
func (w *World) adoptForgotten() {
	known := map[int]bool{w.official: true}
	for _, i := range w.sentinels() {
		v, _ := w.watched(i)
		for _, r := range v.Replicas {
			known[w.hostAt(r.Addr)] = true
		}
	}
	for _, i := range w.readers() {
		if at, _ := w.masterOf(i); !known[i] && at != w.official {
			w.follow(i, w.official)
		}
	}
}

// complaint says what each Sentinel believes and who follows whom.
func (o *warden) complaint() string {
	text := (&steward{w: o.w}).complaint()
	for _, i := range o.w.sentinels() {
		if v, ok := o.w.watched(i); ok {
			text += fmt.Sprintf("%s: master %s of epoch %d, failover %s, %v, of %d replicas\n",
				o.w.hosts[i].name, v.Current, v.ConfigEpoch, v.Failover.State, v.Flags, len(v.Replicas))
		}
	}
	return text
}
