package playground

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// The kinds of lab.
const (
	Cluster     = "cluster"     // Redis Cluster
	Replication = "replication" // one master and its replicas, no cluster
	Chain       = "chain"       // a master, its replica, the replica of that, and so on
	Sentinel    = "sentinel"    // one master, its replicas, and Sentinels that watch them
)

// Kinds lists the kinds of lab, the default first.
func Kinds() []string { return []string{Cluster, Replication, Chain, Sentinel} }

// IsKind tells whether a word names a kind of lab.
func IsKind(word string) bool { return slices.Contains(Kinds(), word) }

// DefaultsOf is what a lab of a kind is when nothing else is said: a cluster has three masters with
// a replica each, replication one master with two replicas, a chain three levels, sentinel three
// Sentinels besides. Their times are Redis' own.
func DefaultsOf(kind string) Topology {
	t := Topology{Mode: kind, Replicas: 1}
	if kind != Cluster && IsKind(kind) {
		t.Replicas = 2
	}
	return t.withDefaults()
}

// watched tells whether Sentinels look after the nodes.
func (t Topology) watched() bool { return t.Mode == Sentinel }

// Servers is how many Redis servers the topology begins with; the other nodes are Sentinels. Ports are
// given to the servers first.
func (t Topology) Servers() int { return t.Masters * (1 + t.Replicas) }

// clustered tells whether the nodes make a Redis Cluster. All other kinds have one master.
func (t Topology) clustered() bool { return t.Mode == Cluster }

// parentOf is the node that the i-th one follows at first, by its number; -1 for a master.
func (t Topology) parentOf(i int) int {
	switch {
	case i < t.Masters || i >= t.Servers():
		return -1
	case t.clustered():
		return i % t.Masters
	case len(t.ReplicaOf) > 0:
		return t.ReplicaOf[i-1]
	case t.Mode == Chain:
		return i - 1
	}
	return 0
}

// checkKind refuses what a lab of this kind has no use for.
func (t Topology) checkKind() error {
	switch {
	case !IsKind(t.Mode):
		return wrong("mode", strings.Join(Kinds(), ", "), "mode %q is not known", t.Mode)
	case t.clustered() && len(t.ReplicaOf) > 0:
		return wrong("replica-of", "mode: chain", "replica-of has no meaning in a cluster: a replica there follows a master")
	case t.clustered() && t.NodeTimeout < 100:
		return wrong("cluster-node-timeout", "milliseconds", "cluster-node-timeout %d is less than 100: nodes would suspect each other between two ticks", t.NodeTimeout)
	case !t.clustered() && bool(t.Faithful):
		return wrong("faithful-7.0", "leave it out, or mode: cluster", "faithful-7.0 has no meaning with %s: the defects it brings back are the cluster's", t.Mode)
	case !t.clustered() && t.Masters != 1:
		return wrong("masters", "leave it out, or mode: cluster", "masters %d has no meaning with %s: it has one master", t.Masters, t.Mode)
	case !t.clustered() && t.NodeTimeout != 0:
		return wrong("cluster-node-timeout", "leave it out, or mode: cluster", "cluster-node-timeout has no meaning with %s: its nodes have no cluster bus", t.Mode)
	}
	if err := t.checkSentinels(); err != nil {
		return err
	}
	return t.checkTree()
}

// minDownAfter is the least down-after-milliseconds of a lab: Sentinels look ten times a second.
const minDownAfter = 100

// checkSentinels refuses Sentinels that could never agree, and what only they have a use for.
func (t Topology) checkSentinels() error {
	if !t.watched() {
		for _, given := range []struct {
			field string
			n     int
		}{
			{"sentinels", t.Sentinels}, {"quorum", t.Quorum}, {"down-after-milliseconds", t.DownAfter},
			{"failover-timeout", t.FailoverTimeout}, {"parallel-syncs", t.ParallelSyncs},
		} {
			if given.n != 0 {
				return wrong(given.field, "mode: sentinel", "%s has no meaning with %s: it has no Sentinels", given.field, t.Mode)
			}
		}
		return nil
	}
	switch {
	case t.Sentinels < 1:
		return wrong("sentinels", "", "sentinels %d is less than 1", t.Sentinels)
	case t.Quorum < 1 || t.Quorum > t.Sentinels:
		return wrong("quorum", "how many must agree that the master is down", "quorum %d is outside 1 to %d, the number of Sentinels", t.Quorum, t.Sentinels)
	case t.DownAfter < minDownAfter:
		return wrong("down-after-milliseconds", "milliseconds", "down-after-milliseconds %d is less than %d", t.DownAfter, minDownAfter)
	case t.FailoverTimeout < 1:
		return wrong("failover-timeout", "milliseconds", "failover-timeout %d is less than 1", t.FailoverTimeout)
	case t.ParallelSyncs < 1:
		return wrong("parallel-syncs", "", "parallel-syncs %d is less than 1", t.ParallelSyncs)
	}
	return nil
}

// checkTree refuses a list of masters in which somebody would follow himself.
func (t Topology) checkTree() error {
	if len(t.ReplicaOf) == 0 {
		return nil
	}
	if len(t.ReplicaOf) != t.Replicas {
		return wrong("replicas", "leave it out", "replicas %d contradicts replica-of, which lists %d", t.Replicas, len(t.ReplicaOf))
	}
	for i, of := range t.ReplicaOf {
		if of < 0 || of > i {
			return wrong("replica-of", "replica-of: [0, 1, 1]: the second node follows the first, the third and fourth follow the second",
				"replica-of: node %d cannot follow node %d; the first node is 0, and each follows one before it", i+1, of)
		}
	}
	return nil
}

// members says what the lab consists of: "3 masters with 1 replica each, node timeout 15s".
func (t Topology) members() string {
	switch {
	case t.clustered() && t.Replicas == 0:
		return fmt.Sprintf("%s without replicas, node timeout %v", counted(t.Masters, "master"), t.nodeTimeout())
	case t.clustered():
		return fmt.Sprintf("%s with %s each, node timeout %v", counted(t.Masters, "master"), counted(t.Replicas, "replica"), t.nodeTimeout())
	case t.Mode == Chain && len(t.ReplicaOf) == 0:
		return "a chain of " + counted(t.Nodes(), "node")
	case t.watched():
		return fmt.Sprintf("1 master with %s and %s, quorum %d, down after %v", counted(t.Replicas, "replica"),
			counted(t.Sentinels, "Sentinel"), t.Quorum, time.Duration(t.DownAfter)*time.Millisecond)
	}
	return "1 master with " + counted(t.Replicas, "replica")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
