package playground

import (
	"fmt"
	"slices"
	"strings"
)

// The kinds of lab.
const (
	Cluster     = "cluster"     // Redis Cluster
	Replication = "replication" // one master and its replicas, no cluster
	Chain       = "chain"       // a master, its replica, the replica of that, and so on
)

// Kinds lists the kinds of lab, the default first.
func Kinds() []string { return []string{Cluster, Replication, Chain} }

// IsKind tells whether a word names a kind of lab.
func IsKind(word string) bool { return slices.Contains(Kinds(), word) }

// DefaultsOf is what a lab of a kind is when nothing else is said: a cluster has three masters with
// a replica each, replication one master with two replicas, a chain three levels.
func DefaultsOf(kind string) Topology {
	t := Topology{Mode: kind, Replicas: 1}
	if kind == Replication || kind == Chain {
		t.Replicas = 2
	}
	return t.withDefaults()
}

// clustered tells whether the nodes make a Redis Cluster. All other kinds have one master.
func (t Topology) clustered() bool { return t.Mode == Cluster }

// parentOf is the node that the i-th one follows at first, by its number; -1 for a master.
func (t Topology) parentOf(i int) int {
	switch {
	case i < t.Masters:
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
	case !t.clustered() && t.Masters != 1:
		return wrong("masters", "leave it out, or mode: cluster", "masters %d has no meaning with %s: it has one master", t.Masters, t.Mode)
	case !t.clustered() && t.NodeTimeout != 0:
		return wrong("cluster-node-timeout", "leave it out, or mode: cluster", "cluster-node-timeout has no meaning with %s: its nodes have no cluster bus", t.Mode)
	}
	return t.checkTree()
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
	}
	return "1 master with " + counted(t.Replicas, "replica")
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
