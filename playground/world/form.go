package world

import (
	"fmt"
	"strings"
	"time"

	"clusterplay/node/slot"
)

// formPatience bounds how long forming a cluster may take in the world's time. Six nodes need
// about three seconds: a handshake round, gossip, and the writable delay after boot.
const formPatience = 2 * time.Minute

// form makes a cluster of the hosts: the first Masters of them share the slots, the others
// replicate them in turn. It returns when every node says ok and every replica has synced.
func (clusterOrder) form(w *World) error {
	masters := w.cfg.Masters
	for i := range w.hosts {
		if i < masters {
			from, to := i*slot.Count/masters, (i+1)*slot.Count/masters-1
			w.must(i, "CLUSTER", "ADDSLOTSRANGE", fmt.Sprint(from), fmt.Sprint(to))
		}
		w.must(i, "CLUSTER", "SET-CONFIG-EPOCH", fmt.Sprint(i+1))
	}
	first := w.hosts[0].addr
	for i := 1; i < len(w.hosts); i++ {
		w.must(i, "CLUSTER", "MEET", first.Addr().String(), fmt.Sprint(first.Port()))
	}
	if !w.RunUntil(formPatience, w.allAcquainted) {
		return fmt.Errorf("the nodes did not meet within %v", formPatience)
	}
	for i := masters; i < len(w.hosts); i++ {
		w.must(i, "CLUSTER", "REPLICATE", w.ID((i-masters)%masters))
	}
	if !w.RunUntil(formPatience, w.Healthy) {
		return fmt.Errorf("the cluster did not become ok within %v", formPatience)
	}
	return nil
}

// must executes an admin command that has no reason to fail.
func (w *World) must(i int, args ...string) {
	if reply := w.Do(i, args...); !strings.HasPrefix(reply, "+") {
		panic(fmt.Sprintf("%s on %s answered %q", strings.Join(args, " "), w.hosts[i].name, reply))
	}
}

// ID is the node id of a running host.
func (w *World) ID(i int) string { return bulk(w.Do(i, "CLUSTER", "MYID")) }

// bulk is the content of a RESP2 bulk string.
func bulk(reply string) string {
	_, rest, ok := strings.Cut(reply, "\r\n")
	if !ok || !strings.HasPrefix(reply, "$") {
		return ""
	}
	return strings.TrimSuffix(rest, "\r\n")
}

// allAcquainted reports whether every node knows every other by its real id.
func (w *World) allAcquainted() bool {
	return w.everyTenth(func(i int) bool {
		info := w.Do(i, "CLUSTER", "NODES")
		return strings.Count(info, "\n") >= len(w.hosts)+2 && !strings.Contains(info, "handshake") &&
			strings.Count(info, " connected") == len(w.hosts)
	})
}

// Healthy reports whether every node runs and says ok, and every replica's link is up.
func (w *World) Healthy() bool {
	return w.everyTenth(func(i int) bool {
		if !strings.Contains(w.Do(i, "CLUSTER", "INFO"), "cluster_state:ok") {
			return false
		}
		info := w.Do(i, "INFO", "replication")
		return strings.Contains(info, "role:master") || strings.Contains(info, "master_link_status:up")
	})
}

// everyTenth asks every host, but at most once a tenth of a second of the world: looking is
// not free, and RunUntil looks after every step.
func (w *World) everyTenth(ok func(i int) bool) bool {
	if w.now < w.lookAgain {
		return false
	}
	w.lookAgain = w.now + cronPeriod
	for i := range w.hosts {
		if !ok(i) {
			return false
		}
	}
	return true
}
